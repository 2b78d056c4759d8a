"""The same window on a real window system: keys reach it, it locks, it opens again."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.desktop.pages.start import SampleFlow, UnlockPage
from tests.app.desktop.stories.conftest import Person


@pytest.mark.slow
@pytest.mark.display
def test_a_trial_is_made_locked_by_key_and_opened_again(person: Callable[..., Person]) -> None:
    alex = person("alex")
    alex.root.start()
    alex.root.begin("sample")
    flow = alex.root.flow
    assert isinstance(flow, SampleFlow)
    alex.type(flow.page.password, "any will do")
    alex.enter(flow.page.password)
    alex.wait(lambda: alex.root.desk_window is not None)
    alex.wait(lambda: alex.chip() == "Up to date")
    alex.window.shell.show_page("deals")
    alex.wait(lambda: alex.list_of("deals").model.rowCount() == 12)
    alex.lock()
    page = alex.page
    assert isinstance(page, UnlockPage)
    alex.type(page.password, "any will do")
    alex.enter(page.password)
    alex.wait(lambda: alex.root.desk_window is not None)
    alex.window.shell.show_page("deals")
    alex.wait(lambda: alex.list_of("deals").model.rowCount() == 12)
