"""The CRM itself, without Qt: its schema, import and export, duplicates, words, sample data.

Import and export have doors of their own: `app.crm.importing`, `app.crm.exporting`; stages and record types
are in `app.crm.schema`.
"""

from app.crm.draft import (
    Draft,
    Existing,
    Value,
    Writer,
    is_reference,
    new_reference,
    reference,
)
from app.crm.duplicates import Candidate, DuplicateIndex
from app.crm.errors import (
    CrmError,
    EncodingUnknown,
    ExportFailed,
    FileUnreadable,
    FormatBroken,
    ImportRefused,
    NotText,
    PlanInvalid,
    TooLarge,
    ValueRefused,
    WriteRefused,
)
from app.crm.naming import display_name
from app.crm.sample import SampleSize, sample
from app.crm.schema import DEFAULT_STAGES, SCHEMA, Outcome, Stage, pipeline_fields, stages_of

__all__ = [
    "DEFAULT_STAGES",
    "SCHEMA",
    "Candidate",
    "CrmError",
    "Draft",
    "DuplicateIndex",
    "EncodingUnknown",
    "Existing",
    "ExportFailed",
    "FileUnreadable",
    "FormatBroken",
    "ImportRefused",
    "NotText",
    "Outcome",
    "PlanInvalid",
    "SampleSize",
    "Stage",
    "TooLarge",
    "Value",
    "ValueRefused",
    "WriteRefused",
    "Writer",
    "display_name",
    "is_reference",
    "new_reference",
    "pipeline_fields",
    "reference",
    "sample",
    "stages_of",
]
