"""What the uploader says about a file, read by one rule for the form, the command line and the API alike.

Each door brings the words as they were said, under the names of the command's options, and shows what is
refused in its own way. The provider in scope says which formats and pools there are.
"""

import codecs
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, get_args

from accounts.models import Provider
from imports.models import SourceRow
from imports.publishing.options import ALL, Options, Removals
from imports.reading.rows import Problem, QuestionKind, Row
from imports.saved_mappings import format_names
from retainers.agreements import agreement_from_document
from retainers.company_names import company_key
from retainers.restating import tidy_reason
from retainers.selectors import retainers_of
from retainers.terms import Pool

OPTIONS = (
    "format", "encoding", "date_order", "clock", "through", "from", "to", "covers", "removals", "skip_bad_rows",
    "accept", "restate", "restate_reason", "replace",
)  # fmt: skip
CLOCKS = ("12", "24")
QUESTIONS: tuple[str, ...] = get_args(QuestionKind)
ORDERS: tuple[str, ...] = tuple(Provider.DateOrder.values)
REMOVALS: tuple[str, ...] = get_args(Removals)
LAST_YEAR = 2200
YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"", "0", "false", "no", "off"})


class OptionProblem(NamedTuple):
    """`option` by its name in `OPTIONS`; `value` is what was said. `is_missing`: the provider has no such thing,
    while the words themselves make sense."""

    option: str
    value: str
    message: str
    is_missing: bool = False


class RefusedOptionsError(Exception):
    """What was said of a file makes no sense; `problems` say what, all at once."""

    def __init__(self, problems: Sequence[OptionProblem]) -> None:
        super().__init__(" ".join(problem.message for problem in problems))
        self.problems = tuple(problems)


def read_options(said: Mapping[str, Any]) -> Options:
    """The options in these words: texts by name, `covers` a list of texts. Raises `RefusedOptionsError`."""
    reading, formats = _Reading(said), format_names()
    options = Options(
        format=reading.one_of("format", formats, "is neither a format nor a saved mapping."),
        date_order=reading.one_of("date_order", ORDERS, "isn’t an order of dates."),
        through=reading.day("through"),
        starts=reading.day("from"),
        ends=reading.day("to"),
        agreements=reading.covered("agreement"),
        pools=reading.covered("pool"),
        skip_bad_rows=reading.flag("skip_bad_rows"),
        removals=reading.removals(),
        encoding=reading.encoding(),
        clock=reading.one_of("clock", CLOCKS, "isn’t a clock."),
        accept=reading.accepted(),
        restate=reading.flag("restate"),
        restate_reason=reading.reason(),
        replace=reading.one_of("replace", formats, "is neither a format nor a saved mapping."),
    )
    problems = [*reading.problems, *_period(options, said), *_pools(options)]
    if problems:
        raise RefusedOptionsError(problems)
    return options


def read_flag(said: Mapping[str, Any], name: str) -> bool:
    """A yes or no of an address: `publish=1`. Raises `RefusedOptionsError`."""
    reading = _Reading(said)
    value = reading.flag(name)
    if reading.problems:
        raise RefusedOptionsError(reading.problems)
    return value


class _Reading:
    """The words on their way; what can't be read is in `problems` afterwards."""

    def __init__(self, said: Mapping[str, Any]) -> None:
        self._said = said
        self.problems: list[OptionProblem] = []

    def one_of(self, name: str, known: Sequence[str], otherwise: str) -> str:
        value = self._text(name)
        if value and value not in known:
            self._refuse(name, value, f"“{value}” {otherwise} Known: {', '.join(known)}.")
            return ""
        return value

    def reason(self) -> str:
        """Why settled cycles may be restated: a reason without that leave is for nothing."""
        said = tidy_reason(self._text("restate_reason"))
        if said and not self.flag("restate"):
            self._refuse("restate_reason", said, "A reason needs “restate” with it.")
        return said

    def removals(self) -> Removals:
        value = self.one_of("removals", REMOVALS, "isn’t an answer about removals.")
        return value or Options().removals  # type: ignore[return-value]  # one of them

    def encoding(self) -> str:
        value = self._text("encoding")
        try:
            return codecs.lookup(value).name if value else ""
        except LookupError:
            self._refuse(
                "encoding", value, f"“{value}” isn’t an encoding. Known: utf-8, cp1252, cp850 and others."
            )
            return ""

    def accepted(self) -> tuple[str, ...]:
        """Questions for which the file is taken at its word: a list, or one text with commas."""
        said = self._said.get("accept") or ()
        texts = [said] if isinstance(said, str) else said
        kinds = [kind.strip() for text in texts for kind in str(text).split(",") if kind.strip()]
        for kind in kinds:
            if kind not in (*QUESTIONS, ALL):
                known = ", ".join((*QUESTIONS, ALL))
                self._refuse("accept", kind, f"“{kind}” isn’t a question. Known: {known}.")
        return tuple(dict.fromkeys(kinds))

    def day(self, name: str) -> date | None:
        value = self._text(name)
        if not value:
            return None
        try:
            day = date.fromisoformat(value)
        except ValueError:
            self._refuse(name, value, f"“{value}” isn’t a date. Write it as 2026-03-15.")
            return None
        if day.year > LAST_YEAR:
            self._refuse(name, value, f"{value} is too far away: HourTab counts up to the year {LAST_YEAR}.")
        return day

    def flag(self, name: str) -> bool:
        value = self._text(name).casefold()
        if value not in YES | NO:
            self._refuse(name, value, f"“{value}” is neither yes nor no. Write 1 or 0.")
        return value in YES

    def covered(self, kind: str) -> tuple[str, ...]:
        """What the file speaks for, of one kind. What is of no kind is refused once, with the agreements."""
        found = []
        for said in self._said.get("covers") or ():
            of, _, name = str(said).partition(":")
            name = " ".join(name.split())
            if of == kind and name:
                found.append(name)
            elif kind == "agreement" and (of not in ("agreement", "pool") or not name):
                self._refuse("covers", str(said), f"“{said}”: say agreement:NAME or pool:KEY.")
        return tuple(dict.fromkeys(found))

    def _text(self, name: str) -> str:
        value = self._said.get(name)
        return "" if value is None else str(value).strip()

    def _refuse(self, name: str, value: str, message: str) -> None:
        self.problems.append(OptionProblem(name, value, message))


def _period(options: Options, said: Mapping[str, Any]) -> Iterator[OptionProblem]:
    starts, ends = bool(said.get("from")), bool(said.get("to"))
    if starts != ends:
        yield OptionProblem("to" if starts else "from", "", "A period needs both its first and its last day.")
    elif options.starts and options.ends and options.starts > options.ends:
        yield OptionProblem("to", str(options.ends), "The period ends before it starts.")


def _pools(options: Options) -> Iterator[OptionProblem]:
    """A pool that nobody has covers nothing: a typing error, which would publish less than was meant."""
    known = pool_keys() if options.pools else set()
    for key in options.pools:
        if key not in known:
            message = f"No retainer has the pool “{key}”. Known: {', '.join(sorted(known))}."
            yield OptionProblem("covers", f"pool:{key}", message, is_missing=True)


def pool_keys() -> set[str]:
    """Every pool that a retainer of the provider in scope has ever had terms for."""
    return {pool.key for pool in _every_pool()}


def pool_names() -> dict[str, set[str]]:
    """The keys of these pools by what agreements call them."""
    found: dict[str, set[str]] = defaultdict(set)
    for pool in _every_pool():
        found[pool.name].add(pool.key)
    return dict(found)


def _every_pool() -> Iterator[Pool]:
    documents = (row.publication.version.document for row in retainers_of() if row.publication)
    return (
        pool
        for document in documents
        for terms in agreement_from_document(document).terms
        for pool in terms.pools
    )


def doubtful(
    options: Options, rows: Sequence[Row], claimed: Collection[str], today: date
) -> Iterator[Problem]:
    """`claimed`: the PSA's agreements that retainers name, collapsed."""
    if options.through and options.through > today:
        yield Problem(
            0,
            "",
            options.through.isoformat(),
            f"The file is said to cover work through {options.through}, which is in the future; "
            f"{today} is used instead.",
        )
    known = {*claimed, *(company_key(row.agreement) for row in rows)} if options.agreements else set()
    for name in options.agreements:
        if company_key(name) not in known and not _was_published(name):
            yield Problem(
                0,
                "",
                name,
                f"No retainer and no row has an agreement “{name}”, so nothing is compared for it.",
            )


def _was_published(name: str) -> bool:
    found: bool = SourceRow.objects.filter(columns__agreement__iexact=name).exists()
    return found
