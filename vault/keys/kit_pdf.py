"""The Emergency Kit as one page of PDF (A4), made in memory: whoever saves it chooses where.

The fonts are the PDF standard's own, which every viewer and printer has and which know Western European letters
only. What the user named is drawn in `font` where one is given (a TrueType file); a letter that the font does not
have is drawn as its code point.
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path

from fpdf import FPDF
from fpdf.fonts import TTFFont

from vault.keys import qr
from vault.keys.kit import Kit

_INK = (27, 27, 32)
_MUTED = (87, 87, 95)
_ACCENT = (51, 61, 166)
_LINE = (211, 211, 218)
_TINT = (247, 247, 250)
_WARM = (253, 244, 226)
_WARM_INK = (122, 74, 0)
_WHITE = (255, 255, 255)

_LEFT, _WIDTH = 20.0, 170.0  # millimetres, on a page of 210 x 297
_LATIN = "latin-1"

_INTRODUCTION = (
    "With this page and your password you can open your records on a new computer. It was made on your own "
    "computer and has been sent to nobody. Nobody can make you a new one from outside: not your admin, not the server, "
    "not the people who make Tacit."
)
_STEPS = (
    'Start Tacit on the new computer and choose "Sign in on this computer".',
    "Type the server, the login name and the Secret Key (or the recovery words in its place).",
    "Type your password. It is not on this page, and should not be.",
    "Compare the workspace check with what Tacit shows: the same digits mean the same workspace.",
)
_WARNING = (
    "Keep this page like a passport: away from the computer, where you will find it in years. Do not write your "
    "password on it. If it is lost, or if somebody has seen it, change your password in Tacit at once and print a "
    "new Kit."
)


class _Page(FPDF):
    """One page with the few strokes that the Kit is made of."""

    def __init__(self, font: Path | None) -> None:
        super().__init__(orientation="portrait", unit="mm", format="A4")
        self.set_auto_page_break(False)
        self.set_margins(_LEFT, 0, _LEFT)
        self.c_margin = 0
        self.add_page()
        self.own_family = "Courier"
        self._known: frozenset[int] | None = None
        if font is not None:
            self.add_font("own", "", font)
            self.own_family = "own"
            added = self.fonts["own"]
            self._known = frozenset(added.cmap) if isinstance(added, TTFFont) else None

    def words(self, x: float, y: float, text: str, size: float, *, style: str = "", ink: tuple[int, int, int] = _INK,
              width: float = _WIDTH, leading: float = 1.35) -> float:  # fmt: skip
        """Set a paragraph in Helvetica with its top at `y`; gives the `y` below it."""
        self.set_font("Helvetica", style, size)
        self.set_text_color(*ink)
        self.set_xy(x, y)
        self.multi_cell(
            width, size * 0.3528 * leading, text.encode(_LATIN, "replace").decode(_LATIN), align="L"
        )
        return self.get_y()

    def own(self, x: float, y: float, text: str, size: float, *, width: float, bold: bool = False,
            ink: tuple[int, int, int] = _INK) -> None:  # fmt: skip
        """Set one line of what is the user's own, in a face of equal widths, smaller where it would not fit."""
        text = self._drawable(text)
        style = "B" if bold and self.own_family == "Courier" else ""
        self.set_font(self.own_family, style, size)
        needed = self.get_string_width(text)
        if needed > width:
            self.set_font(self.own_family, style, max(4.0, size * width / needed * 0.995))
        self.set_text_color(*ink)
        self.set_xy(x, y)
        self.cell(width, size * 0.3528 * 1.3, text)

    def label(self, x: float, y: float, text: str) -> None:
        """A field's name, small and muted."""
        self.words(x, y, text, 8, ink=_MUTED, width=80)

    def box(self, x: float, y: float, width: float, height: float, fill: tuple[int, int, int],
            line: tuple[int, int, int]) -> None:  # fmt: skip
        self.set_fill_color(*fill)
        self.set_draw_color(*line)
        self.set_line_width(0.25)
        self.rect(x, y, width, height, style="DF", round_corners=True, corner_radius=2.2)

    def code(self, text: str, x: float, y: float, side: float) -> None:
        """A QR code with its quiet zone inside a square of `side` millimetres, one rectangle for each dark run."""
        rows = qr.modules(text)
        module = side / (len(rows) + 2 * qr.QUIET_ZONE)
        self.set_fill_color(*_WHITE)
        self.rect(x, y, side, side, style="F")
        self.set_fill_color(0, 0, 0)
        for number, row in enumerate(rows):
            start: int | None = None
            for column, dark in enumerate((*row, False)):
                if dark and start is None:
                    start = column
                elif not dark and start is not None:
                    left = x + (qr.QUIET_ZONE + start) * module
                    top = y + (qr.QUIET_ZONE + number) * module
                    # A hair taller than a module, so that no viewer shows a white seam between rows.
                    self.rect(left, top, (column - start) * module, module * 1.02, style="F")
                    start = None

    def _drawable(self, text: str) -> str:
        """The text with each letter that the font does not have replaced by its code point."""
        if self._known is not None:
            known = self._known
            return "".join(c if ord(c) in known else f"\\u{ord(c):04x}" for c in text)
        return text.encode(_LATIN, "backslashreplace").decode(_LATIN)


def render(kit: Kit, font: Path | None = None) -> bytes:
    """The PDF's bytes. They hold the Secret Key: write them only where the user says, with mode 0600."""
    page = _Page(font)
    page.set_title("Tacit Emergency Kit")
    page.set_creator("Tacit")
    page.set_lang("en")
    if kit.made is not None:
        page.set_creation_date(datetime.combine(kit.made, time(), UTC))
    _heading(page, kit)
    y = page.words(_LEFT, 46, _INTRODUCTION, 10.5, ink=_INK, leading=1.45)
    y = _account(page, kit, y + 5)
    y = _secret(page, kit, y + 5)
    y = _recovery_words(page, kit, y + 5)
    y = _steps(page, y + 6)
    y = _warning(page, y + 4)
    _state(page, kit, y + 6)
    return bytes(page.output())


def _heading(page: _Page, kit: Kit) -> None:
    page.set_fill_color(*_ACCENT)
    page.rect(0, 0, 210, 38, style="F")
    page.words(_LEFT, 10, "Tacit", 12, style="B", ink=_WHITE, width=60)
    page.words(_LEFT, 17, "Emergency Kit", 25, style="B", ink=_WHITE, width=120, leading=1.1)
    if kit.made is not None:
        page.set_font("Helvetica", "", 9)
        page.set_text_color(*_WHITE)
        page.set_xy(_LEFT, 21.5)
        page.cell(_WIDTH, 5, f"made on {kit.made.isoformat()}", align="R")


def _account(page: _Page, kit: Kit, y: float) -> float:
    fields = [("Server", kit.account.server), ("Login name", kit.account.handle)]
    if kit.workspace_name:
        fields.insert(0, ("Workspace", kit.workspace_name))
    height = 6.0 + 8.0 * len(fields)
    page.box(_LEFT, y, _WIDTH, height, _TINT, _LINE)
    for number, (name, value) in enumerate(fields):
        top = y + 4.2 + 8.0 * number
        page.label(_LEFT + 6, top + 0.6, name)
        page.own(_LEFT + 36, top, value, 11.5, width=_WIDTH - 42, bold=True)
    return y + height


def _secret(page: _Page, kit: Kit, y: float) -> float:
    height, side = 54.0, 48.0
    page.box(_LEFT, y, _WIDTH, height, _WHITE, _ACCENT)
    page.words(_LEFT + 6, y + 6, "Secret Key", 13, style="B", ink=_ACCENT, width=100)
    groups = kit.account.secret_key.text().split("-")
    page.own(_LEFT + 6, y + 16, "-".join(groups[:4]) + "-", 16.5, width=106, bold=True)
    page.own(_LEFT + 6, y + 24.5, "-".join(groups[4:]), 16.5, width=106, bold=True)
    note = (
        "Capitals or not, with or without dashes: both are read. After TACIT1 there is no letter O and no "
        "letter I, only zero and one. The code beside it holds all of this page."
    )
    page.words(_LEFT + 6, y + 36, note, 8.5, ink=_MUTED, width=104, leading=1.4)
    page.code(kit.code(), _LEFT + _WIDTH - side - 3, y + 3, side)
    return y + height


def _recovery_words(page: _Page, kit: Kit, y: float) -> float:
    page.words(_LEFT, y, "Recovery words", 11, style="B", ink=_ACCENT, width=60)
    page.words(_LEFT + 36, y + 0.8, "the same Secret Key, easier to type", 8.5, ink=_MUTED, width=100)
    top = y + 7
    for number, word in enumerate(kit.account.secret_key.words().split()):
        x, line = _LEFT + (number % 4) * 42.5, top + (number // 4) * 6.6
        page.words(x, line + 0.5, f"{number + 1}", 8, ink=_MUTED, width=8)
        page.own(x + 6, line, word, 11.5, width=35, bold=True)
    return top + 3 * 6.6


def _steps(page: _Page, y: float) -> float:
    page.words(_LEFT, y, "On a new computer", 11, style="B", ink=_ACCENT, width=80)
    y += 6.5
    for number, step in enumerate(_STEPS):
        page.words(_LEFT, y, f"{number + 1}", 9.5, style="B", ink=_ACCENT, width=6)
        y = page.words(_LEFT + 6, y, step, 9.5, width=_WIDTH - 6) + 0.9
    return y


def _warning(page: _Page, y: float) -> float:
    page.box(_LEFT, y, _WIDTH, 19, _WARM, _WARM)
    page.words(_LEFT + 6, y + 3, _WARNING, 9, ink=_WARM_INK, width=_WIDTH - 12, leading=1.4)
    return y + 19


def _state(page: _Page, kit: Kit, y: float) -> None:
    page.label(_LEFT, y, "Workspace check")
    page.own(_LEFT + 36, y - 0.4, kit.check_code, 10.5, width=_WIDTH - 36, bold=True)
    page.label(_LEFT, y + 6.5, "Roster when made")
    page.own(_LEFT + 36, y + 6.1, kit.head_text(), 7.5, width=_WIDTH - 36, ink=_MUTED)
