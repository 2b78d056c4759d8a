"""Access in plain words: what a role reads and writes, per compartment, for the sharing dialog and the CLI."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from protocol.ids import GROUP_COMPARTMENTS, Compartment, Level, Permission, Reach
from protocol.roster import Access

COMPARTMENT_WORDS = {
    Compartment.DIRECTORY: "names",
    Compartment.CATALOGUE: "products, prices and pipelines",
    Compartment.CONTACTS: "people, companies, tasks and notes",
    Compartment.SALES: "deals and quotes",
    Compartment.MARGINS: "costs and margins",
    Compartment.DOCUMENTS: "files",
}

COMPARTMENT_TITLES = {
    Compartment.DIRECTORY: "Directory",
    Compartment.CATALOGUE: "Catalogue",
    Compartment.CONTACTS: "Contacts",
    Compartment.SALES: "Sales",
    Compartment.MARGINS: "Margins",
    Compartment.DOCUMENTS: "Documents",
}

PERMISSION_WORDS = {
    Permission.DELETE: "delete records",
    Permission.RESTORE: "restore deleted records",
    Permission.ERASE: "erase records for good",
    Permission.MANAGE_CATALOGUE: "change products, prices and pipelines",
    Permission.MANAGE_GROUP: "decide who is in the group",
    Permission.MERGE: "merge duplicates",
    Permission.BULK_EDIT: "change many records at once",
    Permission.IMPORT: "import",
    Permission.EXPORT: "export",
    Permission.SEE_AUDIT: "see the audit trail",
}

_NOTHING = (Level.NONE, Level.NONE)


@dataclass(frozen=True, slots=True)
class CompartmentAccess:
    """What is allowed in one compartment: the level on all of the group's records, and on one's own."""

    compartment: Compartment
    group: Level
    own: Level

    @property
    def title(self) -> str:
        return COMPARTMENT_TITLES[self.compartment]

    @property
    def short(self) -> str:
        """For a cell of the matrix: "Reads and writes", "Reads", "Own only", "—"."""
        if self.group is Level.WRITE:
            return "Reads and writes"
        if self.group is Level.READ:
            return "Reads; writes own" if self.own is Level.WRITE else "Reads"
        if self.own is Level.WRITE:
            return "Own only"
        if self.own is Level.READ:
            return "Reads own only"
        return "—"

    @property
    def sentence(self) -> str:
        what = COMPARTMENT_WORDS[self.compartment]
        if self.group is Level.WRITE:
            return f"Reads and writes all {what} of the group."
        if self.group is Level.READ and self.own is Level.WRITE:
            return f"Reads all {what} of the group, writes only their own."
        if self.group is Level.READ:
            return f"Reads all {what} of the group, changes none."
        if self.own is Level.WRITE:
            return f"Reads and writes only their own {what}."
        if self.own is Level.READ:
            return f"Reads only their own {what}, changes none."
        return f"Does not see {what}: has no key for them."


def summarise(accesses: Iterable[Access]) -> tuple[CompartmentAccess, ...]:
    """The union of accesses, one entry for each compartment of a group, in their order."""
    levels: dict[Compartment, tuple[Level, Level]] = {}
    for access in accesses:
        group, own = levels.get(access.compartment, _NOTHING)
        if access.reach is Reach.GROUP:
            group = max(group, access.level)
        own = max(own, access.level)
        levels[access.compartment] = (group, own)
    found = []
    for compartment in GROUP_COMPARTMENTS:
        group, own = levels.get(compartment, _NOTHING)
        if compartment is Compartment.CATALOGUE:
            group = max(group, Level.READ)  # all of a group read its catalogue
        found.append(CompartmentAccess(compartment, group, own))
    return tuple(found)


def permission_sentence(permissions: Permission) -> str:
    """ "May import and export." or "" where there are none."""
    words = [text for flag, text in PERMISSION_WORDS.items() if flag in permissions]
    if not words:
        return ""
    return f"May {join_words(words)}."


def join_words(words: list[str], last: str = "and") -> str:
    """ "a", "a and b", "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
