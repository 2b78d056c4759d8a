"""Identifiers and the small enumerations that stand in every format.

All identifiers are opaque bytes. Nothing here is secret, and nothing here is a name: names live in sealed logs.
"""

from __future__ import annotations

import enum
import hashlib
from dataclasses import dataclass

from protocol.errors import FormatError

WorkspaceId = bytes  # 32 bytes: hash of the genesis entry
MemberId = bytes  # 16 bytes: minted by genesis or invite
DeviceId = bytes  # 16 bytes: derived from the device's signing key
GroupId = bytes  # 16 bytes, random
RoleId = bytes  # 16 bytes, random
InvitationId = bytes  # 16 bytes, random
RecordId = bytes  # 16 bytes, random; unique inside its home
ActionId = bytes  # 16 bytes, random; joins the parts of one action over several logs

ID_SIZE = 16
HASH_SIZE = 32
KEY_SIZE = 32
SIGNATURE_SIZE = 64
NO_ID = bytes(ID_SIZE)
NO_HASH = bytes(HASH_SIZE)


class Compartment(enum.IntEnum):
    """A kind of data of a group that has keys of its own (`protocol/SPEC.md`, section 3)."""

    DIRECTORY = 0  # of the workspace, not of a group
    CATALOGUE = 1
    CONTACTS = 2
    SALES = 3
    MARGINS = 4
    DOCUMENTS = 5


GROUP_COMPARTMENTS = tuple(Compartment)[1:]


class Level(enum.IntEnum):
    """What a role may do in a compartment."""

    NONE = 0
    READ = 1
    WRITE = 2


class Reach(enum.IntEnum):
    """Whether a role sees the group's records of a compartment, or its own only."""

    OWN = 0
    GROUP = 1


class Standing(enum.IntEnum):
    """The workspace-wide standings."""

    MEMBER = 0
    ADMIN = 1
    OWNER = 2


class Permission(enum.IntFlag):
    """Permissions of a role. The first five hold by signature, the others are client rules (SPEC, section 8)."""

    DELETE = 1
    RESTORE = 2
    ERASE = 4
    MANAGE_CATALOGUE = 8
    MANAGE_GROUP = 16
    MERGE = 64
    BULK_EDIT = 128
    IMPORT = 256
    EXPORT = 512
    SEE_AUDIT = 1024


ALL_PERMISSIONS = Permission(sum(flag.value for flag in Permission))
SIGNATURE_HELD = (
    Permission.DELETE
    | Permission.RESTORE
    | Permission.ERASE
    | Permission.MANAGE_CATALOGUE
    | Permission.MANAGE_GROUP
)

LOG_ID_SIZE = 1 + ID_SIZE + ID_SIZE


@dataclass(frozen=True, slots=True, order=True)
class LogId:
    """Which log: (group, compartment) shared, (group, compartment, owner) own, or the workspace's directory.

    Encoded as 33 bytes: compartment (1), group (16, zeros for the directory), owner (16, zeros for a shared log).
    """

    group: GroupId
    compartment: Compartment
    owner: MemberId = NO_ID

    def __post_init__(self) -> None:
        if len(self.group) != ID_SIZE or len(self.owner) != ID_SIZE:
            raise FormatError("log id: a group and an owner are 16 bytes each")
        if self.compartment is Compartment.DIRECTORY and (self.group != NO_ID or self.owner != NO_ID):
            raise FormatError("log id: the directory has neither group nor owner")
        if self.compartment is not Compartment.DIRECTORY and self.group == NO_ID:
            raise FormatError("log id: a compartment belongs to a group")
        if self.compartment is Compartment.CATALOGUE and self.owner != NO_ID:
            raise FormatError("log id: a catalogue has no own logs")

    @property
    def is_own(self) -> bool:
        return self.owner != NO_ID

    def encode(self) -> bytes:
        return bytes((self.compartment,)) + self.group + self.owner

    @classmethod
    def decode(cls, data: bytes) -> LogId:
        """Parse 33 bytes; raises FormatError for any other length, an unknown compartment, or an impossible log."""
        if len(data) != LOG_ID_SIZE:
            raise FormatError(f"log id: {LOG_ID_SIZE} bytes expected, got {len(data)}")
        try:
            compartment = Compartment(data[0])
        except ValueError:
            raise FormatError(f"log id: unknown compartment {data[0]}") from None
        return cls(bytes(data[1:17]), compartment, bytes(data[17:33]))


DIRECTORY_LOG = LogId(NO_ID, Compartment.DIRECTORY)


def sha256(*parts: bytes) -> bytes:
    """SHA-256 (FIPS 180-4) over the concatenation of `parts`; 32 bytes."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.digest()
