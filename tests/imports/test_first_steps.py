"""The first day's check list on the dashboard: what is done, what comes next, and when it goes away."""

import re

import pytest
from django.urls import reverse

from accounts.models import Role
from accounts.tenancy import tenant_scope
from portal import links
from portal.models import ShareLink
from retainers.models import Client
from tests.factories import ProviderFactory
from tests.imports.uploading import ImportWorld, row
from tests.world import World

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def world(db):
    """A provider that has nothing yet, and its owner."""
    provider = ProviderFactory()
    return ImportWorld(provider=provider, manager=World(provider).person(Role.OWNER))


def next_step(world) -> str:
    """The step that the list says to do now; "" without a list."""
    page = world.manager.get(reverse("dashboard")).text
    found = re.search(r'aria-current="step">\s*<p><strong>([^<]*)', page)
    return found.group(1) if found else ""


def test_each_step_leads_to_the_next_until_a_client_has_opened_a_link(world):
    assert next_step(world) == "Say when you are open"
    hours = {"v-0-days": ["mon"], "v-0-start": "08:00", "v-0-end": "17:00", "do": "save"}
    world.manager.post(reverse("business_hours"), hours)
    assert next_step(world) == "Upload a time report from your PSA"
    source = world.upload(row(1, "Zeta Corp", "2026-02-10", "2"))
    assert next_step(world) == "Make its companies your clients"
    world.post(
        "answer_company", source, new_ticked="1", make=["0"], **{"company-0": "Zeta Corp", "cap-0": "5"}
    )
    assert next_step(world) == "Publish what the file brings"
    world.publish(source, ("zeta-corp",))
    assert next_step(world) == "Create a client’s link"
    with tenant_scope(world.provider):
        link, _token = links.create(client=Client.objects.get(), by=None)
    assert next_step(world) == "Send it, and see when it’s opened"
    with tenant_scope(world.provider):
        ShareLink.objects.filter(pk=link.pk).update(opened_count=1)
    assert next_step(world) == ""


def folded(world) -> str:
    """The one line that the list is once clients stand below it; "" where it is open."""
    page = world.manager.get(reverse("dashboard")).text
    found = re.search(r'<section class="card onward".*?</summary>', page, re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", found.group(0)).split()) if found else ""


def test_once_something_is_published_the_list_is_a_line_that_names_the_next_step(world):
    source = world.upload(row(1, "Zeta Corp", "2026-02-10", "2"))
    world.post(
        "answer_company", source, new_ticked="1", make=["0"], **{"company-0": "Zeta Corp", "cap-0": "5"}
    )
    assert folded(world) == ""
    world.publish(source, ("zeta-corp",))
    assert folded(world) == "To the first client’s page 4 of 6 done Create a client’s link"
    page = world.manager.get(reverse("dashboard")).text
    assert page.count(">Create a link</a>") == 2  # beside the line, and in the list that it opens
    with tenant_scope(world.provider):
        links.create(client=Client.objects.get(), by=None)
    assert folded(world) == "To the first client’s page 5 of 6 done Send it, and see when it’s opened"


def test_a_viewer_reads_the_list_without_buttons(world):
    page = world.person(Role.VIEWER).get(reverse("dashboard")).text
    assert "Upload a time report from your PSA" in page
    assert ">Set business hours<" not in page


def steps_of(world) -> dict[str, str]:
    """What stands in the list about each step, by its words."""
    page = world.manager.get(reverse("dashboard")).text
    return {
        found[1]: found[0]
        for found in re.finditer(r"<li class=\"(?:done|next|)\".*?<strong>(.*?)</strong>.*?</li>", page, re.S)
    }


def test_business_hours_that_nobody_set_are_not_called_done_and_hold_nothing_up(world):
    world.upload(row(1, "Zeta Corp", "2026-02-10", "2"))
    hours = steps_of(world)["Say when you are open"]
    assert "done" not in hours
    assert "Set business hours" in hours
    assert next_step(world) == "Make its companies your clients"


def test_who_set_business_hours_is_led_to_holidays_until_there_is_one(world):
    hours = {"v-0-days": ["mon"], "v-0-start": "08:00", "v-0-end": "17:00", "do": "save"}
    world.manager.post(reverse("business_hours"), hours)
    step = steps_of(world)["Say when you are open"]
    assert "done" in step
    assert "Add holidays" in step
    world.manager.post(reverse("business_hours"), {**hours, "v-0-holidays": "2026-12-25"})
    assert "<a" not in steps_of(world)["Say when you are open"]
