"""Saved views and what stands beside the list."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import Role
from accounts.tenancy import tenant_scope
from desk.models import SavedView
from tests.factories import bank

NOV_3 = date(2026, 11, 3)


def names(browser):
    page = browser.get("/").content.decode()
    tabs = page.partition('class="tabs views"')[2].partition("</nav>")[0]
    return [name for name in ("Low ones", "Everybody") if name in tabs]


@pytest.fixture
def acme(world):
    return world.client("Acme", (NOV_3, "11"), agreement=bank())


def test_a_question_is_kept_under_a_name_and_found_again(world, acme, viewer):
    answer = viewer.post(reverse("save_view"), {"name": "Low ones", "state": "low", "sort": "left"})
    assert answer.headers["Location"] == "/?state=low&sort=left"
    page = viewer.get(answer.headers["Location"]).content.decode()
    assert 'href="?state=low&amp;sort=left" aria-current="true"' in page


def test_the_same_name_is_one_view(world, acme, viewer):
    for state in ("low", "over"):
        viewer.post(reverse("save_view"), {"name": "Low ones", "state": state})
    with tenant_scope(world.provider):
        assert SavedView.objects.get().state == "over"


def test_a_view_is_its_members_own_until_it_is_shared(world, acme, manager, viewer):
    manager.post(reverse("save_view"), {"name": "Low ones", "state": "low"})
    manager.post(reverse("save_view"), {"name": "Everybody", "shared": "on"})
    assert names(manager) == ["Low ones", "Everybody"]
    assert names(viewer) == ["Everybody"]


def test_a_viewer_shares_nothing(world, acme, manager, viewer):
    viewer.post(reverse("save_view"), {"name": "Everybody", "shared": "on"})
    assert names(manager) == []


def test_a_view_is_dropped_by_who_made_it_and_a_shared_one_by_an_owner(world, acme, manager, viewer, as_role):
    manager.post(reverse("save_view"), {"name": "Everybody", "shared": "on"})
    with tenant_scope(world.provider):
        pk = SavedView.objects.get().pk
    viewer.post(reverse("drop_view", args=[pk]))
    assert names(manager) == ["Everybody"]
    as_role(Role.OWNER).post(reverse("drop_view", args=[pk]))
    assert names(manager) == []


def test_a_view_without_a_name_is_not_kept(world, acme, viewer):
    viewer.post(reverse("save_view"), {"name": "  "})
    with tenant_scope(world.provider):
        assert not SavedView.objects.exists()


def test_beside_the_list_stand_due_incidents_and_wording(world, viewer):
    world.client("Acme", (NOV_3, "5"), agreement=bank(updates_on=("sun",)), incident="a" * 16, wording="")
    page = viewer.get("/").content.decode()
    beside = page.partition('class="beside-list"')[2]
    assert "5.0 h since 3 Nov" in beside
    assert "1 line" in beside


def test_hours_over_are_summed_and_hours_left_are_not(world):
    world.client("Acme", (NOV_3, "14"), agreement=bank(overage="bill", overage_rate=Decimal(100)))
    world.client("Birch", (NOV_3, "12.5"), agreement=bank())
    assert world.page().sums == "2.5 h over in all, $200.00 to invoice so far."
    assert world.page(q="birch").sums == "0.5 h over in all."
    assert world.page(state="low").sums == "No client is over."
