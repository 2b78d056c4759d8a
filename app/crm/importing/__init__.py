"""Import of CSV tables, of known bundles of tables, and of vCards.

The way of a table: `open_table` recognises encoding and dialect, `profile_columns` looks at its columns,
`suggest` proposes a mapping, `preview` shows what would happen, `run_import` does it and reports. Cards need
no mapping: `open_cards`, `import_cards`. A folder: `is_bundle`, `open_bundle`, `import_bundle`.
"""

from app.crm.importing.books import Books
from app.crm.importing.bundle import Bundle, import_bundle, is_bundle, open_bundle
from app.crm.importing.columns import ColumnProfile, Looks, profile_columns
from app.crm.importing.dates import DateOrder
from app.crm.importing.limits import DEFAULT_LIMITS, Limits
from app.crm.importing.mapping import ColumnSuggestion, Suggestion, choices_of, map_column, suggest
from app.crm.importing.numbers import NumberFormat
from app.crm.importing.plan import ColumnMap, OnMatch, OnMissing, Placement, Plan, Target
from app.crm.importing.preview import Preview, PreviewRow, preview
from app.crm.importing.report import Correction, Dropped, Failure, Report, save_failures, totals
from app.crm.importing.runner import drafts, run_import
from app.crm.importing.source import ENCODINGS
from app.crm.importing.table import Dialect, Table, open_table
from app.crm.importing.typed import typed_value
from app.crm.importing.vcard import CardFile, CardPlan, card_drafts, import_cards, open_cards

__all__ = [
    "DEFAULT_LIMITS",
    "ENCODINGS",
    "Books",
    "Bundle",
    "CardFile",
    "CardPlan",
    "ColumnMap",
    "ColumnProfile",
    "ColumnSuggestion",
    "Correction",
    "DateOrder",
    "Dialect",
    "Dropped",
    "Failure",
    "Limits",
    "Looks",
    "NumberFormat",
    "OnMatch",
    "OnMissing",
    "Placement",
    "Plan",
    "Preview",
    "PreviewRow",
    "Report",
    "Suggestion",
    "Table",
    "Target",
    "card_drafts",
    "choices_of",
    "drafts",
    "import_bundle",
    "import_cards",
    "is_bundle",
    "map_column",
    "open_bundle",
    "open_cards",
    "open_table",
    "preview",
    "profile_columns",
    "run_import",
    "save_failures",
    "suggest",
    "totals",
    "typed_value",
]
