"""A server that comes back from a backup: the files of a real one, put back to what they were."""

from __future__ import annotations

import shutil
from collections.abc import Callable

from tests.support.real_desks import Office


class Backup:
    """Copies what the office's server keeps, while it stands still; `put_back` is what an operator does."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._data = office.folder / "server"
        self._copy = office.folder / "backup"
        self._stopped(lambda: shutil.copytree(self._data, self._copy))

    def put_back(self, *names: str) -> None:
        """All of it; or, with names, only the files and folders so called, while the rest stays as new as it is."""

        def copy() -> None:
            if names:
                for name in names:
                    shutil.rmtree(self._data / name, ignore_errors=True)
                    shutil.copytree(self._copy / name, self._data / name)
            else:
                shutil.rmtree(self._data)
                shutil.copytree(self._copy, self._data)

        self._stopped(copy)

    def _stopped(self, act: Callable[[], object]) -> None:
        port = self._office.port
        self._office.server.stop()
        act()
        self._office.server.start(port)
