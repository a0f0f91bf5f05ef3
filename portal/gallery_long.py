"""Long logs for the gallery: of a month and of a year, each line with words of its own. Nobody here exists."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from portal.gallery_data import YEAR_ENDS, YEAR_OF_WORK, WorkLine

FIRST_DAY = date(2026, 11, 1)
TEXTS = (
    "Password reset, front desk",
    "Network connection restored: firewall settings corrected",
    "Label printers back in service",
    "Mail delivery problem traced and fixed",
    "Shared calendar visible again for the whole team",
    "Workstation cleaned up after a warning of the virus scanner",
    "New colleague set up: account, mailbox, telephone",
    "Slow practice software: database index rebuilt",
    "Remote access repaired for the home office",
    "Backup restored on trial and verified",
    "Video conference room: microphone replaced",
)


def many_lines(count: int) -> Iterator[WorkLine]:
    """Work spread over the covered days of November, each line with words of its own."""
    for number in range(count):
        kind = ("", "", "after_hours", "", "onsite")[number % 5]
        yield WorkLine(
            day=FIRST_DAY + timedelta(days=number * 19 // count),
            worked=("0.2", "0.5", "0.67", "1", "0.75", "1.25")[number % 6],
            text=f"{TEXTS[number % len(TEXTS)]} (room {100 + number * 7 % 83})",
            kind=kind,
            pool="scheduled" if number % 9 == 4 else None,
        )


def year_of_lines(count: int) -> Iterator[WorkLine]:
    """The same over a whole year."""
    first, days = YEAR_OF_WORK.starts, (YEAR_ENDS - YEAR_OF_WORK.starts).days
    for number, line in enumerate(many_lines(count)):
        yield replace(line, day=first + timedelta(days=number * days // count))
