"""Files: chunks permuted, cut off, mixed, resumed."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocol.limits import MAX_CHUNK, MAX_FILE_CHUNKS
from vault.keys import files, seal
from vault.keys.errors import BodyTooLarge, FileDamaged, OpenFailed

KEY, FILE = b"\x07" * 32, b"\x08" * 16
FROZEN = bytes.fromhex(
    "01090909090909090909090909090909090909090909090909090909090909090910a7efa684079e6d8cb5b278377456"
    "669c64ebc57a741836ded99bc58405dc66d6df73709ba5a1c09540e92bdb28e3ac73f9a1"
)
MIB = 1 << 20


def content(size: int) -> bytes:
    return hashlib.shake_256(b"content").digest(size)


def sealed(data: bytes, key: bytes = KEY, file_id: bytes = FILE) -> list[bytes]:
    return list(files.seal_file(key, file_id, len(data), [data]))


def opened(chunks: list[bytes], size: int) -> bytes:
    return b"".join(files.open_file(KEY, FILE, size, chunks))


def test_format_is_stable() -> None:
    assert files.open_chunk(KEY, FILE, 0, True, FROZEN) == b"abc"
    assert files.CHUNK_SIZE == MIB


@pytest.mark.parametrize("size", [0, 1, 100, MIB - 1, MIB, MIB + 1, 3 * MIB, 3 * MIB + 12_345])
def test_round_trip(size: int) -> None:
    data = content(size)
    chunks = sealed(data)
    assert len(chunks) == files.chunk_count(size)
    assert opened(chunks, size) == data
    assert max(map(len, chunks)) <= MAX_CHUNK


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 400_000), max_size=8))
def test_content_may_come_in_pieces_of_any_length(lengths: list[int]) -> None:
    data = content(sum(lengths))
    ends = list(itertools.accumulate(lengths, initial=0))
    pieces = [data[start:end] for start, end in itertools.pairwise(ends)]
    assert opened(list(files.seal_file(KEY, FILE, len(data), pieces)), len(data)) == data


@pytest.mark.A20
@pytest.mark.hostile
def test_permuted_truncated_extended_or_repeated_chunks_are_refused() -> None:
    size = 2 * MIB + 5
    chunks = sealed(content(size))
    one, two, three = chunks
    for wrong in (
        [two, one, three],
        [one, three, two],
        [three, two, one],
        [one, two],
        [one, three],
        [one],
        [],
        [*chunks, three],
        [one, one, three],
        [one, two, two],
    ):
        with pytest.raises((OpenFailed, FileDamaged)):
            opened(wrong, size)


@pytest.mark.A20
@pytest.mark.hostile
def test_chunks_of_another_file_or_key_are_refused() -> None:
    size = MIB + 5
    mine = sealed(content(size))
    for other in (sealed(content(size), file_id=bytes(16)), sealed(content(size), key=bytes(32))):
        for wrong in ([other[0], mine[1]], [mine[0], other[1]]):
            with pytest.raises(OpenFailed):
                opened(wrong, size)


@pytest.mark.A20
def test_the_size_that_the_record_names_must_be_the_files() -> None:
    size = MIB + 5
    chunks = sealed(content(size))
    for wrong in (0, MIB, MIB + 4, 2 * MIB, 5 * MIB):
        with pytest.raises((OpenFailed, FileDamaged)):
            opened(chunks, wrong)


@pytest.mark.A10
def test_every_byte_of_a_chunk_flipped_is_refused() -> None:
    for index in range(len(FROZEN)):
        with pytest.raises(OpenFailed):
            files.open_chunk(
                KEY, FILE, 0, True, FROZEN[:index] + bytes((FROZEN[index] ^ 1,)) + FROZEN[index + 1 :]
            )


@pytest.mark.A16
@pytest.mark.A20
def test_index_last_flag_and_lengths_count() -> None:
    for index, last in ((1, True), (0, False), (2**32, True)):
        with pytest.raises(OpenFailed):
            files.open_chunk(KEY, FILE, index, last, FROZEN)
    for wrong in (b"", FROZEN[:-1], FROZEN + b"\0", bytes(MAX_CHUNK + 1)):
        with pytest.raises(OpenFailed):
            files.open_chunk(KEY, FILE, 0, True, wrong)


def test_a_short_chunk_in_the_middle_is_refused_even_when_genuinely_sealed() -> None:
    context = files._context(FILE, 0, False)
    with pytest.raises(OpenFailed):
        files.open_chunk(KEY, FILE, 0, False, seal.seal(KEY, context, b"", bytes(10)))
    with pytest.raises(FileDamaged):
        files.seal_chunk(KEY, FILE, 0, False, bytes(10))
    with pytest.raises(FileDamaged):
        files.seal_chunk(KEY, FILE, MAX_FILE_CHUNKS, True, b"")


def test_padding_that_is_not_zero_is_refused() -> None:
    chunk = files.seal_chunk(KEY, FILE, 0, True, b"a" * 104)
    with pytest.raises(FileDamaged):
        opened([chunk], 100)
    assert opened([files.seal_chunk(KEY, FILE, 0, True, b"a" * 100 + bytes(4))], 100) == b"a" * 100


@pytest.mark.parametrize("claimed", [999, 1_001])
def test_content_that_changes_while_it_is_read_is_noticed(claimed: int) -> None:
    with pytest.raises(FileDamaged):
        list(files.seal_file(KEY, FILE, claimed, [content(1_000)]))


def test_chunks_are_made_one_at_a_time() -> None:
    taken: list[int] = []

    def pieces() -> Iterator[bytes]:
        for number in range(8):
            taken.append(number)
            yield content(MIB)

    first = next(files.seal_file(KEY, FILE, 8 * MIB, pieces()))
    assert len(first) == MAX_CHUNK
    assert len(taken) <= 2


def test_bounded() -> None:
    assert files.chunk_count(files.MAX_FILE) <= MAX_FILE_CHUNKS
    for size in (-1, files.MAX_FILE + 1):
        with pytest.raises(BodyTooLarge):
            files.chunk_count(size)


def test_new_keys_and_ids() -> None:
    assert len({files.new_file_key() for _ in range(20)}) == 20
    assert len({files.new_file_id() for _ in range(20)}) == 20
