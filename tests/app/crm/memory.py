"""A store in memory for the CRM's tests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.crm import Draft, Existing, Value, WriteRefused


class MemoryWriter:
    """A store in memory with the same promises: a batch is taken whole or not at all."""

    def __init__(self) -> None:
        self.drafts: list[Draft] = []
        self.records: dict[str, tuple[str, str, dict[str, Value]]] = {}  # record -> type, group, fields
        self.refuse_at = -1
        self.batches = 0

    def find(self, type: str, fields: Sequence[str]) -> Iterable[Existing]:
        wanted = set(fields)
        for record, (kind, group, values) in list(self.records.items()):
            if kind == type:
                some = {name: value for name, value in values.items() if name.partition("/")[0] in wanted}
                yield Existing(record, some, group)

    def write(self, batch: Sequence[Draft]) -> None:
        if self.batches == self.refuse_at:
            raise WriteRefused("The disk is full.")
        self.batches += 1
        for draft in batch:
            assert draft.record.startswith(f"{draft.type}:")
            assert draft.exists == (draft.record in self.records), draft
            _, group, fields = self.records.get(draft.record, ("", draft.group, {}))
            self.records[draft.record] = (draft.type, group, {**fields, **draft.fields})
            self.drafts.append(draft)

    def of(self, type: str) -> list[dict[str, Value]]:
        """The fields of all records of a type, in the order in which they were made."""
        return [fields for kind, _, fields in self.records.values() if kind == type]
