"""Records that refer to the one in front, by type, with a line of what matters about each."""

from __future__ import annotations

from dataclasses import dataclass

from app.crm.schema import SCHEMA, Outcome
from app.desktop.viewmodels.record_state import MOST_RELATED, RecordState
from app.desktop.viewmodels.shown import (
    date_words,
    items_of,
    money_words,
    plural,
    record_title,
    stage_hue,
    stage_of_key,
    value_words,
)
from vault.store import Record

SHOWN = ("deal", "person", "company")


@dataclass(frozen=True, slots=True)
class RelatedLine:
    """A record in a line: title, a muted detail, a chip, an amount."""

    record: Record
    title: str
    detail: str
    chip: str = ""
    hue: int | None = None
    amount: str = ""


@dataclass(frozen=True, slots=True)
class RelatedGroup:
    """All of one type. `more`: there are more than are listed. `total` is what open and won deals are worth."""

    type_name: str
    title: str
    lines: tuple[RelatedLine, ...]
    more: bool
    total: str = ""


def related_groups(state: RecordState) -> list[RelatedGroup]:
    groups = []
    for type_name in SHOWN:
        records = state.of_type(type_name)
        if records:
            lines = tuple(_line(state, record) for record in records)
            groups.append(
                RelatedGroup(
                    type_name,
                    plural(type_name),
                    lines,
                    len(records) >= MOST_RELATED,
                    _worth(records) if type_name == "deal" else "",
                )
            )
    return groups


def _line(state: RecordState, record: Record) -> RelatedLine:
    fields = record.fields
    title = record_title(record)
    if record.key.type == "deal":
        stage = fields.get("stage")
        field = SCHEMA.by_name["deal"].by_name["stage"]
        when = fields.get("closed") or fields.get("expected_close") or fields.get("opened")
        return RelatedLine(
            record,
            title,
            " · ".join(part for part in (state.names.member(fields.get("owner")), date_words(when)) if part),
            value_words(field, stage, state.names),
            stage_hue(stage) if isinstance(stage, str) else None,
            money_words(fields.get("amount"), fields.get("currency")),
        )
    if record.key.type == "person":
        mails = [str(parts.get("value") or "") for _, parts in items_of(fields, "emails")]
        job = fields.get("title")
        return RelatedLine(record, title, " · ".join(part for part in (str(job or ""), *mails[:1]) if part))
    return RelatedLine(record, title, str(fields.get("sector") or ""))


def _worth(deals: list[Record]) -> str:
    parts = []
    for outcome, words in ((Outcome.WON, "won"), (Outcome.OPEN, "open")):
        sums: dict[str, int] = {}
        for deal in deals:
            stage, amount = stage_of_key(deal.fields.get("stage")), deal.fields.get("amount")
            if stage is not None and stage.outcome is outcome and isinstance(amount, int):
                unit = str(deal.fields.get("currency") or "")
                sums[unit] = sums.get(unit, 0) + amount
        if any(sums.values()):
            parts.append(
                " + ".join(money_words(total, unit) for unit, total in sums.items() if total) + f" {words}"
            )
    return " · ".join(parts)
