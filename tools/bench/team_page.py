"""A roster of 2,000 members and 200 groups: verified, folded, shown on the Team page, and changed."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QThreadPool
from PySide6.QtWidgets import QApplication

from app.desk import Desk
from app.desktop.context import Context
from app.desktop.pages.team import TeamPage
from app.desktop.theme import Mode, theme
from protocol.history import RosterHistory
from tools.bench.big_team import GROUPS, MEMBERS, BigTeam, Say, make_team, name_all, take
from tools.bench.figures import Figure, figure, latencies
from tools.bench.office import open_office

PREVIEWS = 30
TABS = ("matrix", "tree", "waiting", "groups", "roles", "invitations", "members")


def roster(folder: Path, runs: int, say: Say, members: int = MEMBERS, groups: int = GROUPS) -> list[Figure]:
    """One workspace; every figure is measured `runs` times in it, or more often."""
    with open_office(folder / "office") as office:
        ann = office.ann
        ann.stop_sync()
        team = make_team(ann, members, groups)
        began = time.perf_counter()
        take(ann, team)
        say(f"{len(team.entries):,} entries taken and stored in {time.perf_counter() - began:.2f} s")
        name_all(ann, team)
        found = _folding(ann, runs)
        say("previews")
        found += _previews(ann, team)
        say("the page")
        found += _page(ann, runs)
    say(f"{members:,} members, {groups} groups")
    return found


def _folding(desk: Desk, runs: int) -> list[Figure]:
    """The roster alone, without a database."""
    entries = list(desk.vault.exchange.desk.roster.history.entries())
    verified = [_seconds(lambda: RosterHistory(entries)) for _ in range(runs)]
    folded = [_seconds(lambda: RosterHistory.of_verified(entries)) for _ in range(runs)]
    return [
        figure(f"verify and fold a roster of {len(entries):,} entries, every signature", "s", verified),
        figure("fold them again at unlocking, verified before", "s", folded),
    ]


def _previews(desk: Desk, team: BigTeam) -> list[Figure]:
    """What the dialogs ask for before anything is signed."""
    chance = random.Random(7)  # noqa: S311  # whom it is about
    roles = {role.name: role.id for role in desk.team().roles}
    actions = desk.actions
    changed, moved, removed = [], [], []
    for _ in range(PREVIEWS):
        member, group = chance.choice(team.members[1:]), chance.choice(team.groups)
        changed.append(_seconds(lambda: actions.preview_role(member, group, roles["Assistant"])) * 1000)  # noqa: B023
        now = desk.vault.roster.members[member].manager
        above = chance.choice(
            [one for one in team.members[: team.members.index(member)] if one != now] or [None]
        )
        moved.append(_seconds(lambda: actions.preview_reports_to(member, above)) * 1000)  # noqa: B023
        removed.append(_seconds(lambda: actions.preview_remove(member)) * 1000)  # noqa: B023
    everybody = [
        _seconds(
            lambda: actions.preview_define_role(
                [], desk.vault.roster.roles[roles["Sales rep"]].permissions, roles["Sales rep"]
            )
        )
        * 1000
        for _ in range(5)
    ]
    return [
        latencies("preview: another role for one person", changed),
        latencies("preview: one person moved in the tree", moved),
        latencies("preview: one person removed", removed),
        latencies("preview: a role changed that nearly everybody has", everybody),
    ]


def _page(desk: Desk, runs: int) -> list[Figure]:
    """A real window, drawn offscreen: from the click to the painted page, nothing kept from before."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    theme().install(app, Mode.LIGHT)
    first: list[float] = []
    again: list[float] = []
    tabs: list[float] = []
    for _ in range(runs + 1):  # the first fills Qt's own stores of fonts and icons
        context = Context(desk)
        desk.team_view.forget()
        began = time.perf_counter()
        page = TeamPage(context)
        page.resize(1280, 800)
        page.show()
        QApplication.processEvents()
        first.append((time.perf_counter() - began) * 1000)
        for key in TABS:
            began = time.perf_counter()
            page.tabs.show_tab(key)
            QApplication.processEvents()
            tabs.append((time.perf_counter() - began) * 1000)
        began = time.perf_counter()
        page.refresh()
        QApplication.processEvents()
        again.append((time.perf_counter() - began) * 1000)
        QThreadPool.globalInstance().waitForDone()
        page.close()
        context.close()
    return [
        latencies("Team page: first paint", first[1:]),
        latencies("Team page: another tab", tabs[len(TABS) :]),
        latencies("Team page: shown again after a change", again[1:]),
    ]


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began
