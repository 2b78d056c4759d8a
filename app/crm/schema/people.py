"""People and companies: the compartment `contacts`."""

from __future__ import annotations

from protocol import Compartment
from vault.schema import Field, FieldKind, RecordType, Search

PERSON = RecordType(
    name="person",
    code=1,
    label="Person",
    plural="People",
    compartment=Compartment.CONTACTS,
    fields=(
        Field("name", "Name", column=True, search=Search.TITLE, required=True),
        Field("given", "First name", column=True),
        Field("family", "Last name", column=True),
        Field("middle", "Middle name"),
        Field("prefix", "Prefix"),
        Field("suffix", "Suffix"),
        Field("nickname", "Nickname", search=Search.KEYS),
        Field("phonetic_given", "Phonetic first name"),
        Field("phonetic_family", "Phonetic last name"),
        Field("organisation", "Organisation", column=True, search=Search.KEYS),
        Field("company", "Company", FieldKind.REF, column=True, target="company"),
        Field("title", "Job title", column=True),
        Field("role", "Role"),
        Field("department", "Department", column=True),
        Field("phones", "Phones", FieldKind.LIST, search=Search.KEYS),
        Field("emails", "E-mails", FieldKind.LIST, search=Search.KEYS),
        Field("addresses", "Addresses", FieldKind.LIST, search=Search.TEXT),
        Field("urls", "Web pages", FieldKind.LIST, search=Search.TEXT),
        Field("messengers", "Messengers", FieldKind.LIST, search=Search.TEXT),
        Field("relations", "Relations", FieldKind.LIST, search=Search.TEXT),
        Field("birthday", "Birthday", FieldKind.DATE, column=True),
        Field("dates", "Other dates", FieldKind.LIST),
        Field("photo", "Photo", FieldKind.BYTES),
        Field("notes", "Notes", FieldKind.LONG_TEXT, search=Search.TEXT),
        Field("tags", "Tags", FieldKind.LIST, search=Search.TEXT),
        Field("custom", "Other", FieldKind.LIST, search=Search.TEXT),
        Field("source", "Source"),
        Field("owner", "Owner", FieldKind.MEMBER, column=True),
        Field("external_id", "External id"),
    ),
)

COMPANY = RecordType(
    name="company",
    code=2,
    label="Company",
    plural="Companies",
    compartment=Compartment.CONTACTS,
    fields=(
        Field("name", "Name", column=True, search=Search.TITLE, required=True),
        Field("sector", "Sector", column=True, search=Search.TEXT),
        Field("website", "Website", column=True, search=Search.KEYS),
        Field("phones", "Phones", FieldKind.LIST, search=Search.KEYS),
        Field("emails", "E-mails", FieldKind.LIST, search=Search.KEYS),
        Field("addresses", "Addresses", FieldKind.LIST, search=Search.TEXT),
        Field("founded", "Year founded", FieldKind.INTEGER, column=True),
        Field("revenue", "Annual revenue", FieldKind.MONEY, column=True),
        Field("currency", "Currency", column=True),
        Field("employees", "Employees", FieldKind.INTEGER, column=True),
        Field("location", "Location", column=True, search=Search.TEXT),
        Field("parent", "Part of", FieldKind.REF, column=True, target="company"),
        Field("notes", "Notes", FieldKind.LONG_TEXT, search=Search.TEXT),
        Field("tags", "Tags", FieldKind.LIST, search=Search.TEXT),
        Field("custom", "Other", FieldKind.LIST, search=Search.TEXT),
        Field("owner", "Owner", FieldKind.MEMBER, column=True),
        Field("external_id", "External id"),
    ),
)
