"""What a mail tells its reader: how much is used, through their own link, and nothing of agreements that are over."""

from datetime import date, timedelta

import pytest
from django.utils.timezone import now

from accounts.tenancy import tenant_scope
from alerts import consents
from alerts.models import Consent
from portal import links
from portal.models import ShareLink
from portal.welcoming import send_link
from retainers.models import Client
from tests.alerts.conftest import NOON, to

PAT, SAM = "pat@acme.example", "sam@acme.example"
USED = "% of the hours are used."
NOV_3, NOV_4 = date(2026, 11, 3), date(2026, 11, 4)


@pytest.fixture
def pat_agreed(world):
    with tenant_scope(world.provider):
        consent = Consent.objects.create(client=Client.objects.get(), email=PAT, asked_at=NOON)
        consents.agree(consent, NOON)
        ShareLink.objects.update(revoked_at=NOON)
    return world


def new_link(world, sent_to: str = "") -> str:
    with tenant_scope(world.provider):
        link, token = links.create(client=Client.objects.get(), by=None)
        if sent_to:
            send_link(link=link, to=sent_to, language="", by=None, at=NOON)
    return token


def told_pat(world) -> str:
    world.work((NOV_3, "8"))
    return next(mail.body for mail in to(world.tick(), PAT) if USED in mail.body)


def test_a_mail_leads_each_reader_to_the_link_that_was_sent_to_them(pat_agreed):
    shared, sams, pats = (
        new_link(pat_agreed),
        new_link(pat_agreed, SAM),
        new_link(pat_agreed, "Pat@Acme.example"),
    )
    said = told_pat(pat_agreed)
    assert f"/b/{pats}/" in said
    assert shared not in said
    assert sams not in said


def test_without_one_of_their_own_it_is_one_that_was_sent_to_nobody(pat_agreed):
    sams, shared = new_link(pat_agreed, SAM), new_link(pat_agreed)
    said = told_pat(pat_agreed)
    assert f"/b/{shared}/" in said
    assert sams not in said


def test_an_own_link_that_opens_no_more_is_not_sent(pat_agreed):
    pats, shared = new_link(pat_agreed, PAT), new_link(pat_agreed)
    with tenant_scope(pat_agreed.provider):
        ShareLink.objects.filter(sent_to=PAT).update(revoked_at=now())
    said = told_pat(pat_agreed)
    assert f"/b/{shared}/" in said
    assert pats not in said


def test_it_says_how_much_is_used_and_not_which_threshold_that_passed(pat_agreed):
    pat_agreed.work((NOV_3, "8.1"))
    (told,) = (mail for mail in to(pat_agreed.tick(), PAT) if USED in mail.body)
    assert "81 % of the hours are used." in told.body
    pat_agreed.work((NOV_4, "10"))
    (told,) = (mail for mail in to(pat_agreed.tick(), PAT) if USED in mail.body)
    assert "181 % of the hours are used." in told.body


def test_contacts_are_asked_whether_to_mail_them_only_while_there_is_an_agreement(world):
    with tenant_scope(world.provider):
        after = NOON + timedelta(days=60)
        world.load(ends=date(2026, 11, 30))
        assert consents.ask_contacts(world.provider, after) == 0
        assert consents.ask_contacts(world.provider, NOON) == 1
