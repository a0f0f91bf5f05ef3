"""Who did what: found by the client whatever it is called, and read by owners whole."""

import re

import pytest

from accounts import actors, keys
from accounts.audit import record
from accounts.models import Role
from accounts.tenancy import tenant_scope
from portal import links
from retainers.models import Client
from tests.world import world  # noqa: F401

PATH = "/trail/"


def words(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def rename(slug, name):
    Client.objects.filter(slug=slug).update(name=name)


def told(owner, *lines: str) -> None:
    """The owner reads each of these on the page."""
    page = words(owner.get(PATH))
    assert [line for line in lines if line not in page] == []


def test_a_renamed_client_keeps_its_record_and_nobody_inherits_it(as_role, provider, retainer):
    with tenant_scope(provider):
        links.create(client=retainer.client, label="For Pat", by=None)
        other = Client.objects.create(slug="birch", name="Birch")
        rename("acme", "Acme Group")
        rename("birch", "Acme Dental")
    browser = as_role()
    assert "Link created: For Pat" in words(browser.get("/clients/acme/history/"))
    assert "Link created" not in words(browser.get(f"/clients/{other.slug}/history/"))


def test_an_owner_reads_every_deed_with_who_did_it_and_about_whom(as_role, provider, retainer):
    browser = as_role(Role.OWNER)
    owner = provider.memberships.get().user
    with tenant_scope(provider):
        key, _ = keys.create(name="Nightly export", scopes=keys.PUSHES, by=owner)
        record(owner, "text allowed", "PRN-4711")
        record(owner, "role changed", "lee@north.example", before="viewer", after="manager")
        record(actors.contact("pat@acme.example"), "alerts agreed to", about=["acme"])
        with actors.with_key(key):
            record(None, "uploaded", "night.csv")
    page = words(browser.get(PATH))
    for line in (
        f"Text allowed despite the leak check PRN-4711 – {owner.email}",
        "Role changed lee@north.example · viewer → manager",
        "Alerts agreed to Acme Dental pat@acme.example, a contact",
        "Export uploaded night.csv – API key “Nightly export”",
        "API key created Nightly export",
    ):
        assert line in page


def test_one_kind_of_deed_can_be_chosen(as_role, provider):
    browser = as_role(Role.OWNER)
    with tenant_scope(provider):
        record(None, "text allowed", "PRN-4711")
        record(None, "invited", "lee@north.example")
    page = words(browser.get(PATH, {"what": "text allowed"}))
    assert "PRN-4711" in page
    assert "lee@north.example" not in page


def test_the_trail_goes_on_page_by_page(as_role, provider):
    browser = as_role(Role.OWNER)
    with tenant_scope(provider):
        for number in range(51):
            record(None, "text allowed", f"text-{number}-")
    assert "text-0-" not in words(browser.get(PATH))
    assert "text-0-" in words(browser.get(PATH, {"page": "3"}))


@pytest.mark.parametrize("role", [Role.MANAGER, Role.VIEWER])
def test_only_owners_read_the_whole_trail(as_role, role):
    assert as_role(role).get(PATH).status_code == 403


def test_an_older_event_that_begins_with_its_clients_name_does_not_say_it_twice(as_role, retainer):
    with tenant_scope(retainer.provider):
        record(None, "top-up", "Acme Dental · support", about=["acme"], hours="5.00")
    page = words(as_role(Role.OWNER).get(PATH))
    assert "Top-up IT support · 5 hours Acme Dental" in page


def test_what_an_event_names_by_a_key_is_read_by_its_name(as_role, retainer):
    with tenant_scope(retainer.provider):
        link, _address = links.create(client=retainer.client, label="For Pat", by=None)
        record(None, "link copied", about=["acme"], link=link.pk)
        record(None, "cycle invoiced", "support", about=["acme"], cycle="2026-05-01")
        record(None, "month closed", "2026-05")
        record(None, "adjustment", "support", about=["acme"], hours="-1.50", day="2026-05-03")
        record(None, "no work said", "support", about=["acme"], day="2026-05-03", until="2026-05-05")
    told(
        as_role(Role.OWNER),
        "Link copied For Pat Acme Dental",
        "Cycle marked as invoiced IT support · the cycle from 1 May 2026 Acme Dental",
        "Month closed May 2026",
        "Adjustment IT support · −1.5 hours · 3 May 2026 Acme Dental",
        "Days marked as without work IT support · 3 May 2026 – 5 May 2026 Acme Dental",
    )
    assert "Link copied For Pat" in words(as_role().get("/clients/acme/history/")).replace(":", "")


def test_what_was_saved_of_an_agreement_or_client_is_read_in_words(as_role, retainer):
    several = ["provider: timezone, date_order", "client birch created", "contacts of acme"]
    with tenant_scope(retainer.provider):
        Client.objects.create(slug="birch", name="Birch")
        record(None, "agreements loaded", about=["acme"], changes=["retainer acme/support"])
        record(None, "agreements loaded", about=["acme"], changes=["client acme is now called Acme Group"])
        record(
            None, "agreements loaded", about=["acme"], changes=["company names of acme", "retainer acme/x"]
        )
        record(None, "agreements loaded", about=["acme", "birch"], changes=several)
        record(None, "settings changed", "north", changed=["support_phone", "name"])
    told(
        as_role(Role.OWNER),
        "saved IT support Acme Dental",
        "saved client is now called Acme Group Acme Dental",
        "saved names in the PSA, x Acme Dental",
        "saved time zone, order of dates, Birch: client created, Acme Dental: contacts Acme Dental and Birch",
        "phone, name",
    )
    assert "saved: IT support" in words(as_role().get("/clients/acme/history/"))


def test_a_day_or_hours_that_cannot_be_read_stand_as_they_are(as_role, retainer):
    with tenant_scope(retainer.provider):
        record(None, "adjustment", "gone", about=["acme"], hours="some", day="soon", cycle="now")
    assert "Adjustment gone · some · soon · the cycle from now" in words(as_role(Role.OWNER).get(PATH))
