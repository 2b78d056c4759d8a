"""Files: sealed in chunks of 1 MiB under a key of their own, which stands in the record of the file.

Each chunk's context has the file's id (16 bytes), the chunk's index (8 bytes) and whether it is the last, so
chunks can be fetched, resumed and checked one by one, but not permuted, cut off or taken from another file.
The content is filled up with zero bytes to its Padmé length; its real size stands in the record. A changed
file is a new file: new key, new id.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator

from protocol.ids import ID_SIZE, KEY_SIZE
from protocol.limits import MAX_CHUNK, MAX_FILE_CHUNKS, SEAL_OVERHEAD
from protocol.signing import Namespace
from vault.keys import seal
from vault.keys.errors import BodyTooLarge, FileDamaged, OpenFailed
from vault.keys.labels import prefixed
from vault.keys.padding import padme

CHUNK_SIZE = MAX_CHUNK - SEAL_OVERHEAD
MAX_FILE = CHUNK_SIZE * MAX_FILE_CHUNKS * 7 // 8  # bytes; padding adds at most an eighth


def new_file_key() -> bytes:
    """32 random bytes."""
    return secrets.token_bytes(KEY_SIZE)


def new_file_id() -> bytes:
    """16 random bytes."""
    return secrets.token_bytes(ID_SIZE)


def chunk_count(size: int) -> int:
    """How many chunks a file of `size` bytes has: at least one. Raises BodyTooLarge above MAX_FILE."""
    if not 0 <= size <= MAX_FILE:
        raise BodyTooLarge(f"{size} bytes, at most {MAX_FILE} allowed")
    return max(1, -(-padme(size) // CHUNK_SIZE))


def seal_chunk(file_key: bytes, file_id: bytes, index: int, last: bool, data: bytes) -> bytes:
    """Seal the chunk at `index` (from 0). All but the last have CHUNK_SIZE bytes; raises FileDamaged
    otherwise."""
    _check_size(index, last, len(data))
    return seal.seal(file_key, _context(file_id, index, last), b"", data)


def open_chunk(file_key: bytes, file_id: bytes, index: int, last: bool, sealed: bytes) -> bytes:
    """Raises OpenFailed unless it is this file's chunk at this index, and the last one exactly if `last`."""
    if len(sealed) > MAX_CHUNK:
        raise OpenFailed
    data = seal.open_sealed(file_key, _context(file_id, index, last), b"", sealed)
    try:
        _check_size(index, last, len(data))
    except FileDamaged:
        raise OpenFailed from None
    return data


def seal_file(file_key: bytes, file_id: bytes, size: int, content: Iterable[bytes]) -> Iterator[bytes]:
    """The sealed chunks of a file of `size` bytes, one at a time. `content` may come in pieces of any length.

    Raises FileDamaged where `content` has not `size` bytes (it changed while it was read).
    """
    count, padded = chunk_count(size), padme(size)
    buffer, index, taken = bytearray(), 0, 0
    for piece in content:
        taken += len(piece)
        if taken > size:
            raise FileDamaged("the content is longer than its size")
        buffer += piece
        while len(buffer) >= CHUNK_SIZE and index < count - 1:
            yield seal_chunk(file_key, file_id, index, False, bytes(buffer[:CHUNK_SIZE]))
            del buffer[:CHUNK_SIZE]
            index += 1
    if taken != size:
        raise FileDamaged("the content is shorter than its size")
    buffer += bytes(padded - size)
    while index < count:
        last = index == count - 1
        yield seal_chunk(file_key, file_id, index, last, bytes(buffer[:CHUNK_SIZE]))
        del buffer[:CHUNK_SIZE]
        index += 1


def open_file(file_key: bytes, file_id: bytes, size: int, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The content of a file of `size` bytes, piece by piece. What was yielded is genuine, but the file is
    whole only when this ends without an error: write to a temporary name and rename.

    Raises OpenFailed for a chunk that is not the one expected, FileDamaged for too few, too many, or another
    size.
    """
    count, padded = chunk_count(size), padme(size)
    index, taken = 0, 0
    for sealed in chunks:
        if index >= count:
            raise FileDamaged("more chunks than the file has")
        data = open_chunk(file_key, file_id, index, index == count - 1, sealed)
        index += 1
        content = data[: max(0, size - taken)]
        taken += len(data)
        if any(data[len(content) :]):
            raise FileDamaged("padding is not zero")
        if content:
            yield content
    if index != count or taken != padded:
        raise FileDamaged("fewer chunks than the file has, or another size")


def _check_size(index: int, last: bool, size: int) -> None:
    if not 0 <= index < MAX_FILE_CHUNKS:
        raise FileDamaged("chunk index out of range")
    if size > CHUNK_SIZE or (not last and size != CHUNK_SIZE):
        raise FileDamaged("a chunk has 1 MiB, only the last may have less")


def _context(file_id: bytes, index: int, last: bool) -> bytes:
    if len(file_id) != ID_SIZE:
        raise OpenFailed
    return prefixed(Namespace.FILE_CHUNK.value, file_id, index.to_bytes(8, "big"), bytes((last,)))
