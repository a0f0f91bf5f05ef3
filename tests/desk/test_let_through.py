"""The page of what the leak check lets through and holds back: listed with who and when, taken back by a manager."""

import pytest
from django.urls import reverse

from accounts.models import AuditEvent, Role
from accounts.tenancy import tenant_scope
from retainers.gate.letting import NotAllowableError, allow_find, let_words
from retainers.models import LetThrough, StaffName
from tests.desk.acting import HOME, NOW, turns_of
from tests.factories import MembershipFactory, UserFactory
from tests.world import world  # noqa: F401

SAID = "Call Priya Nair about edge01"
PAGE = "/leak-check/"


@pytest.fixture
def priya(provider):
    with tenant_scope(provider):
        StaffName.objects.create(name="Priya Nair")
        yield


@pytest.fixture
def let(provider, retainer, priya):
    by = UserFactory(name="Dana Reed")
    let_words(text=SAID, client=retainer.client, by=by, at=NOW)
    return LetThrough.objects.get()


def test_it_is_listed_with_what_where_who_and_when(as_role, let):
    page = as_role(Role.VIEWER).get(PAGE).text
    for words in (SAID, "at Acme Dental", "Dana Reed", "22 Jun 2026, 12:00"):
        assert words in page
    assert "Take back" not in page.split("<h1>")[1].split("Held back")[0].replace('sr">Take back', "")


def test_taken_back_it_is_held_back_at_once_and_on_record(as_role, let, address):
    client = as_role()
    client.post(f"{HOME}/notice/", {"text": SAID})
    assert SAID in client.get(address).text
    assert "Nothing is held back." in client.get(PAGE).text
    client.post(reverse("take_back_let", args=[let.pk]))
    assert SAID not in client.get(address).text
    held = client.get(PAGE).text
    assert "No texts are allowed yet" in held
    assert "Priya Nair” is the name of a technician" in held
    event = AuditEvent.objects.get(action="text no longer let through")
    assert (event.subject, event.detail["clients"]) == (SAID, ["acme"])


def test_a_text_is_tried_and_nothing_of_it_is_kept(as_role, priya):
    browser = as_role(Role.VIEWER)
    found = browser.post(reverse("try_text"), {"text": SAID}).text
    assert "Priya Nair” is the name of a technician" in found
    assert "Nothing found" not in found
    assert (
        "Nothing found: clients could read it"
        in browser.post(reverse("try_text"), {"text": "Network restored"}).text
    )
    assert not LetThrough.objects.exists()


def test_what_another_client_may_read_is_none_of_this_ones(as_role, let, retainer):
    let.client = None
    other = as_role().post(f"{HOME}/notice/", {"text": f"{SAID}."})
    assert other.status_code == 422


def test_a_members_name_is_never_allowed_for_good(provider, priya):
    MembershipFactory(provider=provider, user=UserFactory(name="Marcus Webb"))
    for text in ("Marcus Webb", "Webb", "marcus"):
        with pytest.raises(NotAllowableError, match="names a member"):
            allow_find(provider=provider, text=text, by=None, at=NOW)
    allow_find(provider=provider, text="Priya Nair", by=None, at=NOW)
    assert [row.text for row in LetThrough.objects.all()] == ["Priya Nair"]


def test_who_becomes_a_member_is_let_through_no_more(as_role, provider, address, priya):
    allow_find(provider=provider, text="Priya Nair", by=None, at=NOW)
    client = as_role()
    client.post(f"{HOME}/notice/", {"text": "Priya Nair is on it"})
    assert "Priya Nair is on it" in client.get(address).text
    MembershipFactory(provider=provider, user=UserFactory(name="Priya Nair"))
    assert "Priya Nair" not in client.get(address).text


def many_let(provider, retainer, count):
    """That many texts let through at the client, the first one the newest."""
    with tenant_scope(provider):
        LetThrough.objects.bulk_create(
            LetThrough(
                kind="words", client=retainer.client, text=f"Text {n:04} of ours", key=f"{n}", let_at=NOW
            )
            for n in reversed(range(count))
        )


def test_two_thousand_texts_come_in_pages_and_each_is_found(as_role, provider, retainer):
    many_let(provider, retainer, 2000)
    browser = as_role()
    first = browser.get(PAGE).text
    assert first.count("of ours</bdi></th>") == 50
    assert "1–50 of 2000" in first
    assert "Text 0050 of ours" in browser.get(PAGE, {"page": "2"}).text
    found = browser.get(PAGE, {"q": "text 1777"}).text
    assert found.count("of ours</bdi></th>") == 1
    assert "1–50 of 2000" in browser.get(PAGE, {"q": "acme"}).text
    assert "No allowed text contains these words." in browser.get(PAGE, {"q": "zzz"}).text


def test_a_text_is_tried_and_the_next_page_of_the_list_still_opens(as_role, provider, retainer):
    many_let(provider, retainer, 60)
    browser = as_role()
    tried = browser.post(reverse("try_text"), {"text": "Network restored"})
    assert [browser.get(there).status_code for there in turns_of(tried)] == [200]


def test_what_is_held_back_is_narrowed_by_the_same_search(as_role, let):
    client = as_role()
    client.post(f"{HOME}/notice/", {"text": SAID})
    client.post(reverse("take_back_let", args=[let.pk]))
    why = "Priya Nair” is the name of a technician"
    assert why in client.get(PAGE, {"q": "acme"}).text
    assert why not in client.get(PAGE, {"q": "edge02"}).text
