"""The preview as a page needs it: a plan, or in words why the file can't be read, or a choice of how to read it."""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.imports.ordering import is_long, last_order
from desk.models import LongWork
from imports.judging.companies import NotMappedError
from imports.models import Import
from imports.publishing.decided import preset
from imports.publishing.hindrances import place_of
from imports.publishing.options import Options
from imports.publishing.plan import Plan
from imports.publishing.preview import ToBeWorkedOutError, kept_plan, preview, read_source
from imports.reading.code_pages import NAMES
from imports.reading.rows import Grant, Problem, ReadingOption, UnreadableFileError

Words = str | Promise
MOST_READINGS = 4
_ASKS: dict[str, Words] = {
    "encoding": gettext_lazy("Which of these reads right?"),
    "date_order": gettext_lazy("Which days are meant?"),
    "clock": gettext_lazy("Which clock do the times use?"),
}
_ANSWERS: dict[str, Words] = {
    "mdy": gettext_lazy("month/day/year"),
    "dmy": gettext_lazy("day/month/year"),
    "ymd": gettext_lazy("year-month-day"),
    "12": gettext_lazy("12 hours, without AM and PM"),
    "24": gettext_lazy("24 hours"),
}


@dataclass(frozen=True, slots=True)
class WayOfReading:
    """One answer, and the rows as it reads them."""

    value: str
    name: Words
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadingChoice:
    """`option` is the form's field."""

    option: str
    asks: Words
    readings: tuple[WayOfReading, ...]


def choice_of(choice: ReadingOption | None) -> ReadingChoice | None:
    """The ways in which the file could be read, in words; None where that isn't what is wrong with it."""
    if choice is None:
        return None
    readings = (
        WayOfReading(
            value, NAMES.get(value) or _ANSWERS.get(value, value), tuple(" · ".join(row) for row in rows)
        )
        for value, rows in choice.readings[:MOST_READINGS]
    )
    return ReadingChoice(choice.option, _ASKS[choice.option], tuple(readings))


@dataclass(frozen=True, slots=True)
class UnreadableFile:
    """`is_gone`: the original is no longer kept, so trying again is no use. `choice`: what makes it readable."""

    problems: tuple[Problem, ...]
    is_gone: bool = False
    choice: ReadingChoice | None = None

    @property
    def placed(self) -> tuple[tuple[str, Problem], ...]:
        """Each problem behind its place."""
        return tuple((place_of(problem), problem) for problem in self.problems)


def plan_or_problem(source: Import, today: date, *, kept_only: bool = False) -> Plan | UnreadableFile:
    """What publishing the import would do today, with the usual answers set; or why its file can't be read.

    `kept_only`: raises `ToBeWorkedOutError` unless that is worked out already.
    """
    try:
        return preset(preview(source, today=today, kept_only=kept_only))
    except UnreadableFileError as error:
        return UnreadableFile(error.problems, choice=choice_of(error.choice))
    except FileNotFoundError:
        return _gone()


def plan_in_time(source: Import, today: date) -> Plan | UnreadableFile:
    """As `plan_or_problem`; of a large file only what is worked out already, for a request can't wait for the rest.

    Raises `ToBeWorkedOutError`.
    """
    if not is_long(source):
        return plan_or_problem(source, today)
    try:
        return plan_or_problem(source, today, kept_only=True)
    except ToBeWorkedOutError as missing:
        last = last_order(source)
        if last and (last.kind, last.state, last.digest) == (
            LongWork.Kind.LOOK,
            LongWork.State.DONE,
            missing.digest,
        ):
            return plan_or_problem(source, today)  # it could not be read, and says so soon
        raise


def plan_looked_at(source: Import, today: date) -> Plan | UnreadableFile:
    """The plan in time, else the one that was looked at last: the one that a sent form is about.

    Raises `NotMappedError` where nobody has looked at one.
    """
    try:
        return plan_in_time(source, today)
    except ToBeWorkedOutError as missing:
        seen = kept_plan(source)
        if seen is None:
            raise NotMappedError(_("The preview isn’t ready yet. Please answer once it is.")) from missing
        return seen


def grants_of_published(source: Import, today: date) -> tuple[Grant, ...]:
    """The rows of a published import that grant hours."""
    return grants_in(source, today) if source.result.get("top_ups_offered") else ()


def grants_in(source: Import, today: date) -> tuple[Grant, ...]:
    """The rows of the file that grant hours; none when it can't be read, or is no longer kept."""
    try:
        return read_source(source, Options.read(source.options), today).grants
    except (UnreadableFileError, FileNotFoundError):
        return ()


def _gone() -> UnreadableFile:
    message = _("The original file is no longer kept. Export the period again and upload that file.")
    return UnreadableFile((Problem(0, "", "", message),), is_gone=True)
