"""Which workspaces are open: the ones used last, within a bound. One object a workspace, whoever asks."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from protocol.ids import WorkspaceId
from server.settings import Bounds
from server.storage import Storage, WorkspaceStore
from server.workspaces.open import OpenWorkspace

Announce = Callable[[WorkspaceId, int, frozenset[int]], None]
Touched = Callable[[WorkspaceStore, WorkspaceId, bool], None]
"""Told before this process serves a workspace for the first time (True), and after it has for the last time."""


def _untold(store: WorkspaceStore, workspace: WorkspaceId, begins: bool) -> None:
    """For what nobody keeps a journal of."""


class Workspaces:
    """Safe to use from several threads."""

    def __init__(
        self, storage: Storage, bounds: Bounds, announce: Announce, touched: Touched = _untold
    ) -> None:
        self.storage = storage
        self.bounds = bounds
        self._announce = announce
        self._touched = touched
        self._told: set[WorkspaceId] = set()
        self._lock = threading.Lock()
        self._open: OrderedDict[WorkspaceId, OpenWorkspace] = OrderedDict()
        self._opening: dict[WorkspaceId, threading.Lock] = {}

    @property
    def open_count(self) -> int:
        return len(self._open)

    @contextmanager
    def use(self, workspace: WorkspaceId, *, create: bool = False) -> Iterator[OpenWorkspace]:
        """An open workspace as of now, which stays open for the block. Raises NotFound."""
        found = self._acquire(workspace, create)
        try:
            found.refresh()
            yield found
        finally:
            self._release(found)

    def _acquire(self, workspace: WorkspaceId, create: bool) -> OpenWorkspace:
        with self._lock:
            found = self._taken(workspace)
            if found is not None:
                return found
            opening = self._opening.setdefault(workspace, threading.Lock())
        try:
            with opening:  # several may want it, one opens it
                return self._open_now(workspace, create)
        finally:
            with self._lock:
                self._opening.pop(workspace, None)

    def _open_now(self, workspace: WorkspaceId, create: bool) -> OpenWorkspace:
        with self._lock:
            found = self._taken(workspace)
        if found is not None:
            return found
        storage = self.storage
        store = storage.create_workspace(workspace) if create else storage.open_workspace(workspace)
        try:
            if workspace not in self._told:
                self._touched(store, workspace, True)
                self._told.add(workspace)
            opened = OpenWorkspace(workspace, store, self.bounds, self._announce)
        except BaseException:
            store.close()
            raise
        with self._lock:
            found = self._taken(workspace)  # by somebody who came when the first of us had failed
            if found is None:
                found = self._open[workspace] = opened
                found.users = 1
            idle = self._idle() if found is opened else [opened]
        for each in idle:
            each.close()
        return found

    def _taken(self, workspace: WorkspaceId) -> OpenWorkspace | None:
        found = self._open.get(workspace)
        if found is None or found.broken:
            return None
        found.users += 1
        self._open.move_to_end(workspace)
        return found

    def _idle(self) -> list[OpenWorkspace]:
        """Takes the longest unused out, as far as there are too many."""
        spare = len(self._open) - self.bounds.open_workspaces
        idle = [each for each in self._open.values() if each.users == 0][: max(spare, 0)]
        for each in idle:
            del self._open[each.id]
        return idle

    def _release(self, workspace: OpenWorkspace) -> None:
        with self._lock:
            workspace.users -= 1
            out = workspace.users == 0 and (workspace.broken or self._open.get(workspace.id) is not workspace)
            if out and self._open.get(workspace.id) is workspace:
                del self._open[workspace.id]
        if out:
            workspace.close()

    def close(self) -> None:
        with self._lock:
            every = list(self._open.values())
            self._open.clear()
        for each in every:
            self._touched(each.store, each.id, False)
            each.close()
