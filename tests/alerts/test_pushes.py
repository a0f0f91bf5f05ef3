"""Files that programs drop off: what waits is told, and a schedule that falls silent is told."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts import keys
from accounts.models import AuditEvent, OutboxMail, Role
from accounts.tenancy import tenant_scope
from desk.imports.schedules import rhythm, silent_schedules
from imports.models import Import
from tests.factories import MembershipFactory, UserFactory
from tests.world import world  # noqa: F401

NOW = datetime(2026, 6, 22, 12, tzinfo=UTC)  # a Monday
FILE = "Client,Date,Hours\nAcme Dental,2026-06-02,1\nZeta Corp,2026-06-03,2\n"


@pytest.fixture
def push(client, provider, retainer):
    with tenant_scope(provider):
        _, secret = keys.create(name="nightly", scopes=keys.PUSHES, by=UserFactory())

    def push(text=FILE, name="time.csv"):
        return client.post(
            f"/api/imports?publish=1&name={name}",
            data=text,
            content_type="text/csv",
            headers={"Authorization": f"Bearer {secret}"},
        )

    return push


def mails(kind):
    return [mail for mail in OutboxMail.objects.order_by("pk") if mail.kind == kind]


def test_a_pushed_file_that_waits_is_mailed_once_to_those_who_can_settle_it(provider, push):
    manager = MembershipFactory(provider=provider, role=Role.MANAGER).user
    MembershipFactory(provider=provider, role=Role.VIEWER)
    push("Client,Date,Hours\nAcme Dental,2026-06-02,abc\n")
    call_command("tick")
    call_command("tick")
    (mail,) = mails("push_waits")
    assert mail.recipient == manager.email


def test_a_tick_that_has_told_what_waits_reads_no_plan_and_makes_no_address(provider, push, monkeypatch):
    """Addresses are made of all pages' code, which costs as much as the rest of a tick."""
    MembershipFactory(provider=provider, role=Role.MANAGER)
    push("Client,Date,Hours\nAcme Dental,2026-06-02,abc\n")
    call_command("tick")
    told = [mail.kind for mail in OutboxMail.objects.order_by("pk")]
    assert {"push_waits", "waiting"} <= set(told)

    def made(*_said, **_more):
        raise AssertionError("it is not to be told again")

    for name in ("imports.publishing.preview.kept_plan", "django.urls.base.get_resolver"):
        monkeypatch.setattr(name, made)
    call_command("tick")

    assert [mail.kind for mail in OutboxMail.objects.order_by("pk")] == told


def test_the_mail_says_what_it_waits_for(provider, push, mailoutbox):
    MembershipFactory(provider=provider, role=Role.MANAGER)
    push("Client,Date,Hours\nAcme Dental,2026-06-02,abc\n")
    call_command("tick")
    (sent,) = [each for each in mailoutbox if "waits for you" in each.subject]
    assert sent.subject == "“time.csv” waits for you"
    assert "“nightly” dropped it off" in sent.body
    assert "1 row is refused" in sent.body
    assert "/admin/imports/" in sent.body


def test_a_file_that_cannot_be_read_is_told_too(provider, push, mailoutbox):
    MembershipFactory(provider=provider, role=Role.MANAGER)
    push("\x89PNG\r\n")
    call_command("tick")
    (sent,) = [each for each in mailoutbox if "waits for you" in each.subject]
    assert "can’t be read" in sent.body


def test_a_file_that_a_person_uploaded_is_told_to_nobody(provider, as_role):
    with tenant_scope(provider):
        Import.objects.create(file_name="mine.csv", original="x", size=1, sha256="x")
    as_role()
    call_command("tick")
    assert mails("push_waits") == []


def test_previews_that_wait_are_counted_in_the_navigation_and_listed_on_the_dashboard(as_role, push):
    push("Client,Date,Hours\nAcme Dental,2026-06-02,abc\n")
    client = as_role()
    page = client.get("/").text
    assert "1 file in preview" in page
    assert "waiting: </span>1</span>" in page
    assert "time.csv" in client.get("/waiting/").text


def test_a_preview_is_discarded_and_waits_no_more_and_its_file_stays(as_role, push, provider):
    push("Client,Date,Hours\nAcme Dental,2026-06-02,abc\n")
    client = as_role()
    with tenant_scope(provider):
        source = Import.objects.get()
    page = client.post(reverse("discard_import", args=[source.pk]), follow=True)
    assert "is discarded" in page.text
    assert "file in preview" not in client.get("/").text
    assert "Discarded" in client.get(reverse("import", args=[source.pk])).text
    again = client.post(reverse("open_import_again", args=[source.pk]), follow=True)
    assert "abc" in again.text
    with tenant_scope(provider):
        assert AuditEvent.objects.filter(action="preview discarded").exists()
        assert [row.state for row in Import.objects.order_by("pk")] == ["discarded", "uploaded"]


def test_what_is_published_already_cannot_be_discarded(as_role, provider, retainer):
    with tenant_scope(provider):
        row = Import.objects.create(
            file_name="x.csv", original="x", size=1, sha256="x", state=Import.State.PUBLISHED
        )
    page = as_role().post(reverse("discard_import", args=[row.pk]), follow=True)
    assert "already been published" in page.text


@pytest.mark.parametrize(
    ("gaps", "every"),
    [
        ([], 0),
        ([7], 0),
        ([7, 7], 7),
        ([1, 1, 1, 1, 3, 1, 1, 1, 1, 3], 3),
        ([7, 7, 14, 7, 7, 7], 7),
        ([30, 31], 31),
    ],
)
def test_the_rhythm_of_a_schedule_is_its_longest_usual_pause(gaps, every):
    days = [date(2026, 1, 5)]
    for gap in gaps:
        days.append(days[-1] + timedelta(gap))
    assert rhythm(days) == every


def on_days(push, time_machine, *days):
    for day in days:
        time_machine.move_to(datetime(2026, 6, day, 6, tzinfo=UTC), tick=False)
        push(name=f"{day}.csv")


def test_a_silent_schedule_is_told_once_and_shown(provider, push, time_machine, mailoutbox, as_role):
    MembershipFactory(provider=provider, role=Role.MANAGER)
    on_days(push, time_machine, 1, 8, 15)
    for day, hour in ((22, 12), (23, 6), (23, 12), (23, 13), (24, 12)):
        time_machine.move_to(datetime(2026, 6, day, hour, tzinfo=UTC), tick=False)
        call_command("tick")
        told = [each for each in mailoutbox if "No file from" in each.subject]
        assert len(told) == ((day, hour) >= (23, 12))
    assert told[0].subject == "No file from “nightly” since Mon 15 June"
    assert "every 7 days" in told[0].body
    client = as_role()
    assert "1 silent schedule" in client.get("/").text
    assert "No file from “nightly”" in client.get("/waiting/").text


def test_a_key_that_was_revoked_is_missed_by_nobody(provider, push, time_machine):
    on_days(push, time_machine, 1, 2, 3)
    with tenant_scope(provider):
        (key,) = {row.uploaded_with for row in Import.objects.all()}
        assert [each.name for each in silent_schedules(provider, date(2026, 6, 20))] == ["nightly"]
        key.revoked_at = NOW
        key.save()
        assert silent_schedules(provider, date(2026, 6, 20)) == []
