"""Values of vCard properties: escapes, lists, structured values, dates, pictures, labels.

In 2.1 only `;` is escaped (a comma is a comma, and `C:\\new` is no line end); 3.0 and 4.0 escape `, ; \\` and
line ends (RFC 2426 section 5, RFC 6350 section 3.4).
"""

from __future__ import annotations

import base64
import binascii
import re
from datetime import date
from urllib.parse import unquote

from app.crm.errors import ValueRefused
from app.crm.importing.cells import clean_line, clean_text
from app.crm.importing.vcard.lines import Line

_DATE = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?:[T ].*)?", re.ASCII)
_PARTIAL = re.compile(r"(?:--(\d{2})-?(\d{2})|(\d{4})(?:-(\d{2}))?|---(\d{2}))(?:T.*)?", re.ASCII)
NO_YEAR = "1604"  # what Apple writes for a birthday without a year
_APPLE = re.compile(r"_\$!<(.+)>!\$_")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
# Words of TYPE that say nothing to a person.
_SILENT = frozenset(
    {"pref", "internet", "voice", "msg", "x400", "dom", "intl", "postal", "parcel", "other", "x-other"}
)
_SHOWN = {"cell": "mobile", "x-mobile": "mobile", "x-iphone": "iphone"}
_MAGIC = ((b"\xff\xd8\xff", "JPEG"), (b"\x89PNG\r\n\x1a\n", "PNG"), (b"GIF8", "GIF"), (b"RIFF", "WEBP"))


def split_escaped(text: str, mark: str, version: str) -> list[str]:
    """Split at `mark` where it is not escaped; the pieces keep their escapes."""
    if mark not in text:
        return [text]
    if mark == "," and version == "2.1":
        return [text]
    pieces: list[str] = []
    start = position = 0
    while position < len(text):
        char = text[position]
        if char == "\\":
            position += 2
            continue
        if char == mark:
            pieces.append(text[start:position])
            start = position + 1
        position += 1
    return [*pieces, text[start:]]


def unescape(text: str, version: str) -> str:
    """Undo backslash escapes. `\\:` is in no version, and in many files."""
    if "\\" not in text:
        return text
    if version == "2.1":
        return re.sub(r"\\([;:])", r"\1", text)
    return re.sub(
        r"\\(.)", lambda one: "\n" if one[1] in "nN" else one[1] if one[1] in ',;:\\"' else one[0], text
    )


def one_line(line: Line) -> str:
    """The value as one line of text."""
    return clean_line(unescape(line.text(), line.version))


def several_lines(line: Line) -> str:
    """The value as text. Raises ValueRefused when it is too long."""
    return clean_text(unescape(line.text(), line.version))


def structured(line: Line) -> list[str]:
    """The parts of N, ADR, ORG: several values of one part are joined by a space (names) or a line end
    (addresses).
    """
    joint = "\n" if line.name == "ADR" else " "
    clean = clean_text if line.name == "ADR" else clean_line
    parts: list[str] = []
    for part in split_escaped(line.text(), ";", line.version):
        values = [unescape(one, line.version).strip() for one in split_escaped(part, ",", line.version)]
        parts.append(clean(joint.join(value for value in values if value)))
    return parts


def listed(line: Line) -> list[str]:
    """The values of NICKNAME and CATEGORIES, which are separated by commas (in 2.1 too, as all programs do
    it).
    """
    version = "3.0" if line.version == "2.1" else line.version
    values = [clean_line(unescape(one, line.version)) for one in split_escaped(line.text(), ",", version)]
    return [value for value in values if value]


def day_of(text: str) -> tuple[str, str]:
    """(full date "YYYY-MM-DD", "") or ("", date without a year or day as the file has it). Raises
    ValueRefused.
    """
    text = text.strip()
    found = _DATE.fullmatch(text)
    if found is not None:
        try:
            day = date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            raise ValueRefused(f"“{text[:40]}” is not a date") from None
        if found[1] == NO_YEAR:
            return "", f"--{found[2]}-{found[3]}"
        return day.isoformat(), ""
    partial = _PARTIAL.fullmatch(text)
    if partial is None:
        raise ValueRefused(f"“{text[:40]}” is not a date")
    return "", f"--{partial[1]}-{partial[2]}" if partial[1] else text.partition("T")[0]


def picture(line: Line, most: int) -> tuple[bytes, bool]:
    """(the bytes of PHOTO, whether they were whole). Raises ValueRefused: too large, damaged, no picture, or
    only a link (never fetched).
    """
    if line.encoding in ("B", "BASE64"):
        data, whole = line.data(most)
    elif line.raw[:5].lower() == "data:":
        head, comma, body = line.raw.partition(",")
        if not comma or not head.lower().endswith(";base64"):
            raise ValueRefused("its bytes are damaged")
        data, whole = Line(line.number, "", line.name, {}, body.replace("\\", "")).data(most)
    else:
        raise ValueRefused("it is only a link, and nothing is loaded from the network")
    if not any(data.startswith(mark) for mark, _ in _MAGIC):
        raise ValueRefused("it is not a picture in a known format")
    return data, whole


def picture_kind(data: bytes) -> str:
    """JPEG, PNG, GIF or WEBP, by the first bytes; "" for anything else."""
    return next((kind for mark, kind in _MAGIC if data.startswith(mark)), "")


def types_label(types: list[str]) -> str:
    """Types as words: ["cell"] is "mobile", ["fax", "work"] is "work fax"."""
    words = [_SHOWN.get(one, one) for one in types if one not in _SILENT]
    places = [one for one in words if one in ("home", "work")]
    return " ".join([*places, *(one for one in words if one not in places)])


def apple_label(text: str) -> str:
    """The value of X-ABLabel: Apple's own labels ("_$!<HomePage>!$_") as words, a person's own as they
    are.
    """
    found = _APPLE.fullmatch(text.strip())
    return _CAMEL.sub(" ", found[1]).lower() if found else clean_line(text)


def phone_text(line: Line) -> str:
    """A number as it was written; of 4.0's `tel:` links the number, with its extension."""
    text = one_line(line)
    if not text.lower().startswith("tel:"):
        return text
    number, _, rest = text[4:].partition(";")
    extension = re.search(r"(?:^|;)ext=([^;]+)", rest)
    return unquote(number) + (f" ext. {unquote(extension[1])}" if extension else "")


def short(text: str, most: int = 60) -> str:
    """The beginning of a value, for telling which one was not kept."""
    text = clean_line(text[: most * 4])
    return text if len(text) <= most else text[: most - 1] + "…"


def is_base64(text: str) -> bool:
    """Whether a text is bytes in disguise, which is not shown to anybody."""
    if len(text) < 200:
        return False
    try:
        base64.b64decode("".join(text.split())[:200], validate=True)
    except (binascii.Error, ValueError):
        return False
    return True
