"""Hours past the cap that a client agrees to: added up, in the contact's own name, priced before and after."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.core import mail

from accounts.models import Provider, Role
from accounts.tenancy import tenant_scope
from desk.dashboard.rows import chips
from desk.dashboard.selectors import client_cases
from desk.dashboard.states import ClientState
from portal import links
from portal.models import ClientRequest
from retainers.approving import seen_of, withdraw
from retainers.models import Approval, Client, Contact
from tests.factories import MembershipFactory, load_agreements, publish_export
from tests.mails import deliver
from tests.portal.conftest import EXPORT, NOW, SAME, agreements
from tests.shared_rows import shared_rows

DECLINED = agreements(overage="decline", overage_rate="165.00")
OVER = "5,Acme Dental,2026-06-05,21.36,21.36,21.36,Yes,Mel Stone,T5,Outage,Remote,note\n"  # 4.86 over


@shared_rows
def address(tmp_path, time_machine):
    time_machine.move_to(NOW, tick=False)
    load_agreements(tmp_path, DECLINED)
    publish_export(tmp_path, EXPORT + OVER)
    with tenant_scope(Provider.objects.get()):
        acme = Client.objects.get(slug="acme")
        Contact.objects.create(client=acme, name="Pat Lee", email="pat@acme.example", approves=True)
        return f"/b/{links.create(client=acme, by=None)[1]}/"


@pytest.fixture
def ask(client, address):
    def ask(hours, email="pat@acme.example", name="Mallory the Temp"):
        form = {"hours": hours, "name": name, "email": email, "text": "The outage"}
        answer = client.post(f"{address}ask/overage/", form, follow=True, **SAME)
        deliver()
        return answer

    return ask


def confirm(client):
    path = re.search(r"http://[^/]+(/b/confirm/\S+)", mail.outbox[-1].body).group(1)
    return client.post(path, **SAME)


def cycle(client, address):
    return client.get(address + "balance.json").json()["retainers"][0]["cycle"]


def test_a_name_with_a_full_stop_of_its_own_ends_a_sentence_with_that_one(client, ask):
    MembershipFactory(provider=Provider.objects.get(), role=Role.MANAGER)
    with tenant_scope(Provider.objects.get()):
        Client.objects.update(name="Cobalt Freight Co.")
    ask("4")
    (path,) = re.findall(r"http://[^/]+(/b/confirm/\S+)", "\n".join(each.body for each in mail.outbox))
    assert "beyond the agreed ones for <bdi>Cobalt Freight Co.</bdi></p>" in client.get(path).text
    client.post(path, **SAME)
    deliver()
    assert any("may be worked for Cobalt Freight Co.\n" in each.body for each in mail.outbox)


def test_several_approvals_add_up(client, ask, address):
    for hours in ("4", "2"):
        ask(hours)
        confirm(client)
    assert cycle(client, address)["approved"] == "6.00"


def test_approved_hours_over_are_billed_under_decline_and_the_rest_is_not(client, ask, address):
    ask("4")
    confirm(client)
    assert cycle(client, address)["overage_amount"] == "660.00"
    page = client.get(address).text
    assert "4.0 of the 4.86 hours over were approved and are billed at $165 an hour: $660.00." in page
    assert "The other 0.86 are not billed" in page


def test_the_page_says_how_much_of_an_approval_is_used(client, ask, address):
    ask("9")
    confirm(client)
    page = client.get(address).text
    assert "4.86 of 9.0 approved hours are used; 4.14 are left." in page
    assert "9 hours beyond the agreed hours approved by Pat Lee on 22 June 2026." in page
    assert "Further work needs your authorization first" not in page
    assert "Mallory" not in page


def test_form_mail_and_button_name_agreement_price_and_end(client, ask, address):
    form = client.get(f"{address}ask/overage/").text
    ask("9")
    body = mail.outbox[-1].body
    path = re.search(r"http://[^/]+(/b/confirm/\S+)", body).group(1)
    for text in (form, body, client.get(path).text):
        for words in ("IT support", "4.86 hours over already", "$165 an hour", "30 June 2026"):
            assert words in text
    assert "$1,485.00 at most for 9 hours" in body


def test_form_mail_and_button_say_what_is_approved_already_and_that_this_comes_on_top(client, ask, address):
    ask("4")
    assert "Approved so far" not in client.get(f"{address}ask/overage/").text + mail.outbox[-1].body
    confirm(client)
    form = client.get(f"{address}ask/overage/").text
    ask("2")
    body = mail.outbox[-1].body
    path = re.search(r"http://[^/]+(/b/confirm/\S+)", body).group(1)
    for text in (form, body, client.get(path).text):
        assert "4.0 of 4.0 approved hours are used; 0 are left. What you approve now comes on top." in text
    after = client.post(path, **SAME).text
    assert "4.86 of 6.0 approved hours are used; 1.14 are left." in after
    assert "comes on top" not in after


def test_the_page_says_what_is_approved_its_price_and_until_when(client, ask, address):
    ask("9")
    confirm(client)
    page = client.get(address).text
    assert "4.86 of 9.0 approved hours are used; 4.14 are left." in page
    assert "They can be used until 30 June 2026: at $165 an hour, $1,485.00 at most." in page


@pytest.mark.parametrize("email", ["pat@acme.e\u0445ample", "p\u0430t@acme.example", "\uff50at@acme.example"])
def test_a_look_alike_address_approves_nothing(ask, address, email):
    ask("9", email=email)
    with tenant_scope(Provider.objects.get()):
        assert not ClientRequest.objects.filter(may_approve=True).exists()
    assert not any("/b/confirm/" in each.body for each in mail.outbox)


@pytest.mark.parametrize(
    "host", ["s\u0131lk", "\u017filk", "sil\u212a"], ids=["dotless i", "long s", "kelvin"]
)
def test_a_letter_whose_capital_is_that_of_another_approves_nothing(ask, address, host):
    """`UPPER` makes one address of both on PostgreSQL, and the mail would go to whoever owns the typed one."""
    with tenant_scope(Provider.objects.get()):
        Contact.objects.update(email="pat@silk.example")
    ask("9", email=f"pat@{host}.example")
    with tenant_scope(Provider.objects.get()):
        asked = ClientRequest.objects.get()
    assert (asked.email, asked.may_approve) == (f"pat@{host}.example", False)
    assert not any("/b/confirm/" in each.body for each in mail.outbox)


def test_nobody_approves_no_hours(ask, address):
    assert ask("0").status_code == 200
    assert mail.outbox == []


def test_a_withdrawn_approval_counts_no_longer_and_stays_on_record(client, ask, address):
    ask("4")
    confirm(client)
    with tenant_scope(Provider.objects.get()):
        given = Approval.objects.select_related("retainer").get()
        withdraw(approval=given, form=seen_of(given).mark, by=None, at=NOW)
        assert Approval.objects.get().retired_in is not None
    assert (cycle(client, address)["approved"], cycle(client, address)["overage_amount"]) == ("0.00", "0.00")


def test_an_approval_is_for_the_cycle_that_it_names(client, ask, address, time_machine):
    ask("4")
    confirm(client)
    time_machine.move_to("2026-07-02T12:00:00Z", tick=False)
    assert cycle(client, address)["approved"] == "0.00"
    june = client.get(f"{address}balance.json?cycle={date(2026, 6, 1)}").json()["retainers"][0]["cycle"]
    assert Decimal(june["approved"]) == 4


def test_managers_are_mailed_at_once_and_the_dashboard_names_who_approved(client, ask, address):
    provider = Provider.objects.get()
    MembershipFactory(provider=provider, role=Role.MANAGER, user__email="dana@north.example")
    MembershipFactory(provider=provider, role=Role.VIEWER, user__email="vic@north.example")
    ask("9")
    path = re.search(r"http://[^/]+(/b/confirm/\S+)", approval_mail().body).group(1)
    mail.outbox.clear()
    client.post(path, **SAME)
    deliver()
    (told,) = mail.outbox
    assert told.to == ["dana@north.example"]
    assert told.subject == "Acme Dental: 9 hours beyond the agreed hours approved"
    for words in ("Pat Lee", "4.86 hours over already", "$1,485.00 at most for 9 hours", "30 June 2026"):
        assert words in told.body
    assert "4.86 of 9.0 approved hours are used; 4.14 are left." in told.body
    with tenant_scope(provider):
        (case,) = client_cases(provider, NOW.date(), Client.objects.get(slug="acme"))
    assert {ClientState.OVER, ClientState.APPROVED} <= case.states
    assert "Approved: 4.86 used, 4.14 left" in [chip.text for chip in chips(case)]
    assert ClientState.ASKED not in case.states  # it is answered by being confirmed


def test_managers_read_english_whatever_language_the_approver_confirms_in(client, ask, address):
    MembershipFactory(provider=Provider.objects.get(), role=Role.MANAGER, user__email="dana@north.example")
    ask("9")
    path = re.search(r"http://[^/]+(/b/confirm/\S+)", approval_mail().body).group(1)
    mail.outbox.clear()
    page = client.post(path, **SAME, headers={"Accept-Language": "de"})
    assert "Bestätigt" in page.text
    deliver()
    (told,) = mail.outbox
    assert told.subject == "Acme Dental: 9 hours beyond the agreed hours approved"
    assert "Stunde" not in told.body


def test_the_confirm_page_leads_to_the_balance_as_long_as_the_link_opens_it(client, ask, address):
    ask("2")
    path = re.search(r"http://[^/]+(/b/confirm/\S+)", mail.outbox[-1].body).group(1)
    assert address not in mail.outbox[-1].body  # the token waits nowhere in clear
    for page in (client.get(path), client.post(path, **SAME)):
        assert f'href="{address}"' in page.text
    with tenant_scope(Provider.objects.get()):
        links.revoke(link=ClientRequest.objects.get().link, by=None, at=NOW)
    assert address not in client.get(path).text


def test_staff_read_what_is_approved_under_the_number_of_the_clients_page(client, ask, address):
    ask("2")
    confirm(client)
    client.force_login(MembershipFactory(provider=Provider.objects.get(), role=Role.VIEWER).user)
    page = " ".join(client.get("/clients/acme/").text.split())
    assert "2.0 of 2.0 approved hours are used; 0 are left." in page
    assert "2 hours beyond the agreed hours approved by Pat Lee on" in page


def approval_mail():
    return next(each for each in mail.outbox if "/b/confirm/" in each.body)


def test_the_approvers_mail_says_what_for_and_holds_nothing_to_follow(ask, address, client):
    form = {
        "hours": "4",
        "name": "Sam",
        "email": "pat@acme.example",
        "text": "Mail is down\nsee evil.example/pay",
    }
    client.post(f"{address}ask/overage/", form, **SAME)
    deliver()
    (asked,) = [sent for sent in mail.outbox if "/b/confirm/" in sent.body]
    assert "What for: Mail is down see …\n" in asked.body
    assert "evil" not in asked.body


def test_before_and_after_the_button_the_page_says_until_when(ask, client, time_machine):
    time_machine.move_to(NOW.replace(day=28), tick=False)
    ask("4")
    path = re.search(r"http://[^/]+(/b/confirm/\S+)", mail.outbox[-1].body).group(1)
    time_machine.move_to(NOW.replace(month=7, day=2), tick=False)  # the cycle is over, and not settled
    for page in (client.get(path).text, client.post(path, **SAME).text):
        assert "30 June 2026" in page
        assert "this cycle" not in page


def test_a_page_that_only_answers_does_not_say_who_can_read_the_balance(ask, client, address):
    ask("4")
    path = re.search(r"http://[^/]+(/b/confirm/\S+)", mail.outbox[-1].body).group(1)
    said = "Anyone with this address can read this page."
    assert said not in client.get(path).text + client.post(path, **SAME).text
    assert said in client.get(address).text
