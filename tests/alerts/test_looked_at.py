"""What `tick` has told of an agreement today isn't worked out again, and whatever moves its figures is told at once."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.tenancy import tenant_scope
from alerts.models import Crossing, LookedAt
from alerts.telling import tell_crossings
from retainers.models import ClosedMonth, Retainer
from retainers.terms import AlertTerms, Pool, Terms
from tests.examples import seeds
from tests.factories import ClientFactory, ProviderFactory, a_retainer, an_agreement, publish_work

NOW = datetime(2026, 5, 12, 9, tzinfo=UTC)
START = date(2026, 1, 1)
A_DAY = timedelta(days=1)
COLUMNS = ("retainer__client__slug", "account", "cycle_starts", "threshold")


@pytest.fixture
def provider(db, time_machine) -> Iterator:
    time_machine.move_to(NOW, tick=False)
    provider = ProviderFactory(timezone="America/Chicago")
    with tenant_scope(provider):
        yield provider


def a_client(provider, slug="acme", **options):
    return a_retainer(ClientFactory(provider=provider, slug=slug), an_agreement(**options))


def told():
    return sorted(Crossing.objects.values_list(*COLUMNS))


def asked(work):
    with CaptureQueriesContext(connection) as found:
        work()
    return [each["sql"] for each in found]


def test_what_was_looked_at_today_is_not_looked_at_again(provider):
    publish_work(a_client(provider), (date(2026, 5, 4), "9.5"), at=NOW, through=NOW.date())
    assert tell_crossings(provider, NOW) > 0
    for day in (NOW, NOW + A_DAY):
        tell_crossings(provider, day)
        again = asked(lambda: tell_crossings(provider, day))  # noqa: B023 -- asked at once

        assert not [sql for sql in again if "retainers_entry" in sql or "keptfigures" in sql]
        assert len(again) == 3


def test_nothing_to_tell_takes_as_many_queries_for_many_agreements_as_for_one(provider):
    found = []
    for number in range(8):
        publish_work(a_client(provider, f"c{number}"), (date(2026, 5, 4), "1"), at=NOW, through=NOW.date())
        tell_crossings(provider, NOW)
        found.append(len(asked(lambda: tell_crossings(provider, NOW))))
    assert set(found) == {3}


def test_a_publication_is_told_at_once_and_of_its_agreement_alone(provider):
    rows = [a_client(provider, slug) for slug in ("acme", "birch")]
    for row in rows:
        publish_work(row, (date(2026, 5, 4), "1"), at=NOW, through=NOW.date())
    assert tell_crossings(provider, NOW) == 0
    publish_work(rows[0], (date(2026, 5, 5), "8"), at=NOW, through=NOW.date())

    assert tell_crossings(provider, NOW) == 2
    assert {slug for slug, *_ in told()} == {"acme"}


def test_the_day_begins_where_the_provider_is(provider):
    late = datetime(2026, 5, 13, 4, 30, tzinfo=UTC)  # half past eleven in the evening of the 12th
    publish_work(a_client(provider), (date(2026, 5, 13), "9.5"), at=NOW, through=date(2026, 5, 13))
    assert tell_crossings(provider, late) == 0
    assert tell_crossings(provider, late) == 0
    assert tell_crossings(provider, late + timedelta(hours=1)) == 2


def test_a_month_that_is_opened_again_is_looked_at_again(provider):
    row = a_client(provider)
    publish_work(row, (date(2026, 5, 4), "1"), at=NOW, through=NOW.date())
    closed = ClosedMonth.objects.create(month=date(2026, 4, 1), made_at=NOW)
    publish_work(row, (date(2026, 4, 4), "12"), at=NOW, through=NOW.date())
    assert tell_crossings(provider, NOW) == 0
    assert tell_crossings(provider, NOW) == 0

    closed.taken_back_at = NOW
    closed.save(update_fields=["taken_back_at"])

    assert tell_crossings(provider, NOW) == 3
    assert {starts for *_, starts, _ in told()} == {date(2026, 4, 1)}


def test_other_days_of_grace_are_looked_at_again(provider):
    publish_work(a_client(provider), (date(2026, 5, 4), "1"), at=NOW, through=NOW.date())
    tell_crossings(provider, NOW)
    provider.settles_after_days += 1
    provider.save()
    assert len(asked(lambda: tell_crossings(provider, NOW))) > 3


def test_a_new_release_looks_at_all_again(provider):
    publish_work(a_client(provider), (date(2026, 5, 4), "1"), at=NOW, through=NOW.date())
    tell_crossings(provider, NOW)
    LookedAt.objects.update(code="another")
    assert len(asked(lambda: tell_crossings(provider, NOW))) > 3


@pytest.mark.parametrize("seed", seeds(1, 6))
def test_day_by_day_as_much_is_told_as_by_looking_at_everything(provider, seed):
    chance = random.Random(seed)
    rows = [_odd_client(provider, number, chance) for number in range(3)]
    for days in range(0, 70, 2):
        at = NOW + days * A_DAY
        for row in chance.sample(rows, chance.randint(0, 2)):
            work = [(at.date() + timedelta(days=chance.randint(-40, 5)), f"{chance.randint(1, 16) / 4}")]
            publish_work(row, *work, at=at, through=at.date() - timedelta(days=chance.randint(0, 3)))
        for _ in range(2):
            tell_crossings(provider, at)
        quick = told()
        LookedAt.objects.all().delete()
        assert tell_crossings(provider, at) == 0
        assert told() == quick
    assert told()


def _odd_client(provider, number, chance):
    pools = (
        Pool("support", "IT support", Decimal(chance.randint(2, 12))),
        Pool("spare", "Spare", Decimal(2), hidden=chance.random() < 0.5),
    )
    ends = chance.choice((None, date(2026, 7, 5)))
    alerts = chance.choice((None, AlertTerms((50, 100), Decimal(1))))
    return a_client(
        provider,
        f"c{number}",
        terms=(Terms(START, pools),),
        ends=ends,
        alerts=alerts,
        incident_alert_hours=None,
    )


def test_verify_finds_what_was_said_to_be_told_and_is_not(world):
    world.bring((date(2026, 11, 3), "9.5"))
    world.tick()
    call_command("verify", stdout=StringIO())

    world.bring((date(2026, 11, 4), "1"))
    call_command("verify", stdout=StringIO())
    with tenant_scope(world.provider):
        LookedAt.objects.update(publication=Retainer.objects.get().publication)

    with pytest.raises(CommandError, match="alerts: acme/support: it is said that all alerts of today"):
        call_command("verify", stdout=StringIO())
