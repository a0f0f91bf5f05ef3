"""From when on to export: the first day of the earliest cycle that isn't settled."""

from datetime import UTC, date, datetime

from django.urls import reverse

from accounts.models import Provider
from accounts.tenancy import tenant_scope
from retainers.closings import open_since
from retainers.selectors import retainers_of
from tests.desk.conftest import TODAY
from tests.factories import bank


def opened(world, on=TODAY):
    with tenant_scope(world.provider):
        rows = list(retainers_of())
        found = open_since(rows, on, world.provider)
        return {row.client.name: found.get(row.pk) for row in rows}


def said(world):
    return world.person().get(reverse("imports")).text


def test_cycles_that_are_settled_need_no_export(world):
    world.client("Acme", (date(2026, 11, 3), "1"), at=datetime(2026, 11, 4, 9, tzinfo=UTC))

    assert opened(world) == {"Acme": date(2026, 11, 1)}
    assert "Export from Sun 1 Nov 2026 on: everything before that is settled." in said(world)


def test_a_cycle_that_is_complete_for_fewer_than_ten_days_may_still_have_late_entries(world):
    world.client("Acme", (date(2026, 11, 3), "1"), at=datetime(2026, 11, 20, 9, tzinfo=UTC))

    assert opened(world) == {"Acme": date(2026, 1, 1)}
    assert opened(world, date(2026, 11, 30)) == {"Acme": date(2026, 11, 1)}


def test_a_cycle_whose_last_days_are_in_no_file_is_exported_again(world):
    world.client("Acme", through=date(2026, 9, 25), at=datetime(2026, 9, 26, 9, tzinfo=UTC))
    world.client("Birch", through=date(2026, 11, 3), at=datetime(2026, 11, 4, 9, tzinfo=UTC))

    assert opened(world) == {"Acme": date(2026, 9, 1), "Birch": date(2026, 11, 1)}
    assert "Export from Tue 1 Sep 2026 on for Acme; for the others, Sun 1 Nov 2026 is early enough." in said(
        world
    )


def test_what_has_not_begun_needs_no_export(world):
    world.client("Acme", agreement=bank(starts=date(2026, 12, 1)))

    assert opened(world) == {"Acme": None}
    assert "Export from" not in said(world)


def test_the_providers_days_for_late_entries_are_those_everywhere(world):
    acme = world.client("Acme", (date(2026, 11, 3), "1"), at=datetime(2026, 11, 20, 9, tzinfo=UTC))
    october = f"{reverse('view_as_client', args=[acme.slug])}?cycle=2026-10-01"

    assert "Late entries can change it until Mon 30 November." in world.person().get(october).text
    Provider.objects.update(settles_after_days=1)
    world.provider.refresh_from_db()

    assert opened(world) == {"Acme": date(2026, 11, 1)}
    assert "Late entries" not in world.person().get(october).text
