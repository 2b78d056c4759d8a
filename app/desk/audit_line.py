"""One line of the audit trail, and what it holds by."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from functools import cached_property

from protocol.ids import MemberId


class Basis(enum.Enum):
    """Why a line should be believed."""

    SIGNED = "signed"
    COLLEAGUE = "colleague"
    SERVER = "server"
    HERE = "here"


BASIS_WORDS = {
    Basis.SIGNED: "Signatures",
    Basis.COLLEAGUE: "Colleague’s word",
    Basis.SERVER: "Server’s word",
    Basis.HERE: "This computer",
}

BASIS_SENTENCES = {
    Basis.SIGNED: "Held by signatures: this entry is part of the chain that this computer has verified from the first "
    "entry on. The server can neither change it, nor leave it out, nor add one.",
    Basis.COLLEAGUE: "A colleague’s own word: signed by the computer that noted it, so nobody else can have written "
    "it. A changed program could note something else, or nothing.",
    Basis.SERVER: "The server’s word: nobody’s signature stands behind it. An honest server tells the truth; a hostile "
    "one writes what it likes, or leaves things out.",
    Basis.HERE: "Recorded by this computer, and kept in its vault.",
}


class AuditKind(enum.StrEnum):
    """What a line is about; the values are the words of `tacit audit --kind` and of the exports."""

    PEOPLE = "people"
    ACCESS = "access"
    DEVICES = "devices"
    RECOVERY = "recovery"
    POLICIES = "policies"
    SUPPORT = "support"
    SIGN_INS = "sign-ins"
    DATA = "data"
    OPERATOR = "operator"
    ALARMS = "alarms"


KIND_WORDS = {
    AuditKind.PEOPLE: "People",
    AuditKind.ACCESS: "Access",
    AuditKind.DEVICES: "Computers",
    AuditKind.RECOVERY: "Recovery",
    AuditKind.POLICIES: "Policies",
    AuditKind.SUPPORT: "Support",
    AuditKind.SIGN_INS: "Sign-ins",
    AuditKind.DATA: "Transfers",
    AuditKind.OPERATOR: "Operator",
    AuditKind.ALARMS: "Alarms",
}


@dataclass(frozen=True)
class AuditLine:
    """`source` and `number` name where it stands: ("roster", position), ("journal", seq), ("event", …), …

    `at`: Unix seconds as its author (or the server) claims. `order`: the same, except that lines of one chain never
    stand in another order than in the chain, whatever their clocks said. `words` follow the name: "invited Ben".
    """

    source: str
    number: int
    at: int
    order: int
    kind: AuditKind
    basis: Basis
    who: str
    words: str
    member: MemberId | None = None
    about: MemberId | None = None
    doubt: str = ""

    @property
    def sentence(self) -> str:
        return f"{self.who} {self.words}"

    @cached_property
    def haystack(self) -> str:
        """What a search looks through."""
        return f"{self.who} {self.words} {KIND_WORDS[self.kind]} {self.doubt}".casefold()


__all__ = ["BASIS_SENTENCES", "BASIS_WORDS", "KIND_WORDS", "AuditKind", "AuditLine", "Basis"]
