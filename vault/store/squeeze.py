"""Compression of opened bodies and of the outbox inside the vault: zstd, level 1 (the text is written once, read
rarely). Bytes that are a zstd frame already are taken as they are: an encoded body begins with 0x95, a frame with 0x28.
"""

from __future__ import annotations

import threading

import zstandard

from protocol.limits import MAX_OPENED

MAGIC = b"\x28\xb5\x2f\xfd"
_local = threading.local()


def squeeze(data: bytes) -> bytes:
    if data.startswith(MAGIC):
        return data
    compressor: zstandard.ZstdCompressor | None = getattr(_local, "compressor", None)
    if compressor is None:
        compressor = _local.compressor = zstandard.ZstdCompressor(level=1)
    return compressor.compress(data)


def unsqueeze(data: bytes) -> bytes:
    return zstandard.ZstdDecompressor().decompress(data, max_output_size=2 * MAX_OPENED)
