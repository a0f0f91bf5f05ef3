"""Statements go by mail to contacts who agreed, once each, and lead to the page and its PDF."""

import re
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEvent, OutboxMail
from accounts.tenancy import tenant_scope
from alerts import telling
from alerts.models import Consent
from alerts.statement_mails import mail_statements
from desk.month_end.lines import month_lines, month_standings
from portal import links
from retainers.models import Contact, Statement
from retainers.settling.acts import seen_of
from retainers.statements import issue_all
from tests.factories import ProviderFactory
from tests.mails import deliver
from tests.world import World

OCTOBER = date(2026, 10, 1)
NOW = datetime(2026, 11, 18, 18, tzinfo=UTC)


@pytest.fixture
def stated(world):
    """October is stated, and Pat has been asked."""
    world.work((date(2026, 10, 5), "4"), (date(2026, 11, 16), "1"))
    world.tick()
    state(world)
    return world


def state(world):
    with tenant_scope(world.provider):
        keys = [line.key for line in month_lines(month_standings(NOW.date(), UTC), OCTOBER)]
        issue_all(provider=world.provider, cycles=keys, form=seen_of(keys).mark, by=None, at=NOW)


def agree(world, language=""):
    with tenant_scope(world.provider):
        telling.agree(Consent.objects.get(), NOW)
        Consent.objects.update(language=language)
    OutboxMail.objects.all().delete()


def send(browser):
    return browser.post(reverse("mail_statements"), {"month": "2026-10"}, follow=True).text


def test_a_contact_who_agreed_gets_each_statement_once_with_its_page_and_pdf(stated, manager):
    agree(stated)
    assert "1 mail is on the way." in send(manager)
    assert "No new mail was written" in send(manager)
    (mail,) = deliver()
    assert mail.to == ["pat@acme.example"]
    assert mail.subject == "North IT: statement for October 2026"
    addresses = re.findall(r"/b/[\w-]+/statement/\S+", mail.body)
    assert [Browser().get(each).status_code for each in addresses] == [200, 200]
    assert addresses[1].endswith("statement.pdf?retainer=support")
    assert "IT support" in mail.body
    with tenant_scope(stated.provider):
        assert AuditEvent.objects.filter(action="statements mailed").count() == 1


def test_who_did_not_agree_gets_none_and_the_manager_is_told(stated, manager):
    assert "1 client has nobody to mail: no contact has agreed, or no link is active." in send(manager)
    assert not OutboxMail.objects.filter(kind="statement").exists()


def test_what_is_stated_again_is_mailed_again(stated, manager):
    agree(stated)
    send(manager)
    stated.bring((date(2026, 10, 6), "2"), options=("--restate",))
    with tenant_scope(stated.provider):
        last = Statement.objects.latest("number")
        document = {**last.document, "number": 2}
        Statement.objects.create(
            retainer=last.retainer,
            publication=last.publication,
            cycle_starts=last.cycle_starts,
            number=last.number + 1,
            document=document,
            issued_at=NOW,
            reason="Late work",
        )
    assert "1 mail is on the way." in send(manager)


def test_it_is_written_in_the_language_of_its_reader(stated, manager):
    agree(stated, "de")
    send(manager)
    (mail,) = deliver()
    assert mail.subject == "North IT: Stundennachweis für Oktober 2026"
    assert "statement for" not in mail.body


def test_a_month_without_statements_mails_nothing(world, manager):
    world.work((date(2026, 10, 5), "4"))
    assert "No new mail was written" in send(manager)
    assert not OutboxMail.objects.filter(kind="statement").exists()


def queries_of(work):
    with CaptureQueriesContext(connection) as asked:
        work()
    return len(asked)


def test_many_are_stated_and_mailed_in_as_many_queries_as_few(db):
    world = World(ProviderFactory(timezone="UTC"))

    def month(numbers):
        for number in numbers:
            client = world.client(f"Client {number}", (date(2026, 10, 5), "4"), at=NOW)
            with tenant_scope(world.provider):
                email = f"p{number}@x.example"
                Contact.objects.create(client=client, name="Pat", email=email, alerts=True)
                Consent.objects.create(client=client, email=email, confirmed_at=NOW)
                links.create(client=client, by=None)
        with tenant_scope(world.provider):
            keys = [line.key for line in month_lines(month_standings(NOW.date(), UTC), OCTOBER)]
            said = {"provider": world.provider, "cycles": keys, "by": None, "at": NOW}
            mark = seen_of(keys).mark
            stated = queries_of(lambda: issue_all(**said, form=mark))
            mailed = queries_of(lambda: mail_statements(**said, month=OCTOBER))
        return stated, mailed

    of_two = month(range(2))
    of_five = month(range(2, 7))

    assert of_five == of_two
    assert OutboxMail.objects.filter(kind="statement").count() == 7


def test_who_reaches_nobody_is_not_told_that_each_address_was_mailed_before(stated, manager):
    said = send(manager)
    assert "No new mail was written. 1 client has nobody to mail" in said
    assert "to an address once." not in said.split('class="success"')[1].split("</li>")[0]
