"""One mechanism for what changes a closed cycle: asked for, written down beside the publication, never rewritten."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEvent
from accounts.tenancy import tenant_scope
from retainers import publishing
from retainers.kept.keeping import keep_all
from retainers.models import Entry, Publication, Restatement, Retainer, TopUp
from retainers.restating import sides
from retainers.restating.changes import Law, digest
from retainers.restating.reading import restated_on, restatements_of
from retainers.restating.writing import Consent, Deed, LeakingReasonError, RestatingError, restating
from retainers.terms import TopUp as TopUpTerms
from tests.factories import ClientFactory, ProviderFactory, a_retainer, publish_work

JANUARY = date(2026, 1, 1)
COMPLETE = datetime(2026, 2, 2, 9, tzinfo=UTC)
LATER = datetime(2026, 2, 5, 9, tzinfo=UTC)  # complete, but not settled before the 12th
MARCH = datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def retainer(db):
    """Twelve hours of ten in January, which is complete since the 2nd of February."""
    provider = ProviderFactory()
    with tenant_scope(provider):
        row = a_retainer(ClientFactory(provider=provider, slug="acme", name="Acme"))
        publish_work(row, (date(2026, 1, 10), "12"), through=date(2026, 2, 1), at=COMPLETE)
        yield Retainer.objects.get(pk=row.pk)


def grant(retainer, day=date(2026, 1, 20), *, at=LATER, law=Law.COMPLETE, agreed=True, reason=""):
    """Grant an hour in a deed that may or may not restate."""
    deed = Deed(Restatement.Cause.GRANT, law, agreed, reason)
    with transaction.atomic():
        locked = publishing.lock([retainer.pk])[retainer.pk]
        press = publishing.Press(Publication.Kind.TOP_UP, at, None)
        with restating(retainer.provider, [retainer.pk], deed, press):
            publishing.grant(
                publication=press.publication(locked), top_ups=[TopUpTerms(day, Decimal(1), note="PO 1")]
            )


def test_what_changes_a_complete_cycle_is_refused_until_it_is_agreed_to_and_then_nothing_is_written(retainer):
    with pytest.raises(RestatingError) as refused:
        grant(retainer, agreed="")
    assert [each.line() for each in refused.value.restated] == [
        "acme/support: 2026-01 0.00 (2.00 over) left → 0.00 (1.00 over)"
    ]
    assert not TopUp.objects.exists()
    assert not Restatement.objects.exists()


def test_a_restatement_keeps_what_the_cycle_said_before_and_what_it_says_now(retainer):
    grant(retainer, reason="Bought in January, entered late")
    row = Restatement.objects.get()
    assert (row.cycle_starts, row.cause, row.reason) == (JANUARY, "grant", "Bought in January, entered late")
    assert row.publication == Retainer.objects.get().publication
    assert [side["total"]["overage"] for side in (row.before, row.after)] == ["2.00", "1.00"]
    assert [side["total"]["topped_up"] for side in (row.before, row.after)] == ["0.00", "1.00"]
    assert AuditEvent.objects.get(action="cycle restated").detail["cycle"] == "2026-01-01"


def test_every_closed_cycle_that_it_changes_is_restated_and_no_other(retainer):
    publish_work(retainer, through=date(2026, 3, 1), at=MARCH)
    grant(retainer, at=datetime(2026, 3, 2, 9, tzinfo=UTC))
    assert [row.cycle_starts for row in Restatement.objects.all()] == [JANUARY]


def test_a_change_of_the_running_cycle_restates_nothing(retainer):
    grant(retainer, date(2026, 2, 3), agreed="")
    assert not Restatement.objects.exists()


def test_a_cycle_that_is_not_complete_is_restated_by_nothing(db):
    provider = ProviderFactory()
    with tenant_scope(provider):
        row = a_retainer(ClientFactory(provider=provider))
        publish_work(row, (date(2026, 1, 10), "12"), through=date(2026, 1, 20), at=COMPLETE)
        grant(Retainer.objects.get(pk=row.pk), agreed="")
        assert not Restatement.objects.exists()


@pytest.mark.parametrize(("day", "asked"), [(11, False), (12, True)])
def test_work_restates_a_cycle_once_it_is_settled(retainer, day, asked):
    at = datetime(2026, 2, day, 9, tzinfo=UTC)
    if asked:
        with pytest.raises(RestatingError):
            grant(retainer, at=at, law=Law.SETTLED, agreed="")
    else:
        grant(retainer, at=at, law=Law.SETTLED, agreed="")
    assert not Restatement.objects.exists()


@pytest.mark.parametrize(("law", "count"), [(Law.COMPLETE, 1), (Law.SETTLED, 0)])
def test_a_line_of_another_day_restates_by_a_rule_and_is_corrected_by_work(retainer, law, count):
    deed = Deed(Restatement.Cause.RULES, law, True)
    press = publishing.Press(Publication.Kind.IMPORT, MARCH, None)
    with transaction.atomic(), restating(retainer.provider, [retainer.pk], deed, press):
        locked = publishing.lock([retainer.pk])[retainer.pk]
        publication = press.publication(locked)
        (line,) = Entry.objects.all()
        publishing.retire_entries(publication, [line.pk])
        publishing.add_entries(publication, [publishing.again(line, day=date(2026, 1, 11))])
    assert Restatement.objects.count() == count


def test_the_words_of_who_agrees_stand_above_those_of_the_deed():
    typed = Deed("grant", agreed=Consent(True, "We agreed by phone"), reason="Top-up of 5 h")
    assert typed.why == "We agreed by phone"
    assert Deed("grant", agreed=True, reason="Top-up of 5 h").why == "Top-up of 5 h"


def test_what_completes_a_cycle_does_not_restate_it(db):
    provider = ProviderFactory()
    with tenant_scope(provider):
        row = a_retainer(ClientFactory(provider=provider))
        publish_work(row, (date(2026, 1, 10), "12"), through=date(2026, 1, 20), at=COMPLETE)
        press = publishing.Press(Publication.Kind.IMPORT, LATER, None)
        with transaction.atomic(), restating(provider, [row.pk], Deed("import"), press):
            publish_work(row, (date(2026, 1, 30), "3"), through=date(2026, 2, 4), at=LATER)
        assert not Restatement.objects.exists()


def test_a_publication_that_changes_no_figure_and_no_line_marks_nothing(retainer):
    press = publishing.Press(Publication.Kind.WORDING, LATER, None)
    with transaction.atomic(), restating(retainer.provider, [retainer.pk], Deed("rules"), press):
        press.publication(publishing.lock([retainer.pk])[retainer.pk])
    assert not Restatement.objects.exists()


def test_the_reason_passes_the_leak_check(retainer):
    with pytest.raises(LeakingReasonError):
        grant(retainer, reason="The admin password is hunter22")
    assert not Restatement.objects.exists()


def test_restatements_are_found_by_cycle_as_a_publication_shows_them(retainer):
    before = retainer.publication
    grant(retainer)
    grant(retainer, at=MARCH)
    now = Retainer.objects.get(pk=retainer.pk)
    found = restatements_of([now])[now.pk][JANUARY]
    assert restated_on(found, ZoneInfo("UTC")) == [
        date(2026, 2, 5),
        date(2026, 3, 1),
    ]
    assert restatements_of([now], seen={now.pk: before}) == {}


def refused(write):
    def write_and_check():
        write()
        connection.check_constraints()

    with pytest.raises(IntegrityError), transaction.atomic():
        write_and_check()


@pytest.mark.parametrize(
    "write",
    [
        lambda: Restatement.objects.update(reason="Something else"),
        lambda: Restatement.objects.update(before=None),
        lambda: Restatement.objects.all().delete(),
    ],
)
def test_a_restatement_is_neither_changed_nor_deleted(retainer, write):
    grant(retainer)
    refused(write)


def test_a_restatement_is_of_one_providers_retainer(retainer):
    other = ProviderFactory()
    with tenant_scope(other):
        theirs = a_retainer(ClientFactory(provider=other))
    refused(
        lambda: Restatement.objects.create(
            retainer_id=theirs.pk, cycle_starts=JANUARY, cause=Restatement.Cause.LAW, made_at=LATER
        )
    )


def test_only_a_new_edition_of_the_rules_restates_without_a_publication(retainer):
    values = {"retainer": retainer, "cycle_starts": JANUARY, "made_at": LATER}
    Restatement.objects.create(cause=Restatement.Cause.LAW, **values)
    refused(lambda: Restatement.objects.create(cause=Restatement.Cause.RULES, **values))


APRIL = datetime(2026, 4, 20, 9, tzinfo=UTC)
QUARTER = [(date(2026, month, day), "1.25") for month in range(1, 5) for day in (3, 14)]


def bought(publication, day):
    publishing.grant(publication=publication, top_ups=[TopUpTerms(day, Decimal(3), expires=2)])


def corrected(publication, day):
    (line,) = Entry.objects.filter(day=day, retired_in=None)
    publishing.retire_entries(publication, [line.pk])
    publishing.add_entries(publication, [publishing.again(line, worked_units=9_0000)])


def nothing(publication, day):
    """Only the publication."""


def outcome(retainer, deed, day, law):
    """What it restates and hands on; then it is taken back."""
    said, press = Deed("grant", law, True), publishing.Press(Publication.Kind.TOP_UP, APRIL, None)
    with transaction.atomic(), restating(retainer.provider, [retainer.pk], said, press):
        deed(press.publication(publishing.lock([retainer.pk])[retainer.pk]), day)
    found = said.restated and digest(said.restated), [each.line() for each in said.restated]
    return found, press.handed[retainer.pk]


@pytest.mark.parametrize("is_kept", [True, False])
@pytest.mark.parametrize("law", list(Law))
@pytest.mark.parametrize("day", [date(2026, month, 14) for month in range(1, 5)])
@pytest.mark.parametrize("deed", [bought, corrected, nothing])
def test_a_deed_is_found_to_do_the_same_whether_or_not_what_it_leaves_untouched_is_read(
    db, monkeypatch, time_machine, deed, day, law, is_kept
):
    time_machine.move_to(APRIL, tick=False)
    provider = ProviderFactory()
    with tenant_scope(provider):
        row = a_retainer(ClientFactory(provider=provider, slug="acme", name="Acme"))
        publish_work(row, *QUARTER, through=date(2026, 4, 15), at=datetime(2026, 4, 16, 9, tzinfo=UTC))
        retainer = Retainer.objects.get(pk=row.pk)
        if is_kept:
            keep_all(provider)
        found = []
        for reads in (sides._changed_since, lambda _old, _new: {}):
            monkeypatch.setattr(sides, "_changed_since", reads)
            with transaction.atomic():
                found.append(outcome(retainer, deed, day, law))
                transaction.set_rollback(True)

    assert found[0] == found[1]


def test_of_cycles_before_the_first_that_a_deed_changes_no_work_is_read(db, time_machine):
    time_machine.move_to(APRIL, tick=False)
    provider = ProviderFactory()
    with tenant_scope(provider):
        row = a_retainer(ClientFactory(provider=provider))
        publish_work(row, *QUARTER, through=date(2026, 4, 15), at=datetime(2026, 4, 16, 9, tzinfo=UTC))
        keep_all(provider)
        with CaptureQueriesContext(connection) as asked:
            outcome(Retainer.objects.get(pk=row.pk), bought, date(2026, 4, 2), Law.COMPLETE)

    read = [each["sql"] for each in asked if "worked_units" in each["sql"]]
    assert read
    assert all("2026-04-01" in each for each in read)


def test_where_an_entry_that_is_not_counted_has_no_words_a_deed_is_worked_out_all_the_same(db, time_machine):
    time_machine.move_to(APRIL, tick=False)
    without = {"wording": "", "worded_by": "neutral", "exclusion": "gift", "incident": "4711"}
    provider = ProviderFactory()
    with tenant_scope(provider):
        row = a_retainer(ClientFactory(provider=provider))
        publish_work(row, *QUARTER, through=date(2026, 4, 15), at=datetime(2026, 4, 16, 9, tzinfo=UTC))
        publish_work(row, (date(2026, 4, 10), "1"), at=datetime(2026, 4, 17, 9, tzinfo=UTC), **without)
        keep_all(provider)
        _found, handed = outcome(Retainer.objects.get(pk=row.pk), bought, date(2026, 4, 2), Law.COMPLETE)

    assert handed.unworded == 0
