"""Entries and grants as the ledger's values: read in bulk they are what they are one by one."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from accounts.tenancy import tenant_scope
from retainers import publishing, row_values
from retainers.balance import Part
from retainers.models import Entry, Publication
from retainers.models import TopUp as TopUpRow
from retainers.published_rows import published
from retainers.row_values import ENTRY_COLUMNS, part_document, work_of, works_of
from retainers.terms import TopUp
from tests.factories import ClientFactory, ProviderFactory, a_retainer, publish_work

AT = datetime(2026, 2, 10, tzinfo=UTC)
NIGHT = frozenset({"after_hours", "night"})
SPLIT = [part_document(part) for part in (Part(1800, pool="web"), Part(5400, categories=NIGHT))]


@pytest.mark.django_db
def test_entries_read_in_bulk_are_what_they_are_one_by_one():
    provider = ProviderFactory()
    with tenant_scope(provider):
        retainer = a_retainer(ClientFactory(provider=provider))
    publish_work(retainer, (date(2026, 2, 3), "1.25"), (date(2026, 2, 3), "0"), at=AT)
    publish_work(retainer, (date(2026, 2, 4), "2"), at=AT, categories=sorted(NIGHT), is_billable=False)
    publish_work(retainer, (date(2026, 2, 5), "2"), at=AT, parts=SPLIT, pool="web", exclusion="own work")

    with tenant_scope(provider):
        entries = Entry.objects.order_by("pk")
        read = list(works_of(entries))
        one_by_one = [work_of(tuple(getattr(entry, name) for name in ENTRY_COLUMNS)) for entry in entries]

    assert read == [(retainer.pk, work) for work in one_by_one]
    assert [work.worked for _retainer, work in read] == [Decimal(hours) for hours in ("1.25", "0", "2", "2")]
    assert read[2][1].categories == NIGHT
    assert [part.seconds for part in read[3][1].parts] == [1800, 5400]


def bought(retainer, hours: int) -> Publication:
    """One top-up more, in the place of the one before it."""
    locked = publishing.lock([retainer.pk])[retainer.pk]
    publication = publishing.Press(Publication.Kind.TOP_UP, AT, None).publication(locked)
    TopUpRow.objects.filter(retainer=retainer, retired_in=None).update(retired_in=publication)
    publishing.grant(publication=publication, top_ups=[TopUp(date(2026, 2, hours), Decimal(hours))])
    return publication


@pytest.mark.django_db
@pytest.mark.parametrize("exact", [True, False])
def test_a_publication_that_is_read_alone_shows_what_it_shows_among_others(exact):
    provider = ProviderFactory()
    with tenant_scope(provider):
        one, other = (a_retainer(ClientFactory(provider=provider)) for _ in range(2))
        heads = list(enumerate((bought(one, hours) for hours in (1, 2, 3)), 1))
        theirs = bought(other, 9)
        for hours, head in heads if exact else heads[-1:]:
            alone, among = (
                published(said, ZoneInfo("UTC"), exact=exact)[one.pk]
                for said in ({one.pk: head}, {one.pk: head, other.pk: theirs})
            )
            assert alone == among
            assert [each.hours for each in alone.top_ups] == [hours]


@pytest.mark.django_db
def test_what_entries_have_alike_is_read_once(monkeypatch):
    provider = ProviderFactory()
    with tenant_scope(provider):
        retainer = a_retainer(ClientFactory(provider=provider))
    publish_work(retainer, *[(date(2026, 2, 3), "1.25"), (date(2026, 2, 4), "2")] * 20, at=AT)
    read, really = [], row_values._hours
    monkeypatch.setattr(row_values, "_hours", lambda units: read.append(units) or really(units))

    with tenant_scope(provider):
        works = list(works_of(Entry.objects.all()))

    assert len(works) == 40
    assert sorted(read, key=str) == [12500, 20000, None]
