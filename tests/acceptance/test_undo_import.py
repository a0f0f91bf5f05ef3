"""`undo_import`: what stands again, for whom, and in which order."""

import pytest
from django.utils import timezone

from accounts.models import Provider
from accounts.tenancy import tenant_scope
from imports.wording.reword import NewWords, reword
from retainers.models import Entry
from tests.acceptance.conftest import at, counts, row


@pytest.fixture
def two_imports(bring):
    with at("2026-02-09 12:00"):
        first = bring([row(1, day=2), row(10, day=2, client="Acme Dental")], "--publish").json["import"]
    with at("2026-02-12 12:00"):
        second = bring([row(1, day=2, hours="3"), row(2, day=10)], "--publish").json["import"]
    return first, second


def test_an_undone_import_leaves_the_pages_as_they_were(two_imports, shell, balances):
    first, second = two_imports
    with at("2026-02-13 12:00"):
        assert shell("undo_import", second).code == 0
    birch = balances("--on", "2026-02-13")["birch", "support"]
    assert (birch["through"], birch["next_update"]) == ("2026-02-02", "2026-02-12")
    assert birch["cycles"][-1]["total"]["used"] == "1.00"
    stays = balances("--as-published", "2026-02-12")["birch", "support"]
    assert (stays["through"], stays["cycles"][-1]["total"]["used"]) == ("2026-02-10", "4.00")
    with at("2026-02-14 12:00"):
        assert shell("undo_import", first).code == 0
    birch = balances("--on", "2026-02-14")["birch", "support"]
    assert (birch["through"], birch["next_update"]) == (None, None)


def test_an_import_is_not_undone_under_a_newer_one(two_imports, shell, used):
    first, second = two_imports
    said = shell("undo_import", first)
    assert said.code == 1
    assert [f"({second})" in line for line in said.lines] == [True, True]
    assert used("birch", "2026-02-20") == "4.00"


def test_an_import_is_undone_for_one_client(two_imports, shell, used):
    first, second = two_imports
    with at("2026-02-13 12:00"):
        assert shell("undo_import", second, "--client", "acme").code == 0
        assert shell("undo_import", first, "--client", "acme").code == 0
        assert shell("undo_import", first, "--client", "birch").code == 1
    assert (used("acme", "2026-02-20"), used("birch", "2026-02-20")) == ("0.00", "4.00")


def test_an_import_is_undone_once_and_may_be_brought_again(two_imports, shell, bring, used):
    second = two_imports[1]
    with at("2026-02-13 12:00"):
        shell("undo_import", second)
        assert shell("undo_import", second).code == 1
        again = bring([row(1, day=2, hours="3"), row(2, day=10)], "--publish")
    assert (counts(again), used("birch", "2026-02-20")) == ({"new": 1, "changed": 1, "removed": 1}, "4.00")


def test_words_given_since_stay_with_their_entries(bring, shell, link_to_birch, client):
    with at("2026-02-09 12:00"):
        bring([row(1, day=2)], "--publish")
    with at("2026-02-10 12:00"):
        second = bring([row(1, day=2, hours="2"), row(2, day=10)], "--publish").json["import"]
    with at("2026-02-11 12:00"):
        provider = Provider.objects.get(slug="northwind")
        with tenant_scope(provider):
            origin = Entry.objects.get(day="2026-02-02", retired_in=None).origin
            words = NewWords(origins=(origin,), text="Repaired a printer")
            reword(provider=provider, given=[words], by=None, at=timezone.now())
    with at("2026-02-12 12:00"):
        again = bring([row(1, day=2, hours="4"), row(2, day=10)], "--publish").json["import"]
        assert logged(client, link_to_birch) == [
            ("Repaired a printer", "4.00"),
            ("Repaired a printer", "1.00"),
        ]
        shell("undo_import", again)
        shell("undo_import", second)
        assert logged(client, link_to_birch) == [("Repaired a printer", "1.00")]


@pytest.fixture
def link_to_birch(northwind, shell):
    said = shell("share_link", "create", "--provider", "northwind", "--client", "birch")
    return "/" + said.out.strip().split("/", 3)[3]


def logged(client, path):
    log = client.get(path + "balance.json").json()["retainers"][0]["log"]
    return [(line["description"], line["hours"]) for line in log]
