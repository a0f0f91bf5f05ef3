"""An upgrade whose rules change closed figures marks those cycles as restated, keeps the old figure, and lists them.

Going back and forth over the migrations takes seconds, so all cases go through one upgrade, each with a provider of
its own: what stands before `yield` is there before, what it gives is what `migrate` printed.
"""

from collections.abc import Callable, Generator
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction

from accounts.models import Provider
from accounts.tenancy import tenant_scope
from retainers.models import Adjustment, Restatement
from retainers.publishing import grant
from retainers.terms import Adjustment as AdjustmentTerms
from retainers.terms import Agreement, Pool, Rollover, Terms, TopUp
from tests.factories import ClientFactory, ProviderFactory, a_retainer, publish_work

pytestmark = pytest.mark.owner
START = date(2026, 1, 1)
BEFORE, HERE = "0010_approvals", "0013_cycles_of_the_first_edition"
AT = datetime(2026, 6, 2, 9, tzinfo=UTC)
NOW = datetime(2026, 6, 22, 12, tzinfo=UTC)


def agreed(hours="10", **terms):
    pools = (Pool("main", "Main", Decimal(hours)),)
    return Agreement("it", "IT", START, (Terms(START, pools, hours_from="worked", **terms),))


Case = Callable[[Provider], Generator[None, str, None]]
CASES: list[Case] = []


def case(added: Case) -> Case:
    CASES.append(added)
    return added


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_an_upgrade_restates_what_its_rules_change_and_nothing_else(capsys, time_machine, subtests):
    time_machine.move_to(NOW, tick=False)
    providers = [ProviderFactory(slug=f"north-{number}") for number in range(len(CASES))]
    begun = [each(provider) for each, provider in zip(CASES, providers, strict=True)]
    for running, provider in zip(begun, providers, strict=True):
        with tenant_scope(provider):
            next(running)
    listed = upgraded(capsys)

    for running, provider in zip(begun, providers, strict=True):
        with subtests.test(running.__name__), tenant_scope(provider), pytest.raises(StopIteration):
            running.send(listed)


def client(provider, slug, agreement, *works, **grants):
    row = a_retainer(ClientFactory(provider=provider, slug=slug), agreement)
    with transaction.atomic():
        publication = publish_work(row, *works, through=date(2026, 5, 31), at=AT)
        grant(publication=publication, **grants)
    return row


def upgraded(capsys):
    """The database as it was before the upgrade, upgraded; what `migrate` prints."""
    call_command("migrate", "retainers", BEFORE, verbosity=0)
    capsys.readouterr()
    call_command("migrate", verbosity=0)
    return capsys.readouterr().out


def said(row):
    """Each restated cycle: what was left and over, before and after."""
    return {
        each.cycle_starts.month: tuple(
            (cycle["total"]["remaining"], cycle["total"]["overage"]) for cycle in (each.before, each.after)
        )
        for each in Restatement.objects.filter(retainer_id=row.pk)
    }


@case
def what_is_given_is_drawn_before_what_was_bought_earlier(provider):
    row = client(
        provider,
        "acme",
        agreed(rollover=Rollover(hours=Decimal(5))),
        (date(2026, 2, 20), "7"),
        top_ups=[TopUp(date(2026, 1, 5), Decimal(3))],
    )
    listed = yield

    february = Restatement.objects.get(retainer_id=row.pk, cycle_starts=date(2026, 2, 1))
    carried = [cycle["total"]["carried_out"] for cycle in (february.before, february.after)]
    assert carried == ["6.00", "8.00"]  # 5 of the allocation with 1 bought, now with all 3
    assert 1 not in said(row)
    assert f"  {provider.slug}: acme/it 2026-02-01: carried on 6.00 → 8.00\n" in listed


@case
def corrections_beyond_the_work_are_carried_now_and_the_old_figure_is_kept(provider):
    row = client(
        provider,
        "acme",
        agreed(rollover=Rollover()),
        (date(2026, 1, 20), "-2"),
        (date(2026, 2, 20), "25"),
    )
    listed = yield

    assert said(row)[1] == (("12.00", "0.00"), ("12.00", "0.00"))  # carried out 10, now 12
    assert said(row)[2] == (("0.00", "5.00"), ("0.00", "3.00"))
    (january,) = Restatement.objects.filter(retainer_id=row.pk, cycle_starts=START)
    assert (january.before["total"]["carried_out"], january.after["total"]["carried_out"]) == (
        "10.00",
        "12.00",
    )
    assert (january.cause, january.publication, january.made_at) == ("law", None, NOW)
    assert f"  {provider.slug}: acme/it 2026-02-01: carried in 10.00 → 12.00, over 5.00 → 3.00\n" in listed


@case
def the_money_of_a_restated_cycle_is_kept_and_listed_by_the_command(provider):
    client(
        provider,
        "acme",
        agreed(rollover=Rollover(), overage="bill", overage_rate=Decimal(100)),
        (date(2026, 1, 20), "-2"),
        (date(2026, 2, 20), "25"),
    )
    yield

    out = StringIO()
    call_command("restatements", "--provider", provider.slug, stdout=out)
    assert (
        f"{provider.slug}: acme/it 2026-02-01: 25.00 used, 0.00 left, 5.00 over, 500.00 USD"
        " → 25.00 used, 0.00 left, 3.00 over, 300.00 USD, 2026-06-22 (new edition of the rules)"
    ) in out.getvalue().splitlines()


@case
def a_credit_of_before_lapses_as_it_did(provider):
    row = client(
        provider,
        "acme",
        agreed("0"),
        adjustments=[AdjustmentTerms(date(2026, 1, 10), Decimal(2), expires="cycle")],
    )
    yield

    assert said(row) == {}
    assert Adjustment.objects.get().expires == "cycle"


@case
def shared_hours_and_queued_ones_are_counted_by_both_editions_alike(provider):
    works = [(date(2026, month, 5), hours) for month, hours in ((1, "14"), (2, "3"), (3, "9.5"), (4, "1"))]
    pools = (Pool("main", "Main", Decimal(6)), Pool("other", "Other", Decimal(4)))
    terms = {"overage": "queue", "rollover": Rollover(hours=Decimal(5), cycles=2), "hours_from": "worked"}
    rows = [
        client(
            provider,
            slug,
            Agreement("it", "IT", START, (Terms(START, pools, sharing=sharing, **terms),)),
            *works,
        )
        for slug, sharing in (("acme", "shared"), ("birch", "separate"))
    ]
    listed = yield

    assert [said(row) for row in rows] == [{}, {}]
    assert f"  {provider.slug}: " not in listed


def test_nothing_restated_is_said(db):
    out = StringIO()
    call_command("restatements", stdout=out)
    assert out.getvalue() == "No closed cycle was restated.\n"
