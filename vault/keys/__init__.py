"""Keys, seals and what people hold in their hands: stateless, no files, no database.

Modules by role: `secret_key`, `words`, `derive` (password and Secret Key); `seal`, `padding` (the one
symmetric seal); `logkey`, `encryption`, `wraps` (log keys and who gets them); `identity`, `device`, `bundle`
(who signs); `invitation`, `checkcode`, `kit`, `kit_pdf` (paper and links); `files`, `recordid`; `origin`,
`handle` (canonical forms). Errors: `vault.keys.errors`.
"""

from vault.keys.bundle import Bundle, BundleIdentity
from vault.keys.checkcode import check_code, workspace_code
from vault.keys.derive import Derived, LoginKey
from vault.keys.device import DeviceKey
from vault.keys.encryption import EncryptionKey
from vault.keys.errors import KeysError, OpenFailed
from vault.keys.handle import canonical_handle
from vault.keys.identity import Identity
from vault.keys.invitation import Link, Token
from vault.keys.kit import Account, Kit
from vault.keys.logkey import body_context, check_key, key_hash, new_log_key
from vault.keys.origin import canonical_origin
from vault.keys.recordid import moved_id
from vault.keys.seal import (
    OpenedBody,
    open_body,
    open_body_kept,
    open_sealed,
    seal_body,
    seal_body_again,
)
from vault.keys.secret_key import SecretKey
from vault.keys.wraps import unwrap, wrap

__all__ = [
    "Account",
    "Bundle",
    "BundleIdentity",
    "Derived",
    "DeviceKey",
    "EncryptionKey",
    "Identity",
    "KeysError",
    "Kit",
    "Link",
    "LoginKey",
    "OpenFailed",
    "OpenedBody",
    "SecretKey",
    "Token",
    "body_context",
    "canonical_handle",
    "canonical_origin",
    "check_code",
    "check_key",
    "key_hash",
    "moved_id",
    "new_log_key",
    "open_body",
    "open_body_kept",
    "open_sealed",
    "seal_body",
    "seal_body_again",
    "unwrap",
    "workspace_code",
    "wrap",
]
