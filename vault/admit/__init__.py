"""Admission: from bytes of the server to commits that count, or are set aside, or stop their log.

Two stages (SPEC, sections 12 and 13). *Header*: rules that need no key, shared with the server; a failure stops the
log. *Inside*: key, commitment, decryption, decoding, permissions; a failure sets the whole commit aside, for every
client alike.
"""

from vault.admit.book import LogBook, Progress, logs_met, read_progress
from vault.admit.inside import AsideReason, SetAside
from vault.admit.keyring import keep_made_key, was_garbage
from vault.admit.pipeline import Admission, Context

__all__ = [
    "Admission",
    "AsideReason",
    "Context",
    "LogBook",
    "Progress",
    "SetAside",
    "keep_made_key",
    "logs_met",
    "read_progress",
    "was_garbage",
]
