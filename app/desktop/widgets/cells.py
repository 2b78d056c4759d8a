"""What a model may hand to `DataTable` beyond words: tags, people, icons, placeholders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt

CellRole: Final = Qt.ItemDataRole.UserRole + 101
"""``data(index, CellRole)`` may return one of the cells below, painted instead of the words of DisplayRole."""

LoadingRole: Final = Qt.ItemDataRole.UserRole + 102
"""``data(index, LoadingRole)`` is true while the row is being fetched: a quiet "…" is painted, nothing is asked for."""


@dataclass(frozen=True, slots=True)
class PersonCell:
    """Initials and name; `square` for companies; `strong` for the column that names the row; `mark`: an icon behind
    the name."""

    name: str
    square: bool = False
    strong: bool = False
    mark: str = ""


@dataclass(frozen=True, slots=True)
class ChipCell:
    """A tag; `hue` 0 to 7, or from the text."""

    text: str
    hue: int | None = None


@dataclass(frozen=True, slots=True)
class ChipsCell:
    """Several tags."""

    chips: tuple[ChipCell, ...]


@dataclass(frozen=True, slots=True)
class IconCell:
    """An icon before words; `tone` as for labels."""

    icon_name: str
    text: str = ""
    tone: str = "muted"


Cell = PersonCell | ChipCell | ChipsCell | IconCell
