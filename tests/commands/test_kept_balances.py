"""`balances` prints today from what is kept of each client; what isn't kept, or was changed, is worked out."""

import json
import random
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from accounts import keys
from accounts.models import Scope
from accounts.tenancy import tenant_scope
from desk import balances
from desk.dashboard.keeping import differing, keep_days
from desk.models import ClientDay
from retainers.kept.keeping import keep_all
from retainers.models import KeptFigures
from tests.examples import seeds
from tests.factories import ClientFactory, ProviderFactory, a_retainer, an_agreement, publish_work

NOW = datetime(2026, 5, 12, 9, tzinfo=UTC)


@pytest.fixture
def provider(db, time_machine):
    time_machine.move_to(NOW, tick=False)
    provider = ProviderFactory(timezone="America/Chicago")
    with tenant_scope(provider):
        yield provider


def a_client(provider, number, *keys, **options):
    client = ClientFactory(provider=provider, slug=f"c{number}")
    return [a_retainer(client, an_agreement(key=key, **options)) for key in keys or ("support",)]


def printed(provider, *options):
    """What the command prints, and whether it read an agreement."""
    out = StringIO()
    with CaptureQueriesContext(connection) as asked:
        call_command("balances", "--provider", provider.slug, *options, stdout=out)
    return out.getvalue(), any("agreementversion" in each["sql"] for each in asked)


def worked_out(provider, *options):
    ClientDay.objects.all().delete()
    said, has_read = printed(provider, *options)
    assert has_read
    return said


@pytest.mark.parametrize("seed", seeds(1, 4))
def test_what_is_kept_is_what_is_worked_out_on_every_day(provider, time_machine, seed):
    chance = random.Random(seed)
    rows = [
        *a_client(provider, 1, "support", "a-more"),
        *a_client(provider, 2, starts=date(2026, 5, 20)),
        *a_client(provider, 3, ends=date(2026, 6, 2), anchor_day=15),
    ]
    for days in range(0, 40, 3):
        at = NOW + timedelta(days=days, hours=chance.randint(0, 23))
        time_machine.move_to(at, tick=False)
        for row in chance.sample(rows, 2):
            day = at.date() + timedelta(days=chance.randint(-30, 5))
            publish_work(row, (day, f"{chance.randint(1, 40) / 4:.2f}"), at=at, through=at.date())
        keep_days(provider)
        said, has_read = printed(provider)
        assert not has_read
        assert said == worked_out(provider)


def test_one_client_is_printed_from_what_is_kept(provider):
    rows = [row for number in (1, 2) for row in a_client(provider, number)]
    for row in rows:
        publish_work(row, (date(2026, 5, 4), "1.5"), at=NOW)
    keep_days(provider)
    said, has_read = printed(provider, "--client", "c2")
    assert (said, has_read) == ("c2/support: 8.50 left, 1.50 used in 2026-05-01 to 2026-05-31\n", False)


@pytest.fixture
def kept(provider):
    (row,) = a_client(provider, 1)
    publish_work(row, (date(2026, 5, 4), "12"), at=NOW)
    keep_days(provider)
    return row


def test_it_asks_as_often_for_many_clients_as_for_one(kept, provider):
    def count():
        with CaptureQueriesContext(connection) as asked:
            printed(provider)
        return len(asked)

    of_one = count()
    for number in range(2, 8):
        publish_work(a_client(provider, number)[0], (date(2026, 5, 4), "1"), at=NOW)
    keep_days(provider)
    assert count() == of_one


def test_a_publication_is_told_at_once(kept, provider):
    publish_work(kept, (date(2026, 5, 5), "1"), at=NOW)
    assert printed(provider) == (
        "c1/support: 0.00 left, 3.00 over, 13.00 used in 2026-05-01 to 2026-05-31\n",
        True,
    )


@pytest.mark.parametrize("change", [{"balances": "support: 9"}, {"code": "another"}, {"zone": "UTC"}])
def test_what_was_changed_or_does_not_hold_is_worked_out(kept, provider, change):
    ClientDay.objects.update(**change)
    assert printed(provider) == (
        "c1/support: 0.00 left, 2.00 over, 12.00 used in 2026-05-01 to 2026-05-31\n",
        True,
    )


@pytest.mark.parametrize("asked", [("--on", "2026-05-12"), ("--as-published", "2026-05-12"), ("--json",)])
def test_other_questions_are_worked_out(kept, provider, asked):
    assert printed(provider, *asked)[1]


def in_json(provider, way):
    """The balances as a program is told them, and what was asked of the database for them."""
    out, key = StringIO(), keys.create(name="reader", scopes=[Scope.READ], by=None)[1]
    with CaptureQueriesContext(connection) as asked:
        if way == "command":
            call_command("balances", "--provider", provider.slug, "--json", stdout=out)
        else:
            out.write(Browser().get("/api/balances", headers={"authorization": f"Bearer {key}"}).text)
    return out.getvalue(), [each["sql"] for each in asked]


@pytest.mark.parametrize("way", ["command", "api"])
def test_programs_are_told_the_same_without_the_work_of_closed_cycles(provider, way):
    for number in range(3):
        (row,) = a_client(provider, number, starts=date(2026, 3, 1))
        publish_work(
            row, (date(2026, 3, 9), "1.5"), (date(2026, 4, 9), "11"), (date(2026, 5, 9), "2"), at=NOW
        )
    keep_all(provider)
    told, asked = in_json(provider, way)
    (entries,) = [sql for sql in asked if "day_text" in sql]
    assert "'2026-05-01'" in entries
    KeptFigures.objects.all().delete()
    assert in_json(provider, way)[0] == told
    assert [len(each["cycles"]) for each in json.loads(told)] == [3, 3, 3]


@pytest.mark.parametrize("way", ["command", "api"])
def test_programs_are_told_all_agreements_where_they_are_worked_out_in_parts(provider, way, monkeypatch):
    for number in range(5):
        publish_work(a_client(provider, number)[0], (date(2026, 5, 9), str(number)), at=NOW)
    whole = in_json(provider, way)[0]
    monkeypatch.setattr(balances, "A_PART", 2)
    assert in_json(provider, way)[0] == whole
    assert [each["client"] for each in json.loads(whole)] == ["c0", "c1", "c2", "c3", "c4"]


def test_verify_finds_a_line_that_was_changed(kept, provider):
    assert list(differing(provider)) == []
    ClientDay.objects.update(balances="support: 9.00 left")
    assert list(differing(provider)) == ["c1"]
