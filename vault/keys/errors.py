"""Errors of `vault.keys`.

KeysError
+-- OpenFailed          a sealed thing does not open; deliberately says nothing more
+-- KeyRefused          a log key is not the one that the log's signed rotate commit names
+-- UnknownKeyVersion   made by a newer Tacit: the version byte is not known here
+-- PasswordUnusable    empty, too long, or not text that can be encoded
+-- SecretKeyUnreadable what was typed is no Secret Key
|   +-- WordsUnreadable ... or no recovery words
+-- TransferUnreadable  what was typed or scanned is no code that adds a computer
+-- LinkUnreadable      what was pasted is no invitation
+-- KitUnreadable       what was typed or scanned is no Emergency Kit
+-- AddressUnusable     not the address of a server
+-- HandleUnusable      not a login handle
+-- BodyTooLarge        more than a commit can carry
+-- BundleRefused       an account bundle that is not this account's newest, or not the roster's keys
+-- FileDamaged         a file's chunks are not complete, not in order, or not this file's
"""

from __future__ import annotations

from vault.errors import VaultError


class KeysError(VaultError):
    """Base of the errors of keys."""


class OpenFailed(KeysError):
    """One error for whatever failed inside: key, commitment, tag, padding, length. It carries no detail."""

    title = "This could not be opened"
    message = "It was damaged or changed on its way, or it was sealed with another key."

    def __init__(self) -> None:
        super().__init__()


class KeyRefused(KeysError):
    title = "A key was refused"
    message = "The key that was delivered is not the one that the log's own record names. It was not used."


class UnknownKeyVersion(KeysError):
    title = "Made by a newer Tacit"
    message = "This was made by a newer version of Tacit. Please update Tacit on this computer."


class PasswordUnusable(KeysError):
    title = "This password cannot be used"
    message = "Please choose a password of 1 to 1,000 characters."


class SecretKeyUnreadable(KeysError):
    title = "This is not a Secret Key"
    message = (
        "A Secret Key starts with TACIT1 and has six groups of five letters and digits after it. "
        "Please compare it with your Emergency Kit, character by character."
    )


class WordsUnreadable(SecretKeyUnreadable):
    title = "These are not recovery words"
    message = "Please type the twelve words in the order in which they stand on your Emergency Kit."


class TransferUnreadable(KeysError):
    title = "This is not a code that adds a computer"
    message = (
        "It is shown on the other computer, under Settings, Computers, “Add a computer”: a code that starts with "
        "TACIT-ADD, or twenty-four words. Please compare it once more."
    )


class LinkUnreadable(KeysError):
    title = "This is not an invitation"
    message = (
        "An invitation starts with “tacit:”. Please copy it again, from its first to its last character."
    )


class KitUnreadable(KeysError):
    title = "This is not an Emergency Kit"
    message = "Please type what stands on the Emergency Kit, or scan its code again."


class AddressUnusable(KeysError):
    title = "This is not the address of a server"
    message = (
        "An address looks like https://crm.example.org. Only a server on this computer may do without https."
    )


class HandleUnusable(KeysError):
    title = "This login name cannot be used"
    message = "A login name has 1 to 128 characters, without spaces; a mail address is a good one."


class BodyTooLarge(KeysError):
    title = "This is too large"
    message = "The change is larger than one commit can carry."


class BundleRefused(KeysError):
    title = "The server sent keys that are not yours"
    message = (
        "The server offered an older or a different set of your keys. Nothing was taken over. "
        "Please tell your admin: an honest server does not do this unless it was restored from a backup."
    )


class FileDamaged(KeysError):
    title = "The file is damaged"
    message = "Parts of the file are missing, out of order or not its own. It was not opened."
