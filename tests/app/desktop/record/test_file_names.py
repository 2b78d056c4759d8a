"""Names of attached files come from colleagues: they choose no folder, and start no program."""

from __future__ import annotations

import pytest

from app.desktop.pages.record.files_tab import opens_as_document, safe_name

pytestmark = [pytest.mark.hostile, pytest.mark.A22]


@pytest.mark.parametrize("name", ["offer.pdf", "Scan.JPG", "list.csv", "minutes.docx"])
def test_documents_can_be_opened(name: str) -> None:
    assert opens_as_document(safe_name(name))


@pytest.mark.parametrize(
    "name",
    [
        "setup.exe",
        "offer.pdf.exe",
        "run.sh",
        "a.desktop",
        "x.app",
        "m.docm",
        "page.html",
        "s.svg",
        "v.vbs",
        "offer",
        "a.lnk",
    ],
)
def test_programs_and_scripts_can_only_be_saved(name: str) -> None:
    assert not opens_as_document(safe_name(name))


@pytest.mark.parametrize(
    ("name", "proposed"),
    [
        ("../../.bashrc", "bashrc"),
        ("C:\\Windows\\a.txt", "a.txt"),
        ("", "file"),
        ("...", "file"),
        ("a\u202efdp.exe", "afdp.exe"),
    ],
)
def test_a_proposed_name_has_no_folder_and_hides_nothing(name: str, proposed: str) -> None:
    assert safe_name(name) == proposed
