"""The CRM's record types: what the vault is told about them (columns, searches, compartments).

Codes and field names are stable for ever. Additions are safe: other versions keep what they do not know.
"""

from app.crm.schema.activities import FILE, NAME, NOTE, TASK
from app.crm.schema.deals import DEAL, DEAL_MARGINS, PIPELINE, PRODUCT, PRODUCT_MARGINS
from app.crm.schema.events import EVENT
from app.crm.schema.people import COMPANY, PERSON
from app.crm.schema.stages import (
    DEFAULT_PIPELINE_NAME,
    DEFAULT_STAGES,
    Outcome,
    Stage,
    pipeline_fields,
    stage_of,
    stages_of,
)
from vault.schema import Schema

SCHEMA = Schema(
    (
        *(PERSON, COMPANY, DEAL, PRODUCT, NOTE, TASK, PIPELINE, NAME, FILE, EVENT),
        *(DEAL_MARGINS, PRODUCT_MARGINS),
    )
)

__all__ = [
    "COMPANY",
    "DEAL",
    "DEAL_MARGINS",
    "DEFAULT_PIPELINE_NAME",
    "DEFAULT_STAGES",
    "EVENT",
    "FILE",
    "NAME",
    "NOTE",
    "PERSON",
    "PIPELINE",
    "PRODUCT",
    "PRODUCT_MARGINS",
    "SCHEMA",
    "TASK",
    "Outcome",
    "Stage",
    "pipeline_fields",
    "stage_of",
    "stages_of",
]
