"""Published lines with the rows behind them: those without words, those up for review, those just worded."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet

from imports.models import Import, SourceRow, WordingReview
from imports.publishing.published import sources_of
from imports.publishing.source_rows import row_of
from retainers.agreements import agreement_from_document
from retainers.balance import Draw
from retainers.hours import WORKED_PLACES, to_units
from retainers.models import MAY_COUNT, Client, Entry, Retainer
from retainers.pricing import Prices, draws_under, hours_drawn, reason_against
from retainers.row_values import ENTRY_COLUMNS, SAID, alike_in, days_of_kinds, work_of
from retainers.terms import NEUTRAL_TEXT, Agreement

JUDGED_BY = tuple(name for name in SAID if not name.endswith("_units"))
AN_HOUR = (to_units(Decimal(1), WORKED_PLACES), None, None)  # in the columns that `JUDGED_BY` leaves out
MOST_LOOKED_AT = 5000  # newest waiting lines that are sorted into groups at once


@dataclass(frozen=True, slots=True)
class WordedLine:
    """A published line with the row behind it. `review`: its title has changed since it was worded."""

    entry: Entry
    source: SourceRow | None
    hours: Decimal
    neutral: str
    review: WordingReview | None = None

    @property
    def title(self) -> str:
        return self.source.title or self.source.ticket if self.source else ""

    @property
    def client(self) -> Client:
        return self.entry.retainer.client

    @property
    def stands(self) -> str:
        """What the client reads today."""
        return self.entry.wording or self.neutral

    @property
    def plain_title(self) -> str:
        """The title as a rule can be made of it."""
        return self.source.title if self.source else ""

    @property
    def notes(self) -> str:
        return row_of(self.source).notes if self.source else ""

    @property
    def title_before(self) -> str:
        return self.review.title_before if self.review else ""


def waiting_lines() -> list[WordedLine]:
    rows = Entry.objects.filter(MAY_COUNT, retired_in=None, wording="")
    return _counted(list(_with_agreements(rows).order_by("-day", "-pk")[:MOST_LOOKED_AT]))


def how_many_wait(source: Import) -> int:
    """How many lines of an import stand on clients' pages without words."""
    brought = SourceRow.objects.filter(read_in=source).values("origin")
    rows = Entry.objects.filter(MAY_COUNT, retired_in=None, wording="", origin__in=brought)
    return days_that_count(rows).total()


def days_that_count(rows: QuerySet[Entry]) -> Counter[date]:
    """How many of these entries stand on clients' pages, by day. Those alike but for their hours, which don't decide
    it, are judged once under the same terms.
    """
    found = list(days_of_kinds(rows, JUDGED_BY))
    kinds = [(retainer, *AN_HOUR, *said) for retainer, *said, _days in found]
    retainers = Retainer.objects.select_related("publication__version").in_bulk({kind[0] for kind in kinds})
    prices = {pk: Prices(agreement) for pk, agreement in _agreements(retainers).items()}
    days: Counter[date] = Counter()
    for retainer, alike in alike_in(kinds, JUDGED_BY, found):
        its, counted = prices[retainer], {}
        for text, often in alike.often.items():
            day = date.fromisoformat(text)
            if (terms := its.terms_of(day)) not in counted:
                counted[terms] = reason_against(its.draws_of(alike.work._replace(day=day))) is None
            if counted[terms]:
                days[day] += often
    return days


def lines_under_review() -> list[WordedLine]:
    found = {review.origin: review for review in WordingReview.objects.all()[:MOST_LOOKED_AT]}
    rows = Entry.objects.filter(retired_in=None, origin__in=list(found))
    return _counted(list(_with_agreements(rows).order_by("-day", "-pk")), found)


def lines_of(origins: Sequence[UUID]) -> list[WordedLine]:
    rows = Entry.objects.filter(retired_in=None, origin__in=origins)
    return _counted(list(_with_agreements(rows).order_by("-day", "-pk")))


def _with_agreements(rows: QuerySet[Entry]) -> QuerySet[Entry]:
    return rows.select_related("retainer__client", "retainer__publication__version")


def _counted(entries: list[Entry], reviews: dict[UUID, WordingReview] | None = None) -> list[WordedLine]:
    """The lines that draw hours: what is not counted stands on no page."""
    agreements = _agreements({entry.retainer_id: entry.retainer for entry in entries})
    sources, reviewed = sources_of([entry.origin for entry in entries]), reviews or {}
    lines = []
    for entry in entries:
        agreement, source = agreements[entry.retainer_id], sources.get(entry.origin)
        draws = _draws(entry, agreement)
        if reason_against(draws) is None:
            neutral = agreement.terms_on(entry.day).pool(entry.pool or None).neutral_text or NEUTRAL_TEXT
            hours, review = hours_drawn(draws), reviewed.get(entry.origin)
            lines.append(WordedLine(entry, source, hours, neutral, review))
    return lines


def _agreements(retainers: Mapping[int, Retainer]) -> dict[int, Agreement]:
    return {
        pk: agreement_from_document(row.publication.version.document)
        for pk, row in retainers.items()
        if row.publication
    }


def _draws(entry: Entry, agreement: Agreement) -> tuple[Draw, ...]:
    return draws_under(agreement, work_of(tuple(getattr(entry, column) for column in ENTRY_COLUMNS)))
