"""The calls of one workspace, each a typed request and a typed reply (`protocol/wire.py`)."""

from __future__ import annotations

from protocol import wire, wire_security
from protocol.ids import LogId, WorkspaceId
from sync_client.cancel import CancelToken
from sync_client.http import Http


class WorkspaceCalls:
    """Requests about one workspace over one connection; no state of its own."""

    def __init__(self, http: Http, workspace: WorkspaceId) -> None:
        self.http = http
        self._hex = workspace.hex()

    def path(self, route: wire.Route, **parts: str) -> str:
        return route.format(workspace=self._hex, **parts)

    def create(self, request: wire.CreateWorkspace) -> None:
        self.http.post(wire.Route.WORKSPACES, request, wire.Done)

    def roster(self, first: int, cancel: CancelToken | None = None) -> wire.RosterPage:
        return self.http.get(
            self.path(wire.Route.ROSTER), wire.RosterPage, query={"from": str(first)}, cancel=cancel
        )

    def append_roster(self, request: wire.AppendRoster, cancel: CancelToken | None = None) -> None:
        """Raises ServerRefused (roster-moved, or the code of the rule that an entry breaks)."""
        self.http.post(self.path(wire.Route.ROSTER), request, wire.Done, cancel=cancel)

    def read_for_join(self, request: wire.ReadForJoin) -> wire.RosterPage:
        return self.http.post(self.path(wire.Route.JOIN), request, wire.RosterPage)

    def pull(self, cursor: int, cancel: CancelToken | None = None) -> wire.PullPage:
        return self.http.get(
            self.path(wire.Route.PULL), wire.PullPage, query={"cursor": str(cursor)}, cancel=cancel
        )

    def heads(self, cancel: CancelToken | None = None) -> wire.Heads:
        return self.http.get(self.path(wire.Route.HEADS), wire.Heads, cancel=cancel)

    def log(self, log: LogId, first: int, cancel: CancelToken | None = None) -> wire.LogPage:
        path = self.path(wire.Route.LOG, log=log.encode().hex())
        return self.http.get(path, wire.LogPage, query={"from": str(first)}, cancel=cancel)

    def headers(self, log: LogId, first: int, cancel: CancelToken | None = None) -> wire.HeaderPage:
        path = self.path(wire.Route.HEADERS, log=log.encode().hex())
        return self.http.get(path, wire.HeaderPage, query={"from": str(first)}, cancel=cancel)

    def push(self, request: wire.Push, cancel: CancelToken | None = None) -> wire.PushReply:
        return self.http.post(self.path(wire.Route.PUSH), request, wire.PushReply, cancel=cancel)

    def restore(self, request: wire.RestoreWorkspace, cancel: CancelToken | None = None) -> None:
        """Raises ServerRefused (roster-moved, log-moved: the server has other bytes at one of the places)."""
        self.http.post(self.path(wire.Route.RESTORE), request, wire.Done, cancel=cancel)

    def wraps(self, log: LogId, generation: int, cancel: CancelToken | None = None) -> wire.WrapList:
        query = {"log": log.encode().hex(), "generation": str(generation)}
        return self.http.get(self.path(wire.Route.WRAPS), wire.WrapList, query=query, cancel=cancel)

    def add_wraps(self, request: wire.AddWraps, cancel: CancelToken | None = None) -> None:
        self.http.post(self.path(wire.Route.WRAPS), request, wire.Done, cancel=cancel)

    def journal(self, first: int, cancel: CancelToken | None = None) -> wire_security.JournalPage:
        """The operator's, for admins. Raises ServerRefused (forbidden)."""
        path = self.path(wire.Route.JOURNAL)
        return self.http.get(path, wire_security.JournalPage, query={"from": str(first)}, cancel=cancel)

    def sign_ins(self, cancel: CancelToken | None = None) -> wire_security.SignIns:
        """The newest, newest first, for admins. Raises ServerRefused (forbidden)."""
        return self.http.get(self.path(wire.Route.SIGN_INS), wire_security.SignIns, cancel=cancel)

    def file_state(self, log: LogId, file: bytes, cancel: CancelToken | None = None) -> wire.FileState:
        path = self.path(wire.Route.FILE, log=log.encode().hex(), file=file.hex())
        return self.http.get(path, wire.FileState, cancel=cancel)

    def put_chunk(
        self, log: LogId, file: bytes, index: int, sealed: bytes, cancel: CancelToken | None = None
    ) -> None:
        path = self.path(wire.Route.FILE_CHUNK, log=log.encode().hex(), file=file.hex(), index=str(index))
        self.http.put(path, sealed, wire.Done, cancel=cancel)

    def get_chunk(self, log: LogId, file: bytes, index: int, cancel: CancelToken | None = None) -> bytes:
        path = self.path(wire.Route.FILE_CHUNK, log=log.encode().hex(), file=file.hex(), index=str(index))
        return self.http.get_bytes(path, cancel=cancel)
