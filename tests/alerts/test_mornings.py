"""Reminders on the morning of an update day, and Monday's digest, each once."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.tenancy import tenant_scope
from alerts.models import MailChoice
from alerts.mornings import remind
from desk.dashboard.keeping import keep_days
from desk.models import ClientDay
from tests.alerts.conftest import to

DANA = "dana@north.example"
MONDAY_6 = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)  # 06:30 in Chicago
MONDAY_7 = datetime(2026, 11, 23, 13, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 24, 14, tzinfo=UTC)


def subjects(mails):
    return [each.subject for each in to(mails, DANA)]


def test_on_the_morning_of_an_update_day_managers_are_reminded_once(world):
    world.bring((date(2026, 11, 3), "1"))
    world.tick()
    world.at(MONDAY_6)
    assert subjects(world.tick()) == []
    world.at(MONDAY_7)
    assert "1 update is promised for today" in subjects(world.tick())
    assert subjects(world.tick()) == []


def test_on_monday_the_clients_that_want_something_are_listed_with_the_reason(world):
    world.bring((date(2026, 11, 3), "12"))
    world.tick()
    world.at(MONDAY_7)
    (digest,) = [each for each in to(world.tick(), DANA) if "this week" in each.subject]
    assert "Acme Dental: Over" in digest.body
    assert "2.0 h over since Tue 3 Nov." in digest.body
    assert world.tick() == []


def test_on_other_days_there_is_neither(world):
    world.bring((date(2026, 11, 3), "1"))
    world.tick()
    world.at(TUESDAY)
    assert subjects(world.tick()) == []


def test_who_switched_them_off_gets_none(world):
    user = world.provider.memberships.get(role="owner").user
    with tenant_scope(world.provider):
        MailChoice.objects.create(user=user, reminders=False, digest=False)
    world.bring((date(2026, 11, 3), "1"))
    world.tick()
    world.at(MONDAY_7)
    assert subjects(world.tick()) == []


@pytest.fixture
def promised(world):
    """A client whose update is promised for the morning that it is."""
    world.bring((date(2026, 11, 3), "1"))
    world.tick()
    world.at(MONDAY_7)
    with tenant_scope(world.provider):
        yield world


def reminded(world):
    with CaptureQueriesContext(connection) as asked:
        count = remind(world.provider, MONDAY_7)
    return count, any("agreementversion" in each["sql"] for each in asked)


def test_a_reminder_reads_what_the_dashboard_keeps(promised):
    keep_days(promised.provider)
    assert reminded(promised) == (1, False)
    assert reminded(promised) == (0, False)


@pytest.mark.parametrize("change", [{"words": "{}"}, {"code": "another"}, {"heads": 0}, {"zone": "UTC"}])
def test_of_what_is_not_kept_the_reminder_is_worked_out(promised, change):
    keep_days(promised.provider)
    ClientDay.objects.filter(day=MONDAY_7.date()).update(**change)
    assert reminded(promised) == (1, True)
