"""Staff see each mail as it reads, without what would open a door; and choose which they get."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from accounts.models import OutboxMail
from accounts.tenancy import tenant_scope
from alerts.consents import every_consent
from alerts.mail_lines import kind_name
from alerts.models import Consent, MailChoice
from tests.alerts.conftest import NOON
from tests.mails import deliver


def a_mail(kind):
    return OutboxMail.objects.filter(kind=kind).first()


def test_the_list_says_what_was_sent_to_whom(world, manager):
    world.work((date(2026, 11, 3), "8"))
    world.tick()
    page = manager.get(reverse("mails")).content.decode()
    assert "dana@north.example" in page
    assert "Alert" in page
    assert "sent 18 Nov 2026" in page
    assert "asked 18 Nov 2026, 12:00, no answer yet" in page


def test_contacts_and_mails_come_in_pages_and_are_found_by_client_or_address(world, manager, monkeypatch):
    world.work((date(2026, 11, 3), "8"))
    world.tick()
    with tenant_scope(world.provider):
        (asked,) = every_consent()
        for name in ("ann@acme.example", "zoe@acme.example"):
            Consent.objects.create(provider=world.provider, client=asked.client, email=name, asked_at=NOON)
    monkeypatch.setattr("alerts.views.PEOPLE_A_PAGE", 2)
    address = reverse("mails")
    first = manager.get(address).text
    assert ("ann@acme.example" in first, "zoe@acme.example" in first) == (True, False)
    (further,) = re.findall(r'href="([^"]*contacts=2[^"]*)"', first)
    assert "zoe@acme.example" in manager.get(address + further).text
    found = manager.get(address, {"q": "DANA"}).text
    assert "dana@north.example" in found
    assert "acme.example" not in found.split("<h1>")[1]
    assert "zoe@acme.example" in manager.get(address, {"q": "acme dental", "contacts": "2"}).text
    assert "No mail to this client or address." in manager.get(address, {"q": "zzz"}).text


@pytest.mark.parametrize("path", sorted((Path(settings.BASE_DIR) / "templates/mail").glob("*.txt")))
def test_every_kind_of_mail_has_a_name_of_its_own(path):
    kinds = path.stem.removesuffix("_said")  # what both parts of a mail say
    assert kind_name(kinds) != kinds


def test_the_list_says_about_which_client_a_mail_is(world, manager):
    world.work((date(2026, 11, 3), "8"))
    world.tick()
    page = manager.get(reverse("mails")).text
    assert '<bdi class="sub">Acme Dental</bdi>' in page


def test_a_mail_reads_as_it_went_out_and_hides_its_secret(world, manager):
    world.tick()
    asked = a_mail("consent")
    page = manager.get(reverse("mail", args=[asked.pk])).content.decode()
    assert "Nothing is sent until you agree." in page
    assert "/mails/agree/…/" in page
    body = manager.get(reverse("mail_body", args=[asked.pk]))
    assert "script-src" not in body.headers["Content-Security-Policy"].replace("script-src 'self'", "")
    assert "default-src 'none'" in body.headers["Content-Security-Policy"]
    assert "…" in body.content.decode()


def test_a_mail_that_could_not_be_sent_says_why_and_is_sent_when_asked(world, manager, monkeypatch):
    def refused(*_):
        raise OSError("the mail server refused")

    monkeypatch.setattr("django.core.mail.message.EmailMessage.send", refused)
    world.tick()
    asked = a_mail("consent")
    assert "the mail server refused" in manager.get(reverse("mails")).content.decode()
    monkeypatch.undo()
    manager.post(reverse("mail_again", args=[asked.pk]))
    (sent,) = deliver()
    assert sent.to == [asked.recipient]


def test_a_member_chooses_their_mails(world, manager):
    manager.post(reverse("choose_mails"), {"digest": "on"})
    with tenant_scope(world.provider):
        choice = MailChoice.objects.get()
    assert (choice.alerts, choice.reminders, choice.digest) == (False, False, True)


def test_another_providers_mails_are_not_found(world, stranger):
    world.tick()
    assert stranger.get(reverse("mail", args=[a_mail("consent").pk])).status_code == 404
    assert "Consent request" not in stranger.get(reverse("mails")).content.decode()
