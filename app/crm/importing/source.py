"""Reading a file as text: limits, what is plainly no text, and which encoding it is in.

Order of recognition: byte order mark; UTF-16 by its pattern of zero bytes; UTF-8 if the whole file is valid
UTF-8; else charset-normalizer among the code pages that exports are really made in, with windows-1252
preferred where it explains the text as well as the others do.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from charset_normalizer import from_bytes

from app.crm.errors import EncodingUnknown, FileUnreadable, NotText, TooLarge
from app.crm.importing.limits import DEFAULT_LIMITS, Limits

_HEAD = 256 * 1024
_BLOCK = 1024 * 1024
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NO_TEXT = (
    (
        b"PK\x03\x04",
        "a zip archive or a spreadsheet. Save the sheet as CSV, or unpack the archive, and choose that",
    ),
    (b"\xd0\xcf\x11\xe0", "an old Office document. Save it as CSV and choose that"),
    (b"\x1f\x8b", "a compressed file. Unpack it and choose what is inside"),
    (b"BZh", "a compressed file. Unpack it and choose what is inside"),
    (b"\xfd7zXZ", "a compressed file. Unpack it and choose what is inside"),
    (b"\x28\xb5\x2f\xfd", "a compressed file. Unpack it and choose what is inside"),
    (b"7z\xbc\xaf", "a compressed file. Unpack it and choose what is inside"),
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"SQLite format 3", "a database"),
)
_CODE_PAGES = [
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1257", "cp437", "cp850", "mac_roman",
    "cp932", "euc_jp", "gb18030", "big5", "cp949",
]  # fmt: skip
# Where one of these explains a text, windows-1252 mostly does as well, and is by far the likelier.
_WESTERN_LIKE = ("cp1252", "cp1250", "cp1254", "cp1257", "cp437", "cp850", "mac_roman")
# Short texts are often taken for a page of DOS or of the old Mac, which hardly anything writes today.
_OLD = ("cp437", "cp850", "mac_roman")
_ACCENTED = frozenset("äöüßÄÖÜéèêëàâáãåçñíìîïóòôõøúùûýÿæœÉÈÀÂÅÇÑÓØÆŒÁÍÚšžŠŽ‚„“”‘’–—…€§°«»®™©ºª¿¡´·\xa0")
# The only names that a person or a file may choose: Python knows codecs that are no character sets.
ENCODINGS = (
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "ascii", "latin-1", "iso8859-15",
    *_CODE_PAGES,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Encoding:
    """`sure` is False where it was guessed: then the preview should be looked at."""

    name: str
    sure: bool = True


@dataclass(frozen=True)
class Source:
    """A file, or bytes under a name, that can be opened as text any number of times."""

    name: str
    encoding: Encoding
    size: int
    path: Path | None = None
    data: bytes = b""

    def open(self) -> io.TextIOWrapper:
        """The text from its start, line ends as they are. Raises FileUnreadable."""
        try:
            raw: BinaryIO = io.BytesIO(self.data) if self.path is None else self.path.open("rb")
        except OSError as error:
            raise FileUnreadable(f"{self.name} cannot be opened: {error.strerror}.") from error
        return io.TextIOWrapper(raw, encoding=self.encoding.name, errors="strict", newline="")

    def text(self) -> str:
        """All of it at once. Raises EncodingUnknown where it is not in the encoding after all."""
        with self.open() as stream:
            try:
                return stream.read()
            except UnicodeError as error:
                raise wrong_encoding(self.name, self.encoding.name) from error


def open_source(
    origin: Path | bytes,
    *,
    name: str = "",
    encoding: str = "",
    limits: Limits = DEFAULT_LIMITS,
    size: int = 0,
) -> Source:
    """Look at a file (or at bytes) and recognise its encoding, unless `encoding` names one.

    `size` is the greatest number of bytes (0: that of `limits`). Raises FileUnreadable, TooLarge, NotText,
    EncodingUnknown.
    """
    most = size or limits.file_size
    if isinstance(origin, bytes):
        label, length, path, data = name or "the text", len(origin), None, origin
    else:
        label, path, data = name or origin.name, origin, b""
        try:
            if not origin.is_file():
                raise FileUnreadable(f"{label} is not a file, or is not there any more.")
            length = origin.stat().st_size
        except OSError as error:
            raise FileUnreadable(f"{label} cannot be opened: {error.strerror}.") from error
    if length > most:
        raise TooLarge(
            f"{label} has {length:,} bytes; at most {most:,} are taken. Split it and import the parts."
        )
    head = _head(label, path, data)
    _refuse_no_text(label, head)
    chosen = _chosen(label, encoding) if encoding else _recognise(label, path, data, head)
    return Source(label, chosen, length, path, data)


def wrong_encoding(name: str, encoding: str) -> EncodingUnknown:
    """The error for text that turned out not to be in its encoding."""
    return EncodingUnknown(
        f"{name} is not written in {encoding}. Choose another encoding, or save it as UTF-8."
    )


def _head(label: str, path: Path | None, data: bytes) -> bytes:
    if path is None:
        return data[:_HEAD]
    try:
        with path.open("rb") as stream:
            return stream.read(_HEAD)
    except OSError as error:
        raise FileUnreadable(f"{label} cannot be read: {error.strerror}.") from error


def _refuse_no_text(label: str, head: bytes) -> None:
    for mark, what in _NO_TEXT:
        if head.startswith(mark):
            raise NotText(f"{label} is {what}.")


def _chosen(label: str, encoding: str) -> Encoding:
    try:
        known = codecs.lookup(encoding).name
    except (LookupError, ValueError):
        known = ""
    if known not in {codecs.lookup(one).name for one in ENCODINGS}:
        raise EncodingUnknown(f"{encoding[:40]!r} is not an encoding that can be read here.")
    return Encoding(known)


def _recognise(label: str, path: Path | None, data: bytes, head: bytes) -> Encoding:
    for mark, name in _MARKS:
        if head.startswith(mark):
            return Encoding(name)
    zeros_even, zeros_odd = head[0::2].count(0), head[1::2].count(0)
    half = max(1, len(head) // 2)
    if zeros_odd > half * 0.4 and zeros_even < half * 0.05:
        return Encoding("utf-16-le", sure=False)
    if zeros_even > half * 0.4 and zeros_odd < half * 0.05:
        return Encoding("utf-16-be", sure=False)
    if zeros_even or zeros_odd:
        raise NotText(f"{label} holds bytes that no text has.")
    problem = _first_not_utf8(label, path, data)
    if problem is None:
        return Encoding("utf-8")
    return _guess(label, problem)


def _blocks(label: str, path: Path | None, data: bytes) -> Iterator[bytes]:
    try:
        stream: BinaryIO = io.BytesIO(data) if path is None else path.open("rb")
        with stream:
            while block := stream.read(_BLOCK):
                yield block
    except OSError as error:
        raise FileUnreadable(f"{label} cannot be read: {error.strerror}.") from error


def _first_not_utf8(label: str, path: Path | None, data: bytes) -> bytes | None:
    """None when all of it is UTF-8; else a piece of the file around the first place that is not."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    last = b""
    for block in _blocks(label, path, data):
        if b"\0" in block:
            raise NotText(f"{label} holds bytes that no text has.")
        try:
            decoder.decode(block)
        except UnicodeDecodeError:
            return last[-_HEAD:] + block
        last = block
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return last
    return None


def _guess(label: str, piece: bytes) -> Encoding:
    # The lines with letters beyond ASCII are what tells code pages apart; a megabyte of plain ones only
    # dilutes it.
    lines = [line for line in piece.splitlines() if not line.isascii()][:2000]
    sample = b"\n".join(lines)[: 64 * 1024] or piece[: 64 * 1024]
    results = from_bytes(sample, cp_isolation=_CODE_PAGES)
    best = results.best()
    if best is not None and best.encoding in _OLD and _western(sample):
        return Encoding("cp1252", sure=False)
    if best is None:
        return Encoding("cp1252", sure=False) if _fits(sample, "cp1252") else Encoding("latin-1", sure=False)
    if "cp1252" in best.could_be_from_charset:
        return Encoding("cp1252", sure=False)  # the same text in both
    western = next((match for match in results if match.encoding == "cp1252"), None)
    if western is not None and best.encoding in _WESTERN_LIKE and western.chaos <= best.chaos + 0.02:
        return Encoding("cp1252", sure=False)
    return Encoding(best.encoding, sure=False)


def _western(sample: bytes) -> bool:
    """Whether the sample, read as windows-1252, is words of Latin letters with a few accents and typographic
    marks.
    """
    try:
        text = sample.decode("cp1252")
    except UnicodeDecodeError:
        return False
    accented = [char for char in text if not char.isascii()]
    letters = sum(char.isalpha() for char in text)
    return (
        all(char in _ACCENTED for char in accented)
        and sum(char.isalpha() for char in accented) * 4 <= letters
    )


def _fits(sample: bytes, encoding: str) -> bool:
    try:
        sample.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
