"""A notice beside the number has a day, a pool and an end, and is part of every answer."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.core.management import call_command

from accounts.tenancy import tenant_scope
from portal import gallery_data as data
from portal.gallery import Scene, page
from presentation.facts import Asked
from retainers.models import Retainer
from retainers.notices import post_notice

POSTED = datetime(2026, 6, 22, 15, tzinfo=UTC)


def test_a_notice_says_since_when_it_stands_and_whose_hours_it_names():
    (retainer,) = page(Scene(notice=replace(data.NOTICE, pool="scheduled"))).retainers
    assert retainer.notice.since == "since Sat 21 November"
    assert retainer.notice.would_remain == (
        "About 6.0 hours of Scheduled maintenance are not yet counted. With them, about 0 would be left, 2.75 over."
    )


@pytest.mark.parametrize(
    ("pool", "lead"),
    [
        ("scheduled", "Counts as 1.0 hours of Scheduled maintenance: 0 would be left, 3.75 over."),
        ("reactive", "Counts as 1.0 hours of Reactive support: 6.0 would be left."),
    ],
)
def test_a_notice_enters_the_answers_of_its_own_pool_alone(pool, lead):
    scene = Scene(notice=replace(data.NOTICE, pool="scheduled"))
    (retainer,) = page(scene, asked=Asked(hours="1", from_pool=pool)).retainers
    assert retainer.cycle.what_if.answer.lead == lead


@pytest.fixture
def noticed(provider, time_machine):
    """A published client with a notice of 22 June."""
    time_machine.move_to(POSTED, tick=False)
    with tenant_scope(provider):
        retainer = Retainer.objects.get(client__slug="acme")
        post_notice(retainer=retainer, text="Outage", pending_hours=None, by=None, at=POSTED)
    return provider


def stands(client, address) -> bool:
    (retainer,) = client.get(address + "balance.json").json()["retainers"]
    assert ("Outage" in client.get(address).text) is (retainer["notice"] is not None)
    return retainer["notice"] is not None


def import_through(day: str, tmp_path) -> None:
    (tmp_path / "later.csv").write_text(f"Client,Date,Hours\nAcme Dental,{day},1\n")
    options = ["--removals", "keep", "--publish", "--accept", "one-company", "--through", day]
    call_command("import_csv", str(tmp_path / "later.csv"), "--provider", "north", *options, verbosity=0)


def test_a_notice_ends_with_the_update_that_covers_its_day(noticed, client, address, tmp_path, time_machine):
    assert stands(client, address)
    time_machine.move_to("2026-06-24T09:00:00Z")
    import_through("2026-06-21", tmp_path)
    assert stands(client, address)
    import_through("2026-06-22", tmp_path)
    assert not stands(client, address)


def test_what_was_covered_before_a_notice_was_put_up_does_not_end_it(provider, client, address, tmp_path):
    import_through("2026-06-22", tmp_path)
    with tenant_scope(provider):
        retainer = Retainer.objects.get(client__slug="acme")
        post_notice(retainer=retainer, text="Outage", pending_hours=None, by=None, at=POSTED)
    assert stands(client, address)


def test_a_notice_ends_with_its_cycle(noticed, client, address, time_machine):
    time_machine.move_to("2026-06-30T12:00:00Z")
    assert stands(client, address)
    time_machine.move_to("2026-07-01T12:00:00Z")
    assert not stands(client, address)


def test_the_json_names_the_notices_day_and_pool(noticed, client, address):
    (retainer,) = client.get(address + "balance.json").json()["retainers"]
    assert (retainer["notice"]["since"], retainer["notice"]["pool"]) == ("2026-06-22", "support")


def test_the_day_of_a_notice_bears_its_year_where_it_is_another_one():
    (retainer,) = page(Scene(notice=replace(data.NOTICE, day=date(2025, 12, 30)))).retainers
    assert retainer.notice.since == "since 30 December 2025"
