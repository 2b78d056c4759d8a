"""Pictures of the Team page and its dialogs: a newcomer's walk from "who is here" to "who sees what, and why"."""

from __future__ import annotations

from collections.abc import Callable

from app.desktop.pages.team import SharingDialog, TeamPage
from app.desktop.pages.team.member_changes import changes_for
from app.desktop.shell import Shell
from app.desktop.window import DeskWindow
from protocol.ids import MemberId
from tools.screens.office import Office
from tools.screens.shooting import Camera

TABS = ("members", "matrix", "tree", "waiting", "invitations", "groups", "roles")


class TeamShots:
    """`rest` lets answers come in; `close` closes what lies over the window."""

    def __init__(
        self,
        camera: Camera,
        office: Office,
        window: DeskWindow,
        rest: Callable[[int], None],
        close: Callable[[], None],
    ) -> None:
        self._camera, self._office, self._window = camera, office, window
        self._rest, self._close = rest, close
        self._shell: Shell = window.shell

    def shoot(self) -> None:
        self._prepare()
        self._shell.show_page("team")
        page = self._shell.page("team")
        assert isinstance(page, TeamPage)
        page.refresh()
        self._camera.wait(lambda: page.waiting.rows.rowCount() > 0, "what waits")
        for key in TABS:
            page.tabs.show_tab(key)
            self._rest(20)
            self._camera.take(self._shell, f"team-{key}")
        page.tabs.show_tab("members")
        for name, show in self._dialogs(page):
            show()
            self._rest(60)
            self._camera.take(self._shell, f"team-{name}")
            self._close()
        self._invite(page)

    def _prepare(self) -> None:
        """A tree, the rule about managers, and somebody who asks for a role."""
        office, ann = self._office, self._office.ann
        ben = office.desks[1]
        for below, above in (("Ben", "Ann"), ("Cy", "Ben"), ("Dee", "Ben")):
            member, manager = self._member(below), self._member(above)
            if ann.team().member(member).manager != manager:
                ann.actions.reports_to(member, manager)
        ann.actions.managers_read_reports(True)
        ben.sync_now(60)
        ben.asking.ask(office.groups[-1], office.role("Manager"))
        ben.sync_now(60)
        ann.sync_now(60)

    def _member(self, name: str) -> MemberId:
        return next(one.id for one in self._office.ann.team().members if one.name.startswith(name))

    def _dialogs(self, page: TeamPage) -> list[tuple[str, Callable[[], object]]]:
        team = self._office.ann.team()
        ben, cy, dee = (self._member(name) for name in ("Ben", "Cy", "Dee"))
        changes = changes_for(self._window.context, team.member(dee))
        removal = next(one for one in changes if "Remove" in one.title)
        return [
            ("sharing", lambda: self._sharing(page)),
            ("several-roles", lambda: self._sharing(page).pick_roles(cy)),
            ("member", lambda: page.open_member(dee)),
            ("access", lambda: page.show_access(ben)),
            ("access-of-a-rep", lambda: page.show_access(dee)),
            ("compare", lambda: page.compare(ben)),
            ("move", lambda: page.tree.ask_move(dee, cy)),
            ("rule", lambda: page.tree._switched(False)),
            ("manager", lambda: page.tree.pick_manager(dee)),
            ("answer", lambda: page.answer(next(one for one in page.waiting.rows.items() if one.asked))),
            ("ask", page.ask_for_role),
            ("role", lambda: page.edit_role(self._office.role("Sales rep"))),
            ("catalogue", lambda: self._catalogue(page)),
            ("removal", lambda: page.ask(removal)),
        ]

    def _sharing(self, page: TeamPage) -> SharingDialog:
        """With changes in it, so that it says what they will do."""
        group = next(one for one in self._office.ann.team().groups if len(one.members) > 3)
        dialog = page.open_sharing(group.id)
        dialog.people.line(self._member("Cy")).chosen.emit(
            frozenset([self._office.role("Sales rep"), self._office.role("Assistant")])
        )
        dialog.people.line(self._member("Dee")).chosen.emit(frozenset())
        return dialog

    def _catalogue(self, page: TeamPage) -> None:
        dialog = page.share_catalogue(self._office.groups[0])
        next(iter(dialog.ticks.values())).setChecked(True)

    def _invite(self, page: TeamPage) -> None:
        invite = page.invite()
        invite.name.set_text("Finn Aaltonen")
        self._rest(60)
        self._camera.take(self._shell, "team-invite")
        invite.accept()
        self._camera.wait(lambda: invite.invited is not None, "the invitation")
        self._rest(60)
        self._camera.take(self._shell, "team-invited")
        self._close()
