"""QR codes (ISO/IEC 18004) as plain modules: whoever shows one draws it, so no image file of a secret is made."""

from __future__ import annotations

import segno

QUIET_ZONE = 4  # modules of white around the code


def modules(text: str) -> tuple[tuple[bool, ...], ...]:
    """Rows of modules, True is dark, without the quiet zone; error correction level M."""
    code = segno.make_qr(text, error="m", boost_error=False)
    return tuple(tuple(bool(module) for module in row) for row in code.matrix)
