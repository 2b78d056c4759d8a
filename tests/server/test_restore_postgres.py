"""The tests of `test_restore` once more, on a server whose storage is PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.server.test_restore import (
    test_A29_an_admin_alone_does_not_cut_off_what_stands as test_A29_an_admin_alone_does_not_cut_off_what_stands,
)
from tests.server.test_restore import (
    test_A50_entries_and_commits_come_back_verbatim as test_A50_entries_and_commits_come_back_verbatim,
)
from tests.server.test_restore import (
    test_A50_what_nobody_signed_is_not_taken as test_A50_what_nobody_signed_is_not_taken,
)
from tests.server.test_restore import (
    test_a_held_place_is_never_overwritten_and_nothing_of_the_request_is_taken as test_a_held_place_is_kept,
)
from tests.server.test_restore import (
    test_nobody_else_gives_anything_back as test_nobody_else_gives_anything_back,
)
from tests.server.test_two_processes import DatabaseServer
from tests.support.postgres import RunningPostgres
from tests.support.server import RunningServer

__all__ = [
    "test_A29_an_admin_alone_does_not_cut_off_what_stands",
    "test_A50_entries_and_commits_come_back_verbatim",
    "test_A50_what_nobody_signed_is_not_taken",
    "test_a_held_place_is_kept",
    "test_nobody_else_gives_anything_back",
]


@pytest.fixture(scope="module")
def server(postgres: RunningPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    made = DatabaseServer(tmp_path_factory.mktemp("server"), postgres.database())
    try:
        made.start()
        yield made
        assert made.errors() == ""
    finally:
        made.close()
