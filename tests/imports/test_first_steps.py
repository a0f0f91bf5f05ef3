"""The first day's check list on the dashboard: what is done, what comes next, and when it goes away."""

import re

import pytest
from django.test import Client as Browser
from django.urls import reverse

from accounts.models import Role
from accounts.tenancy import tenant_scope
from portal import links
from portal.models import ShareLink
from retainers.models import Client
from tests.factories import MembershipFactory, ProviderFactory
from tests.imports.desk import Desk, row

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def desk(db):
    """A provider that has nothing yet, and its owner."""
    provider = ProviderFactory()
    member = MembershipFactory(provider=provider, role=Role.OWNER)
    browser = Browser()
    browser.force_login(member.user)
    return Desk(provider, member, browser)


def next_step(desk) -> str:
    """The step that the list says to do now; "" without a list."""
    page = desk.browser.get(reverse("dashboard")).text
    found = re.search(r'aria-current="step">\s*<p><strong>([^<]*)', page)
    return found.group(1) if found else ""


def test_each_step_leads_to_the_next_until_a_client_has_opened_a_link(desk):
    assert next_step(desk) == "Say when you are open"
    hours = {"v-0-days": ["mon"], "v-0-start": "08:00", "v-0-end": "17:00", "do": "save"}
    desk.browser.post(reverse("business_hours"), hours)
    assert next_step(desk) == "Upload a time report from your PSA"
    source = desk.upload(row(1, "Zeta Corp", "2026-02-10", "2"))
    assert next_step(desk) == "Make its companies your clients"
    desk.post("map_company", source, new_ticked="1", make=["0"], **{"company-0": "Zeta Corp", "cap-0": "5"})
    assert next_step(desk) == "Publish what the file brings"
    desk.publish(source, ("zeta-corp",))
    assert next_step(desk) == "Create a client’s link"
    with tenant_scope(desk.provider):
        link, _token = links.create(client=Client.objects.get(), by=None)
    assert next_step(desk) == "Send it, and see when it’s opened"
    with tenant_scope(desk.provider):
        ShareLink.objects.filter(pk=link.pk).update(opened_count=1)
    assert next_step(desk) == ""


def folded(desk) -> str:
    """The one line that the list is once clients stand below it; "" where it is open."""
    page = desk.browser.get(reverse("dashboard")).text
    found = re.search(r'<section class="card onward".*?</summary>', page, re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", found.group(0)).split()) if found else ""


def test_once_something_is_published_the_list_is_a_line_that_names_the_next_step(desk):
    source = desk.upload(row(1, "Zeta Corp", "2026-02-10", "2"))
    desk.post("map_company", source, new_ticked="1", make=["0"], **{"company-0": "Zeta Corp", "cap-0": "5"})
    assert folded(desk) == ""
    desk.publish(source, ("zeta-corp",))
    assert folded(desk) == "To the first client’s page 4 of 6 done Create a client’s link"
    page = desk.browser.get(reverse("dashboard")).text
    assert page.count(">Create a link</a>") == 2  # beside the line, and in the list that it opens
    with tenant_scope(desk.provider):
        links.create(client=Client.objects.get(), by=None)
    assert folded(desk) == "To the first client’s page 5 of 6 done Send it, and see when it’s opened"


def test_a_viewer_reads_the_list_without_buttons(desk):
    page = desk.as_role(Role.VIEWER).get(reverse("dashboard")).text
    assert "Upload a time report from your PSA" in page
    assert ">Set business hours<" not in page


def steps_of(desk) -> dict[str, str]:
    """What stands in the list about each step, by its words."""
    page = desk.browser.get(reverse("dashboard")).text
    return {
        found[1]: found[0]
        for found in re.finditer(r"<li class=\"(?:done|next|)\".*?<strong>(.*?)</strong>.*?</li>", page, re.S)
    }


def test_business_hours_that_nobody_set_are_not_called_done_and_hold_nothing_up(desk):
    desk.upload(row(1, "Zeta Corp", "2026-02-10", "2"))
    hours = steps_of(desk)["Say when you are open"]
    assert "done" not in hours
    assert "Set business hours" in hours
    assert next_step(desk) == "Make its companies your clients"


def test_who_set_business_hours_is_led_to_holidays_until_there_is_one(desk):
    hours = {"v-0-days": ["mon"], "v-0-start": "08:00", "v-0-end": "17:00", "do": "save"}
    desk.browser.post(reverse("business_hours"), hours)
    step = steps_of(desk)["Say when you are open"]
    assert "done" in step
    assert "Add holidays" in step
    desk.browser.post(reverse("business_hours"), {**hours, "v-0-holidays": "2026-12-25"})
    assert "<a" not in steps_of(desk)["Say when you are open"]
