"""An ordinary Monday: the month so far, for forty clients, goes through without a question."""

import random
from datetime import date, timedelta

import pytest

from tests.acceptance.conftest import at

COLUMNS = "Entry ID,Client,Date,Start,End,Hours,Technician,Ticket,Title,Billing status,Cost"
CLIENTS = [f"Client {number:02}" for number in range(1, 41)]
QUIET = {"Client 07", "Client 23", "Client 40"}
FIRST, MONDAY, SUNDAY = date(2026, 3, 1), date(2026, 3, 9), date(2026, 3, 8)


def agreement():
    parts = ['[provider]\nslug = "northwind"\nname = "Northwind"\ndate_order = "ymd"\n']
    for name in CLIENTS:
        slug = name.lower().replace(" ", "-")
        parts.append(
            f'[[clients]]\nslug = "{slug}"\nname = "{name}"\n'
            '[[clients.retainers]]\nkey = "support"\nname = "Support"\nstarts = 2026-01-01\n'
            '[[clients.retainers.terms]]\npools = [{ key = "main", name = "Main", hours = "40" }]\n'
        )
    return "\n".join(parts)


def entry(number, client, day, hours, start="09:00", end="", technician="Ann", ticket=None):
    title = f"Ticket {ticket or number}"
    return [number, client, day, start, end, hours, technician, ticket or number, title, "Billable", "12.00"]


def days(first, last):
    return [first + timedelta(days=each) for each in range((last - first).days + 1)]


def work_until(last):
    """Some work of every client that is not quiet, on working days, with breaks and rounding in it."""
    dice = random.Random(7)
    rows = []
    for day in days(FIRST, last):
        for client in CLIENTS if day.weekday() < 5 else ():
            hours, breaks = dice.choice([("1.25", 0), ("0.5", 0), ("2", 30), ("1", 15)])
            end = timedelta(hours=9, minutes=float(hours) * 60 + breaks)
            rows.append(
                entry(
                    day.toordinal() * 100 + CLIENTS.index(client),
                    client, day, hours, end=str(end)[:-3].zfill(5), technician=f"Tech {dice.randrange(30)}",
                )
            )  # fmt: skip
    return [row for row in rows if row[1] not in QUIET]


@pytest.fixture
def bring(shell, file, load):
    with at("2026-01-01 09:00"):
        assert load(agreement()).code == 0

    def bring(rows, *words):
        text = "\n".join([COLUMNS, *(",".join(map(str, row)) for row in rows), ""])
        path = file(text, "month.csv")
        words = ("--format", "generic", "--publish", "--json", *words)
        return shell("import_csv", path, "--provider", "northwind", *words)

    return bring


def last_week(bring):
    """The Monday before, when the columns that are not read were answered."""
    with at("2026-03-06 07:00"):
        first = bring(work_until(date(2026, 3, 5)))
        assert [each["question"] for each in first.json["questions"]] == ["columns"]
        assert bring(work_until(date(2026, 3, 5)), "--accept", "columns").code == 0


def test_an_ordinary_monday_passes_without_a_question(bring):
    last_week(bring)
    rows = work_until(SUNDAY)
    del rows[20]  # a duplicate that somebody deleted
    rows[30][5] = "1.75"  # a technician's correction
    late = entry(900_001, "Client 11", date(2026, 2, 27), "1.5", end="10:30")  # February isn't settled
    back = entry(900_002, "Client 12", SUNDAY, "-0.5", start="", ticket="T", technician=rows[40][6])
    back[1] = rows[40][1]  # an adjustment that gives back some of that technician's work
    with at(f"{MONDAY} 07:00"):
        said = bring(
            [*rows, late, back], "--through", SUNDAY.isoformat(), "--from", "2026-02-27", "--to", "2026-03-08"
        )

    assert (said.code, said.lines, said.json["questions"], said.json["restated"]) == (0, [], [], [])
    assert said.json["held"] == []
    assert said.json["entries"]["removed"] == 1
    assert said.json["entries"]["changed"] == 1
    assert said.json["hours"]["held"] == "0.00"


def test_a_client_without_work_is_dated_all_the_same(bring, shell):
    last_week(bring)
    with at(f"{MONDAY} 07:00"):
        assert bring(work_until(SUNDAY), "--through", SUNDAY.isoformat()).code == 0
        words = ("--provider", "northwind", "--client", "client-07", "--json")
        (quiet,) = shell("balances", *words).json

    assert quiet["through"] == "2026-03-08"
