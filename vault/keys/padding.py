"""What stands inside a sealed body: compressed, then padded.

    length of the frame (4 bytes, big-endian) || zstd frame (RFC 8878) || zero bytes up to the Padmé length

Padmé (Nikitin and others, "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs",
2019) leaves O(log log n) bits of the size to be seen, for at most 12 % more bytes. One plaintext has many
zstd frames, so this layer is judged after the seal has been opened: its author is known by then, and answers
for it.
"""

from __future__ import annotations

import zstandard

_LENGTH = 4
_LEVEL = 3
_MAX_WINDOW = 1 << 23


def padme(length: int) -> int:
    """The Padmé length: the least allowed one that is not below `length` (bytes)."""
    if length < 2:
        return length
    exponent = length.bit_length() - 1
    zeros = exponent - exponent.bit_length()
    mask = (1 << zeros) - 1
    return (length + mask) & ~mask


def pack(plaintext: bytes) -> bytes:
    """Compress and pad. The frame names its content size and has no checksum (the seal authenticates it)."""
    frame = zstandard.ZstdCompressor(level=_LEVEL, write_content_size=True, write_checksum=False).compress(
        plaintext
    )
    return repack(frame)


def repack(frame: bytes) -> bytes:
    """Pad a frame."""
    total = padme(_LENGTH + len(frame))
    return (len(frame).to_bytes(_LENGTH, "big") + frame).ljust(total, b"\0")


def frame_of(packed: bytes) -> bytes:
    """The frame in what `unpack` has let pass."""
    return packed[_LENGTH : _LENGTH + int.from_bytes(packed[:_LENGTH], "big")]


def unpack(packed: bytes, limit: int) -> bytes:
    """Undo `pack`, with at most `limit` bytes of output held in memory.

    Raises ValueError unless the length is the Padmé length, the padding zero, and the frame exactly one zstd
    frame that names a content size within the limit and has it.
    """
    length = int.from_bytes(packed[:_LENGTH], "big")
    end = _LENGTH + length
    if len(packed) < _LENGTH or end > len(packed) or padme(end) != len(packed):
        raise ValueError("not the length that padding gives")
    if packed.count(0, end) != len(packed) - end:
        raise ValueError("padding is not zero")
    frame = packed[_LENGTH:end]
    try:
        parameters = zstandard.get_frame_parameters(frame)
        # An unknown size reads as a huge one, and the size of a skippable frame as zero.
        if parameters.content_size > limit or parameters.dict_id:
            raise ValueError("the frame names no size within the limit")
        if frame[:4] != b"\x28\xb5\x2f\xfd":
            raise ValueError("not a zstd frame")
        # The output buffer has the size that the frame names: nothing is expanded beyond it.
        return zstandard.ZstdDecompressor(max_window_size=_MAX_WINDOW).decompress(
            frame, allow_extra_data=False
        )
    except zstandard.ZstdError:
        raise ValueError("not exactly one zstd frame") from None
