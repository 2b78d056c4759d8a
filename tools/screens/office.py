"""The team whose windows are photographed: real desks on an embedded server, with records worth looking at."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from app.crm import Draft, SampleSize, sample
from app.crm.importing import import_bundle, is_bundle, open_bundle
from app.desk import (
    AcceptInvitation,
    Desk,
    EmbeddedServer,
    MakeWorkspace,
    Place,
    accept_invitation,
    make_workspace,
    read_invitation,
)
from app.desk.trial import fill_with_sample
from protocol.ids import GroupId, RoleId
from vault.keys import Kit
from vault.profile import MemoryKeychain
from vault.store import Query, RecordKey, Sort

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "ostrich quarry lantern 7"  # of desks that are thrown away
DATA = "crm-sales-opportunities"
SIZE = SampleSize(companies=30, people=160, deals=160, notes=260, tasks=90)


def data_folder() -> Path | None:
    """The real-world data beside the repository, where it is there."""
    named = os.environ.get("TACIT_DATA")
    folder = (Path(named) if named else ROOT.parent / "shared" / "data") / DATA
    return folder if is_bundle(folder) else None


@dataclass(frozen=True)
class Colleague:
    """Somebody who joins: names of groups with the role there."""

    handle: str
    name: str
    role: str
    groups: int  # how many of the groups, from the first


COLLEAGUES = (
    Colleague("ben@northwind.example", "Ben Okafor", "Manager", 3),
    Colleague("cy@northwind.example", "Cy Castellanos", "Read only", 1),
    Colleague("dee@northwind.example", "Dee Sato", "Sales rep", 2),
)


class Office:
    """`ann` is the one whose window is shown; `close` ends desks and server."""

    def __init__(self, folder: Path, tell: Callable[[str], None]) -> None:
        self.folder = folder
        self._tell = tell
        self.server = EmbeddedServer(folder / "server")
        self.origin = self.server.start()
        self.keychain = MemoryKeychain()
        self.desks: list[Desk] = []
        self._deal: RecordKey | None = None
        tell("Ann makes the workspace")
        wanted = MakeWorkspace(
            self.origin,
            "ann@northwind.example",
            PASSWORD,
            "Northwind Trading",
            "Ann Vogel",
            first_group="Sales",
        )
        made = make_workspace(wanted, Place(self.keychain, folder / "ann"))
        self.ann = made.desk
        self.kit: Kit = made.kit
        self.eve = ""  # the link of an invitation that nobody has used yet
        self.desks.append(made.desk)

    def fill(self) -> None:
        """Records, colleagues, open invitations, a conflict."""
        data = data_folder()
        if data is not None:
            self._tell("Importing real-world data")
            self._import(data)
        else:
            self._tell("Filling in sample data")
            fill_with_sample(self.ann, SIZE, lambda text, done, total: None)
        self.ann.sync_now(300)
        self._tell("Colleagues join")
        for colleague in COLLEAGUES:
            self._join(colleague)
        self.eve = self.invite("Eve Lindqvist", "Manager", 1)
        self.invite("Maximiliane Freifrau von Hohenstein-Waldburg", "Read only", 1)
        self.ann.sync_now(60)

    @property
    def groups(self) -> list[GroupId]:
        return [group.id for group in self.ann.team().groups]

    def role(self, name: str) -> RoleId:
        """The role of that name, or the last one where there is none."""
        roles = self.ann.team().roles
        return next((role.id for role in roles if role.name == name), roles[-1].id)

    def invite(self, name: str, role: str, groups: int) -> str:
        """The link of a new invitation."""
        grants = [(group, self.role(role)) for group in self.groups[:groups]]
        return self.ann.actions.invite(name, grants).link

    def accept(self, link: str, handle: str, name: str) -> tuple[Desk, Kit]:
        """The invitee's desk, not let in yet unless Ann's is in step."""
        wanted = AcceptInvitation(read_invitation(link), handle, PASSWORD, name)
        new = accept_invitation(wanted, Place(self.keychain, self.folder / handle))
        self.desks.append(new.desk)
        return new.desk, new.kit

    def _join(self, colleague: Colleague) -> None:
        desk, _ = self.accept(
            self.invite(colleague.name, colleague.role, colleague.groups), colleague.handle, colleague.name
        )
        self.ann.sync_now(60)
        desk.wait_until_member(60)
        desk.sync_now(300)

    def _import(self, data: Path) -> None:
        bundle = open_bundle(data)
        full = self.role("Team Admin")
        ids = {name: self.ann.actions.create_group(name, [(self.ann.me, full)]) for name in bundle.groups}
        first = next(iter(ids.values()))
        import_bundle(bundle, self.ann.writer(first))
        self._people(first)

    def _people(self, group: GroupId) -> None:
        """People, notes and tasks of the sample, on companies and deals of the import."""
        companies = cycle(record.key.ref for record in self.ann.records.each(Query("company")))
        newest = Query("deal", sort=Sort("closed", True))
        deals = cycle(
            record.key.ref for record, _ in zip(self.ann.records.each(newest), range(80), strict=False)
        )
        places: dict[str, str] = {}
        drafts: list[Draft] = []
        for draft in sample(SIZE):
            if draft.type == "company":
                places[draft.record] = next(companies)
            elif draft.type == "deal":
                places[draft.record] = next(deals)
            elif draft.type in ("person", "note", "task"):
                fields = {
                    name: places.get(value, value) if isinstance(value, str) else value
                    for name, value in draft.fields.items()
                }
                drafts.append(Draft(draft.type, draft.key, fields, draft.group, draft.record))
        writer = self.ann.writer(group)
        for start in range(0, len(drafts), 100):
            writer.write(drafts[start : start + 100])

    def deal(self) -> RecordKey:
        """The deal to be shown: with notes, a company and an amount. The same one each time."""
        if self._deal is None:
            self._deal = next(self._deals_with_notes())
        return self._deal

    def _deals_with_notes(self) -> Iterator[RecordKey]:
        records = self.ann.records
        for note in records.each(Query("note")):
            about = note.fields.get("about")
            key = records.resolve(about) if isinstance(about, str) and about.startswith("deal:") else None
            record = records.get(key) if key is not None else None
            amount = record.fields.get("amount") if record is not None else None
            if record is not None and isinstance(amount, int) and amount > 0 and record.fields.get("company"):
                yield record.key

    def clash(self, key: RecordKey) -> None:
        """Ann and Ben change the same fields without knowing of each other."""
        ann, ben = self.ann, self.desks[1]
        ann.stop_sync()
        for desk, amount, source in ((ben, 1_250_000_000, "Trade fair"), (ann, 980_000_000, "Referral")):
            with desk.editor.action() as action:
                action.put(key, {"amount": amount, "source": source})
        ben.sync_now(60)
        ann.sync_now(60)

    def close(self) -> None:
        for desk in self.desks:
            desk.lock()
        self.server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
