"""Searching bytes for things that must not be there, in every form in which they could hide in plain sight.

A canary is a text (a name, a note, the contents of a file) or raw bytes (a key). Each is looked for as UTF-8,
UTF-16, hex, percent-encoding and base64 (both alphabets, at each of the three alignments). What is compressed or
encrypted cannot be found this way: that the search would find a leak is shown by planting one (`tests/hostile`).
"""

from __future__ import annotations

import base64
import sys
import urllib.parse
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

LEAST_BYTES = 5
"""Anything shorter would be found by chance."""

_WORD = 4
_LEAST_SIFTED = 2 * _WORD - 1


@dataclass(frozen=True, slots=True)
class Found:
    """A canary that was found: which, in what form, and where."""

    canary: str
    form: str
    place: str


def forms(canary: str | bytes) -> dict[str, bytes]:
    """Form -> the bytes to look for; identical forms once."""
    raw = canary.encode() if isinstance(canary, str) else canary
    if len(raw) < LEAST_BYTES:
        raise ValueError("a canary under five bytes would be found by chance")
    found = {"raw": raw, "hex": raw.hex().encode(), "HEX": raw.hex().upper().encode()}
    for shift in range(3):
        whole = base64.b64encode(bytes(shift) + raw)
        first = {0: 0, 1: 2, 2: 3}[shift]
        kept = whole[first : (shift + len(raw)) * 8 // 6]
        found[f"base64+{shift}"] = kept
        found[f"base64url+{shift}"] = kept.translate(bytes.maketrans(b"+/", b"-_"))
    if isinstance(canary, str):
        found["utf-16-le"] = canary.encode("utf-16-le")
        found["utf-16-be"] = canary.encode("utf-16-be")
        found["percent"] = urllib.parse.quote(canary).encode()
        found["json"] = canary.encode("ascii", "backslashreplace")
    unique: dict[bytes, str] = {}
    for form, needle in found.items():
        unique.setdefault(needle, form)
    return {form: needle for needle, form in unique.items()}


def search(canaries: Iterable[str | bytes], places: Iterable[tuple[str, bytes]]) -> Iterator[Found]:
    """Every canary that stands in a place, at most once for each form and place."""
    needles = [
        (canary if isinstance(canary, str) else f"key {index}", form, needle)
        for index, canary in enumerate(canaries)
        for form, needle in forms(canary).items()
    ]
    words: dict[int, list[int]] = {}
    short: list[int] = []
    for number, (_, _, needle) in enumerate(needles):
        if len(needle) < _LEAST_SIFTED:
            short.append(number)
        else:
            for shift in range(_WORD):
                word = int.from_bytes(needle[shift : shift + _WORD], sys.byteorder)
                words.setdefault(word, []).append(number)
    for place, data in places:
        for number in sorted({*short, *_sifted(words, data)}):
            name, form, needle = needles[number]
            if needle in data:
                yield Found(name, form, place)


def _sifted(words: dict[int, list[int]], data: bytes) -> Iterator[int]:
    """The needles that may stand in `data`: looking for each in turn takes minutes for a few megabytes of traffic.

    Wherever a needle of seven bytes or more stands, one of the first four of its own four-byte words begins at a
    multiple of four; so only needles with such a word in the data are looked for in earnest.
    """
    aligned = array("I")
    aligned.frombytes(data[: len(data) // _WORD * _WORD])
    for word in set(words).intersection(aligned):
        yield from words[word]


def files_below(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file's name and bytes; names are searched as well, as places of their own."""
    for path in sorted(folder.rglob("*")):
        relative = str(path.relative_to(folder))
        yield f"name of {relative}", relative.encode()
        if path.is_file():
            yield relative, path.read_bytes()
