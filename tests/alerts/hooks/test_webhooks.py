"""Webhooks: what happened is told once to each, signed, in its form, and tried until it arrives."""

import base64
import hashlib
import hmac
import json
from datetime import date, timedelta
from decimal import Decimal

from accounts.tenancy import tenant_scope
from alerts.hooks import keeping, letters
from alerts.hooks.delivering import DeliveryOutcome, deliver_due
from alerts.hooks.models import Event
from alerts.telling import tell_crossings
from portal import links
from portal.models import ClientRequest
from retainers.approving import approve
from retainers.models import Contact, Restatement, Retainer
from tests.alerts.hooks.conftest import NOW
from tests.alerts.hooks.receiver import told
from tests.factories import ProviderFactory


def test_a_published_import_is_told_once_with_its_balances(add, work, receiver):
    add()
    assert deliver_due()[DeliveryOutcome.SENT] == 1
    assert not deliver_due()
    (said,) = told(receiver)
    assert (said["type"], said["provider"]) == ("published", "north")
    (balance,) = said["data"]["balances"]
    assert (balance["client"], balance["before"], balance["after"]) == ("acme", "10.00", "0.50")
    assert said["data"]["url"].startswith("https://hours.north.example/admin/imports/")


def test_every_kind_of_event_is_told_once(add, provider, work, receiver):
    add()
    with tenant_scope(provider):
        tell_crossings(provider, NOW)
        retainer = Retainer.objects.get()
        link, _token = links.create(client=retainer.client, by=None)
        asked = {
            "retainer": retainer,
            "link": link,
            "name": "Pat",
            "email": "pat@acme.example",
            "made_at": NOW,
        }
        ClientRequest.objects.create(**asked, kind="top_up", hours_units=400, text="please")
        ClientRequest.objects.create(**asked, kind="overage", hours_units=400, may_approve=True)
        pat = Contact.objects.create(
            client=retainer.client, name="Pat", email="pat@acme.example", approves=True
        )
        published = approve(retainer=retainer, cycle=date(2026, 6, 1), hours=Decimal(2), contact=pat, at=NOW)
        total = {"total": {"used": "1.00", "remaining": "9.00", "overage": "0.00"}}
        Restatement.objects.create(
            retainer=retainer, cycle_starts=date(2026, 5, 1), publication=published, cause="import",
            before=total, after=None, made_at=NOW, reason="late entries",
        )  # fmt: skip
    for _ in range(2):
        deliver_due()
    said = {(each["type"], each["data"].get("threshold")): each["data"] for each in told(receiver)}
    assert sorted({kind for kind, _ in said}) == sorted(Event.values)
    assert len(told(receiver)) == len(said)
    assert said["crossing", "90"]["granted"] == "10"
    assert ("crossing", "75") not in said  # where several are reached at once, the highest is told
    assert (said["request", None]["kind"], said["request", None]["hours"]) == ("top_up", "4.00")
    assert (said["approval", None]["hours"], said["approval", None]["name"]) == ("2.00", "Pat")
    assert said["restatement", None]["before"]["used"] == "1.00"


def test_nothing_of_the_psa_and_no_address_of_a_client_is_told(add, provider, work, receiver):
    for kind in ("json", "teams", "slack"):
        add(kind)
    with tenant_scope(provider):
        tell_crossings(provider, NOW)
        _link, token = links.create(client=Retainer.objects.get().client, by=None)
    deliver_due()
    sent = b"".join(body for _path, _headers, body in receiver.asked).decode()
    assert len(receiver.asked) > 3
    for hidden in ("RX-200", "Mel Stone", "secret note", token, "/b/"):
        assert hidden not in sent


def test_only_what_was_asked_for_and_what_happened_since_is_told(add, provider, work, receiver):
    add(events=[Event.REQUEST])
    with tenant_scope(provider):
        late, _ = keeping.add(
            name="Late", kind="json", address=f"http://127.0.0.1:{receiver.port}/", events=list(Event), by=None,
            at=NOW + timedelta(minutes=1),
        )  # fmt: skip
    deliver_due()
    assert receiver.asked == []
    with tenant_scope(provider):
        assert not late.deliveries.exists()


def test_nothing_of_another_provider_is_told(add, provider, work, receiver):
    south = ProviderFactory(slug="south")
    add(provider=south)
    deliver_due()
    assert receiver.asked == []


def test_a_delivery_is_signed_so_that_its_receiver_can_tell(add, work, receiver):
    _row, secret = add()
    deliver_due()
    ((_path, headers, body),) = receiver.asked
    signed = b".".join((headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body))
    made = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), signed, hashlib.sha256).digest()
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(made).decode()}"
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert json.loads(body)["id"] == headers["webhook-id"]


def test_teams_gets_a_card_in_which_nobodys_words_are_markup(add, provider, work, receiver):
    add("teams", [Event.CROSSING])
    with tenant_scope(provider):
        tell_crossings(provider, NOW)
    deliver_due()
    said = told(receiver)[0]
    assert said["type"] == "message"
    (attached,) = said["attachments"]
    assert attached["contentType"] == "application/vnd.microsoft.card.adaptive"
    card = attached["content"]
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.4")
    assert {part["type"] for part in card["body"]} == {"RichTextBlock"}
    assert {run["type"] for part in card["body"] for run in part["inlines"]} == {"TextRun"}
    assert "90 % used" in json.dumps(said, ensure_ascii=False)
    assert card["actions"][0]["url"] == "https://hours.north.example/clients/acme/"


def test_a_channel_reads_names_and_days_in_words(add, provider, work, receiver):
    add("slack", [Event.CROSSING, Event.PUBLISHED])
    with tenant_scope(provider):
        tell_crossings(provider, NOW)
    deliver_due()
    crossing, published = sorted(told(receiver), key=lambda said: "published" in said["text"])
    assert crossing["blocks"][1]["text"]["text"] == "Support · Hours · the cycle from 1 June 2026"
    line = published["blocks"][1]["text"]["text"]
    assert line == "Acme <!channel> [x](http://evil.example), Support: 10.00 → 0.50 h left"


def test_slack_gets_blocks_in_which_nobodys_words_are_markup(add, provider, work, receiver):
    add("slack", [Event.CROSSING])
    with tenant_scope(provider):
        tell_crossings(provider, NOW)
    deliver_due()
    said = told(receiver)[0]
    assert "<!channel>" not in said["text"]
    assert "&lt;!channel&gt;" in said["text"]
    marked = [part["text"] for part in said["blocks"] if part["text"]["type"] == "mrkdwn"]
    assert [part["text"] for part in marked] == ["<https://hours.north.example/clients/acme/|Open HourTab>"]
    assert any("<!channel>" in part["text"]["text"] for part in said["blocks"])


def test_long_texts_stay_within_what_slack_takes():
    data = {
        "client": "a", "client_name": "A" * 300, "retainer": "r", "kind": "question", "hours": None, "name": "Pat",
        "email": "p@a.example", "text": "x" * 5000,
    }  # fmt: skip
    body = letters.body_of(
        "slack", "request", {"data": data, "path": "/"}, key="k", at=NOW, provider="p", base_url=""
    )
    header, section, _link = json.loads(body)["blocks"]
    assert len(header["text"]["text"]) == letters.LONGEST_TITLE
    assert len(section["text"]["text"]) == letters.LONGEST_TEXT
