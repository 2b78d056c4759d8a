"""What other server processes on the same storage have done, for the clients of this one.

What is in memory is compared with the storage whenever it is used; news only wake those who wait.
"""

from __future__ import annotations

from protocol.ids import WorkspaceId
from server.errors import NotFound
from server.http.context import Context


class ForeignNews:
    """`storage.News` over an application. Called on the storage's thread."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def workspace_moved(self, workspace: WorkspaceId) -> None:
        if not self._context.hub.awaited(workspace):
            return
        try:
            with self._context.workspaces.use(workspace) as opened:
                opened.announce()
        except NotFound:
            return  # it was taken away since

    def session_ended(self, session: bytes) -> None:
        self._context.sessions.forget([session])

    def missed(self) -> None:
        self._context.sessions.forget_all()
        for workspace in self._context.hub.all_awaited():
            self.workspace_moved(workspace)
