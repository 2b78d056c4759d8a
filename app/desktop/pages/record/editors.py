"""Editors that only record pages need: whole numbers, tags."""

from __future__ import annotations

from app.desktop.viewmodels.property_values import parse_whole
from app.desktop.widgets import TextEditor


class WholeEditor(TextEditor):
    """A whole number; red while what is typed is none."""

    def __init__(self, value: object, *, most: int | None = None) -> None:
        super().__init__("" if value is None else str(value))
        self._most = most

    def is_valid(self) -> bool:
        try:
            parse_whole(self.edit.text(), most=self._most)
        except ValueError as error:
            self.frame.set_invalid(True)
            self.setToolTip(str(error))
            return False
        self.frame.set_invalid(False)
        return True

    def value(self) -> object:  # type: ignore[override]  # the base commits its text
        return parse_whole(self.edit.text(), most=self._most)


class TagsEditor(TextEditor):
    """Tags in one line, with commas between."""

    def __init__(self, value: object) -> None:
        tags = [str(tag) for tag in value] if isinstance(value, list | tuple) else []
        super().__init__(", ".join(tags), placeholder="partner, vip, …")

    def value(self) -> object:  # type: ignore[override]  # the base commits its text
        return tuple(tag for part in self.edit.text().split(",") if (tag := " ".join(part.split())))
