"""The work log as a file in the reader's conventions: separator, decimals and dates as their spreadsheet opens them."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_decimal, get_decimal_symbol
from django.utils.translation import gettext as _

from portal.exports import multiplier_names, worked_hours
from portal.log import chosen_entries
from portal.log_days import corrected_words
from presentation.explanations import Phrases, explain
from presentation.facts import Asked, LogEntry, RetainerFacts
from presentation.phrases import here
from presentation.sheets import guarded
from retainers.hours import ZERO
from retainers.terms import Terms

AGREEMENT = 8  # the column that says whose line it is


@dataclass(frozen=True, slots=True)
class Conventions:
    """How a spreadsheet of that language reads a file: where decimals have a comma, columns have a semicolon.

    >>> from datetime import date
    >>> german, english = Conventions("de"), Conventions("en")
    >>> german.separator, german.hours(Decimal("1234.5")), german.day(date(2026, 10, 1))
    (';', '1234,50', '01.10.2026')
    >>> english.separator, english.hours(Decimal("1234.5")), english.day(date(2026, 10, 1))
    (',', '1234.50', '2026-10-01')
    """

    language: str

    @property
    def separator(self) -> str:
        return ";" if get_decimal_symbol(self.language) == "," else ","

    def hours(self, value: Decimal) -> str:
        return format_decimal(value or ZERO, "0.00;-0.00", self.language)

    def factor(self, value: Decimal | None) -> str:
        return "" if value is None else format_decimal(value, "0.##########", self.language)

    def day(self, value: date) -> str:
        """English has two orders of day and month: there the year comes first, which all read alike."""
        return value.isoformat() if self.language.startswith("en") else format_date(value, "dd.MM.yyyy", "de")


def log_csv(retainers: Sequence[RetainerFacts], asked: Asked, client: str) -> str:
    """The shown logs, each with the oldest day first and a total that is its hours used. Text can't start a formula."""
    out, ways = io.StringIO(), Conventions(here())
    writer = csv.writer(out, delimiter=ways.separator, lineterminator="\r\n")
    heads = _heads()
    writer.writerow(heads)
    for facts in retainers:
        lines = _log(facts, asked, ways, len(heads) - 1, named=len(retainers) > 1)
        writer.writerows([*line, guarded(client)] for line in lines)
    return out.getvalue()


def _log(
    facts: RetainerFacts, asked: Asked, ways: Conventions, width: int, *, named: bool
) -> Iterator[list[str]]:
    """One agreement's lines and their total, which names it where there are several."""
    shown, phrases, name = facts.shown, Phrases.here(), facts.agreement.name
    if shown is None:
        return
    chosen = chosen_entries(facts, shown, asked)
    for entry in chosen:
        yield _line(entry, entry.terms or shown.terms, name, ways, phrases)
    total = ways.hours(sum((entry.draw.hours for entry in chosen), ZERO))
    row = [_("Total"), "", "", "", "", total, *[""] * (width - 6)]
    if named:
        row[AGREEMENT] = guarded(name)
    yield row


def _heads() -> list[str]:
    return [
        _("Date"),
        _("Description"),
        _("Worked"),
        _("Counted"),
        _("Factor"),
        _("Hours"),
        _("Multipliers"),
        _("Pool"),
        _("Agreement"),
        _("How it was counted"),
        _("Corrections"),
        _("Client"),
    ]


def _line(entry: LogEntry, terms: Terms, agreement: str, ways: Conventions, phrases: Phrases) -> list[str]:
    draw = entry.draw
    return [
        ways.day(draw.work.day),
        guarded(entry.description),
        ways.hours(worked_hours(draw)),
        ways.hours(draw.counted),
        ways.factor(draw.factor),
        ways.hours(draw.hours),
        guarded(", ".join(multiplier_names(draw, terms))),
        guarded(terms.pool(draw.pool).name),
        guarded(agreement),
        guarded(explain(draw, terms, phrases)),
        guarded(corrected_words(entry)),
    ]
