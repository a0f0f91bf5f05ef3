"""A link goes out by one click: a mail in the provider's name, once a day and address, and on record."""

import pytest
from django.core import mail

from accounts.models import AuditEvent, OutboxMail, Role
from accounts.tenancy import tenant_scope
from portal import links
from retainers.models import Contact
from tests.desk.acting import NOW
from tests.mails import deliver
from tests.world import world  # noqa: F401


@pytest.fixture
def link(retainer):
    with tenant_scope(retainer.provider):
        Contact.objects.create(client=retainer.client, name="Pat Lee", email="pat@acme.example")
        return links.create(client=retainer.client, by=None)


def send(browser, link, to="pat@acme.example", language="en"):
    form = {"email": to, "language": language}
    return browser.post(f"/clients/acme/links/{link[0].pk}/send/", form, follow=True)


def test_one_click_sends_the_address_with_the_cadence_and_how_to_keep_it(as_role, link):
    browser = as_role()
    page = browser.get("/clients/acme/sharing/")
    assert 'value="pat@acme.example"' in page.text
    assert "is on its way to pat@acme.example" in send(browser, link).text
    deliver()
    (sent,) = mail.outbox
    assert sent.to == ["pat@acme.example"]
    assert sent.subject == f"{link[0].provider.name}: what is left of your support hours"
    assert links.address_of(link[1]) in sent.body
    assert "Add to Home Screen" in sent.body
    assert "Acme Dental" in sent.body


def test_the_waiting_mail_holds_no_address(as_role, link):
    send(as_role(), link)
    waiting = OutboxMail.objects.get(kind="welcome")
    assert link[1] not in repr(waiting.context) + waiting.key


def test_it_is_written_in_the_language_that_was_chosen(as_role, link):
    send(as_role(), link, language="de")
    deliver()
    assert "was von Ihren Supportstunden übrig ist" in mail.outbox[0].subject


def test_the_same_form_sent_twice_is_one_mail_and_on_record_once(as_role, link):
    browser = as_role()
    send(browser, link)
    assert "was already sent to" in send(browser, link).text
    assert OutboxMail.objects.filter(kind="welcome").count() == 1
    with tenant_scope(link[0].provider):
        assert AuditEvent.objects.filter(action="link sent").count() == 1


def test_a_link_that_has_ended_is_not_sent(as_role, link, retainer):
    with tenant_scope(retainer.provider):
        links.revoke(link=link[0], by=None, at=NOW)
    assert "replaced or revoked" in send(as_role(), link).text
    assert not OutboxMail.objects.filter(kind="welcome").exists()


def test_a_wrong_address_sends_nothing(as_role, link):
    assert "Nothing was sent" in send(as_role(), link, to="nobody").text


def test_a_viewer_sends_nothing(as_role, link):
    assert send(as_role(Role.VIEWER), link).status_code == 403
