"""What waits for a person: each kind is on the page, leads to where it is settled, and goes away once it is."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils.timezone import now

from accounts import keys
from accounts.heartbeats import TICK, beat
from accounts.models import ApiKey, OutboxMail, Role
from accounts.tenancy import tenant_scope
from desk.waiting import signs, things_waiting
from imports import originals
from imports.models import Import
from portal import links
from portal.models import ClientRequest
from retainers.models import Client, Retainer
from tests.factories import MembershipFactory, ProviderFactory, UserFactory
from tests.imports.uploading import row

pytestmark = pytest.mark.usefixtures("monday")
MORNING = datetime(2026, 2, 17, 8, tzinfo=UTC)


def page_of(world) -> str:
    return world.manager.get(reverse("waiting")).text


def in_the_bar(world) -> dict[str, int]:
    """The counts beside the entries of the bar."""
    bar = world.manager.get(reverse("rules")).text.split("<nav", 1)[1].split("</nav>", 1)[0]
    found = re.findall(r">(\w[\w-]*) <span class=\"chip amber\">(?:<span.*?</span>)?(\d+)", bar)
    return {name: int(count) for name, count in found}


def ask(world, kind: str = "top_up") -> ClientRequest:
    with tenant_scope(world.provider):
        client = Client.objects.get(slug="acme")
        link, _token = links.create(client=client, by=None)
        retainer = Retainer.objects.get(client=client)
        made: ClientRequest = ClientRequest.objects.create(
            retainer=retainer, link=link, kind=kind, name="Pat Lee", email="pat@acme.example", made_at=now()
        )
    return made


def a_mail(world, **said) -> OutboxMail:
    known = {"key": f"m{OutboxMail.objects.count()}", "kind": "alert", "recipient": "pat@acme.example"}
    made: OutboxMail = OutboxMail.objects.create(provider=world.provider, **{**known, **said})
    return made


def test_where_nothing_waits_the_page_says_so_and_no_count_stands_anywhere(world):
    assert "Nothing waits." in page_of(world)
    assert in_the_bar(world) == {}
    assert "waiting-strip" not in world.manager.get(reverse("dashboard")).text


def test_a_preview_waits_until_it_is_published_or_discarded(world):
    first = world.upload(row(1, "Acme Dental", "2026-02-10", "2"), name="first.csv")
    world.upload(row(2, "Birch & Lowe", "2026-02-10", "2"), name="second.csv")
    assert page_of(world).count("/admin/imports/") >= 2
    assert in_the_bar(world) == {"Waiting": 2, "Imports": 2}
    assert "2 files in preview" in world.manager.get(reverse("dashboard")).text
    world.post("discard_import", first)
    assert in_the_bar(world) == {"Waiting": 1, "Imports": 1}


def test_a_file_that_cant_be_read_says_so(world):
    world.page(world.upload_bytes(b"\x00\x01\x02", name="photo.csv"))
    assert "can’t be read" in page_of(world)


def test_a_file_whose_preview_is_lost_isnt_called_unreadable_before_anybody_looks(world):
    """As after a restore: previews are in no backup."""
    good = world.upload(row(1, "Acme Dental", "2026-02-10", "2"), name="first.csv")
    bad = world.upload_bytes(b"\x00\x01\x02", name="photo.csv")
    for source in (good, bad):
        world.page(source)
        originals.let_go(source)
    assert "can’t be read" not in page_of(world)
    for source in (good, bad):
        world.page(source)
    assert page_of(world).count("can’t be read") == 1


def test_a_file_that_becomes_readable_isnt_called_unreadable_any_more(world):
    type(world.provider).objects.filter(pk=world.provider.pk).update(date_order="")
    source = world.upload_bytes(b"Date,Client,Hours\n02/03/2026,Acme Dental,1.5\n")
    world.page(source)
    assert "can’t be read" in page_of(world)
    said = {"date_order": "mdy"}
    world.manager.post(reverse("reread_import", args=[source.pk]), said, follow=True)
    assert "can’t be read" not in page_of(world)


def test_a_pushed_file_names_its_schedule(world, client):
    with tenant_scope(world.provider):
        _key, secret = keys.create(name="nightly", scopes=keys.DROPS, by=world.manager.user)
    text = "Client,Date,Hours\nAcme Dental,2026-02-10,abc\n"
    bearer = {"Authorization": f"Bearer {secret}"}
    client.post("/api/imports?name=push.csv", data=text, content_type="text/csv", headers=bearer)
    assert "pushed by “nightly”" in page_of(world)


def test_a_pushed_file_that_names_nobody_we_know_is_not_called_unreadable(db, client):
    provider = ProviderFactory()
    with tenant_scope(provider):
        _key, secret = keys.create(name="nightly", scopes=keys.PUSHES, by=UserFactory())
    text = "Client,Date,Hours\nZeta Corp,2026-02-10,1\nYarrow Mill,2026-02-11,1\n"
    bearer = {"Authorization": f"Bearer {secret}"}
    said = client.post(
        "/api/imports?publish=1&name=push.csv", data=text, content_type="text/csv", headers=bearer
    )
    assert (said.status_code, said.json()["published"]) == (201, False)
    with tenant_scope(provider):
        (thing,) = [each for each in things_waiting(provider, now()) if each.kind == "previews"]
    assert "pushed by “nightly”" in thing.detail
    assert "can’t be read" not in thing.detail


def test_who_was_held_back_and_rows_for_nobody_wait_until_a_later_file_brings_them(world):
    rows = [row(1, "Acme Dental", "2026-02-10", "2"), row(2, "Birch & Lowe", "2026-02-10", "2")]
    source = world.upload(*rows, row(3, "Zeta Corp", "2026-02-10", "1"), name="held.csv")
    world.publish(source, ("acme", "cobalt"))
    page = page_of(world)
    assert "Birch &amp; Lowe is held back" in page
    assert "1 row names no client of yours" in page
    assert in_the_bar(world) == {"Waiting": 2}
    world.publish(world.upload(*rows, name="later.csv"))
    assert "Nothing waits." in page_of(world)


def test_a_file_for_that_client_alone_settles_what_was_held_back(world):
    rows = [row(1, "Acme Dental", "2026-02-10", "2"), row(2, "Birch & Lowe", "2026-02-10", "2")]
    world.publish(world.upload(*rows), ("acme", "cobalt"))
    world.publish(world.upload(rows[1], client="birch"), ("birch",))
    assert "Nothing waits." in page_of(world)


def test_a_request_waits_until_it_is_answered(world):
    made = ask(world)
    assert f"/requests/#request-{made.pk}" in page_of(world)
    assert "Acme Dental: top-up" in page_of(world)
    assert in_the_bar(world) == {"Waiting": 1, "Requests": 1}
    world.manager.post(reverse("answer_request", args=[made.pk]), {"words": "Gladly.", "pk": made.pk})
    assert in_the_bar(world) == {}


def test_each_request_that_waits_leads_to_the_page_it_is_on_before_approvals_that_are_confirmed(
    world, monkeypatch
):
    monkeypatch.setattr("desk.requests.A_PAGE", 1)
    first, second, confirmed = ask(world), ask(world, "planned"), ask(world, "overage")
    with tenant_scope(world.provider):
        ClientRequest.objects.filter(pk=confirmed.pk).update(confirmed_at=now())
    addresses = re.findall(r'href="(/requests/[^"]*#request-\d+)"', page_of(world))
    assert addresses == [f"/requests/?page=2#request-{first.pk}", f"/requests/#request-{second.pk}"]
    for address, made in zip(addresses, (first, second), strict=True):
        assert f'id="request-{made.pk}"' in world.manager.get(address.partition("#")[0]).text


def test_mails_that_failed_or_were_given_up_wait_and_those_on_their_way_do_not(world):
    a_mail(world)
    failed = a_mail(world, last_error="550 no such box")
    gone = a_mail(world, given_up_at=now(), last_error="550", recipient="sam@acme.example")
    a_mail(world, sent_at=now(), last_error="once")
    page = page_of(world)
    assert reverse("mail", args=[failed.pk]) in page
    assert reverse("mail", args=[gone.pk]) in page
    assert in_the_bar(world) == {"Waiting": 2}


def test_periodic_work_that_nobody_does_is_said_once_a_provider_is_an_hour_old(world, settings):
    settings.DEBUG = False
    beat(TICK, now() - timedelta(minutes=59))
    assert "Nothing waits." in page_of(world)
    beat(TICK, now() - timedelta(minutes=61))
    assert "“tick” isn’t running" in page_of(world)


def test_of_another_provider_nothing_is_said(world, client):
    world.upload(row(1, "Acme Dental", "2026-02-10", "2"), name="first.csv")
    ask(world)
    a_mail(world, last_error="550")
    client.force_login(MembershipFactory(provider=ProviderFactory(), role=Role.OWNER).user)
    assert "Nothing waits." in client.get(reverse("waiting")).text


def tick(moment, time_machine) -> list[OutboxMail]:
    """The mails about what waits that are new after a tick at that moment."""
    before = set(OutboxMail.objects.values_list("pk", flat=True))
    time_machine.move_to(moment, tick=False)
    call_command("tick")
    return list(OutboxMail.objects.filter(kind="waiting").exclude(pk__in=before))


def test_the_mornings_mail_lists_what_waits_and_is_not_sent_again_for_the_same(
    world, time_machine, mailoutbox
):
    world.upload(row(1, "Acme Dental", "2026-02-10", "2"), name="first.csv")
    made = ask(world)
    assert tick(MORNING - timedelta(hours=3), time_machine) == []
    (mail,) = tick(MORNING, time_machine)
    assert mail.recipient == world.manager.user.email
    (sent,) = [each for each in mailoutbox if each.subject.startswith("Waiting")]
    assert sent.subject == "Waiting in HourTab: 1 request, 1 file in preview"
    assert f"/requests/#request-{made.pk}" in sent.body
    assert tick(MORNING + timedelta(days=1), time_machine) == []
    ask(world, "planned")
    assert len(tick(MORNING + timedelta(days=2), time_machine)) == 1


def test_each_thing_has_a_mark_of_its_own(world):
    world.upload(row(1, "Acme Dental", "2026-02-10", "2"), name="first.csv")
    ask(world)
    a_mail(world, last_error="550")
    with tenant_scope(world.provider):
        marks = [thing.mark for thing in things_waiting(world.provider, now())]
    assert len(set(marks)) == len(marks) == 3


@pytest.mark.parametrize(("kind", "back"), [("rows", 35), ("silent", 400), ("refused", 14)])
def test_a_sign_goes_back_as_many_days_as_what_it_stands_for(world, kind, back):
    world.upload(row(1, "Acme Dental", "2026-02-10", "2"))
    with tenant_scope(world.provider):
        key, _secret = keys.create(name="nightly", scopes=keys.DROPS, by=world.manager.user)

        def found(days: int) -> bool:
            moment = now() - timedelta(days=days)
            if kind == "refused":
                ApiKey.objects.update(refused_at=moment, revoked_at=moment - timedelta(days=1))
            else:
                Import.objects.update(
                    state="published", published_at=moment, uploaded_at=moment, uploaded_with=key
                )
            return signs(world.provider, now())[kind]

        assert found(back)
        assert not found(back + 1)
