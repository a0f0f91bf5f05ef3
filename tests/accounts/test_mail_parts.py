"""A mail that leads to a page is a page itself, and its text: both parts say the same and lead to the same place."""

import re
from html import unescape

import pytest
from django.utils.translation import override

from accounts import outbox
from accounts.models import OutboxMail
from tests.factories import ProviderFactory

ASKED = {"client": "Acme & Co", "what": "a top-up", "hours": "4 hours", "name": "Pat Lee"}
OFFER = {
    "agreement": "IT support",
    "over": "1 hour over",
    "approved": "2 hours.",
    "rate": "150.00 USD an hour",
    "in_all": "600.00 USD in all",
    "until": "30 June",
}
SAID = {
    "request": {
        **ASKED,
        "hours": "4",
        "email": "pat@acme.example",
        "text": "Two <laptops>",
        "may_approve": False,
    },
    "approval": {**ASKED, "provider": "North IT", "text": "The move", "offer": OFFER},
    "approved": {**ASKED, "offer": OFFER, "used": "1 of 4 hours is used.", "path": "/clients/acme/"},
    "received": {**ASKED, "provider": "North IT"},
    "answered": {**ASKED, "provider": "North IT", "words": "Gladly.\nThey count now.", "granted": "4 hours"},
    "invitation": {"role": "manager"},
    "push_waits": {
        "file": "week <1>.csv",
        "schedule": "Nightly",
        "needs": ["1 row is refused."],
        "path": "/admin/imports/7/",
    },
    "push_silent": {
        "schedule": "Nightly",
        "last": "Mon 2 November",
        "every": 7,
        "path": "/admin/imports/",
    },
    "webhook_fails": {"name": "Ops", "error": "No answer <2>", "path": "/webhooks/1/"},
    "welcome": {
        "provider": "North IT",
        "client": "Acme & Co",
        "updates": "It is updated on Mondays.",
        "phone": "555 0100",
        "email": "help@north.example",
    },
}


def written(kind, language="", said=None):
    mail = OutboxMail(
        provider=ProviderFactory.build(support_email="help@north.example"),
        key=kind,
        kind=kind,
        recipient="kim@north.example",
        context={**(said or SAID[kind]), "language": language},
    )
    return outbox.rendered(mail, "the-secret")


def told(html):
    """The words of the page, as one line."""
    body = html.split("<main>")[1].split("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).replace("\u00a0", " ").split())


@pytest.mark.parametrize("language", ["", "de"])
@pytest.mark.parametrize("kind", SAID)
def test_both_parts_say_the_same(kind, language):
    with override(language or "en"):
        made = written(kind, language)
    (page,) = made.alternatives
    words = told(page[0])
    lines = [" ".join(line.split()) for line in (made.subject, *made.body.splitlines())]
    for line in lines:
        if line.startswith("http"):
            assert f'href="{line}"' in page[0]
        else:
            assert line in words
    assert not re.search(r"<(laptops|1|2)>", page[0])


def test_what_waits_leads_to_each_place_from_both_parts():
    line = {"text": "week <1>.csv", "detail": "pushed by “Nightly”", "path": "/admin/imports/7/"}
    groups = [{"title": "Files in preview", "lines": [line], "more": 2}]
    said = {"what": "3 files in preview", "groups": groups, "path": "/waiting/"}
    made = written("waiting", said=said)
    page = made.alternatives[0][0]
    for words in ("Files in preview", line["text"], line["detail"], "and 2 more", made.subject):
        assert words in told(page)
    for path in ("/admin/imports/7/", "/waiting/"):
        assert f'{path}"' in page
        assert path in made.body
    assert "<1>" not in page


def test_an_answer_to_what_a_client_asked_goes_to_the_client():
    provider = ProviderFactory.build(support_email="help@north.example")
    asked = {**SAID["request"], "reply_to": "pat@acme.example"}
    mail = OutboxMail(
        provider=provider, key="x", kind="request", recipient="kim@north.example", context=asked
    )
    assert outbox.rendered(mail, "").reply_to == ["pat@acme.example"]
    mail.kind, mail.context = "received", SAID["received"]
    assert outbox.rendered(mail, "").reply_to == ["help@north.example"]
