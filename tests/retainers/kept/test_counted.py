"""Where nothing is kept, the work of closed cycles is counted by the database: balances stay what the entries say."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.access import zone_of
from accounts.tenancy import tenant_scope
from retainers import published_rows, publishing
from retainers.balance import Part
from retainers.drawn import is_read
from retainers.kept import keeping
from retainers.kept.document import line_of
from retainers.kept.reading import no_earlier_work
from retainers.models import Entry, KeptFigures, Publication, Retainer
from retainers.row_values import part_document
from retainers.selectors import retainers_of, standings
from retainers.terms import Multiplier, Pool, Terms
from tests.factories import ClientFactory, ProviderFactory, a_retainer, an_agreement, publish_work

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 12, 9, tzinfo=UTC)
TODAY = NOW.date()
FIRST, DAYS = date(2024, 12, 20), 505  # from before the agreement to today
POOLS = (Pool("main", "Main", Decimal(8)), Pool("web", "Web", Decimal(4)))
SPLIT = [
    part_document(part) for part in (Part(1800, pool="web"), Part(5400, categories=frozenset({"night"})))
]
COLUMNS = (
    {"billable_units": [None, 0, 2500, 9000], "deducted_units": [None, None, 3000]},
    {"is_billable": [True, True, False], "pool": ["", "web", "gone"], "exclusion": ["", "", "own work"]},
    {"categories": [[], ["night"], ["night", "travel"]], "parts": [[], [], SPLIT]},
)


@pytest.fixture
def provider(time_machine):
    time_machine.move_to(NOW, tick=False)
    return ProviderFactory()


def a_history(provider, seed, clients=1):
    """Agreements of several versions, with work that was published and taken back in a few publications."""
    dice = random.Random(seed)
    nights = (Multiplier("night", "Night", Decimal("1.5")),)
    steps = Decimal(dice.choice(["0.25", "0.1", "0.5"]))
    terms = tuple(
        Terms(
            starts,
            POOLS,
            increment=increment,
            multipliers=nights,
            sharing=dice.choice(["shared", "separate"]),
        )
        for starts, increment in ((date(2025, 1, 1), None), (date(2025, 9, 1), steps))
    )
    with tenant_scope(provider):
        rows = [
            a_retainer(ClientFactory(provider=provider), an_agreement(terms=terms, starts=date(2025, 1, 1)))
            for _ in range(clients)
        ]
    for row in rows:
        for at in (NOW - timedelta(days=9), NOW - timedelta(days=2), NOW):
            for columns in dice.sample(COLUMNS, dice.randint(1, 3)):
                publish_some(row, at, dice, columns)
            take_back_some(row, at, dice)


def publish_some(row, at, dice, columns):
    works = [
        (FIRST + timedelta(days=dice.randrange(0, DAYS, 25)), dice.choice(["0.1", "0.75", "0.3333", "2"]))
        for _ in range(dice.randint(3, 15))
    ]
    publish_work(row, *works, at=at, **{name: dice.choice(values) for name, values in columns.items()})


def take_back_some(row, at, dice):
    with tenant_scope(row.provider):
        alive = list(Entry.objects.filter(retainer=row, retired_in=None).values_list("pk", flat=True))
        locked = publishing.lock([row.pk])[row.pk]
        publication = publishing.Press(Publication.Kind.UNDO, at, None).publication(locked)
        publishing.retire_entries(publication, dice.sample(alive, len(alive) // 4))


def lines(on=TODAY, **how):
    KeptFigures.objects.all().delete()
    found = standings(retainers_of(), on=on, zone=zone_of(Retainer.objects.first().provider), **how)
    return [[line_of(cycle) for cycle in each.cycles] for each in found], found


@pytest.mark.parametrize("seed", range(12))
def test_balances_of_counted_work_are_those_of_the_entries(provider, seed):
    a_history(provider, seed, clients=1 + seed % 3)
    with tenant_scope(provider):
        for how in ({}, {"as_published": True, "on": TODAY - timedelta(days=1)}):
            one_by_one, whole = lines(**how)
            counted, found = lines(wanted=no_earlier_work, **how)

            assert counted == one_by_one
            assert [each.current.draws for each in found] == [each.current.draws for each in whole]
            assert not any(is_read(cycle) and cycle.draws for each in found for cycle in each.cycles[:2])


def test_the_work_that_is_wanted_is_read(provider):
    a_history(provider, 1)
    with tenant_scope(provider):
        whole, read = lines()[1][0], lines(wanted=lambda _row, _agreed, cycles: [cycles[1]])[1][0]

        assert {cycle.index for cycle in read.cycles if is_read(cycle) and cycle.draws} <= {1, 16}
        assert read.cycles[1].draws == whole.cycles[1].draws
        assert [line_of(each) for each in read.cycles] == [line_of(each) for each in whole.cycles]


def test_what_is_kept_of_counted_work_is_what_is_kept_of_the_entries(provider, monkeypatch):
    a_history(provider, 5, clients=2)
    with tenant_scope(provider):
        said = []
        for may in (published_rows.may_be_counted, lambda _work: False):
            monkeypatch.setattr(published_rows, "may_be_counted", may)
            KeptFigures.objects.all().delete()
            assert keeping.keep_all(provider) == 2
            said.append(sorted(KeptFigures.objects.values_list("retainer", "figures", "ended", "seal")))
        assert said[0] == said[1]


def test_work_below_zero_is_read_all_the_same(provider):
    a_history(provider, 3)
    with tenant_scope(provider):
        row = Retainer.objects.get()
    publish_work(row, (date(2026, 2, 3), "-0.5"), at=NOW)
    with tenant_scope(provider):
        (one_by_one,), _whole = lines()
        (again,), (found,) = lines(wanted=no_earlier_work)
        assert again == one_by_one
        assert all(is_read(cycle) for cycle in found.cycles)


def test_work_is_counted_by_two_queries_however_much_and_of_however_many_there_is(provider):
    def asked():
        with tenant_scope(provider):
            KeptFigures.objects.all().delete()
            with CaptureQueriesContext(
                connection,
            ) as queries:
                lines(wanted=no_earlier_work)
            return sum('FROM "retainers_entry"' in each["sql"] for each in queries)

    a_history(provider, 7)
    assert asked() == 3  # with the work of the cycle that runs
    a_history(provider, 8, clients=3)
    assert asked() == 3


def test_of_less_than_a_year_work_is_read(provider):
    with tenant_scope(provider):
        row = a_retainer(ClientFactory(provider=provider))
    publish_work(row, (date(2026, 2, 3), "0.5"), at=NOW)
    with tenant_scope(provider):
        _lines, (found,) = lines(wanted=no_earlier_work)
        assert all(is_read(cycle) for cycle in found.cycles)
