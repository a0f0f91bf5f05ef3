"""Webhooks: what happened is told once to each, signed, in its form, and tried until it arrives."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from ipaddress import ip_network

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts import outbox
from accounts.models import AuditEvent, OutboxMail, Provider, Role
from accounts.tenancy import tenant_scope
from alerts.hooks import delivering, keeping, letters
from alerts.hooks.calling import CallError
from alerts.hooks.delivering import GIVES_UP_AFTER, DeliveryOutcome, deliver_due
from alerts.hooks.models import Delivery, Event, Webhook
from alerts.telling import tell_crossings
from portal import links
from portal.models import ClientRequest
from retainers.approving import approve
from retainers.models import Contact, Restatement, Retainer
from tests.alerts.hooks.receiver import receiving
from tests.factories import MembershipFactory, ProviderFactory
from tests.shared_rows import shared_rows

NOW = datetime(2026, 6, 8, 15, tzinfo=UTC)
HERE = (ip_network("127.0.0.0/8"),)
AGREEMENT = """
[provider]
slug = "north"
name = "North IT"
[[clients]]
slug = "acme"
name = "Acme <!channel> [x](http://evil.example)"
psa_names = ["Acme"]
[[clients.retainers]]
key = "support"
name = "Support"
starts = 2026-01-01
[[clients.retainers.terms]]
hours_from = "worked"
pools = [{ key = "main", name = "Hours", hours = "10" }]
"""
WEEK = (
    "Client,Date,Hours,Title,Technician,Notes\nAcme,2026-06-02,9.5,Printer on RX-200,Mel Stone,secret note\n"
)


@shared_rows
def north(tmp_path, time_machine, settings):
    settings.BASE_URL = "https://hours.north.example"
    settings.WEBHOOK_NETWORKS = HERE
    time_machine.move_to(NOW, tick=False)
    (tmp_path / "a.toml").write_text(AGREEMENT)
    call_command("load_retainers", str(tmp_path / "a.toml"), verbosity=0, stdout=StringIO())
    return Provider.objects.get(slug="north")


@pytest.fixture
def receiver():
    with receiving() as made:
        yield made


@pytest.fixture
def add(north, receiver):
    def add(kind="json", events=tuple(Event), provider=north, address=""):
        with tenant_scope(provider):
            address = address or f"http://127.0.0.1:{receiver.port}/in/secret-token"
            return keeping.add(
                name=f"Our {kind}",
                kind=kind,
                address=address,
                events=events,
                by=None,
                at=NOW - timedelta(days=1),
            )

    return add


@pytest.fixture
def work(north, tmp_path):
    """A week is published, of which a threshold is reached."""
    (tmp_path / "week.csv").write_text(WEEK)
    call_command(
        "import_csv",
        str(tmp_path / "week.csv"),
        provider="north",
        publish=True,
        accept="all",
        stdout=StringIO(),
    )


def told(receiver):
    return [json.loads(body) for _path, _headers, body in receiver.asked]


# what is told


def test_a_published_import_is_told_once_with_its_balances(add, work, receiver):
    add()
    assert deliver_due()[DeliveryOutcome.SENT] == 1
    assert not deliver_due()
    (said,) = told(receiver)
    assert (said["type"], said["provider"]) == ("published", "north")
    (balance,) = said["data"]["balances"]
    assert (balance["client"], balance["before"], balance["after"]) == ("acme", "10.00", "0.50")
    assert said["data"]["url"].startswith("https://hours.north.example/admin/imports/")


def test_every_kind_of_event_is_told_once(add, north, work, receiver):
    add()
    with tenant_scope(north):
        tell_crossings(north, NOW)
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


def test_nothing_of_the_psa_and_no_address_of_a_client_is_told(add, north, work, receiver):
    for kind in ("json", "teams", "slack"):
        add(kind)
    with tenant_scope(north):
        tell_crossings(north, NOW)
        _link, token = links.create(client=Retainer.objects.get().client, by=None)
    deliver_due()
    sent = b"".join(body for _path, _headers, body in receiver.asked).decode()
    assert len(receiver.asked) > 3
    for hidden in ("RX-200", "Mel Stone", "secret note", token, "/b/"):
        assert hidden not in sent


def test_only_what_was_asked_for_and_what_happened_since_is_told(add, north, work, receiver):
    add(events=[Event.REQUEST])
    with tenant_scope(north):
        late, _ = keeping.add(
            name="Late", kind="json", address=f"http://127.0.0.1:{receiver.port}/", events=list(Event), by=None,
            at=NOW + timedelta(minutes=1),
        )  # fmt: skip
    deliver_due()
    assert receiver.asked == []
    with tenant_scope(north):
        assert not late.deliveries.exists()


def test_nothing_of_another_provider_is_told(add, north, work, receiver):
    south = ProviderFactory(slug="south")
    add(provider=south)
    deliver_due()
    assert receiver.asked == []


# in which form


def test_a_delivery_is_signed_so_that_its_receiver_can_tell(add, work, receiver):
    _row, secret = add()
    deliver_due()
    ((_path, headers, body),) = receiver.asked
    signed = b".".join((headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body))
    made = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), signed, hashlib.sha256).digest()
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(made).decode()}"
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert json.loads(body)["id"] == headers["webhook-id"]


def test_teams_gets_a_card_in_which_nobodys_words_are_markup(add, north, work, receiver):
    add("teams", [Event.CROSSING])
    with tenant_scope(north):
        tell_crossings(north, NOW)
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


def test_slack_gets_blocks_in_which_nobodys_words_are_markup(add, north, work, receiver):
    add("slack", [Event.CROSSING])
    with tenant_scope(north):
        tell_crossings(north, NOW)
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


# until it arrives


def test_what_does_not_arrive_is_tried_again_later_and_later_and_given_up(add, north, work, receiver):
    receiver.status = 500
    add()
    at, waits = NOW, []
    while True:
        deliver_due(lambda at=at: at)
        with tenant_scope(north):
            row = Delivery.objects.get()
        if row.given_up_at:
            break
        waits.append((row.next_try_at - at) / timedelta(minutes=1))
        at = row.next_try_at
    assert waits[:5] == [1, 5, 15, 60, 240]
    assert set(waits[5:]) == {240}
    assert row.given_up_at - row.made_at >= GIVES_UP_AFTER
    assert (row.status, row.last_error) == (500, "Answered with 500.")
    assert row.attempts == len(receiver.asked) == len(waits) + 1
    assert not deliver_due(lambda: at + timedelta(days=30))


def test_owners_are_told_once_a_day_of_one_that_does_not_arrive(add, north, work, receiver):
    receiver.status = 500
    boss = MembershipFactory(provider=north, role=Role.OWNER).user
    MembershipFactory(provider=north, role=Role.MANAGER)
    row, _ = add()
    at, counts = NOW, []
    for _ in range(6):
        deliver_due(lambda at=at: at)
        found = list(OutboxMail.objects.filter(provider=north, kind="webhook_fails"))
        counts.append(len(found))
        at += timedelta(hours=1)
    assert counts == [0, 0, 0, 1, 1, 1]
    with tenant_scope(north):
        keeping.try_out(webhook=row, at=NOW)
        Delivery.objects.update(attempts=4, event="published")  # another one, on the same day
        for each in Delivery.objects.all():
            delivering._send(each, lambda: at)
    assert OutboxMail.objects.filter(provider=north, kind="webhook_fails").count() == 1
    sent = outbox.preview(found[0])
    assert sent.to == [boss.email]
    assert "Our json" in sent.subject
    assert f"/webhooks/{row.pk}/" in sent.body
    assert "secret-token" not in sent.body


def test_nobody_is_mailed_about_a_test(add, north, receiver):
    receiver.status = 500
    MembershipFactory(provider=north, role=Role.OWNER)
    row, _ = add()
    with tenant_scope(north):
        keeping.try_out(webhook=row, at=NOW)
    deliver_due()
    assert not OutboxMail.objects.filter(kind="webhook_fails").exists()


def test_it_arrives_when_the_receiver_is_back(add, north, work, receiver):
    receiver.status = 503
    add()
    deliver_due()
    receiver.status = 204
    assert not deliver_due()
    assert deliver_due(lambda: NOW + timedelta(minutes=1))[DeliveryOutcome.SENT] == 1
    with tenant_scope(north):
        row = Delivery.objects.get()
    assert (row.attempts, row.status, row.last_error) == (2, 204, "")
    first, second = (headers["webhook-id"] for _path, headers, _body in receiver.asked)
    assert first == second


def test_who_wants_nothing_more_is_not_asked_again(add, north, work, receiver):
    receiver.status = 410
    add()
    deliver_due()
    with tenant_scope(north):
        assert Delivery.objects.get().given_up_at == NOW


def test_one_that_fails_stops_only_itself_and_is_asked_once_a_round(add, north, work, receiver):
    broken, _ = add(address="http://127.0.0.1:9/")
    add("slack")
    with tenant_scope(north):
        keeping.try_out(webhook=broken, at=NOW)
        tell_crossings(north, NOW)
    done = deliver_due()
    assert done[DeliveryOutcome.FAILED] == 1
    assert done[DeliveryOutcome.SENT] == len(receiver.asked) >= 2


def test_slow_receivers_of_one_provider_keep_nobody_else_waiting(add, north, receiver, monkeypatch):
    """Each call lasts nine seconds: of ten messages two fit into the share, and the other provider's comes after."""
    south, seconds = ProviderFactory(slug="south"), [0]
    for provider, messages in ((north, 10), (south, 1)):
        webhook, _secret = add(provider=provider, events=())
        with tenant_scope(provider):
            for _ in range(messages):
                keeping.try_out(webhook=webhook, at=NOW)

    def slowly(*_args):
        seconds[0] += 9
        return 200

    monkeypatch.setattr(delivering, "post", slowly)
    done = deliver_due(lambda: NOW + timedelta(seconds=seconds[0]))
    assert done[DeliveryOutcome.SENT] == 3
    with tenant_scope(south):
        assert Delivery.objects.get().sent_at is not None


def test_two_senders_send_it_once(add, north, work, receiver):
    add()
    deliver_due()
    with tenant_scope(north):
        Delivery.objects.update(sent_at=None)
        (row,) = Delivery.objects.all()
        assert delivering._claim(row, NOW)
        assert not delivering._claim(row, NOW)
        assert not deliver_due()
        row.refresh_from_db()
        assert delivering._claim(row, NOW + delivering.CLAIM)


def test_a_name_that_leads_into_the_house_later_is_not_called(add, north, work, receiver, settings):
    add()
    settings.WEBHOOK_NETWORKS = ()
    assert deliver_due()[DeliveryOutcome.FAILED] == 1
    assert receiver.asked == []


def test_tick_tells_as_the_sender_does(add, work, receiver):
    add()
    out = StringIO()
    call_command("tick", stdout=out)
    assert "webhooks told." in out.getvalue()
    assert receiver.asked


# kept


def test_the_address_and_the_secret_stand_nowhere_in_clear(add, north, settings):
    row, secret = add()
    with tenant_scope(north):
        row.refresh_from_db()
        stands = " ".join(str(bytes(v) if isinstance(v, memoryview) else v) for v in vars(row).values())
        trail = str(list(AuditEvent.objects.values_list("detail", "subject")))
    for text in (stands, trail):
        assert "secret-token" not in text
        assert secret not in text
    assert keeping.secrets_of(row).secret == secret
    settings.HOURTAB_LINK_KEY = "x" * 43 + "="
    assert keeping.secrets_of(row) is None


def test_what_was_sealed_with_another_key_is_told_and_not_sent(add, north, work, receiver, settings):
    add()
    settings.HOURTAB_LINK_KEY = "x" * 43 + "="
    assert deliver_due()[DeliveryOutcome.FAILED] == 1
    with tenant_scope(north):
        assert Delivery.objects.get().last_error == keeping.UNSEALED


def test_one_that_is_paused_is_told_later_and_one_that_is_removed_never(add, north, work, receiver):
    row, _ = add()
    by = MembershipFactory(provider=north, role=Role.OWNER).user
    with tenant_scope(north):
        keeping.pause(webhook=row, by=by, at=NOW)
    deliver_due()
    assert receiver.asked == []
    with tenant_scope(north):
        keeping.go_on(webhook=row, by=by, at=NOW)
    deliver_due()
    assert len(receiver.asked) == 1
    with tenant_scope(north):
        keeping.remove(webhook=row, by=by, at=NOW)
        keeping.try_out(webhook=row, at=NOW)
        row.refresh_from_db()
        assert bytes(row.sealed) == b""
    deliver_due()
    assert len(receiver.asked) == 1


def test_a_provider_has_so_many_and_no_address_that_is_none(add, north):
    with pytest.raises(CallError):
        add(address="ftp://msp.example/")
    for _ in range(keeping.MOST):
        add()
    with pytest.raises(keeping.TooManyError):
        add()


# at the desk


@pytest.fixture
def owner(north, client):
    client.force_login(MembershipFactory(provider=north, role=Role.OWNER).user)
    return client


def form(**changes):
    said = {"name": "PSA", "kind": "json", "address": "https://hooks.msp.example/in/secret-token"}
    return {**said, "events": ["published", "request"], **changes}


def test_an_owner_adds_one_sees_its_secret_once_and_its_address_never(owner, north):
    answer = owner.post(reverse("webhook_new"), form())
    secret = answer.context["secret"]
    assert secret in answer.text
    assert "no-store" in answer.headers["Cache-Control"]
    with tenant_scope(north):
        row = Webhook.objects.get()
    assert row.events == ["published", "request"]
    for page in (owner.get(reverse("webhooks")), owner.get(reverse("webhook", args=[row.pk]))):
        assert "hooks.msp.example" in page.text
        assert "secret-token" not in page.text
        assert secret not in page.text


@pytest.mark.parametrize(
    "changes",
    [{"name": ""}, {"kind": "mail"}, {"events": []}, {"events": ["all"]}, {"address": "ftp://x.example"},
     {"address": "https://u:p@x.example/"}, {"address": "x"}],
)  # fmt: skip
def test_what_can_not_be_a_webhook_is_refused_on_its_page(owner, north, changes):
    answer = owner.post(reverse("webhook_new"), form(**changes))
    assert answer.status_code == 422
    assert "errorlist" in answer.text
    with tenant_scope(north):
        assert not Webhook.objects.exists()


def test_a_webhook_of_the_desk_is_tried_paused_and_removed(owner, north, add, receiver):
    row, _ = add()
    for name, data in (
        ("webhook_test", {}), ("webhook_pause", {}), ("webhook_pause", {"do": "go-on"}),
    ):  # fmt: skip
        assert owner.post(reverse(name, args=[row.pk]), data).status_code == 302
    deliver_due()
    page = owner.get(reverse("webhook", args=[row.pk])).text
    assert "arrived" in page
    assert told(receiver)[0]["type"] == "test"
    assert owner.post(reverse("webhook_remove", args=[row.pk])).status_code == 302
    assert owner.post(reverse("webhook_test", args=[row.pk])).status_code == 404
    assert "Our json" not in owner.get(reverse("webhooks")).text
    with tenant_scope(north):
        deeds = list(AuditEvent.objects.filter(action__startswith="webhook").values_list("action", flat=True))
    assert deeds[::-1] == ["webhook added", "webhook paused", "webhook resumed", "webhook removed"]
