"""Imports files of cards: each card a person, matched with those who are there, what is not kept listed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.crm.draft import Draft, Writer
from app.crm.importing.books import Books
from app.crm.importing.limits import DEFAULT_LIMITS, Limits
from app.crm.importing.plan import DEFAULT_MATCH, OnMatch, OnMissing
from app.crm.importing.report import Failure, Report
from app.crm.importing.runner import Cancelled, Progress, never, silent, write_drafts
from app.crm.importing.settling import Settler
from app.crm.importing.source import Source, open_source, wrong_encoding
from app.crm.importing.vcard.card import Card, read_card
from app.crm.importing.vcard.lines import cards

BATCH = 200  # photos make cards large


@dataclass(frozen=True)
class CardFile:
    """A file of cards that can be read any number of times."""

    source: Source
    limits: Limits = DEFAULT_LIMITS

    @property
    def name(self) -> str:
        return self.source.name

    def read(self) -> Iterator[Card]:
        """All cards, those that cannot be imported too (`Card.refused`).

        Raises FormatBroken (no card at all), TooLarge, EncodingUnknown.
        """
        with self.source.open() as stream:
            try:
                for start, lines in cards(stream, self.limits, self.name):
                    yield read_card(start, lines, self.limits)
            except UnicodeError as error:
                raise wrong_encoding(self.name, self.source.encoding.name) from error


@dataclass(frozen=True)
class CardPlan:
    """How cards are imported. A person's company is linked where one of that name exists, or made with
    CREATE.
    """

    group: str = ""
    match: tuple[str, ...] = DEFAULT_MATCH["person"]
    on_match: OnMatch = OnMatch.UPDATE
    on_missing: OnMissing = OnMissing.LEAVE


def open_cards(
    origin: Path | bytes, *, name: str = "", encoding: str = "", limits: Limits = DEFAULT_LIMITS
) -> CardFile:
    """Open a .vcf file. Raises the errors of `open_source`."""
    source = open_source(origin, name=name, encoding=encoding, limits=limits, size=limits.card_file_size)
    return CardFile(source, limits)


def card_drafts(
    file: CardFile, plan: CardPlan, books: Books, report: Report, *, cancelled: Cancelled = never
) -> Iterator[Draft]:
    """The drafts of a file of cards; what was not kept goes into `report.dropped`."""
    settler = Settler(
        "person",
        books,
        report,
        matching=plan.match,
        on_match=plan.on_match,
        on_missing=plan.on_missing,
        correct=False,
    )
    settler.group = plan.group
    for card in file.read():
        if cancelled():
            report.cancelled = True
            return
        report.rows += 1
        room = max(0, file.limits.dropped - len(report.dropped))
        report.dropped.extend(card.dropped[:room])
        report.unlisted_dropped += len(card.dropped[room:])
        if card.refused:
            report.failures.append(Failure(card.line, "", card.refused, (card.name,)))
            continue
        settler.link_company(card.fields, card.line)
        external = card.fields.get("external_id")
        key = external if isinstance(external, str) and external else f"line {card.line}"
        draft = settler.settle(key, card.fields)
        yield from settler.take_extra()
        if draft is not None:
            yield draft


def import_cards(
    file: CardFile,
    plan: CardPlan,
    writer: Writer,
    *,
    books: Books | None = None,
    progress: Progress = silent,
    cancelled: Cancelled = never,
) -> Report:
    """Import a file of cards. Raises what `CardFile.read` raises, and WriteRefused of the writer."""
    books = books or Books(writer)
    report = Report(file.name, "person", ("Card",))
    write_drafts(card_drafts(file, plan, books, report, cancelled=cancelled), writer, report, progress, BATCH)
    return report
