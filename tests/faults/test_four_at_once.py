"""Four people import at once, rows in opposite order, while a client reads: nobody is refused or kept waiting."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from tests.faults.installation import Installation, export
from tests.faults.templates import Template

ROWS = 40


def rows_of(number: int) -> list[tuple[str, str, str, str]]:
    """Of two clients in turn; every other file names them the other way round."""
    clients = ("Acme Dental", "Beta Legal") if number % 2 else ("Beta Legal", "Acme Dental")
    return [(str(at), clients[at % 2], "2026-02-04", "0.25") for at in range(ROWS)]


@pytest.mark.long
def test_four_imports_at_once_count_each_row_once_and_no_reader_is_refused(
    installation: Installation, made: Template
) -> None:
    """Each file is of days of its own and complete: only what it brings counts, whoever comes first."""
    headers = {"Authorization": f"Bearer {made.key}", "Content_Type": "text/csv"}
    files = [export(*rows_of(number), mark=f"F{number}-").encode() for number in range(4)]
    with installation.serving("--threads", "8") as site, ThreadPoolExecutor(8) as pool:
        address = "/api/imports?publish=1&removals=keep"
        dropped = [pool.submit(site.ask, address, file, **headers) for file in files]
        read = [pool.submit(site.ask, made.path) for _ in range(8)]
        answers = [each.result() for each in (*dropped, *read)]

    assert [answer.status for answer in answers] == [200] * len(answers), [a.text for a in answers][:4]
    each = str(Decimal("0.25") * ROWS * 2)
    assert installation.used() == {"acme": each, "beta": each}
    assert "locked" not in site.log.read_text()
