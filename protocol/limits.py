"""Every bound of the protocol, in one place. Client and server refuse what is larger, before any work."""

from __future__ import annotations

VERSION = 1
"""The one version byte of all formats. It also stands for the suite: HKDF-SHA256, AES-256-GCM, Ed25519,
HPKE base mode with MLKEM768_X25519, Argon2id with 256 MiB, t=3, p=4."""

ENCRYPTION_KEY_SIZE = 1216  # ML-KEM-768 encapsulation key (1,184) and X25519 public key (32)
SEAL_OVERHEAD = 1 + 32 + 32 + 16  # version, salt, key commitment, tag
WRAP_SIZE = 1120 + 32 + 16  # HPKE encapsulation (1,088 + 32), key, tag

MAX_ROSTER_ENTRY = 1 << 18  # a removal names every log it cuts
MAX_HEADER = 512
MAX_BODY = 1 << 21  # sealed
MAX_OPENED = 1 << 23  # after padding is removed and zstd is expanded
MAX_OPERATIONS = 5_000  # in one commit
MAX_FIELDS = 1_000  # in one put
MAX_VALUE = 1 << 19  # characters of one text
MAX_BUNDLE = 1 << 16
MAX_CHUNK = (1 << 20) + SEAL_OVERHEAD  # a sealed chunk of a file; the plain chunk is 1 MiB
MAX_FILE_CHUNKS = 4_096
MAX_HANDLE = 128  # bytes
MAX_REQUEST = 1 << 25
MAX_PAGE_BYTES = 1 << 22
MAX_PAGE_ITEMS = 1_000
MAX_PUSH_COMMITS = 256
MAX_PUSH_WRAPS = 20_000
MAX_REQUEST_WRAPS = 5_000
MAX_REQUEST_ENTRIES = 1_000
MAX_INVITATION_DAYS = 60
MAX_TRUSTEES = 16
MAX_RELEASES = 32  # of one trustee in one enrolment
MAX_RECOVERY_BOX = 1 << 16
MAX_RECOVERY_SHARE = 4_096
MAX_TRANSFER = 1 << 20
MAX_SUCCESSIONS = 64  # in one request
