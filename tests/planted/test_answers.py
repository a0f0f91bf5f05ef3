"""A name that becomes known is held back in every answer to a client, and nothing that was published is lost."""

from django.test import Client as Browser

from accounts.tenancy import tenant_scope
from portal import links
from retainers.models import Client, Entry, Notice, Retainer
from tests.planted.secret import MARK, SECRET, answers, it_is_known, mails_to_clients


def test_a_name_that_becomes_known_is_held_back_wherever_it_stands(provider):
    before = answers(provider)
    assert MARK in before["page"].casefold()  # it did stand there
    assert MARK in before["statement"].casefold()
    it_is_known(provider)
    after = {name: said for name, said in answers(provider).items() if not name.startswith("mail")}
    assert {name for name, said in after.items() if MARK in said.casefold()} == set()


def test_no_mail_to_a_client_names_it(provider):
    it_is_known(provider)
    mails = mails_to_clients(provider)
    assert {name.split()[1] for name in mails} == {
        "consent",
        "approval",
        "client_alert",
        "received",
        "welcome",
        "watch_asked",
        "watch_told",
    }
    assert {name for name, said in mails.items() if MARK in said.casefold()} == set()


def test_neutral_words_stand_where_a_text_is_held_back(provider):
    it_is_known(provider)
    said = answers(provider)
    for words in ("Support work", "Support", "Pool 1", "Pool 2"):
        assert words in said["page"]
    assert '"used": "5.00"' in said["json"]  # every hour is counted all the same
    assert "As restated on 22 June 2026." in said["statement"]


def test_nothing_that_was_published_is_lost(provider):
    it_is_known(provider)
    answers(provider)
    with tenant_scope(provider):
        assert SECRET in Notice.objects.get().text
        assert any(SECRET in entry.wording for entry in Entry.objects.all())
        assert SECRET in str(Retainer.objects.get().version.document)


def test_a_page_is_another_one_once_the_name_is_known(provider):
    with tenant_scope(provider):
        token = links.create(client=Client.objects.get(slug="acme"), by=None)[1]
    browser = Browser()
    etag = browser.get(f"/b/{token}/").headers["ETag"]
    it_is_known(provider)
    assert browser.get(f"/b/{token}/", headers={"If-None-Match": etag}).status_code == 200
