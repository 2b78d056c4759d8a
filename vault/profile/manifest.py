"""`profile.json`: what a profile is, in clear: shown before it is unlocked. It holds no secret and decides
nothing about keys."""

from __future__ import annotations

from pathlib import Path

import msgspec

from vault.keys.errors import KeysError
from vault.keys.handle import canonical_handle
from vault.keys.origin import canonical_origin
from vault.profile.disk import read_small, write_atomically
from vault.profile.errors import ProfileDamaged, ProfileMissing, ProfileTooNew

FORMAT = 1
FILE_NAME = "profile.json"
_LIMIT = 1 << 14


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`id`: 32 hex digits, random. `handle` and `server` in their canonical forms. `created`: Unix seconds."""

    format: int
    id: str
    handle: str
    server: str
    created: int


class _Format(msgspec.Struct):
    format: int


def read(folder: Path) -> Manifest:
    """Raises ProfileMissing, ProfileTooNew, ProfileDamaged."""
    try:
        data = read_small(folder / FILE_NAME, _LIMIT)
    except FileNotFoundError:
        raise ProfileMissing("no profile.json") from None
    except (OSError, ValueError):
        raise ProfileDamaged("profile.json cannot be read") from None
    try:
        if msgspec.json.decode(data, type=_Format).format > FORMAT:
            raise ProfileTooNew("profile.json has a newer format")
        manifest = msgspec.json.decode(data, type=Manifest)
        genuine = (
            manifest.format == FORMAT
            and len(bytes.fromhex(manifest.id)) == 16
            and manifest.id == manifest.id.lower()
            and canonical_handle(manifest.handle) == manifest.handle
            and canonical_origin(manifest.server) == manifest.server
        )
    except (msgspec.DecodeError, ValueError, KeysError):
        genuine = False
    if not genuine:
        raise ProfileDamaged("profile.json is not what Tacit writes")
    return manifest


def write(folder: Path, manifest: Manifest) -> None:
    """Replace the file atomically."""
    write_atomically(folder / FILE_NAME, msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")
