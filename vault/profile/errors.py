"""Errors of `vault.profile`.

ProfileError
+-- ProfileBusy          another Tacit has this profile open
+-- ProfileMissing       there is no profile in this folder
+-- ProfileExists        there is one already
+-- ProfileDamaged       a file of the profile is not what it should be
+-- ProfileTooNew        written by a newer Tacit
+-- WrongPassword        password and Secret Key do not open this profile
+-- KeychainError
    +-- KeychainMissing  this system has no keychain that Tacit trusts
    +-- KeychainLocked   the keychain is locked, or the user refused
    +-- KeychainFailed   the keychain did not do what it was asked
    +-- SecretKeyMissing the keychain (or the file named instead) has no Secret Key for this profile
    +-- SecretKeyExposed the file named instead can be read by others
"""

from __future__ import annotations

from vault.errors import VaultError


class ProfileError(VaultError):
    """Base of the errors of profiles."""


class ProfileBusy(ProfileError):
    title = "This profile is open already"
    message = "Another window of Tacit uses it. Please use that one, or close it first."


class ProfileMissing(ProfileError):
    title = "There is no profile here"
    message = "The folder does not hold a profile of Tacit."


class ProfileExists(ProfileError):
    title = "There is a profile here already"
    message = "Please choose another folder. Nothing was changed."


class ProfileDamaged(ProfileError):
    title = "The profile is damaged"
    message = (
        "A file of this profile is missing or was changed. Sign in on this computer again with your "
        "Emergency Kit: everything that reached the server is still there."
    )


class ProfileTooNew(ProfileError):
    title = "Made by a newer Tacit"
    message = "This profile was written by a newer version of Tacit. Please update Tacit on this computer."


class WrongPassword(ProfileError):
    title = "This password does not open the vault"
    message = "Please try again. Mind the keyboard layout and Caps Lock."


class KeychainError(ProfileError):
    """Base of the errors of keychains."""


class KeychainMissing(KeychainError):
    title = "No keychain was found"
    message = (
        "This system has no keychain that Tacit can trust with your Secret Key. You can type the Secret "
        "Key each time, or name a file for it that only you can read."
    )


class KeychainLocked(KeychainError):
    title = "The keychain is locked"
    message = "Please unlock the keychain of this computer, or type your Secret Key."


class KeychainFailed(KeychainError):
    title = "The keychain did not answer"
    message = "The keychain of this computer could not be used. You can type your Secret Key instead."


class SecretKeyMissing(KeychainError):
    title = "The Secret Key is not on this computer"
    message = "Please type the Secret Key or the recovery words from your Emergency Kit."


class SecretKeyExposed(KeychainError):
    title = "The file with the Secret Key is not private"
    message = (
        "Others on this computer could read it. Make it readable by you alone (mode 0600), then try again."
    )
