"""What a page reads of what is published, at the days where cycles, coverage and first files meet."""

from datetime import UTC, date, datetime

import pytest

from accounts.tenancy import tenant_scope
from portal import links
from portal.models import ClientRequest
from portal.selectors import page_facts, page_retainers
from presentation.facts import Asked, RetainerFacts
from retainers import publishing
from retainers.agreements.fields import agreement_from_document
from retainers.coverage import Coverage, Spoken
from retainers.models import Publication, Retainer
from tests.factories import ClientFactory, ProviderFactory, a_retainer, publish_work

TODAY = date(2026, 3, 10)
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def acme(db, time_machine):
    time_machine.move_to(NOON, tick=False)
    provider = ProviderFactory()
    with tenant_scope(provider):
        return ClientFactory(provider=provider)


def facts(retainer: Retainer, cycle: str = "") -> RetainerFacts:
    with tenant_scope(retainer.provider):
        (found,) = page_facts(
            retainer.provider, page_retainers(retainer.client), TODAY, Asked(cycle=cycle), with_hidden=True
        )
    return found


def speak(retainer: Retainer, *spans: tuple[date, date]) -> None:
    """Files for these days are published, without work in them."""
    with tenant_scope(retainer.provider):
        locked = publishing.lock([retainer.pk])[retainer.pk]
        coverage = Coverage()
        for first, last in spans:
            coverage = coverage.adding(Spoken(first, last, starts_given=True))
        agreement = agreement_from_document(retainer.version.document)
        said = publishing.covering(agreement, coverage, TODAY)
        publishing.Press(Publication.Kind.IMPORT, NOON, None).publication(locked, **said, updated_at=NOON)


def test_a_gap_over_a_reset_is_told_in_the_cycle_before_and_in_the_one_after(acme):
    row = a_retainer(acme)
    speak(row, (date(2026, 1, 1), date(2026, 1, 30)), (date(2026, 2, 2), date(2026, 3, 9)))
    gap = (date(2026, 1, 31), date(2026, 2, 1))
    assert facts(row, "2026-01-01").covered.gaps == (gap,)
    assert facts(row, "2026-02-01").covered.gaps == (gap,)


def test_a_gap_of_one_cycle_is_not_told_in_the_next(acme):
    row = a_retainer(acme)
    speak(row, (date(2026, 1, 1), date(2026, 1, 30)), (date(2026, 2, 1), date(2026, 3, 9)))
    assert facts(row, "2026-01-01").covered.gaps
    assert facts(row, "2026-02-01").covered.gaps == ()


def test_work_of_the_covered_day_itself_is_no_work_of_later_days(acme):
    row = a_retainer(acme)
    publish_work(row, (date(2026, 3, 8), "1"), (date(2026, 3, 9), "2"), through=date(2026, 3, 8), at=NOON)
    assert str(facts(row).covered.later_hours) == "2.00"


def test_a_first_file_is_awaited_since_the_page_stands_and_not_since_the_agreement_began(acme):
    row = a_retainer(acme, at=datetime(2026, 3, 5, 9, tzinfo=UTC))
    assert facts(row).awaited_since == date(2026, 3, 5)


def test_a_cycle_whose_first_day_alone_is_covered_has_something_of_it_in(acme):
    row = a_retainer(acme)
    speak(row, (date(2026, 1, 1), date(2026, 2, 28)))
    assert facts(row).first_days
    speak(row, (date(2026, 1, 1), date(2026, 3, 1)))
    row.refresh_from_db()
    assert not facts(row).first_days


def test_the_page_of_an_earlier_day_shows_no_request_of_a_client(acme):
    row = a_retainer(acme)
    with tenant_scope(acme.provider):
        link, _token = links.create(client=acme, by=None)
        made = {"name": "Pat", "email": "pat@acme.example", "made_at": NOON}
        ClientRequest.objects.create(retainer=row, link=link, kind="top_up", hours_units=200, **made)
        shown = [
            page_facts(acme.provider, page_retainers(acme), TODAY, Asked(), as_published=each)[0].requests
            for each in (False, True)
        ]
    assert [len(each) for each in shown] == [1, 0]


def test_a_request_that_was_confirmed_is_an_approval_and_stands_there_once(acme):
    row = a_retainer(acme)
    with tenant_scope(acme.provider):
        link, _token = links.create(client=acme, by=None)
        made = {"name": "Pat", "email": "pat@acme.example", "made_at": NOON, "hours_units": 200}
        ClientRequest.objects.create(retainer=row, link=link, kind="overage", confirmed_at=NOON, **made)
    assert facts(row).requests == ()
