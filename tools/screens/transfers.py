"""Pictures of the import wizard, step by step, and of the export dialog."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.desktop.shell import Shell
from app.desktop.transfers import Transfers
from tools.screens.shooting import Camera
from vault.store import Query

CARDS = """\
Name;Company;Position;E-Mail;Telefon;Geburtstag;Ort;Kunde seit
Müller, Anna;Harbour Cranes;Head of Purchasing;anna.mueller@harbour.example;040 123 45 67;12.03.1981;Hamburg;03.05.2019
Okafor, Chidi;Harbour Cranes;CTO;chidi@harbour.example;040 123 45 68;28.11.1976;Hamburg;17.09.2020
Sørensen, Liv;Nordlys Optik;Office Manager;liv@nordlys.example;+45 33 12 34 56;31.02.1990;København;22.01.2021
Weiss, Jonas;Weiss & Söhne GmbH;Owner;jonas@weiss.example;089 98 76 54;05.07.1968;München;30.10.2018
Lindqvist, Eve;Nordlys Optik;Architect;eve.lindqvist@nordlys.example;;19.12.1985;Malmö;14.02.2022
"""


def shoot_transfers(
    camera: Camera, shell: Shell, transfers: Transfers, folder: Path, rest: Callable[[], None]
) -> None:
    """The wizard with a file as Excel writes them in Germany; the export of the deals."""
    file = folder / "contacts-2026.csv"
    file.write_bytes(CARDS.encode("cp1252", "replace"))
    wizard = transfers.import_file()
    rest()
    camera.take(shell, "import-1-choose")
    wizard.read([file])
    camera.wait(lambda: wizard.session is not None, "the file being read")
    for step in ("2-columns", "3-place", "4-preview"):
        rest()
        camera.take(shell, f"import-{step}")
        wizard.accept()
    camera.wait(lambda: wizard.outcome is not None, "the import")
    rest()
    camera.take(shell, "import-5-done")
    wizard.close_overlay()
    rest()
    dialog = transfers.export(Query("deal"))
    rest()
    camera.take(shell, "export")
    dialog.close_overlay()
