"""How these tests read an export, and what they ask of the result."""

from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from imports.reading.mapped import Mapping, mapping_of
from imports.reading.parse import Recall, parse
from imports.reading.rows import Answers, ParsedFile, Problem, Row, UnreadableFileError

NEW_YORK = ZoneInfo("America/New_York")
TODAY = date(2026, 7, 2)
SAMPLES = Path(__file__).parent.parent / "samples"


def read(
    content: str | bytes,
    *,
    format: str | None = None,  # noqa: A002 - as `parse` calls it
    order: str | None = "mdy",
    one_client: bool = False,
    zone: ZoneInfo = NEW_YORK,
    today: date = TODAY,
    mappings: tuple[Mapping, ...] = (),
    answers: Answers | None = None,
    recall: Recall | None = None,
    clients: tuple[str, ...] = (),
    may_be_empty: bool = False,
) -> ParsedFile:
    """Parse as a provider in New York who writes month/day."""
    return parse(
        content.encode() if isinstance(content, str) else content,
        format=format,
        date_order=order,
        timezone=zone,
        single_client=one_client,
        today=today,
        mappings=mappings,
        answers=answers,
        recall=recall,
        clients=clients,
        may_be_empty=may_be_empty,
    )


def only_row(content: str | bytes, **options: object) -> Row:
    """The one row of an export from which nothing is refused."""
    file = read(content, **options)
    assert file.refused == ()
    (row,) = file.rows
    return row


def only_refusal(content: str | bytes, **options: object) -> Problem:
    """The one refused row of an export."""
    (problem,) = read(content, **options).refused
    return problem


def unreadable(content: str | bytes, **options: object) -> str:
    """The sentences with which a file as a whole is refused."""
    with pytest.raises(UnreadableFileError) as raised:
        read(content, **options)
    return " ".join(problem.message for problem in raised.value.problems)


def total(file: ParsedFile, field: str) -> Decimal:
    """The sum of a column of hours."""
    return sum((getattr(row, field) or Decimal(0) for row in file.rows), Decimal(0))


def hours(text: str) -> Decimal:
    """Hours as rows hold them."""
    return Decimal(text)


def mapped_by(header: Sequence[str], columns: MappingOf[str, str]) -> Mapping:
    """A mapping by hand for that header."""
    return mapping_of(header, columns, name="timesheet")
