"""The preview as a page needs it: a plan, or in words why the file can't be read."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from desk.imports.reading_choice import ReadingChoice, choice_of
from imports.models import Import
from imports.publishing.decided import preset
from imports.publishing.options import Options
from imports.publishing.plan import Plan
from imports.publishing.preview import preview, read_source
from imports.reading.rows import Grant, Problem, UnreadableFileError


@dataclass(frozen=True, slots=True)
class UnreadableFile:
    """`is_gone`: the original is no longer kept, so trying again is no use. `choice`: what makes it readable."""

    problems: tuple[Problem, ...]
    is_gone: bool = False
    choice: ReadingChoice | None = None


def plan_of(source: Import, today: date) -> Plan | UnreadableFile:
    try:
        return preset(preview(source, today=today))
    except UnreadableFileError as error:
        return UnreadableFile(error.problems, choice=choice_of(error.choice))
    except FileNotFoundError:
        return _gone()


def grants_of(source: Import, today: date) -> tuple[Grant, ...]:
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
