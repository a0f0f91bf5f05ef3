"""A month's end from what is kept says the same as one that is worked out, whatever happened and whatever day it is."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.access import zone_of
from accounts.tenancy import tenant_scope
from desk.month_end import lines
from desk.month_end.lines import lines_of_month, month_lines, month_standings
from hourtab.verifying.figures import balance_faults
from retainers import approving, publishing
from retainers.agreements import agreement_from_document
from retainers.coverage import Coverage, Spoken
from retainers.cycles import cycles_until
from retainers.kept import ended
from retainers.kept.document import read
from retainers.kept.keeping import keep_all
from retainers.kept.reading import ended_seal_of, seal_of
from retainers.models import Contact, KeptFigures, Publication, Retainer
from retainers.selectors import standings
from retainers.terms import Adjustment, Pool, Terms, TopUp
from tests import factories
from tests.examples import seeds
from tests.factories import ClientFactory, ProviderFactory, a_retainer, an_agreement, publish_work

NOW = datetime(2026, 5, 12, 9, tzinfo=UTC)
TODAY = NOW.date()
START = date(2026, 1, 1)
APRIL = date(2026, 4, 1)


@pytest.fixture
def provider(db, time_machine):
    time_machine.move_to(NOW, tick=False)
    provider = ProviderFactory(timezone="America/Chicago")
    with tenant_scope(provider):
        yield provider


def a_client(provider, number, **options):
    return a_retainer(ClientFactory(provider=provider, slug=f"c{number}"), an_agreement(**options))


def cover_only(monkeypatch, pools):
    """What is published from now on speaks for these pools alone."""

    def covered(retainer, through):
        spoken = Spoken(START, max(through, START), pools=pools(), starts_given=True)
        agreement = agreement_from_document(retainer.version.document)
        return publishing.covering(agreement, Coverage().adding(spoken), through)

    monkeypatch.setattr(factories, "covered", covered)


def odd_terms(chance, starts=START):
    pools = tuple(
        Pool(key, key.title(), Decimal(chance.randint(1, 9)), hidden=key == "spare" and chance.random() < 0.4)
        for key in ("support", "spare")
    )
    overage = chance.choice(("bill", "decline", "queue"))
    rate = None if overage == "queue" else Decimal(chance.choice(("90", "85.50")))
    sharing = "separate" if any(pool.hidden for pool in pools) else chance.choice(("separate", "shared"))
    fee = chance.choice((None, Decimal("480")))
    return Terms(starts, pools, sharing=sharing, overage=overage, overage_rate=rate, fee=fee)


def odd_client(provider, number, chance):
    later = (odd_terms(chance, date(2026, 3, 1)),) if chance.random() < 0.4 else ()
    return a_client(
        provider,
        number,
        terms=(odd_terms(chance), *later),
        months=chance.choice((1, 1, 3)),
        anchor_day=chance.choice((None, 15)),
        ends=chance.choice((None, None, date(2026, 6, 20))),
    )


def something(row, chance, at):
    """One more publication."""
    day = at.date() + timedelta(days=chance.randint(-100, 3))
    what = chance.choice(("work", "work", "work", "bought", "charged", "approved"))
    if what == "work":
        through = at.date() - timedelta(days=chance.randint(0, 20))
        works = [(day, f"{chance.randint(1, 24) / 4:.2f}"), (at.date(), "0.25")]
        publish_work(row, *works, at=at, through=through, pool=chance.choice(("support", "spare")))
        return
    if what == "approved":
        contact = Contact.objects.get_or_create(
            client=row.client, email="pat@acme.example", defaults={"name": "Pat", "approves": True}
        )[0]
        (standing,) = standings([row], on=at.date(), zone=zone_of(row.provider))
        running = standing.cycles[-1].starts if standing.cycles else START
        approving.approve(retainer=row, contact=contact, cycle=running, hours=Decimal(1), at=at)
        return
    with transaction.atomic():
        locked = publishing.lock([row.pk])[row.pk]
        publication = publishing.Press(Publication.Kind.TOP_UP, at, None).publication(locked)
        if what == "bought":
            expires = chance.choice(("never", "cycle", 2, day + timedelta(days=40)))
            publishing.grant(
                publication=publication, top_ups=[TopUp(day, Decimal(2), "support", expires, "+")]
            )
        else:
            hours = Decimal(chance.choice((-1, 1)))
            publishing.grant(
                publication=publication, adjustments=[Adjustment(day, hours, reason="As agreed")]
            )


@pytest.mark.parametrize("seed", seeds(1, 6))
def test_a_month_from_what_is_kept_is_the_month_that_is_worked_out(provider, time_machine, monkeypatch, seed):
    chance = random.Random(seed)
    cover_only(monkeypatch, lambda: chance.choice(((), (), ("support",))))
    rows = [odd_client(provider, number, chance) for number in range(4)]
    for days in range(0, 75, 5):
        at = NOW + timedelta(days=days)
        time_machine.move_to(at, tick=False)
        for row in chance.sample(rows, 2):
            something(Retainer.objects.get(pk=row.pk), chance, at)
        if chance.random() < 0.7:
            keep_all(provider)
        today, zone = at.date(), zone_of(provider)
        found = month_standings(today, zone)
        for month in range(1, 9):
            first = date(2026, month, 1)
            assert lines_of_month(first, today, zone) == month_lines(found, first), (today, month)
    assert list(balance_faults(provider)) == []
    assert "" not in KeptFigures.objects.values_list("ended", flat=True)


def test_the_hours_of_a_cycle_are_added_up_once(provider, monkeypatch):
    """Each line is about three cycles in a row, and one that is kept already takes those before it up again."""
    row = a_client(provider, 1, starts=date(2025, 11, 1))
    publish_work(row, (date(2025, 11, 10), "12"), at=NOW, through=TODAY)
    keep_all(provider)
    kept = KeptFigures.objects.get()
    added, really = [], ended._total
    monkeypatch.setattr(ended, "_total", lambda line: added.append(line) or really(line))
    agreement = agreement_from_document(row.version.document)
    lines, days = read(kept.figures)[0], cycles_until(agreement, TODAY)
    _through, *known = kept.ended.splitlines()

    for from_here, times in ((0, 6), (1, 6), (4, 4), (6, 2)):
        added.clear()
        text = ended.text_of(agreement, TODAY, lines, days, (), known[:from_here])
        assert (text.splitlines()[1:], len(added)) == (known, times), from_here


@pytest.fixture
def kept(provider):
    row = a_client(provider, 1)
    publish_work(row, (date(2026, 4, 10), "12"), (date(2026, 5, 4), "1"), at=NOW, through=TODAY)
    keep_all(provider)
    return KeptFigures.objects.get()


def april(provider, today=TODAY):
    return lines_of_month(APRIL, today, zone_of(provider))


def asked(work):
    with CaptureQueriesContext(connection) as found:
        work()
    return [each["sql"] for each in found]


def test_it_asks_as_often_for_many_agreements_as_for_one_and_reads_no_entry(kept, provider):
    of_one = asked(lambda: april(provider))
    for number in range(2, 9):
        publish_work(a_client(provider, number), (date(2026, 4, 10), "1"), at=NOW, through=TODAY)
    keep_all(provider)
    of_many = asked(lambda: april(provider))
    assert len(april(provider)) == 8
    assert len(of_many) == len(of_one) <= 6
    assert not [sql for sql in of_many if "retainers_entry" in sql or "agreementversion" in sql]


def test_only_what_is_not_kept_is_worked_out(kept, provider):
    publish_work(a_client(provider, 2), (date(2026, 4, 10), "1"), at=NOW, through=TODAY)
    entries = [sql for sql in asked(lambda: april(provider)) if "day_text" in sql]
    assert len(entries) == 1
    assert [line.now.used for line in april(provider)] == [Decimal(12), Decimal(1)]


@pytest.mark.parametrize("change", [{"code": "another"}, {"ended": ""}, {"until": date(2026, 5, 1)}])
def test_what_no_longer_holds_is_worked_out(kept, provider, change):
    KeptFigures.objects.update(**change)
    assert [sql for sql in asked(lambda: april(provider)) if "agreementversion" in sql]
    assert april(provider)[0].now.used == Decimal(12)


def test_what_an_earlier_publication_kept_is_left_alone_and_nobody_is_suspected(kept, provider, monkeypatch):
    suspected = []
    monkeypatch.setattr(lines, "disagrees", lambda *said: suspected.append(said))
    publish_work(Retainer.objects.get(), (date(2026, 4, 11), "1"), at=NOW, through=TODAY)
    assert april(provider)[0].now.used == Decimal(13)
    assert suspected == []


def test_a_row_that_was_changed_is_not_listed(kept, provider):
    KeptFigures.objects.update(ended=kept.ended.replace('"12.00"', '"11.00"'))
    assert KeptFigures.objects.get().ended != kept.ended
    assert april(provider)[0].now.used == Decimal(12)


def test_verify_finds_a_row_that_was_changed_and_sealed_again(kept, provider):
    assert list(balance_faults(provider)) == []
    kept.ended = kept.ended.replace('"12.00"', '"11.00"')
    kept.ended_seal = ended_seal_of(kept)
    kept.save()
    assert april(provider)[0].now.used == Decimal(11)

    (fault,) = balance_faults(provider)

    assert "the figures kept of its closed cycles" in fault


def test_of_pools_that_will_be_others_before_the_cycle_ends_nothing_is_kept_for_a_month_end(
    provider, monkeypatch
):
    cover_only(monkeypatch, lambda: ("support",))
    main = Pool("support", "IT support", Decimal(10))
    terms = (Terms(START, (main,)), Terms(date(2026, 5, 20), (main, Pool("more", "More", Decimal(1)))))
    row = a_client(provider, 1, terms=terms)
    publish_work(row, (date(2026, 4, 10), "12"), at=NOW, through=TODAY)
    keep_all(provider)
    assert KeptFigures.objects.get().ended == ""
    for today in (TODAY, date(2026, 5, 25)):
        found = month_standings(today, zone_of(provider))
        assert april(provider, today) == month_lines(found, APRIL)


HONOLULU = ZoneInfo("Pacific/Honolulu")
THE_LAST_OF_MAY = date(2026, 5, 31)


@pytest.fixture
def move_west(provider, time_machine):
    """Kept on the first of June in Auckland; in Honolulu, where the provider is from now on, it is still May."""

    def move_west(**options):
        provider.timezone = "Pacific/Auckland"
        provider.save(update_fields=["timezone"])
        time_machine.move_to(datetime(2026, 5, 31, 20, tzinfo=UTC), tick=False)
        row = a_client(provider, 1, **options)
        publish_work(row, (date(2026, 4, 10), "12"), (date(2026, 5, 10), "12"), at=NOW, through=TODAY)
        keep_all(provider)
        provider.timezone = HONOLULU.key
        provider.save(update_fields=["timezone"])

    return move_west


def test_a_cycle_that_has_not_ended_yet_where_the_provider_is_now_is_worked_out(move_west):
    move_west()

    (line,) = lines_of_month(date(2026, 5, 1), THE_LAST_OF_MAY, HONOLULU)

    assert not line.closed


def test_what_is_covered_through_is_told_by_the_pools_of_the_day_where_the_provider_is_now(
    move_west, monkeypatch
):
    cover_only(monkeypatch, lambda: ("support",))
    main = Pool("support", "IT support", Decimal(10))
    june = Terms(date(2026, 6, 1), (main, Pool("more", "More", Decimal(1))))
    move_west(terms=(Terms(START, (main,)), june))

    (line,) = lines_of_month(APRIL, THE_LAST_OF_MAY, HONOLULU)

    assert line.through == TODAY


def test_verify_looks_at_the_cycles_that_have_ended_where_the_provider_is_now(move_west, provider):
    move_west()
    assert list(balance_faults(provider)) == []
    kept = KeptFigures.objects.get()
    kept.figures = kept.figures.replace("12.00", "11.00")
    kept.seal = seal_of(kept)
    kept.save()

    (fault,) = balance_faults(provider)

    assert "the figures kept of its closed cycles" in fault
