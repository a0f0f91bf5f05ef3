"""A form that would name somebody is stopped and shows what was found; its words can be let through."""

import re

import pytest
from django.test import Client as Browser
from django.urls import reverse

from accounts.models import Provider, Role
from accounts.tenancy import tenant_scope
from desk.rules.draft import IS
from portal import links
from portal.models import ClientRequest
from retainers.models import Client, Entry, LetThrough, TopUp
from tests.factories import MembershipFactory
from tests.imports.rule_pages import row
from tests.planted.secret import CLEAN, MARK, NOW, SECRET, fields_of, it_is_known, load

HOME = "/clients/acme/retainers/support"
NEW = f"Looked at by {SECRET} again"


def forms_with(provider, text: str) -> dict[str, tuple[str, dict[str, object]]]:
    """Each form of ours with that text in a field that clients read: its address, and what is sent."""
    with tenant_scope(provider):
        entry = Entry.objects.filter(retired_in=None).latest("day")
        asked = ClientRequest.objects.first()
        bought = f"{HOME}/grants/top_up/{TopUp.objects.earliest('pk').pk}"
    renew = {"last_day": "2026-06-30", "name": text, "check": "1"}
    settings = {
        "name": "North IT",
        "support_phone": "",
        "support_email": "",
        "timezone": "UTC",
        "date_order": "",
        "settles_after_days": "10",
        "accent": "",
    }
    grant = {"kind": "credit", "hours": "1", "date": "2026-06-22", "pool": "support", "expires": "cycle"}
    rule = {**row(0, "title", IS, "Patch*"), "do": "save"}
    return {
        "notice": (f"{HOME}/notice/", {"text": text}),
        "grant": (f"{HOME}/grants/add/", {**grant, "note": text, "check": "1"}),
        "correction": (f"{bought}/correct/", {**grant, "note": "Order 7", "why": text, "check": "1"}),
        "taking back": (f"{bought}/take-back/", {"reason": text}),
        "restatement": (f"{HOME}/statements/issue/", {"cycle": "2026-05-01", "reason": text}),
        "answer": (f"/requests/{asked.pk}/answer/", {"words": text}),
        "renewal": (f"{HOME}/renew/", renew),
        "settings": ("/settings/", {**settings, "support_phone": "pw: Winter2026!"}),
        "client": ("/clients/acme/edit/", {"name": "Acme, pw: Winter2026!"}),
        "wording": (
            "/admin/imports/wording/save/",
            {"words-1": text, "origins-1": str(entry.origin), "was-1": ""},
        ),
        "rule": (reverse("rule_new"), {**rule, "wording": text}),
    }


def page_of(provider) -> str:
    """What the client reads."""
    with tenant_scope(provider):
        token = links.create(client=Client.objects.get(slug="acme"), by=None)[1]
    return Browser().get(f"/b/{token}/").text


FORMS = (
    "notice",
    "grant",
    "correction",
    "taking back",
    "restatement",
    "answer",
    "renewal",
    "settings",
    "client",
    "wording",
    "rule",
)


@pytest.mark.parametrize("name", FORMS)
def test_a_form_that_would_say_it_is_stopped_and_shows_what_was_found(provider, manager, name):
    path, said = forms_with(provider, NEW)[name]
    answer = manager.post(path, said)
    assert answer.status_code == 422
    assert "<mark" in answer.text
    assert MARK not in page_of(provider).casefold()


def test_words_that_are_let_through_are_read_and_listed(provider, manager):
    path, said = forms_with(provider, NEW)["notice"]
    (key,) = re.findall(r'name="let_words" value="(\w+)"', manager.post(path, said).text)
    assert manager.post(path, {**said, "let_words": key}).status_code == 302
    assert NEW in page_of(provider)
    with tenant_scope(provider):
        let = LetThrough.objects.get()
    assert (let.kind, let.text, let.client.slug) == ("words", NEW, "acme")


def test_a_tick_lets_through_the_words_that_were_shown_and_no_others(provider, manager):
    path, said = forms_with(provider, NEW)["notice"]
    (key,) = re.findall(r'name="let_words" value="(\w+)"', manager.post(path, said).text)
    changed = manager.post(path, {"text": f"{NEW}, pw: Winter2026!", "let_words": key})
    assert changed.status_code == 422
    assert "password" in changed.text


@pytest.mark.parametrize("field", ["name", "terms-0-scope", "terms-0-pools-0-name", "terms-0-kinds-0-name"])
def test_each_text_of_the_agreements_form_is_stopped(db, tmp_path, time_machine, field):
    time_machine.move_to(NOW, tick=False)
    load(tmp_path, CLEAN)
    provider = Provider.objects.get()
    it_is_known(provider)
    browser = Browser()
    browser.force_login(MembershipFactory(provider=provider, role=Role.MANAGER).user)
    page = browser.get(f"{HOME}/agreement/").text
    sent = fields_of(page) | {field: NEW, "do": "check"}
    answer = browser.post(f"{HOME}/agreement/", sent)
    assert answer.status_code == 422
    assert "<mark" in answer.text
    again = browser.post(f"{HOME}/agreement/", fields_of(page) | {"do": "check"})
    assert again.status_code == 200
