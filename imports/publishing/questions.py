"""What has to be asked about a file before it is published, and which of it was answered.

Only rows that are new or changed ask, and of these only what nobody has answered before. A question about
rows holds their clients, one about the file holds the file. Pure. Source: domain.md, "Questions".
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from itertools import chain
from operator import attrgetter
from typing import NamedTuple

from imports.judging import plausible
from imports.judging.plausible import Life
from imports.publishing.options import INSTEAD, OUT, RIGHT, Options
from imports.publishing.plan import ClientPlan, PlannedRow
from imports.publishing.still_rows import Still
from imports.reading.rows import Question, QuestionKind, Row
from imports.reading.same_row import row_key
from imports.stages import OUTSIDE, AskedQuestion
from presentation.counts import counted
from retainers.hours import ZERO

ACCEPTED, ONE_BY_ONE = "accepted", "one by one"
ANSWERED = {RIGHT: "right", OUT: "left out", INSTEAD: "instead of the published one"}
ABOUT_ROWS: tuple[QuestionKind, ...] = ("times", "long", "negative", "years", "ids", "twice")
FEWEST_BEFORE = 2  # half as many companies as before says something from two on
Pairs = Iterator[tuple[str, Row]]  # rows, each with its client's slug
_row = attrgetter("classified.row")


class Remembered(NamedTuple):
    """What was answered in earlier files and still holds: rows (by kind and `row_key`), and technicians whose
    long entries are right; formats that count beside the file's own. `out`: rows that were left out.
    """

    rows: Mapping[str, frozenset[str]]
    technicians: frozenset[str] = frozenset()
    both_count: frozenset[str] = frozenset()
    out: frozenset[str] = frozenset()

    def has(self, kind: str, row: Row) -> bool:
        return row_key(row) in self.rows.get(kind, ())


def lines_left_out(rows: Iterable[Row], remembered: Remembered, options: Options) -> frozenset[int]:
    """The rows that a person leaves out: said of this file, or of a row like it before."""
    said = options.lines(OUT)
    if not remembered.out or options.again:
        return said
    answered = {line for line, _, _ in options.rows}
    before = {row.line for row in rows if row_key(row) in remembered.out}
    return said | (before - answered)


class Usual(NamedTuple):
    """How many companies the last files for all clients named, and whom this one is silent about."""

    companies: Sequence[int] = ()
    quiet: bool = False

    @property
    def mean(self) -> Decimal:
        return Decimal(sum(self.companies)) / len(self.companies) if self.companies else ZERO

    def are_few(self, named: int) -> bool:
        """Whether so many companies are one, or fewer than half as many as usual."""
        return named == 1 or 0 < named * 2 < self.mean


def asked_of(
    clients: Sequence[ClientPlan],
    read: Sequence[Row],
    of_file: Iterable[Question],
    of_rows: Iterable[Question],
    *,
    lives: Sequence[Life],
    remembered: Remembered,
    options: Options,
    work_before: Sequence[tuple[str, Row]] = (),
) -> tuple[AskedQuestion, ...]:
    """Every question, with what was said to it. `read`: all rows of the file; `of_rows`: found by others, about rows
    that ask; `work_before`: what stands published of clients that the file corrects, each with its client.
    """
    found = _about_rows(
        clients, read, lives=lives, remembered=remembered, options=options, work_before=work_before
    )
    asked = [*filter(None, found), *of_rows]
    slugs = {row.line: slug for slug, row in _with_client(clients)} if asked else {}
    return (
        *(AskedQuestion(each, answered=_answer(each, options)) for each in of_file),
        *(AskedQuestion(each, _clients_of(each, slugs), _answer(each, options)) for each in asked),
        *_one_by_one(clients, options),
    )


def _taken(client: ClientPlan) -> Iterable[PlannedRow]:
    """The rows that are entries: all, where none is excluded."""
    return (
        filter(attrgetter("classified.place.takes_part"), client.rows)
        if client.sums.excluded
        else client.rows
    )


def _with_client(clients: Iterable[ClientPlan], which: Callable[[PlannedRow], bool] | None = None) -> Pairs:
    """The rows that are entries, or which of them, each with its client. They are told one by one: together they would
    take as much memory as a tenth of the file's rows, and most files need none of them.
    """
    for client in clients:
        slug = client.client.slug
        yield from ((slug, _row(row)) for row in filter(which, _taken(client)))


def _about_rows(
    clients: Sequence[ClientPlan],
    read: Sequence[Row],
    *,
    lives: Sequence[Life],
    remembered: Remembered,
    options: Options,
    work_before: Sequence[tuple[str, Row]],
) -> Iterator[Question | None]:
    """What is odd about rows that ask; where none of all rows is odd, nobody looks which of them ask."""
    fresh = _Fresh(partial(_with_client, clients, _asks), remembered, options)
    are_odd = plausible.odd(read)
    if are_odd:
        yield plausible.times(fresh.rows("times"))
    if plausible.any_long(read):
        counted_rows = filter(_is_counted, chain.from_iterable(map(_taken, clients)))
        yield from _long(list(map(_row, counted_rows)), fresh, remembered)
    if are_odd:
        yield plausible.negative(list(fresh.of("negative")), [*_with_client(clients), *work_before])
    if plausible.any_off(set(map(attrgetter("date"), read)), lives):
        dated = _Fresh(partial(_with_client, clients, _asks_its_date), remembered, options)
        yield plausible.years(dated.rows("years"), lives)


def _one_by_one(clients: Iterable[ClientPlan], options: Options) -> Iterator[AskedQuestion]:
    """The rows that were answered one by one, by the kind of their question."""
    rows = {row.line: row.classified.row for each in clients for row in each.rows} if options.rows else {}
    for kind in ABOUT_ROWS:
        said = {line: answer for line, asked, answer in options.rows if asked == kind and line in rows}
        if said:
            yield AskedQuestion(_answered(kind, said, rows), answered=ONE_BY_ONE)


def _answered(kind: QuestionKind, said: Mapping[int, str], rows: Mapping[int, Row]) -> Question:
    lines, times = tuple(sorted(said)), Counter(said.values())
    words = ", ".join(f"{times[answer]} {words}" for answer, words in ANSWERED.items() if times[answer])
    text = f"{counted(len(lines), 'row was', 'rows were')} answered one by one: {words}."
    return Question(kind, text, lines, _sum(rows[line] for line in lines))


def held_by(asked: Iterable[AskedQuestion], slug: str) -> tuple[str, ...]:
    """The kinds of open questions for which that client waits."""
    return tuple(dict.fromkeys(each.question.kind for each in asked if each.is_open and slug in each.clients))


def one_company(
    companies: Iterable[str], rows_of_file: Callable[[], Sequence[Row | Still]], usual: Usual
) -> Question | None:
    """A file for all clients that names one company, or fewer than half as many as the last ones did.

    It says nothing where nobody else would be spoken for. `companies`: of its rows, those that can't be read too.
    """
    named = {" ".join(company.split()).casefold() for company in companies} - {""}
    if not usual.quiet or not usual.are_few(len(named)) or not (rows := rows_of_file()):
        return None
    hours = _sum(rows)
    if len(named) == 1:
        company = " ".join(rows[0].company.split())
        text = (
            f"The file is for all clients but names only one company ({company}). That would mean no work "
            "for every other client. Confirm that the file is complete, or import it for that client."
        )
        return Question("one-company", text, hours=hours)
    text = (
        f"The file names {len(named)} companies; the last files named {round(usual.mean)}. That would mean no "
        "work for everyone else. Confirm that the file is complete, or export it without a filter."
    )
    return Question("one-company", text, hours=hours)


def has_below_zero(clients: Iterable[ClientPlan]) -> bool:
    """Whether a row that asks has hours below zero."""
    asking = (
        row for client in clients for row in client.rows if row.classified.place.takes_part and _asks(row)
    )
    return any(plausible.least(row.classified.row) < 0 for row in asking)


def begun_anew(rows: Sequence[Row]) -> Question | None:
    """Ids that stand published with other work (the question `ids`)."""
    if not rows:
        return None
    first = rows[0]
    bear = counted(
        len(rows), "row has an id that is already published", "rows have ids that are already published"
    )
    text = (
        f"{bear} with another day, ticket, technician and title, the "
        f"first at line {first.line} (id {first.entry_id}). Did the PSA start its ids over? If so, "
        "these rows are new, and what is published under those ids stays."
    )
    return Question("ids", text, tuple(row.line for row in rows), _sum(rows))


def _asks(row: PlannedRow) -> bool:
    """A row that is not counted does no harm; one that stands published unchanged was asked about before."""
    return row.kind != "unchanged" and row.reason is None


def _is_counted(row: PlannedRow) -> bool:
    return row.reason is None


def _asks_its_date(row: PlannedRow) -> bool:
    """Of a row that no agreement counts for its date alone, the date may be what is wrong, years off."""
    return row.kind != "unchanged" and row.reason in (None, OUTSIDE)


class _Fresh:
    """The rows that ask, by kind of question: without those that were answered before."""

    def __init__(self, asking: Callable[[], Pairs], remembered: Remembered, options: Options) -> None:
        self._asking, self._remembered, self._options = asking, remembered, options

    def of(self, kind: str) -> Pairs:
        said, known, asking = self._options.answered(kind), self._remembered.rows.get(kind), self._asking()
        if said:
            asking = ((slug, row) for slug, row in asking if row.line not in said)
        return ((slug, row) for slug, row in asking if row_key(row) not in known) if known else asking

    def rows(self, kind: str) -> Iterator[Row]:
        return (row for _slug, row in self.of(kind))


def _long(counting: Sequence[Row], fresh: _Fresh, remembered: Remembered) -> Iterator[Question]:
    """A technician's day is judged with all that the file has of it, and asked about for what is fresh in it."""
    asking = {row.line: row for row in fresh.rows("long") if row.technician not in remembered.technicians}
    days = {(row.technician, row.date) for row in asking.values()}
    for question in plausible.long(row for row in counting if (row.technician, row.date) in days):
        mine = tuple(filter(asking.__contains__, question.lines))
        if mine:
            yield question._replace(lines=mine, hours=_sum(map(asking.__getitem__, mine)))


def _sum(rows: Iterable[Row | Still]) -> Decimal:
    return sum((row.worked or ZERO for row in rows), ZERO)


def _clients_of(question: Question, slugs: Mapping[int, str]) -> tuple[str, ...]:
    return tuple(sorted({slugs[line] for line in question.lines if line in slugs}))


def _answer(question: Question, options: Options) -> str:
    if question.kind == "twice" and options.replace and question.field == options.replace:
        return "replaced"
    return ACCEPTED if options.accepts(question.kind, question.mark) else ""


def asked_about(asked: Iterable[AskedQuestion], clients: Iterable[ClientPlan]) -> Iterator[str]:
    """The clients (slugs) that have rows which one of these is about."""
    lines = {line for each in asked for line in each.question.lines}
    for client in clients:
        if lines and any(row.line in lines for row in client.rows):
            yield client.client.slug
