"""Two people look at the same page, and both take the same thing back: the second reads who was first, on a page."""

from decimal import Decimal

import pytest
from django.test import Client as Browser
from django.urls import reverse

from accounts import keys, services
from accounts.models import AuditEvent, Role, Scope
from accounts.tenancy import tenant_scope
from alerts.hooks.models import Webhook
from alerts.models import Watch
from imports import originals
from imports.judging.companies import never_ours
from imports.models import NeverOurs, RememberedWording, StandingAnswer
from imports.saved_mappings import save_mapping
from portal import links
from portal.badges import make_badge
from portal.models import ClientRequest
from retainers.gate.letting import allow_find
from retainers.granting import grant_hours, seen_of
from retainers.models import LetThrough, Notice
from retainers.models import TopUp as TopUpRow
from retainers.terms import TopUp
from tests.desk.acting import NOW
from tests.factories import MembershipFactory, UserFactory
from tests.imports.mapped_file import mapping
from tests.world import world  # noqa: F401


def _mapping(_acme):
    return [save_mapping(mapping=mapping(), by=None, at=NOW).pk], {"name": "Weekly"}


def _answer(_acme):
    return [
        StandingAnswer.objects.create(kind="columns", subject="Extra", value="unread", given_at=NOW).pk
    ], {}


def _company(_acme):
    never_ours(companies=["Stranger Ltd"], by=None, at=NOW)
    return [NeverOurs.objects.get().pk], {}


def _let(acme):
    allow_find(provider=acme.provider, text="Priya Nair", by=None, at=NOW)
    return [LetThrough.objects.get().pk], {}


def _words(_acme):
    row = RememberedWording.objects.create(kind="title", key="vpn", text="VPN repaired", given_at=NOW)
    return [row.pk], {"forget": "1"}


def _badge(acme):
    return ["acme", make_badge(client=acme.client, sites=[], by=None)[0].pk], {}


def _link(acme):
    return ["acme", links.create(client=acme.client, by=None)[0].pk], {}


def _watch(acme):
    link, _token = links.create(client=acme.client, by=None)
    row = Watch.objects.create(link=link, retainer=acme, when="updated", email="pat@acme.example")
    return [row.pk], {}


def _request(acme):
    link, _token = links.create(client=acme.client, by=None)
    asked = {"kind": "question", "name": "Pat", "made_at": NOW}
    row = ClientRequest.objects.create(retainer=acme, link=link, **asked)
    return [row.pk], {"words": "It was the firewall."}


def _preview(acme):
    row = originals.store(
        data=b"Client,Date,Hours\n", file_name="t.csv", client=None, options={}, by=None, at=NOW
    )
    return [row.pk], {}


def _key(_acme):
    return [keys.create(name="nightly", scopes=[Scope.READ], by=None)[0].pk], {}


def _webhook(_acme):
    row = Webhook.objects.create(name="Ops", kind="json", host="ops.north.example", made_at=NOW, since=NOW)
    return [row.pk], {}


def _invitation(acme):
    by = UserFactory()
    return [
        services.invite(provider=acme.provider, email="new@north.example", role=Role.VIEWER, actor=by).pk
    ], {}


def _member(acme):
    return [MembershipFactory(provider=acme.provider, role=Role.VIEWER).pk], {"role": "remove"}


def _grant(acme):
    bought = TopUp(NOW.date(), Decimal(3))
    form = seen_of(acme, top_ups=[bought]).mark
    grant_hours(retainer=acme, top_ups=[bought], form=form, by=None, at=NOW)
    return ["acme", "support", "top_up", TopUpRow.objects.get().pk], {"reason": "Not bought after all"}


ACTS = {
    "take_mapping_back": _mapping,
    "take_answer_back": _answer,
    "ask_about_company": _company,
    "take_back_let": _let,
    "tend_remembered": _words,
    "revoke_badge": _badge,
    "revoke_link": _link,
    "end_watch": _watch,
    "answer_request": _request,
    "discard_import": _preview,
    "api_key_revoke": _key,
    "webhook_remove": _webhook,
    "webhook_pause": _webhook,
    "withdraw_invitation": _invitation,
    "change_role": _member,
}


def _browser(of, name):
    browser = Browser()
    browser.force_login(MembershipFactory(provider=of, role=Role.OWNER, user=UserFactory(name=name)).user)
    return browser


@pytest.mark.parametrize("act", ACTS)
def test_who_comes_second_is_told_on_a_page_who_was_first(act, provider, retainer):
    with tenant_scope(provider):
        named, said = ACTS[act](retainer)
    address = reverse(act, args=named)
    assert _browser(provider, "Robin Ashe").post(address, said).status_code == 302
    with tenant_scope(provider):
        done = AuditEvent.objects.count()
    second = _browser(provider, "Imogen Vale").post(address, said, follow=True)
    assert second.status_code == 200
    assert "Nothing was changed. Robin Ashe was first" in second.text
    assert "22 Jun 2026, 12:00" in second.text
    with tenant_scope(provider):
        assert AuditEvent.objects.count() == done


IN_LISTS = {
    "take_mapping_back": "mappings",
    "take_answer_back": "answers",
    "ask_about_company": "companies",
    "take_back_let": "let_through",
    "tend_remembered": "remembered",
    "end_watch": "mails",
    "answer_request": "requests",
}


@pytest.mark.parametrize("act", IN_LISTS)
def test_a_button_of_a_list_leads_back_to_the_page_and_search_it_stood_in(act, provider, retainer):
    with tenant_scope(provider):
        named, said = ACTS[act](retainer)
    browser, listed = _browser(provider, "Robin Ashe"), f"{reverse(IN_LISTS[act])}?q=&page=1"
    address = f"{reverse(act, args=named)}?q=&page=1"
    assert f'action="{address.replace("&", "&amp;")}"' in browser.get(listed).text
    first, second = (browser.post(address, said) for _each in range(2))
    assert [first.headers["Location"], second.headers["Location"]] == [listed, listed]


def test_hours_that_somebody_took_back_are_not_taken_back_twice(provider, retainer):
    with tenant_scope(provider):
        named, said = _grant(retainer)
    address = reverse("take_back_grant", args=named)
    first = _browser(provider, "Robin Ashe")
    checked = first.get(address).text.split('name="checked" value="')[1].split('"')[0]
    first.post(address, {**said, "checked": checked})
    second = _browser(provider, "Imogen Vale").post(address, {**said, "checked": "other"}, follow=True)
    assert second.status_code == 200
    assert "Robin Ashe corrected these hours or took them back" in second.text
    with tenant_scope(provider):
        assert AuditEvent.objects.filter(action="top-up taken back").count() == 1


def _in_view(browser, address) -> str:
    """The notice that the page was opened with."""
    return browser.get(address).text.split('name="seen" value="')[1].split('"')[0]


def _notices(of) -> list[str]:
    with tenant_scope(of):
        return list(Notice.objects.filter(retired_in=None).values_list("text", flat=True))


def test_a_notice_takes_no_place_of_one_that_nobody_saw(provider, retainer):
    address = reverse("notice", args=["acme", "support"])
    first, second = (_browser(provider, name) for name in ("Robin Ashe", "Imogen Vale"))
    seen = _in_view(second, address)
    first.post(address, {"text": "Mail is down", "seen": _in_view(first, address)})
    late = second.post(address, {"text": "Phones are down", "seen": seen})
    assert (late.status_code, _notices(provider)) == (409, ["Mail is down"])
    assert "Robin Ashe put up this notice while your page was open, 22 Jun 2026, 12:00" in late.text
    assert "Phones are down" in late.text
    again = late.text.split('name="seen" value="')[1].split('"')[0]
    assert second.post(address, {"text": "Phones are down", "seen": again}).status_code == 302
    assert _notices(provider) == ["Phones are down"]


def test_a_notice_sent_twice_is_put_up_once_and_tells_of_nobody(provider, retainer):
    address, browser = reverse("notice", args=["acme", "support"]), _browser(provider, "Robin Ashe")
    form = {"text": "Mail is down", "seen": _in_view(browser, address)}
    answers = [browser.post(address, form, follow=True) for _each in range(2)]
    assert ["Nothing was changed" in each.text for each in answers] == [False, False]
    with tenant_scope(provider):
        assert AuditEvent.objects.filter(action="notice posted").count() == 1


def test_a_notice_that_nobody_saw_is_not_taken_down(provider, retainer):
    address = reverse("notice", args=["acme", "support"])
    first, second = (_browser(provider, name) for name in ("Robin Ashe", "Imogen Vale"))
    first.post(address, {"text": "Mail is down"})
    seen = _in_view(second, address)
    first.post(address, {"text": "Phones are down"})
    late = second.post(address, {"end": "1", "seen": seen}, follow=True)
    assert "Robin Ashe put up this notice while your page was open" in late.text
    assert _notices(provider) == ["Phones are down"]
    gone = _in_view(second, address)
    first.post(address, {"end": "1", "seen": gone})
    late = second.post(address, {"text": "All is well", "seen": gone})
    assert late.status_code == 409
    assert "Someone took the notice down while your page was open" in late.text
    assert _notices(provider) == []


def test_a_rule_that_is_gone_leads_to_the_rules_as_they_are(provider, retainer):
    for act in ("rule_edit", "rule_move", "rule_delete"):
        answer = _browser(provider, act).post(reverse(act, args=["all", 4]), {"to": "1"}, follow=True)
        assert answer.status_code == 200
        assert "Someone has changed these rules" in answer.text


def test_ones_own_view_and_session_are_gone_once(provider, retainer):
    browser = _browser(provider, "Robin Ashe")
    for act, words in (("drop_view", "was already deleted"), ("end_session", "had already ended")):
        answer = browser.post(reverse(act, args=[77]), follow=True)
        assert (answer.status_code, words in answer.text) == (200, True)


def test_what_nobody_did_stays_unknown(provider, retainer):
    browser = _browser(provider, "Robin Ashe")
    assert browser.post(reverse("take_mapping_back", args=[4711])).status_code == 404
