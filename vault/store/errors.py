"""Errors of the store, part of the vault's tree (`vault.errors`).

    VaultError
    +-- StoreError
        +-- VaultClosed    the vault was locked or closed while something still used it
        +-- VaultFull      no room on the disk; nothing of the transaction was kept
        +-- VaultReadOnly  the file or its folder cannot be written
        +-- VaultBusy      another process holds the file
        +-- VaultDamaged   not a vault under this key, or damaged
        +-- VaultTooNew    written by a newer version of Tacit
        +-- NotFound       a record, conflict or outbox entry that is not there
        +-- NotAllowedHere an edit that the record's state does not permit
        +-- TooLarge       one record is larger than a commit may be

`translate` turns the database's errors into these. SQL and values never appear in their texts.
"""

from __future__ import annotations

from vault.errors import VaultError


class StoreError(VaultError):
    title = "The vault could not be used"


class VaultClosed(StoreError):
    title = "The vault is locked"
    message = "Unlock Tacit and try again. Nothing was changed."


class VaultFull(StoreError):
    title = "The disk is full"
    message = "Your last change was not saved. Make room on this disk, then try again."


class VaultReadOnly(StoreError):
    title = "The vault cannot be written"
    message = "Your last change was not saved. Check that you may write to the folder of this profile."


class VaultBusy(StoreError):
    title = "The vault is in use"
    message = "Another program is using this vault. Close it and try again."


class VaultDamaged(StoreError):
    title = "The vault cannot be opened"
    message = (
        "The file is damaged or belongs to another profile. Sign in again on this computer to rebuild it."
    )


class VaultTooNew(StoreError):
    title = "This vault needs a newer Tacit"
    message = "It was written by a newer version. Update Tacit on this computer. Nothing was changed."


class NotFound(StoreError):
    title = "Not there any more"
    message = "This record is not in your vault. Perhaps it was moved, or you no longer have access."


class NotAllowedHere(StoreError):
    title = "This record cannot be changed here"
    message = "It was moved to another place or erased. Open it there."


class TooLarge(StoreError):
    title = "Too large for one record"
    message = "The texts and pictures of one record may have about one and a half megabytes together."


def translate(code: str, text: str) -> StoreError:
    """The typed error for SQLite's symbolic error code (`SQLITE_FULL`) and text."""
    if code.startswith("SQLITE_FULL"):
        return VaultFull(code)
    if code.startswith(("SQLITE_READONLY", "SQLITE_PERM", "SQLITE_AUTH")):
        return VaultReadOnly(code)
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return VaultBusy(code)
    if code.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
        return VaultDamaged(code)
    if code.startswith("SQLITE_CANTOPEN"):
        return VaultReadOnly(code)
    if "closed database" in text:
        return VaultClosed("closed")
    return StoreError(code or "database error")
