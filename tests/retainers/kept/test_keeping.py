"""Closed cycles that are kept: used while they are those of the newest publication, and never where they aren't."""

import json
import logging
import shutil
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.access import zone_of
from accounts.tenancy import tenant_scope
from hourtab.verifying.figures import balance_faults
from retainers import approving, kept, publishing
from retainers.drawn import is_read
from retainers.kept import keeping, reading
from retainers.kept.document import lines_of
from retainers.kept.handed import NOTHING, hand_on
from retainers.kept.reading import no_earlier_work, seal_of
from retainers.models import Contact, Entry, KeptFigures, Publication, Retainer
from retainers.published_rows import Beside
from retainers.selectors import retainers_of, standings
from retainers.terms import Adjustment as AdjustmentTerms
from retainers.terms import Pool, Terms
from retainers.terms import TopUp as TopUpTerms
from tests.factories import ClientFactory, ProviderFactory, a_retainer, an_agreement, publish_work
from tests.shared_rows import shared_rows

NOW = datetime(2026, 5, 12, 9, tzinfo=UTC)
JANUARY, MARCH = date(2026, 1, 10), date(2026, 3, 10)


@shared_rows
def worked(time_machine):
    time_machine.move_to(NOW, tick=False)
    provider = ProviderFactory()
    with tenant_scope(provider):
        row = a_retainer(ClientFactory(provider=provider, slug="acme"))
        publish_work(row, (JANUARY, "12"), (MARCH, "2"), (date(2026, 5, 4), "1"), at=NOW)
        keeping.keep_all(provider)
    return row


@pytest.fixture
def retainer(worked):
    """Twelve of ten hours in January, two in March, one in May; all of it is kept."""
    with tenant_scope(worked.provider):
        yield Retainer.objects.get(pk=worked.pk)


def standing(wanted=None, on=None, handed=NOTHING):
    (found,) = standings(
        retainers_of(),
        on=on or datetime.now(tz=UTC).date(),
        zone=zone_of(row_of().provider),
        wanted=wanted,
        handed=handed,
    )
    return found


def row_of():
    return Retainer.objects.get()


def figures(found):
    return lines_of(found.cycles), found.current.total if found.current else None, found.approvals


@contextmanager
def pressed(kind):
    """One more publication of the retainer, and what is done in it."""
    with transaction.atomic():
        locked = publishing.lock([row_of().pk])[row_of().pk]
        yield publishing.Press(kind, NOW, None).publication(locked)


def retire(day):
    """As an undo takes entries away."""
    with pressed(Publication.Kind.UNDO) as publication:
        gone = Entry.objects.filter(day=day, retired_in=None).values_list("pk", flat=True)
        publishing.retire_entries(publication, list(gone))


def grant(day):
    with pressed(Publication.Kind.TOP_UP) as publication:
        publishing.grant(publication=publication, top_ups=[TopUpTerms(day, Decimal(5))])


def take_back(day):
    with pressed(Publication.Kind.TOP_UP) as publication:
        publishing.retire_grants(publication, [TopUpTerms(day, Decimal(5))])


def charge(day):
    with pressed(Publication.Kind.ADJUSTMENT) as publication:
        publishing.grant(publication=publication, adjustments=[AdjustmentTerms(day, Decimal(-3))])


def other_terms():
    with transaction.atomic():
        locked = publishing.lock([row_of().pk])[row_of().pk]
        more = an_agreement(anchor_day=5)
        assert publishing.save_version(retainer=locked, agreement=more, at=NOW, by=None)
        publishing.Press(Publication.Kind.AGREEMENT, NOW, None).publication(locked)


def more_hours():
    """The same cycles, with more in each."""
    with transaction.atomic():
        locked = publishing.lock([row_of().pk])[row_of().pk]
        terms = Terms(date(2026, 1, 1), (Pool("support", "IT support", Decimal(11)),))
        assert publishing.save_version(
            retainer=locked, agreement=an_agreement(terms=(terms,)), at=NOW, by=None
        )
        publishing.Press(Publication.Kind.AGREEMENT, NOW, None).publication(locked)


def approve():
    client = row_of().client
    contact = Contact.objects.create(client=client, name="Pat", email="pat@acme.example", approves=True)
    approving.approve(retainer=row_of(), contact=contact, cycle=date(2026, 1, 1), hours=Decimal(2), at=NOW)


ACTS = {
    "an import into a closed cycle": lambda: publish_work(row_of(), (MARCH, "3"), at=NOW),
    "an import of a closed cycle's last day": lambda: publish_work(
        row_of(), (date(2026, 3, 31), "3"), at=NOW
    ),
    "an import into the running cycle": lambda: publish_work(row_of(), (date(2026, 5, 6), "3"), at=NOW),
    "an undo": lambda: retire(JANUARY),
    "a top-up of a closed cycle": lambda: grant(MARCH),
    "a charge": lambda: charge(MARCH),
    "other terms": other_terms,
    "other hours in the same cycles": more_hours,
    "an approval": approve,
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_after_each_act_the_figures_are_those_of_the_entries_whether_they_are_kept_or_not(retainer, act):
    before = figures(standing())
    act()

    stale, whole = figures(standing(no_earlier_work)), figures(standing())
    keeping.keep_all(retainer.provider)
    kept = figures(standing(no_earlier_work))

    assert stale == whole == kept
    assert whole != before
    assert not any(is_read(cycle) for cycle in standing(no_earlier_work).cycles if cycle.closed)
    assert list(balance_faults(retainer.provider)) == []


def test_a_top_up_that_is_taken_back_leaves_what_was(retainer):
    before = figures(standing())
    for act in (grant, take_back):
        act(MARCH)
        keeping.keep_all(retainer.provider)
        assert figures(standing(no_earlier_work)) == figures(standing())

    assert figures(standing()) == before


def test_the_work_of_closed_cycles_is_read_where_it_is_asked_for(retainer):
    march = standing(lambda _row, _agreement, cycles: [cycles[2]]).cycles

    assert [is_read(cycle) for cycle in march] == [False, False, True, False, True]
    assert march[2].draws == standing().cycles[2].draws


def test_only_the_running_cycles_entries_are_read(retainer):
    with CaptureQueriesContext(connection) as asked:
        standing(no_earlier_work)

    (entries,) = [each["sql"] for each in asked if "day_text" in each["sql"]]
    assert "'2026-05-01'" in entries


def test_a_cycle_that_closes_is_worked_out_from_there_and_kept(retainer, time_machine):
    time_machine.move_to(datetime(2026, 6, 2, 9, tzinfo=UTC), tick=False)
    whole = figures(standing())
    assert figures(standing(no_earlier_work)) == whole
    assert keeping.keep_all(retainer.provider) == 1
    assert keeping.keep_all(retainer.provider) == 0

    assert figures(standing(no_earlier_work)) == whole
    assert [is_read(cycle) for cycle in standing(no_earlier_work).cycles] == [False] * 5 + [True]


@pytest.mark.parametrize(("day", "due"), [(31, 0), (32, 1)], ids=["its last day", "the day after"])
def test_what_is_kept_holds_to_the_last_day_of_the_cycle_that_runs(retainer, time_machine, day, due):
    time_machine.move_to(datetime(2026, 5, 1, 9, tzinfo=UTC) + timedelta(days=day - 1), tick=False)
    assert keeping.keep_all(retainer.provider) == due


def test_an_earlier_day_takes_only_what_was_over_then(retainer):
    day = date(2026, 2, 20)

    found = standing(no_earlier_work, day)

    assert figures(found) == figures(standing(on=day))
    assert [is_read(cycle) for cycle in found.cycles] == [False, True]


def test_grants_that_are_kept_are_not_read_again_unless_something_was_approved(retainer):
    grant(date(2026, 5, 5))
    keeping.keep_all(retainer.provider)
    with CaptureQueriesContext(connection) as asked:
        kept = standing(no_earlier_work)
    assert not [each for each in asked if "retainers_topup" in each["sql"]]

    approve()
    keeping.keep_all(retainer.provider)

    assert kept.top_ups == standing().top_ups != ()
    assert standing(no_earlier_work).approvals == standing().approvals != ()


def test_what_changes_the_running_cycle_alone_reads_no_entries_to_keep_the_closed_ones(retainer):
    publish_work(row_of(), (date(2026, 5, 6), "3"), at=NOW)

    with CaptureQueriesContext(connection) as asked:
        keeping.keep_all(retainer.provider)

    assert not [each for each in asked if "day_text" in each["sql"]]


def events(caplog):
    lines = [json.loads(each.message) for each in caplog.records if each.name == "hourtab.security"]
    return [line["why"] for line in lines if line["event"] == "kept figures refused"]


@pytest.fixture
def watched(caplog, monkeypatch):
    monkeypatch.setattr(logging.getLogger("hourtab.security"), "propagate", True)
    caplog.set_level(logging.INFO, "hourtab.security")
    return caplog


def test_a_row_that_was_changed_is_not_used_and_told(retainer, watched):
    whole = figures(standing())
    row = KeptFigures.objects.get()
    KeptFigures.objects.update(figures=row.figures.replace('"12.00"', '"11.00"'))
    assert KeptFigures.objects.get().figures != row.figures

    assert figures(standing(no_earlier_work)) == whole
    assert events(watched) == ["seal"]


def wrong_and_sealed():
    row = KeptFigures.objects.get()
    row.figures = row.figures.replace('"12.00"', '"11.00"')
    row.seal = seal_of(row)
    row.save()


def test_figures_that_the_entries_do_not_add_up_to_are_not_shown_and_told(retainer, watched):
    whole = standing()
    wrong_and_sealed()

    found = standing(lambda _row, _agreement, cycles: [cycles[0]])

    assert figures(found) == figures(whole)
    assert found.cycles[0].draws == whole.cycles[0].draws
    assert events(watched) == ["entries"]


def test_verify_works_them_out_again_and_names_the_agreement(retainer):
    wrong_and_sealed()

    (fault,) = balance_faults(retainer.provider)

    assert "acme/support" in fault
    assert "the figures kept of its closed cycles" in fault


def test_verify_names_grants_that_are_kept_otherwise_than_they_were_given(retainer):
    grant(date(2026, 5, 5))
    keeping.keep_all(retainer.provider)
    row = KeptFigures.objects.get()
    row.figures = row.figures.replace('"5.00"', '"6.00"')
    row.seal = seal_of(row)
    row.save()

    assert standing(no_earlier_work).top_ups[0].hours == Decimal(6)
    assert len(list(balance_faults(retainer.provider))) == 1


def test_what_another_edition_of_the_ledger_kept_is_not_used(retainer, monkeypatch):
    monkeypatch.setattr(reading, "edition", lambda: "another")
    monkeypatch.setattr(keeping, "edition", lambda: "another")

    assert reading.kept_figures({retainer.pk: retainer.publication}) == {}
    assert keeping.keep_all(retainer.provider) == 1
    assert KeptFigures.objects.get().code == "another"


@pytest.mark.parametrize(
    "name", ["ledger", "agreements/fields", "kept/document", "kept/keeping", "kept/handed"]
)
def test_figures_of_other_code_that_makes_or_keeps_them_are_of_another_edition(tmp_path, monkeypatch, name):
    shutil.copytree(kept.ROOT / "retainers", tmp_path / "retainers", ignore=shutil.ignore_patterns("*.pyc"))
    monkeypatch.setattr(kept, "ROOT", tmp_path)
    before = kept.edition.__wrapped__()
    assert before == kept.edition()

    with (tmp_path / "retainers" / f"{name}.py").open("a") as file:
        file.write("# another\n")

    assert kept.edition.__wrapped__() != before


def test_what_somebody_published_meanwhile_is_not_overwritten_by_what_was_read_before(retainer):
    before = [Retainer.objects.select_related("publication__version").get()]
    publish_work(row_of(), (MARCH, "3"), at=NOW)
    keeping.keep_all(retainer.provider)

    assert keeping._works(before, NOW.date()) == []


def test_a_cycle_that_was_handed_on_is_taken_unless_the_work_of_closed_ones_is_wanted(retainer, watched):
    whole = standing()
    head, nothing_beside = retainer.publication, Beside({}, frozenset())
    its = hand_on(whole.cycles, date.max, nothing_beside, frozenset(), whole.on, head.version_id)
    handed = {head.pk: its}

    taken = standing(wanted=no_earlier_work, handed=handed)
    read = standing(wanted=lambda _retainer, _agreement, cycles: cycles, handed=handed)

    assert not is_read(taken.current)
    assert all(map(is_read, read.cycles))
    assert figures(taken) == figures(read) == figures(whole)
    assert events(watched) == []
