from __future__ import annotations

from collections.abc import Callable

from app.crm.importing import Table, preview, profile_columns, run_import, suggest
from tests.app.crm.memory import MemoryWriter


def test_preview_shows_and_writes_nothing(table: Callable[[str], Table], writer: MemoryWriter) -> None:
    deals = table(
        "Deal Name,Company,Amount,Stage\nA,Acme,1200.5,Won\nB,Acme,x,Won\n"
        + "".join(f"D{n},Acme,1,Won\n" for n in range(500))
    )
    plan = suggest(profile_columns(deals)).plan("Sales")
    shown = preview(deals, plan, writer)
    assert writer.records == {}
    assert len(shown.rows) == 50  # 49 deals and the company that they name
    assert [one.line for one in shown.failures] == [3]
    deal = next(row for row in shown.rows if row.type == "deal")
    assert ("Amount", "1\u202f200.50") in deal.values
    assert (deal.group, deal.exists) == ("Sales", False)
    run_import(deals, plan, writer)
    assert not any(row.exists for row in preview(deals, plan).rows)
