"""Alerts, month-end, `balances` and the dashboard say the same of kept cycles as of those worked out anew."""

from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models.sql.compiler import SQLCompiler
from django.test.utils import CaptureQueriesContext

from accounts.access import zone_of
from accounts.tenancy import tenant_scope
from alerts.models import Consent, Crossing, LookedAt, MailChoice, Watch
from alerts.telling import tell_crossings
from desk.dashboard.selectors import client_cases, forget_all
from desk.models import ClientDay
from desk.month_end.lines import lines_of_month
from hourtab.management.commands.tick import PARTS
from portal.models import LinkCode
from retainers.kept.keeping import keep_all
from retainers.models import ClosedMonth, Contact, InvoicedCycle, KeptFigures, Retainer
from retainers.terms import Pool, Terms
from tests.factories import ClientFactory, ProviderFactory, a_retainer, an_agreement, publish_work

NOW = datetime(2026, 5, 12, 9, tzinfo=UTC)
TODAY = NOW.date()
START = date(2026, 1, 1)
POOLS = (
    Pool("support", "IT support", an_agreement().terms[0].pools[0].hours),
    Pool("spare", "Spare", an_agreement().terms[0].pools[0].hours, hidden=True),
)


@pytest.fixture
def provider(db, time_machine):
    """Two clients, one with a hidden pool; April closed over, May is nearly used up, a line of March has no words."""
    time_machine.move_to(NOW, tick=False)
    provider = ProviderFactory()
    with tenant_scope(provider):
        for slug, terms in (("acme", an_agreement().terms), ("birch", (Terms(START, POOLS),))):
            row = a_retainer(ClientFactory(provider=provider, slug=slug), an_agreement(terms=terms))
            publish_work(row, (date(2026, 3, 10), "2"), at=NOW, wording="", worded_by="neutral")
            publish_work(
                row, (date(2026, 3, 11), "2"), at=NOW, wording="", worded_by="neutral", exclusion="own"
            )
            publish_work(row, (date(2026, 4, 10), "12"), (date(2026, 5, 4), "9.5"), at=NOW, through=TODAY)
        yield provider


def said(provider):
    """All that is told of it, by who tells it."""
    forget_all()
    out = StringIO()
    call_command("balances", "--provider", provider.slug, "--json", stdout=out)
    with transaction.atomic():
        tell_crossings(provider, NOW)
        columns = ("retainer__client__slug", "account", "cycle_starts", "threshold")
        told = sorted(Crossing.objects.values_list(*columns))
        transaction.set_rollback(True)
    months = [date(2026, month, 1) for month in (3, 4, 5)]
    lines = [lines_of_month(month, TODAY, zone_of(provider)) for month in months]
    return out.getvalue(), told, lines, client_cases(provider, TODAY)


def test_what_is_told_of_kept_cycles_is_what_is_told_without(provider):
    without = said(provider)
    assert keep_all(provider) == 2

    kept = said(provider)

    assert kept == without
    assert len(kept[1]) > 4
    assert [case.retainers[0].waiting for case in kept[3]] == [1, 1]


def test_they_read_the_running_cycles_entries_alone(provider):
    keep_all(provider)
    with CaptureQueriesContext(connection) as asked:
        tell_crossings(provider, NOW)
        lines_of_month(date(2026, 4, 1), TODAY, zone_of(provider))
        lines_of_month(date(2026, 5, 1), TODAY, zone_of(provider))

    entries = [each["sql"] for each in asked if "day_text" in each["sql"]]
    assert len(entries) == 2
    assert "'2026-05-01'" in entries[1]


def test_what_is_missing_is_kept_by_the_periodic_work(provider):
    call_command("tick", stdout=StringIO())

    assert KeptFigures.objects.count() == Retainer.objects.count() == 2


@pytest.fixture
def put_together(monkeypatch):
    """Of which tables queries are put together."""
    found, really = [], SQLCompiler.as_sql
    monkeypatch.setattr(
        SQLCompiler,
        "as_sql",
        lambda mine, *said, **more: found.append(mine.query.model) or really(mine, *said, **more),
    )
    return found


def test_tick_with_nothing_to_do_deletes_nothing_and_puts_no_query_of_what_grows_together_again(
    provider, put_together
):
    def tick():
        for part in PARTS.values():
            part(provider, NOW)

    tick()
    put_together.clear()
    with CaptureQueriesContext(connection) as asked:
        tick()

    assert not [each["sql"] for each in asked if "DELETE" in each["sql"]]
    grow = {ClientDay, LookedAt, Watch, Contact, Consent, MailChoice, LinkCode, InvoicedCycle, ClosedMonth}
    assert not grow & set(put_together)


def test_of_months_that_are_listed_one_after_the_other_the_query_is_put_together_once(provider, put_together):
    keep_all(provider)
    zone, months = zone_of(provider), [date(2026, month, 1) for month in (3, 4)]
    listed = [lines_of_month(month, TODAY, zone) for month in months]
    assert listed[0] != listed[1]
    put_together.clear()

    assert [lines_of_month(month, TODAY, zone) for month in reversed(months)] == listed[::-1]
    assert Retainer not in put_together
