"""One catalogue for several groups: whose products, prices and pipelines serve which groups."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.desk import ChangeWords
from app.desktop.background import Handle
from app.desktop.context import Context
from app.desktop.pages.team.effects import EffectList
from app.desktop.problems import words_for
from app.desktop.viewmodels.catalogues import Catalogues
from app.desktop.widgets import CheckBox, Label, Modal, Option, ScrollPage, Select
from protocol.ids import GroupId

_ROW = 30
_MOST_ROWS = 8


class CatalogueDialog(Modal):
    """``changed()`` once it is done. Only owners come here."""

    changed = Signal()

    def __init__(self, window: QWidget, context: Context, group: GroupId) -> None:
        super().__init__(
            window,
            "One catalogue for several groups",
            text="Products, prices, pipelines and field definitions of one group can serve others too.",
            width=560,
        )
        self._context = context
        self.draft = Catalogues(context.desk.team(), group)
        self._handle: Handle | None = None
        self._words: ChangeWords | None = None
        self._asked = 0
        self.source = Select("The catalogue of", [Option(one.id, one.name) for one in self.draft.sources])
        self.source.set_value(self.draft.source)
        self.source.chosen.connect(self._source)
        self.add(self.source)
        self.add(Label("serves", scale="small", tone="muted"))
        self._scroll = ScrollPage(margins=0, gap=2)
        self.ticks: dict[GroupId, CheckBox] = {}
        self.add(self._scroll)
        self.add(Label("What this will do", scale="strong"))
        self.effects = EffectList()
        self.add(self.effects)
        self.add_button("Cancel")
        self.apply_button = self.add_button("Apply", primary=True)
        self._fill()

    def _fill(self) -> None:
        for tick in self.ticks.values():
            tick.hide()
            tick.deleteLater()
        self.ticks = {}
        for one in self.draft.others:
            tick = CheckBox(one.name, checked=one.id in self.draft.served)
            why = self.draft.why_not(one.id)
            tick.setEnabled(not why)
            tick.setToolTip(why)
            tick.toggled.connect(lambda on, group=one.id: self._ticked(group, on))
            self.ticks[one.id] = tick
            self._scroll.body.addWidget(tick)
        self._scroll.setFixedHeight(min(_MOST_ROWS, max(1, len(self.ticks))) * _ROW + 8)
        self._refresh()

    def _source(self, value: object) -> None:
        if isinstance(value, bytes):
            self.draft.choose(value)
            self._fill()

    def _ticked(self, group: GroupId, on: bool) -> None:
        self.draft.serve(group, on)
        self._refresh()

    def _refresh(self) -> None:
        self._asked += 1
        self._words = None
        self.apply_button.setEnabled(False)
        asked, changes, actions = self._asked, self.draft.changes(), self._context.desk.actions
        if not changes:
            self.effects.show_quiet("Nothing is changed yet.")
            return

        def shown(words: ChangeWords) -> None:
            if asked == self._asked:
                self._words = words
                self.effects.show_change(words, self.draft.moves())
                self.apply_button.setEnabled(True)

        def refused(error: Exception) -> None:
            words = words_for(error)
            if words is None:
                raise error
            if asked == self._asked:
                self.effects.show_problem(f"{words.title}. {words.message}")

        self._context.run(
            lambda _: actions.preview_catalogues(changes), owner=self, done=shown, failed=refused
        )

    def accept(self) -> None:
        """Do it."""
        if self._words is None or self._handle is not None:
            return
        changes, actions = self.draft.changes(), self._context.desk.actions
        self.apply_button.setEnabled(False)
        self._handle = self._context.run(
            lambda _: actions.set_catalogues(changes),
            owner=self,
            done=lambda _: self._done(),
            failed=self._failed,
        )

    def _done(self) -> None:
        self._context.say("The catalogues are set.", "success")
        self.changed.emit()
        self.accepted.emit()
        self.close_overlay()

    def _failed(self, error: Exception) -> None:
        words = words_for(error)
        if words is None:
            raise error
        self._handle = None
        self.apply_button.setEnabled(True)
        self.effects.show_problem(f"{words.title}. {words.message}")
