"""Deals (compartment `sales`), products and pipelines (compartment `catalogue`)."""

from __future__ import annotations

from app.crm.schema.stages import DEFAULT_STAGES
from protocol import Compartment
from vault.schema import Field, FieldKind, Option, RecordType, Search

STAGE_OPTIONS = tuple(Option(stage.key, stage.label, stage.order) for stage in DEFAULT_STAGES)

DEAL = RecordType(
    name="deal",
    code=3,
    label="Deal",
    plural="Deals",
    compartment=Compartment.SALES,
    fields=(
        Field("name", "Name", column=True, search=Search.TITLE, required=True),
        Field("company", "Company", FieldKind.REF, column=True, target="company"),
        Field("person", "Contact", FieldKind.REF, column=True, target="person"),
        Field("product", "Product", FieldKind.REF, column=True, target="product"),
        Field("pipeline", "Pipeline", FieldKind.REF, column=True, target="pipeline"),
        Field("stage", "Stage", FieldKind.CHOICE, column=True, options=STAGE_OPTIONS),
        Field("amount", "Amount", FieldKind.MONEY, column=True),
        Field("currency", "Currency", column=True),
        Field("probability", "Probability", FieldKind.PERCENT, column=True),
        Field("opened", "Opened", FieldKind.DATE, column=True),
        Field("expected_close", "Expected close", FieldKind.DATE, column=True),
        Field("closed", "Closed", FieldKind.DATE, column=True),
        Field("owner", "Owner", FieldKind.MEMBER, column=True, search=Search.TEXT),
        Field("source", "Source", column=True),
        Field("loss_reason", "Reason for loss", search=Search.TEXT),
        Field("notes", "Notes", FieldKind.LONG_TEXT, search=Search.TEXT),
        Field("tags", "Tags", FieldKind.LIST, search=Search.TEXT),
        Field("custom", "Other", FieldKind.LIST, search=Search.TEXT),
        Field("external_id", "External id", column=True, search=Search.KEYS),
    ),
)

PRODUCT = RecordType(
    name="product",
    code=4,
    label="Product",
    plural="Products",
    compartment=Compartment.CATALOGUE,
    fields=(
        Field("name", "Name", column=True, search=Search.TITLE, required=True),
        Field("series", "Series", column=True, search=Search.KEYS),
        Field("price", "Price", FieldKind.MONEY, column=True),
        Field("currency", "Currency", column=True),
        Field("active", "Active", FieldKind.BOOL, column=True),
        Field("description", "Description", FieldKind.LONG_TEXT, search=Search.TEXT),
        Field("external_id", "Article number", column=True, search=Search.KEYS),
    ),
)

PIPELINE = RecordType(
    name="pipeline",
    code=7,
    label="Pipeline",
    plural="Pipelines",
    compartment=Compartment.CATALOGUE,
    fields=(
        Field("name", "Name", column=True, search=Search.TITLE, required=True),
        Field("active", "Active", FieldKind.BOOL, column=True),
        Field("stages", "Stages", FieldKind.LIST),
    ),
)

# Commercial fields lie under keys of their own (compartment `margins`): whoever reads a deal need not read these.
# Amounts are in the currency of the record that they belong to.
DEAL_MARGINS = RecordType(
    name="deal_margins",
    code=11,
    label="Costs and margins",
    plural="Costs and margins",
    compartment=Compartment.MARGINS,
    companion_of="deal",
    fields=(
        Field("cost", "Cost", FieldKind.MONEY, column=True),
        Field("margin", "Margin", FieldKind.MONEY, column=True),
        Field("commission", "Commission", FieldKind.MONEY, column=True),
        Field("terms", "Terms", FieldKind.LONG_TEXT),
    ),
)

PRODUCT_MARGINS = RecordType(
    name="product_margins",
    code=12,
    label="Costs and margins",
    plural="Costs and margins",
    compartment=Compartment.MARGINS,
    companion_of="product",
    fields=(
        Field("cost", "Cost", FieldKind.MONEY, column=True),
        Field("lowest_price", "Lowest price", FieldKind.MONEY, column=True),
        Field("supplier", "Supplier", column=True),
    ),
)
