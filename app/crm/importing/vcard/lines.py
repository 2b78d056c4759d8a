"""Content lines of vCard files: unfolding, heads, parameters, decoding of transfer encodings.

Versions 2.1 (versit, 1996), 3.0 (RFC 2426) and 4.0 (RFC 6350). vobject, which writes our cards, is not used
to take lines apart: its pattern for parameters needs exponential time on a line such as `TEL;A=======…`
without a colon, its unfolding quadratic time on long pictures, and it stops at the first line of a file it
cannot read. Everything here is linear and bounded by `Limits`.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TextIO

from app.crm.errors import FormatBroken, TooLarge, ValueRefused
from app.crm.importing.limits import Limits
from app.crm.importing.source import ENCODINGS

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]+")
_KNOWN_CHARSETS = {
    codecs.lookup(name).name for name in (*ENCODINGS, "iso8859-2", "koi8-r", "shift_jis", "gbk")
}
# vCard 2.1 allows values of TYPE and ENCODING to stand alone.
_ENCODING_WORDS = frozenset({"QUOTED-PRINTABLE", "BASE64", "B", "8BIT", "7BIT"})


@dataclass(slots=True)
class Line:
    """One logical line. Parameter names are in capitals; `types` in small letters, without doubles."""

    number: int
    group: str
    name: str
    params: dict[str, list[str]]
    raw: str
    version: str = ""
    types: list[str] = field(default_factory=list)

    @property
    def encoding(self) -> str:
        return (self.params.get("ENCODING") or [""])[0].upper()

    def param(self, name: str) -> str:
        """The first value of a parameter, or ""."""
        return (self.params.get(name) or [""])[0]

    def text(self) -> str:
        """The value with its transfer encoding undone, still with backslash escapes. Damage shows as
        U+FFFD.
        """
        if self.encoding != "QUOTED-PRINTABLE":
            return self.raw
        data = quopri.decodestring(self.raw.encode("utf-8", "replace"))
        charset = self.param("CHARSET")
        for name in (charset, "utf-8", "cp1252"):
            try:
                if codecs.lookup(name).name in _KNOWN_CHARSETS:
                    return data.decode(name, "strict" if name != charset.lower() else "replace")
            except (LookupError, UnicodeDecodeError, ValueError):
                continue
        return data.decode("utf-8", "replace")

    def data(self, most: int) -> tuple[bytes, bool]:
        """(bytes, whether they were whole) of a base64 value; a last character that fits nowhere is left out.

        Raises ValueRefused when it is no base64, or larger than `most`.
        """
        packed = "".join(self.raw.split()).rstrip("=")
        if len(packed) > most * 4 // 3 + 4:
            raise ValueRefused(f"it is larger than {most:,} bytes")
        whole = len(packed) % 4 != 1
        packed = packed if whole else packed[:-1]
        try:
            return base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True), whole
        except (binascii.Error, ValueError):
            raise ValueRefused("its bytes are damaged") from None


def logical_lines(stream: TextIO, limits: Limits, name: str) -> Iterator[tuple[int, str]]:
    """(number of its first line, text) of each unfolded line. Raises TooLarge."""
    number = start = 0
    parts: list[str] = []
    size = 0
    quoted = coded = False  # the line at hand is quoted-printable and goes on; is base64
    lone = False  # the line before ended in a lone CR
    while True:
        physical = stream.readline(limits.card_line + 2)
        if len(physical) > limits.card_line:
            raise TooLarge(f"Line {number + 1} of {name} is longer than {limits.card_line:,} characters.")
        text = physical.rstrip("\r\n")
        if lone and physical == "\r\n":
            # "\r\r\n", written by programs that translate line ends twice, is one line end.
            lone = False
            continue
        lone = physical.endswith("\r")
        number += 1
        if physical and not text.strip():
            # A blank line ends quoted-printable and base64 text, but not a value that goes on with a space.
            quoted = coded = False
            continue
        if physical and parts:
            folded = text[0] in " \t" and not quoted
            goes_on = quoted and not _ends_card(text)
            bare = coded and ":" not in text and _BASE64.fullmatch(text) is not None
            if goes_on or folded or bare:
                piece = text[1:] if folded else text
                quoted = piece.endswith("=") and (quoted or (folded and not coded and _is_quoted(parts[0])))
                parts.append(piece[:-1] if quoted else piece)
                size += len(piece)
                if size > limits.card_line or len(parts) > limits.card_folds:
                    raise TooLarge(f"The value in line {start} of {name} is larger than is taken.")
                continue
        if parts:
            yield start, "".join(parts)
        if not physical:
            return
        start, size = number, len(text)
        quoted = text.endswith("=") and _is_quoted(text)
        coded = _is_coded(text[:300])
        parts = [text[:-1] if quoted else text]


def _ends_card(text: str) -> bool:
    return text.strip().upper() in ("END:VCARD", "BEGIN:VCARD")


def _is_quoted(text: str) -> bool:
    return "QUOTED-PRINTABLE" in text[:300].partition(":")[0].upper()


def _is_coded(text: str) -> bool:
    head = text.partition(":")[0].upper()
    return "BASE64" in head or "ENCODING=B" in head


def parse_line(number: int, text: str, limits: Limits) -> Line:
    """Take a logical line apart. Raises ValueRefused when it is no content line."""
    head = text[: limits.card_head]
    found = _NAME.match(head)
    if found is None:
        raise ValueRefused("it is not a property")
    position, group, name = found.end(), "", found[0]
    if head[position : position + 1] == ".":
        group, found = name, _NAME.match(head, position + 1)
        if found is None:
            raise ValueRefused("it is not a property")
        position, name = found.end(), found[0]
    params: dict[str, list[str]] = {}
    types: dict[str, None] = {}
    while head[position : position + 1] == ";":
        key, values, position = _parameter(head, position + 1)
        if key == "" or key == "TYPE":
            _bare(values, params, types, typed=key == "TYPE")
        else:
            params.setdefault(key, []).extend(values)
    if head[position : position + 1] != ":":
        raise ValueRefused("it is not a property")
    return Line(
        number,
        group.casefold(),
        name.upper().replace("_", "-"),
        params,
        text[position + 1 :],
        types=list(types),
    )


def _bare(values: list[str], params: dict[str, list[str]], types: dict[str, None], typed: bool) -> None:
    """Values of TYPE, and words that stand alone (2.1): kinds, or names of encodings."""
    for value in values:
        word = value.strip().upper()
        if word in _ENCODING_WORDS and not typed:
            params.setdefault("ENCODING", []).append(word)
        elif word == "PREF":
            params.setdefault("PREF", []).append("1")
        else:
            for one in value.split(","):
                if one.strip():
                    types[one.strip().casefold()] = None


def _parameter(head: str, position: int) -> tuple[str, list[str], int]:
    """(name in capitals or "" for a lone word, values, position after it). Raises ValueRefused."""
    end = position
    while end < len(head) and head[end] not in '=;:"':
        end += 1
    word = head[position:end].strip()
    if head[end : end + 1] != "=":
        return "", [word] if word else [], end
    values: list[str] = []
    position = end + 1
    while True:
        if head[position : position + 1] == '"':
            end = head.find('"', position + 1)
            if end < 0:
                raise ValueRefused("a quotation mark is never closed")
            values.append(_caret(head[position + 1 : end]))
            end += 1
        else:
            end = position
            while end < len(head) and head[end] not in ",;:":
                end += 1
            values.append(_caret(head[position:end].strip()))
        if head[end : end + 1] != ",":
            return word.upper(), values, end
        position = end + 1


def _caret(text: str) -> str:
    """RFC 6868: ^n is a line end, ^' a quotation mark, ^^ a caret."""
    if "^" not in text:
        return text
    return re.sub(r"\^[n'^]", lambda one: {"^n": "\n", "^'": '"', "^^": "^"}[one[0]], text)


def cards(stream: TextIO, limits: Limits, name: str) -> Iterator[tuple[int, list[Line | Broken]]]:
    """(line of BEGIN, its lines) of each card. Lines of cards inside cards come as one `Broken` line.

    Raises TooLarge (cards, lines, nesting) and FormatBroken (no card at all).
    """
    depth = count = start = 0
    lines: list[Line | Broken] = []
    for number, text in logical_lines(stream, limits, name):
        upper = text[:40].strip().upper().replace(" ", "")
        if upper == "BEGIN:VCARD":
            if depth and not (depth > 1 or _is_agent(lines)):
                # The card before was never closed; its neighbours need not suffer for it.
                yield start, [*lines, Broken(start, "", "", UNFINISHED)]
                depth = 0
            depth += 1
            if depth > limits.nesting:
                raise TooLarge(
                    f"{name} has cards inside cards, more than {limits.nesting} deep, in line {number}."
                )
            if depth == 1:
                count += 1
                if count > limits.cards:
                    raise TooLarge(
                        f"{name} has more than {limits.cards:,} cards. Split it and import the parts."
                    )
                start, lines = number, []
            continue
        if upper == "END:VCARD":
            depth = max(0, depth - 1)
            if depth == 1:
                agent = lines.pop()
                lines.append(
                    Broken(agent.number, "AGENT", "a card inside this card", "only the outer card is read")
                )
            if depth == 0 and start:
                yield start, lines
                start = 0
            continue
        if depth != 1:
            continue
        if len(lines) >= limits.card_lines:
            raise TooLarge(f"The card in line {start} of {name} has more than {limits.card_lines:,} lines.")
        try:
            lines.append(parse_line(number, text, limits))
        except ValueRefused as refused:
            lines.append(Broken(number, "?", text[:80], refused.reason))
    if start:
        yield start, [*lines, Broken(start, "", "", UNFINISHED)]
    if not count:
        raise FormatBroken(f"{name} holds no cards.")


def _is_agent(lines: list[Line | Broken]) -> bool:
    return (
        bool(lines)
        and lines[-1].name == "AGENT"
        and isinstance(lines[-1], Line)
        and not lines[-1].raw.strip()
    )


UNFINISHED = "the card that begins here never ends"


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that is not read as a property, and why."""

    number: int
    name: str
    text: str
    reason: str
