"""A link that asks for a code by mail: who gets one, how long it holds, and that nothing is answered before it."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client as Browser
from django.urls import reverse

from accounts.models import AuditEvent, OutboxMail
from accounts.tenancy import tenant_scope
from portal import links, second_step
from portal.models import LinkCode
from portal.second_step import CODES_A_DAY, CODES_AN_HOUR, COOKIE, GOOD_FOR, PASSED_FOR, TRIES
from retainers.models import Client, Contact
from tests.portal.conftest import NOW

HERE = {"Sec-Fetch-Site": "same-origin"}
NAMES = ("", "balance.json", "log.csv", "calendar.ics")


@pytest.fixture
def house(provider):
    with tenant_scope(provider):
        acme = Client.objects.get(slug="acme")
        Contact.objects.create(client=acme, name="Pat", email="Pat@Acme.example")
        Contact.objects.create(client=Client.objects.get(slug="birch"), name="Bo", email="bo@birch.example")
        second_step.ask_for_it(client=acme, by=None, at=NOW)
    return provider


def asked(browser, address, email="pat@acme.example"):
    """Ask for a code; the address of the form for it."""
    answer = browser.post(f"{address}code/", {"email": email}, headers=HERE)
    assert answer.status_code == 303
    return f"{address}code/{answer.headers['Location']}"


def code_of_the_mail():
    call_command("tick", verbosity=0)
    (sent,) = [each for each in mail.outbox if "Your code" in each.body]
    mail.outbox.clear()
    assert sent.to == ["Pat@Acme.example"]
    return re.search(r"\b(\d{6})\b", sent.body)[1]


def typed(browser, page, code):
    return browser.post(page, {"code": code}, headers=HERE)


def let_in(browser, address):
    answer = typed(browser, asked(browser, address), code_of_the_mail())
    assert answer.status_code == 303
    return answer


def test_a_person_gets_in_with_the_code_from_the_mail(house, address):
    browser = Browser()
    assert browser.get(address).headers["Location"] == f"{address}code/"
    page = asked(browser, address)
    assert "on its way" in browser.get(page).text
    answer = typed(browser, page, code_of_the_mail())
    assert answer.headers["Location"] == address
    for name in NAMES:
        assert browser.get(f"{address}{name}").status_code == 200, name
    assert "Acme Dental" in browser.get(address).text


def test_every_page_of_the_link_says_so_and_none_that_anybody_can_read_it(house, address):
    browser, anybody, code = (
        Browser(),
        "Anyone with this address can read",
        "is asked for a code sent by mail",
    )
    page = asked(browser, address)
    typed(browser, page, code_of_the_mail())

    for text in (browser.get(page).text, browser.get(address).text):
        assert code in text
        assert anybody not in text
    before = browser.get(address).headers["ETag"]
    with tenant_scope(house):
        second_step.ask_no_more(client=Client.objects.get(slug="acme"), by=None)

    after = Browser().get(address, headers={"If-None-Match": before})
    assert (after.status_code, anybody in after.text, code in after.text) == (200, True, False)


def test_the_code_may_be_typed_with_spaces(house, address):
    browser = Browser()
    page, code = asked(browser, address), code_of_the_mail()
    assert typed(browser, page, f" {code[:3]} {code[3:]} ").status_code == 303


def test_nothing_of_the_client_is_answered_before(house, address):
    browser = Browser()
    for name in NAMES:
        answer = browser.get(f"{address}{name}")
        assert answer.status_code == (403 if name else 303)
        assert "Acme" not in answer.text
    assert "Acme" not in browser.get(f"{address}code/").text
    assert "North IT" in browser.get(f"{address}code/").text


def test_who_has_a_page_from_before_gets_no_304_without_the_step(house, address):
    with_step = Browser()
    let_in(with_step, address)
    etag = with_step.get(address).headers["ETag"]
    assert with_step.get(address, headers={"If-None-Match": etag}).status_code == 304
    assert Browser().get(address, headers={"If-None-Match": etag}).status_code == 303


def test_the_cookie_goes_to_this_links_pages_alone(house, address, settings):
    settings.SESSION_COOKIE_SECURE = True
    cookie = let_in(Browser(), address).cookies[COOKIE]
    assert cookie["path"] == address
    assert (cookie["httponly"], cookie["secure"], cookie["samesite"]) == (True, True, "Lax")
    assert cookie["max-age"] == PASSED_FOR.total_seconds()


def test_no_other_page_of_the_link_sets_a_cookie(house, address):
    browser = Browser()
    let_in(browser, address)
    assert not browser.get(address).cookies
    assert not Browser().get(f"{address}code/").cookies


def test_a_strangers_address_gets_the_same_answer_and_no_mail(house, address):
    browser = Browser()
    pages = [
        asked(browser, address, email) for email in ("pat@acme.example", "bo@birch.example", "x@y.example")
    ]
    known, *others = [re.sub(r"sent=[\w-]+", "", browser.get(page).text) for page in pages]
    assert others == [known, known]
    assert OutboxMail.objects.filter(kind="link_code").count() == 1
    wrong = [typed(browser, page, "000000").text for page in pages[1:]]
    assert wrong[0] == wrong[1]


def test_after_five_wrong_codes_the_right_one_is_wrong_too(house, address):
    browser = Browser()
    page, code = asked(browser, address), code_of_the_mail()
    other = f"{(int(code) + 1) % 10**6:06}"
    for _ in range(TRIES):
        assert typed(browser, page, other).status_code == 422
    assert typed(browser, page, code).status_code == 422
    assert browser.get(address).status_code == 303


def test_a_code_holds_for_a_quarter_of_an_hour_and_for_one_use(house, address, time_machine):
    browser = Browser()
    page, code = asked(browser, address), code_of_the_mail()
    time_machine.move_to(NOW + GOOD_FOR, tick=False)
    assert typed(browser, page, code).status_code == 422
    page, code = asked(browser, address), code_of_the_mail()
    assert typed(browser, page, code).status_code == 303
    assert typed(Browser(), page, code).status_code == 422


def test_a_link_gets_so_many_codes_an_hour_and_a_day(house, address, time_machine):
    for _ in range(CODES_AN_HOUR + 2):
        asked(Browser(), address)
    with tenant_scope(house):
        assert LinkCode.objects.count() == CODES_AN_HOUR
    for hour in range(1, 8):
        time_machine.move_to(NOW + timedelta(hours=hour, minutes=hour), tick=False)
        for _ in range(CODES_AN_HOUR):
            asked(Browser(), address)
    with tenant_scope(house):
        assert LinkCode.objects.count() == CODES_A_DAY


def test_a_code_is_of_another_links_no_use(house, address):
    with tenant_scope(house):
        other = f"/b/{links.create(client=Client.objects.get(slug='acme'), by=None)[1]}/"
    browser = Browser()
    page, code = asked(browser, address), code_of_the_mail()
    assert typed(browser, page.replace(address, other), code).status_code == 422
    let_in(browser, address)
    browser.cookies[COOKIE]["path"] = "/"
    assert browser.get(address).status_code == 200
    assert browser.get(other).status_code == 303


def gone(contact):
    contact.delete()


def elsewhere(contact):
    contact.email = "pat@elsewhere.example"
    contact.save()


@pytest.mark.parametrize("change", [gone, elsewhere])
def test_who_is_no_contact_any_more_is_out(house, address, change):
    browser = Browser()
    let_in(browser, address)
    with tenant_scope(house):
        change(Contact.objects.get(email="Pat@Acme.example"))
    assert browser.get(address).status_code == 303


def test_the_step_asked_for_anew_asks_everybody_anew(house, address):
    browser = Browser()
    let_in(browser, address)
    with tenant_scope(house):
        acme = Client.objects.get(slug="acme")
        second_step.ask_no_more(client=acme, by=None)
        assert Browser().get(address).status_code == 200
        second_step.ask_for_it(client=Client.objects.get(slug="acme"), by=None, at=NOW)
    assert browser.get(address).status_code == 303


def test_after_thirty_days_one_is_asked_again(house, address, time_machine):
    browser = Browser()
    let_in(browser, address)
    time_machine.move_to(NOW + PASSED_FOR + timedelta(seconds=1), tick=False)
    assert browser.get(address).status_code == 303


@pytest.mark.parametrize("cookie", ["x", "x:y:z", ""])
def test_a_cookie_that_we_did_not_sign_opens_nothing(house, address, cookie):
    browser = Browser()
    browser.cookies[COOKIE] = cookie
    assert browser.get(address).status_code == 303


def test_a_form_from_elsewhere_sends_nothing(house, address):
    answer = Browser().post(
        f"{address}code/", {"email": "pat@acme.example"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403
    assert not OutboxMail.objects.filter(kind="link_code").exists()


def test_a_link_that_opens_nothing_has_no_second_step_either(house, address):
    assert Browser().get("/b/wrong/code/").status_code == 404
    with tenant_scope(house):
        link = Client.objects.get(slug="acme").share_links.get()
        links.replace(link=link, by=None, at=NOW)
    assert Browser().get(f"{address}code/").status_code == 410


def test_without_a_second_step_the_page_of_codes_leads_to_the_page(provider, address):
    assert Browser().get(f"{address}code/").headers["Location"] == address


def test_the_code_stands_nowhere_in_clear(house, address):
    browser = Browser()
    asked(browser, address)
    code = code_of_the_mail()
    with tenant_scope(house):
        row = LinkCode.objects.get()
        assert code not in f"{row.digest} {row.mark}"
        assert code not in str(OutboxMail.objects.filter(kind="link_code").values_list())


def test_the_trail_says_who_opened_with_a_code(house, address):
    let_in(Browser(), address)
    with tenant_scope(house):
        event = AuditEvent.objects.get(action="link opened with a code")
    assert event.actor == "Pat@Acme.example"


def test_old_codes_go_with_the_tick(house, address, time_machine):
    asked(Browser(), address)
    time_machine.move_to(NOW + timedelta(days=3), tick=False)
    call_command("tick", verbosity=0)
    with tenant_scope(house):
        assert not LinkCode.objects.exists()


def test_a_manager_switches_it_on_and_off(provider, manager, address):
    page = reverse("link_second_step", args=["acme"])
    assert "no contact" in manager.post(page, {"wanted": "on"}, follow=True).text
    assert Browser().get(address).status_code == 200
    with tenant_scope(provider):
        Contact.objects.create(client=Client.objects.get(slug="acme"), name="Pat", email="pat@acme.example")
    for _ in range(2):
        assert "ask for a code" in manager.post(page, {"wanted": "on"}, follow=True).text
    assert Browser().get(address).status_code == 303
    assert "Open without a code again" in manager.get(reverse("client_sharing", args=["acme"])).text
    assert manager.get(reverse("view_as_client", args=["acme"])).status_code == 200
    for _ in range(2):
        manager.post(page, {"wanted": "off"})
    assert Browser().get(address).status_code == 200
    with tenant_scope(provider):
        said = AuditEvent.objects.filter(action__startswith="second step of links").values_list(
            "action", flat=True
        )
    assert len(said) == 2
