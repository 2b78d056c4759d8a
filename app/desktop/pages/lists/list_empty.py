"""What a list says when it has no rows: nothing yet, nothing found, nothing deleted."""

from __future__ import annotations

from collections.abc import Callable

from app.desktop.viewmodels.list_config import ListConfig
from app.desktop.viewmodels.list_filters import ListState
from app.desktop.viewmodels.shown import label, plural
from app.desktop.widgets import EmptyState


def empty_state(
    config: ListConfig,
    state: ListState,
    *,
    on_clear: Callable[[], object],
    on_new: Callable[[], object],
    on_import: Callable[[], object] | None,
    may_make: bool,
) -> EmptyState:
    """The right words, and the way out."""
    many = plural(config.type_name).lower()
    if state.is_narrowed:
        looked = f"“{state.text.strip()}”" if state.text.strip() else "these filters"
        return EmptyState(
            "search",
            "Nothing found",
            f"No {many} match {looked}" + (" and the filters." if state.text and state.filters else "."),
            action="Clear search and filters",
            on_action=on_clear,
        )
    if state.bin:
        return EmptyState(
            "trash",
            "The bin is empty",
            f"Deleted {many} stay here, and can be restored for as long as you like.",
        )
    if not may_make:
        return EmptyState(
            config.icon,
            f"No {many} here yet",
            f"Your role reads {many} and does not make any. What others share with you appears here by itself.",
        )
    return EmptyState(
        config.icon,
        f"No {many} yet",
        config.empty_text,
        action=f"New {label(config.type_name).lower()}",
        on_action=on_new,
        second="Import…" if on_import is not None else "",
        on_second=on_import,
    )
