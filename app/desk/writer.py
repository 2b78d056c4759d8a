"""What an import writes into: drafts of `app.crm` become records of the vault, each in the home where it belongs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from app.crm.draft import Draft, Existing
from app.crm.errors import WriteRefused
from app.crm.margins import split_fields
from app.crm.schema import SCHEMA
from app.desk.changing import Changing
from app.desk.drafts import drafted_fields, stored_value
from app.desk.errors import NotAllowed
from app.desk.homes import home_for, may_write, member_of, member_value
from protocol.ids import GroupId, LogId, MemberId
from protocol.operations import Value
from protocol.state import RosterState
from vault.errors import VaultError
from vault.store import Draft as StoredDraft
from vault.store import Editor, Query, RecordKey, Records


class DeskWriter:
    """A `Writer` for `app.crm.importing`. `groups` maps group names to ids; "" stands for `group`.

    `people` maps names of members (in lower case) to ids: an owner who is a member becomes one.
    """

    def __init__(
        self,
        records: Records,
        editor: Editor,
        roster: Callable[[], RosterState],
        me: MemberId,
        group: GroupId,
        groups: dict[str, GroupId],
        people: dict[str, MemberId],
        changing: Changing,
    ) -> None:
        self._records = records
        self._editor = editor
        self._roster = roster
        self._me = me
        self._group = group
        self._groups = groups
        self._people = people
        self._changing = changing
        self._homes: dict[str, LogId] = {}

    def find(self, type: str, fields: Sequence[str]) -> Iterable[Existing]:
        """Every living record of the type, with these fields and the items of lists among them."""
        wanted = set(fields)
        for record in self._records.each(Query(type)):
            kept = {
                name: value
                for name, value in record.fields.items()
                if name in wanted or name.partition("/")[0] in wanted
            }
            yield Existing(record.key.ref, drafted_fields(kept))

    def write(self, batch: Sequence[Draft]) -> None:
        """All of the batch in one action, or nothing. Raises WriteRefused with words for people."""
        try:
            with self._editor.action() as action:
                for draft in batch:
                    fields = self._stored(draft)
                    if draft.exists:
                        key = self._records.resolve(draft.record)
                        if key is None:
                            raise WriteRefused("A record that was to be changed is no longer here.")
                        self._check(key.log)
                        self._changing.put(action, key, fields)
                    else:
                        home = self._home(draft, fields)
                        self._check(home)
                        self._homes[draft.record] = home
                        identity = bytes.fromhex(draft.record.rpartition(":")[2])
                        own, commercial = split_fields(draft.type, fields)
                        action.write(StoredDraft(draft.type, home, own, identity))
                        self._changing.put(action, RecordKey(home, draft.type, identity), commercial)
        except NotAllowed as error:
            raise WriteRefused(
                f"{error.message} Leave out the columns for it, or ask your Team Admin."
            ) from error
        except VaultError as error:
            raise WriteRefused(f"{error.title}. {error.message}") from error

    def _check(self, home: LogId) -> None:
        if not may_write(self._roster(), self._me, home):
            raise WriteRefused("Your role does not let you write where these records belong.")

    def _home(self, draft: Draft, fields: dict[str, Value]) -> LogId:
        record_type = SCHEMA.by_name[draft.type]
        about = fields.get(record_type.follows) if record_type.follows else None
        if isinstance(about, str):
            home = self._homes.get(about) or self._log_of(about)
            if home is not None:
                return home
        if draft.group and draft.group not in self._groups:
            raise WriteRefused(f"There is no group called {draft.group}, or you cannot write there.")
        group = self._groups[draft.group] if draft.group else self._group
        return home_for(self._roster(), self._me, draft.type, group, member_of(fields.get("owner")))

    def _log_of(self, reference: str) -> LogId | None:
        key: RecordKey | None = self._records.resolve(reference)
        return key.log if key else None

    def _stored(self, draft: Draft) -> dict[str, Value]:
        fields: dict[str, Value] = {}
        members = {field.name for field in SCHEMA.by_name[draft.type].fields if field.kind.value == "member"}
        for name, value in draft.fields.items():
            if name in members and isinstance(value, str) and value.casefold() in self._people:
                fields[name] = member_value(self._people[value.casefold()])
            else:
                fields[name] = stored_value(value)
        return fields
