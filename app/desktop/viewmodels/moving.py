"""Where records can go, as the dialogs offer it, and what the choice means for the desk."""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.desk import Desk
from app.desk.moving import Destination, Moved, MovePlan, destinations
from app.desk.sharing import SHARED_TYPES
from app.desk.small_groups import PRIVATE
from vault.store import RecordKey


class Kind(enum.Enum):
    GROUP = "group"
    PRIVATE = "private"
    WITH = "with"  # shared with one person
    OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere to go: `id` is that of the group or the member (16 bytes; empty for PRIVATE)."""

    kind: Kind
    id: bytes = b""


@dataclass(frozen=True, slots=True)
class Offer:
    """A place in words."""

    place: Place
    words: str
    icon: str


def offers(desk: Desk, type_name: str) -> list[Offer]:
    """Groups by name, then the user's own place, then each colleague's with the user."""
    state, me = desk.vault.roster, desk.me
    groups = [
        Offer(Place(Kind.GROUP, group), desk.name("group", group), "group")
        for group in destinations(state, me, type_name)
    ]
    groups.sort(key=lambda one: one.words.casefold())
    return groups + (small_offers(desk) if type_name in SHARED_TYPES else [])


def small_offers(desk: Desk) -> list[Offer]:
    """The user alone, or with one colleague."""
    return [Offer(Place(Kind.PRIVATE), f"{PRIVATE}: only you", "lock"), *partner_offers(desk)]


def partner_offers(desk: Desk) -> list[Offer]:
    """Each colleague."""
    return [
        Offer(Place(Kind.WITH, member), f"You and {name}", "people")
        for member, name in desk.acts.sharing.partners()
    ]


def plan(desk: Desk, keys: Sequence[RecordKey], place: Place) -> MovePlan:
    """What it would do (slow for many). Raises NotAllowed."""
    if place.kind is Kind.GROUP:
        return desk.acts.moving.plan(keys, Destination(group=place.id))
    if place.kind is Kind.OWNER:
        return desk.acts.moving.plan(keys, Destination(owner=place.id))
    return desk.acts.sharing.plan(keys, place.id or None)


def perform(
    desk: Desk,
    keys: Sequence[RecordKey],
    place: Place,
    agreed: MovePlan,
    progress: Callable[[int, int], None],
    cancelled: Callable[[], bool],
) -> Moved:
    """Do what was agreed to (slow)."""
    if place.kind in (Kind.PRIVATE, Kind.WITH):
        return desk.acts.sharing.share(keys, place.id or None, progress, cancelled)
    return desk.acts.moving.perform(agreed, progress, cancelled)


__all__ = ["Kind", "Offer", "Place", "offers", "partner_offers", "perform", "plan", "small_offers"]
