"""Bodies about adding a computer from another one: what it leaves for the new one, sealed, for some minutes."""

from __future__ import annotations

from protocol.codec import Message


class PutTransfer(Message, frozen=True):
    """In the place of an earlier one of this account. `id`: 16 bytes, as the code names it; `sealed` is opaque."""

    id: bytes
    sealed: bytes


class AskTransfer(Message, frozen=True):
    id: bytes


class Transfer(Message, frozen=True):
    sealed: bytes
