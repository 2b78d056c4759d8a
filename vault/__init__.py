"""The vault: keys, sealing, verification, folding, and the store of one profile. No Qt, no network."""

from vault.vault import Created, Entered, Vault

__all__ = ["Created", "Entered", "Vault"]
