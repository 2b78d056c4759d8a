"""Sample data: a believable small team's people, companies, deals, notes and tasks, in any number.

Deterministic: the same seed gives the same drafts. Nothing in it is a real person or firm (mail addresses end
in .example, RFC 2606). It streams, so a hundred thousand deals need no more memory than one.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from app.crm import sample_words as words
from app.crm.draft import Draft, Value
from app.crm.items import item_field, key_at, tag_key
from app.crm.naming import words_of
from app.crm.schema import DEFAULT_STAGES, Outcome, pipeline_fields
from app.crm.words import MONEY_UNIT, one_line_address

TODAY = date(2026, 11, 20)
_CURRENCIES = ("EUR", "EUR", "EUR", "GBP", "USD", "CHF")
_OPEN = tuple(stage.key for stage in DEFAULT_STAGES if stage.outcome is Outcome.OPEN)


@dataclass(frozen=True, slots=True)
class SampleSize:
    """How many of each. `of(deals)` keeps the proportions of a small team."""

    companies: int = 60
    people: int = 140
    deals: int = 220
    notes: int = 160
    tasks: int = 70

    @classmethod
    def of(cls, deals: int) -> SampleSize:
        return cls(max(1, deals // 20), max(1, deals // 8), deals, deals // 5, deals // 10)


def sample(
    size: SampleSize | None = None,
    *,
    seed: int = 1,
    group: str = "",
    groups: tuple[str, ...] = (),
    owners: tuple[str, ...] = words.TEAM,
    pipeline: str = "",
) -> Iterator[Draft]:
    """Drafts with records of their own and references among them, what is referred to first.

    All go to `group`, or, where `groups` are given, companies are spread over these and whatever hangs on a
    company goes with it. `pipeline` is the reference of one that exists; without it one is made.
    """
    chance = random.Random(seed)  # noqa: S311 - no secrets
    made = _Sample(size or SampleSize(), chance, group, groups, owners, pipeline)
    yield from made.drafts()


class _Sample:
    def __init__(
        self,
        size: SampleSize,
        chance: random.Random,
        group: str,
        groups: tuple[str, ...],
        owners: tuple[str, ...],
        pipeline: str,
    ) -> None:
        self._pipeline = pipeline
        self._size, self._chance, self._owners = size, chance, owners
        self._names = [(first, second) for first in words.COMPANY_FIRST for second in words.COMPANY_SECOND]
        chance.shuffle(self._names)
        self._group, self._groups = group, groups
        self._companies: list[tuple[str, str, str, int, str]] = []  # record, name, group, place, site
        self._people: list[tuple[str, str, str]] = []  # record, name, group
        self._products: list[tuple[str, str, int]] = []  # record, name, price

    def drafts(self) -> Iterator[Draft]:
        catalogue = self._groups[0] if self._groups else self._group
        if not self._pipeline:
            pipeline = self._draft("pipeline", "sales", pipeline_fields(), catalogue)
            self._pipeline = pipeline.record
            yield pipeline
        for index, (name, series, price) in enumerate(words.PRODUCTS):
            fields: dict[str, Value] = {
                "name": name, "series": series, "price": price * MONEY_UNIT, "currency": "EUR", "active": True,
                "external_id": f"P-{index + 1:03d}",
            }  # fmt: skip
            draft = self._draft("product", name, fields, catalogue)
            self._products.append((draft.record, name, price))
            yield draft
        for index in range(self._size.companies):
            yield self._company(index)
        for index in range(self._size.people):
            yield self._person(index)
        deals: list[tuple[str, str]] = []
        for index in range(self._size.deals):
            deal = self._deal(index)
            if len(deals) < 5_000:
                deals.append((deal.record, deal.group))
            yield deal
        for index in range(self._size.notes):
            yield self._note(index, deals)
        for index in range(self._size.tasks):
            yield self._task(index, deals)

    def _draft(self, type: str, key: str, fields: dict[str, Value], group: str) -> Draft:
        return Draft(type, key, fields, group, f"{type}:{self._chance.getrandbits(128):032x}")

    def _company(self, index: int) -> Draft:
        chance = self._chance
        first, second = self._names[index % len(self._names)]
        # Names repeat after some hundreds: then they get a number, as branches have it.
        round_ = index // len(self._names)
        number = f" {round_ + 1}" if round_ else ""
        name = f"{first} {second}{number} {chance.choice(words.COMPANY_LAST)}"
        place = chance.randrange(len(words.PLACES))
        _, _, suffix, country, cities, streets, phone = words.PLACES[place]
        city = chance.choice(cities)
        site = "".join(words_of(f"{first}{second}")) + f".{suffix.replace('.', '-')}.example"
        employees = int(chance.lognormvariate(4, 1.4)) + 1
        fields: dict[str, Value] = {
            "name": name,
            "sector": chance.choice(words.SECTORS),
            "website": f"https://www.{site}",
            "founded": chance.randint(1890, 2024),
            "revenue": employees * chance.randint(40, 220) * 1000 * MONEY_UNIT,
            "currency": chance.choice(_CURRENCIES),
            "employees": employees,
            "location": f"{city}, {country}",
            "owner": chance.choice(self._owners),
            item_field("phones", key_at(0, name)): {"value": self._phone(phone), "label": "work"},
            item_field("addresses", key_at(0, name)): self._address(city, country, streets),
        }
        if self._companies and chance.random() < 0.12:
            fields["parent"] = chance.choice(self._companies)[0]
        if chance.random() < 0.3:
            tag = chance.choice(words.TAGS)
            fields[item_field("tags", tag_key(tag))] = {"value": tag}
        group = self._groups[index % len(self._groups)] if self._groups else self._group
        draft = self._draft("company", f"company {index}", fields, group)
        self._companies.append((draft.record, name, group, place, site))
        return draft

    def _person(self, index: int) -> Draft:
        chance = self._chance
        record, company, group, place, site = chance.choice(self._companies)
        given_names, family_names, _, country, cities, streets, phone = words.PLACES[place]
        given, family = chance.choice(given_names), chance.choice(family_names)
        local = ".".join("".join(words_of(part)) for part in (given, family))
        mail = f"{local if local.isascii() else f'contact{index}'}{index}@{site}"
        fields: dict[str, Value] = {
            "name": f"{given} {family}" if place != 6 else f"{family}{given}",
            "given": given,
            "family": family,
            "organisation": company,
            "company": record,
            "title": chance.choice(words.TITLES),
            item_field("emails", key_at(0, mail)): {"value": mail, "label": "work"},
            item_field("phones", key_at(0, mail)): {"value": self._phone(phone), "label": "mobile"},
        }
        department = chance.choice(words.DEPARTMENTS)
        if department:
            fields["department"] = department
        if chance.random() < 0.4:
            fields["birthday"] = (date(1955, 1, 1) + timedelta(days=chance.randrange(18_000))).isoformat()
        if chance.random() < 0.3:
            fields[item_field("addresses", key_at(0, mail))] = self._address(
                chance.choice(cities), country, streets
            )
        if chance.random() < 0.2:
            fields["notes"] = chance.choice(words.NOTES)
        draft = self._draft("person", f"person {index}", fields, group)
        self._people.append((draft.record, str(fields["name"]), group))
        return draft

    def _deal(self, index: int) -> Draft:
        chance = self._chance
        company, name, group, _, _ = chance.choice(self._companies)
        product, product_name, price = chance.choice(self._products)
        opened = TODAY - timedelta(days=chance.randrange(3, 900))
        fields: dict[str, Value] = {
            "name": f"{name} – {product_name}, {chance.choice(words.DEAL_WORDS)}",
            "company": company,
            "product": product,
            "pipeline": self._pipeline,
            "amount": price * chance.randint(1, 40) * MONEY_UNIT,
            "currency": chance.choice(_CURRENCIES),
            "opened": opened.isoformat(),
            "owner": chance.choice(self._owners),
            "source": chance.choice(words.SOURCES),
            "external_id": f"D{index + 1:07d}",
        }
        if self._people:
            fields["person"] = chance.choice(self._people)[0]
        fate = chance.random()
        closed = min(TODAY, opened + timedelta(days=chance.randrange(10, 200)))
        if fate < 0.45:
            fields.update(stage="won", closed=closed.isoformat())
        elif fate < 0.65:
            fields.update(
                stage="lost", closed=closed.isoformat(), loss_reason=chance.choice(words.LOSS_REASONS)
            )
        else:
            expected = TODAY + timedelta(days=chance.randrange(5, 240))
            fields.update(stage=chance.choice(_OPEN), expected_close=expected.isoformat())
            if chance.random() < 0.3:
                fields["probability"] = chance.randrange(5, 95, 5)
        return self._draft("deal", str(fields["external_id"]), fields, group)

    def _note(self, index: int, deals: list[tuple[str, str]]) -> Draft:
        chance = self._chance
        about, group = self._about(deals)
        day = TODAY - timedelta(days=chance.randrange(300))
        fields: dict[str, Value] = {
            "body": chance.choice(words.NOTES),
            "about": about,
            "written": f"{day.isoformat()}T{chance.randrange(8, 18):02d}:{chance.randrange(60):02d}:00Z",
            "author": chance.choice(self._owners),
        }
        return self._draft("note", f"note {index}", fields, group)

    def _task(self, index: int, deals: list[tuple[str, str]]) -> Draft:
        chance = self._chance
        about, group = self._about(deals)
        due = TODAY + timedelta(days=chance.randrange(-40, 60))
        fields: dict[str, Value] = {
            "title": chance.choice(words.TASKS),
            "due": due.isoformat(),
            "done": due < TODAY and chance.random() < 0.8,
            "about": about,
            "assignee": chance.choice(self._owners),
        }
        return self._draft("task", f"task {index}", fields, group)

    def _about(self, deals: list[tuple[str, str]]) -> tuple[str, str]:
        """What a note or a task hangs on: mostly a deal, else a person, else a company."""
        chance = self._chance
        if deals and chance.random() < 0.6:
            return chance.choice(deals)
        if self._people and chance.random() < 0.6:
            record, _, group = chance.choice(self._people)
            return record, group
        company, _, group, _, _ = chance.choice(self._companies)
        return company, group

    def _phone(self, pattern: str) -> str:
        return "".join(str(self._chance.randrange(10)) if char == "#" else char for char in pattern)

    def _address(self, city: str, country: str, streets: tuple[str, ...]) -> dict[str, str]:
        chance = self._chance
        street = f"{chance.choice(streets)} {chance.randint(1, 180)}"
        parts = {
            "street": street,
            "city": city,
            "code": f"{chance.randint(1000, 98_999)}",
            "country": country,
        }
        return {"value": one_line_address(parts), "label": "work", **parts}
