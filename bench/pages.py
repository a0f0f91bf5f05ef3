"""What pages cost, in requests to a bare view (B) that the same gunicorn with the same worker answers beside them.

    python -m bench.pages [clients]

Builds a throw-away SQLite database: a client with three years of history and a hundred lines in the running month,
one with a year and one with ten years and 50,000 entries behind it, and providers with one client and with many.
"""

import os
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bench import cpu, prepared, work
from bench.prepared import PRODUCTION
from bench.served import Server, serving

TIMES = 5
LINES = 100
BARE, PAGE, AGAIN, UNCHANGED = "B", "page", "again", "304"
ONE_YEAR, TEN_YEARS, ONE_CLIENT, MANY = "1 year", "10 years", "1 client", "many clients"


def built(place: Path, clients: int) -> dict[str, str]:
    """Addresses of the pages by name, and the cookies of the dashboards."""
    os.environ |= PRODUCTION
    prepared.begin(place)
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    from accounts import database

    made = {PAGE: a_page(3, LINES), ONE_YEAR: a_page(1, LINES), TEN_YEARS: a_page(10, 420)}
    made |= {ONE_CLIENT: a_desk(1), MANY: a_desk(clients)}
    database.learn()  # as after each import
    return made


def a_page(years: int, each_month: int) -> str:
    """A share link of a client with so many years of work, and a hundred lines in the running month."""
    from tests.factories import ProviderFactory, an_agreement

    now = datetime.now(tz=UTC)
    first = now.date().replace(day=1)
    months = [first]
    while len(months) < years * 12:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    rows = work.agreed(ProviderFactory(), 1, an_agreement(starts=months[-1]))
    works = [(first, "0.1")] * LINES
    works += [(month + timedelta(days=at % 28), "0.1") for month in months[1:] for at in range(each_month)]
    work.publish(rows, works, at=now)
    return work.a_link(rows[0].client)[1]


def a_desk(clients: int) -> str:
    """A manager's cookie at a provider with so many clients, each with half a year of some work."""
    from django.conf import settings
    from django.test import Client as Browser

    from tests.factories import MembershipFactory, ProviderFactory

    provider, now = ProviderFactory(), datetime.now(tz=UTC)
    starts = date(now.year, 1, 1)
    works = [(starts + timedelta(days=15 * at), "0.5") for at in range(12)]
    work.publish(work.agreed(provider, clients), works, at=now)
    browser = Browser()
    browser.force_login(MembershipFactory(provider=provider).user)
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={browser.cookies[name].value}"


def one_round(found: cpu.Beside, said: dict[str, str], bare: Server, pages: Server) -> None:
    number = iter(range(len(found.rounds.get(PAGE, [])) * 1000, sys.maxsize))
    fresh = {
        name: lambda _n, name=name: f"{said[name]}?n={next(number)}" for name in (PAGE, ONE_YEAR, TEN_YEARS)
    }
    known = {"If-None-Match": pages.ask(said[PAGE])[1]["ETag"]}
    found.add(BARE, bare.seconds("/", 200))
    found.add(PAGE, pages.seconds(fresh[PAGE], 10))
    found.add(AGAIN, pages.seconds(said[PAGE], 50))
    found.add(UNCHANGED, pages.seconds(said[PAGE], 50, headers=known, wanted=304))
    found.add(ONE_YEAR, pages.seconds(fresh[ONE_YEAR], 5))
    found.add(TEN_YEARS, pages.seconds(fresh[TEN_YEARS], 5))


def a_start(found: cpu.Beside, said: dict[str, str], env: dict[str, str]) -> None:
    """The first dashboards after a restart; the templates are compiled by a first one of another kind."""
    with serving("hourtab.wsgi", env) as pages:
        pages.ask(said[PAGE])
        pages.ask("/clients/", {"Cookie": said[ONE_CLIENT]})
        for name in (ONE_CLIENT, MANY):
            found.add(f"{name}, first", pages.seconds("/", 1, headers={"Cookie": said[name]}))
            found.add(name, pages.seconds("/", 3, headers={"Cookie": said[name]}))


def figures(clients: int) -> list[cpu.Figure]:
    found, many = rounds(clients), f"{clients:,} clients"
    how, starts = "HourTab's gunicorn, SQLite", "3 × alternating"
    first, later = "first dashboard after a restart", "later dashboards"
    said = (
        ("balance page, 3 years, 100 lines, uncached", PAGE, BARE, "B", 20, how),
        ("the same, second visit", AGAIN, BARE, "B", 2.5, how),
        ("the same, unchanged (304)", UNCHANGED, BARE, "B", 2.5, how),
        ("10 years and 50,000 entries, compared with 1 year", TEN_YEARS, ONE_YEAR, "×", 1.5, how),
        (f"{first}, {many}, compared with 1", f"{MANY}, first", f"{ONE_CLIENT}, first", "×", 4, starts),
        (f"{later}, {many}, compared with 1", MANY, ONE_CLIENT, "×", 4, starts),
    )
    return [
        cpu.Figure(what, found.ratio(it, beside), unit, line, how)
        for what, it, beside, unit, line, how in said
    ]


def rounds(clients: int) -> cpu.Beside:
    """What each of them took, in turns."""
    found = cpu.Beside()
    with cpu.folder() as place:
        said = built(place, clients)
        env = {**PRODUCTION, "DATABASE_URL": f"sqlite:///{place}/bench.sqlite3"}
        with serving("bench.bare", env) as bare, serving("hourtab.wsgi", env) as pages:
            pages.ask(said[PAGE])
            for _ in range(TIMES):
                one_round(found, said, bare, pages)
        for _ in range(3):
            a_start(found, said, env)
    return found


if __name__ == "__main__":
    for figure in figures(int(sys.argv[1]) if len(sys.argv) > 1 else 1000):
        print(figure.line)
