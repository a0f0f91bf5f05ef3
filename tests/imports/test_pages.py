"""The import pages: who may use them, how files get in and out, and what a preview shows."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from accounts.models import AuditEvent, Role
from accounts.tenancy import tenant_scope
from desk.imports.views import uploading
from imports import originals
from imports.models import Import
from presentation.days import period
from retainers.models import Entry, Publication
from tests.factories import ClientFactory, ProviderFactory
from tests.imports.uploading import HEADER, row

pytestmark = pytest.mark.usefixtures("monday")
POSTS = (
    "choose_in_import",
    "reread_import",
    "answer_company",
    "grant_top_up",
    "publish_import",
    "undo_import",
    "open_import_again",
)


@pytest.mark.parametrize("name", POSTS)
def test_a_viewer_may_not_post_to_an_import(world, name):
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "2"))
    answer = world.person(Role.VIEWER).post(reverse(name, args=[source.pk]))
    assert answer.status_code == 403


@pytest.mark.parametrize("name", [*POSTS, "import", "import_original"])
def test_an_import_of_another_provider_is_404_like_a_missing_one(world, name, stranger):
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "2"))
    ask = stranger.post if name in POSTS else stranger.get
    assert ask(reverse(name, args=[source.pk])).status_code == 404
    assert ask(reverse(name, args=[source.pk + 999])).status_code == 404


def test_a_viewer_sees_the_preview_without_buttons(world):
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "2"))
    page = world.person(Role.VIEWER).get(reverse("import", args=[source.pk])).content.decode()
    assert "Acme Dental" in page
    assert '<fieldset class="stack" disabled>' in page
    assert "formaction" not in page


def test_nobody_signed_in_is_sent_to_the_sign_in_page(world):
    answer = Browser().get(reverse("imports"))
    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/")


# files in and out


def test_the_file_is_stored_before_anything_is_read(world):
    source = world.upload_bytes(b"PK\x03\x04 a workbook", name="hours.xlsx")
    with tenant_scope(world.provider):
        assert originals.load(source) == b"PK\x03\x04 a workbook"
    assert "Excel workbook" in world.page(source)


def test_a_file_over_the_limit_is_refused_before_it_is_kept(world, monkeypatch):
    monkeypatch.setattr(uploading, "MAX_FILE_BYTES", 1000)
    file = SimpleUploadedFile("big.csv", b"x" * 200_000)
    answer = world.manager.post(reverse("upload_import"), {"file": file})
    assert answer.status_code == 413
    assert "Export a shorter period" in answer.content.decode()
    with tenant_scope(world.provider):
        assert not Import.objects.exists()


def test_an_upload_without_the_csrf_token_is_refused(world):
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(world.manager.user)
    answer = browser.post(reverse("upload_import"), {"file": SimpleUploadedFile("a.csv", b"x")})
    assert answer.status_code == 403


def test_downloading_the_original_is_for_managers_and_written_down(world):
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "2"), name="../../etc/week.csv.php")
    address = reverse("import_original", args=[source.pk])
    assert world.person(Role.VIEWER).get(address).status_code == 403
    answer = world.manager.get(address)
    assert answer.content.startswith(b"Entry ID,Client")
    assert answer["Content-Disposition"] == 'attachment; filename="week.csv.php.csv"'
    assert answer["Content-Type"] == "text/csv"
    assert answer["X-Content-Type-Options"] == "nosniff"
    with tenant_scope(world.provider):
        event = AuditEvent.objects.filter(action="original downloaded").get()
    assert (event.actor, event.detail) == (world.manager.user.email, {"import_id": source.pk})


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("../../x.csv", "x.csv"),
        ("..\\..\\x.csv", "x.csv"),
        ("week\u202evsc.exe.csv", "weekvsc.exe.csv"),
        ("a\u2066b\u200fc\u200d.csv", "abc.csv"),
        ("<img src=x onerror=alert(1)>.csv", "<img src=x onerror=alert(1)>.csv"),
        ("..", ".."),
        ("x" * 400 + ".csv", "x" * 200),
    ],
)
def test_the_name_of_a_file_is_only_shown_and_never_a_place(world, settings, said, shown):
    with tenant_scope(world.provider):
        by, data = world.manager.user, f"{HEADER}\n".encode()
        source = originals.store(data=data, file_name=said, client=None, options={}, by=by, at=timezone.now())
    assert source.file_name == shown
    assert re.fullmatch(rf"{world.provider.pk}/[0-9a-f]{{32}}\.csv", source.original)
    kept = [path for path in settings.ORIGINALS_ROOT.rglob("*") if path.is_file()]
    assert [path.relative_to(settings.ORIGINALS_ROOT).as_posix() for path in kept] == [source.original]
    for page in (world.page(source), world.manager.get(reverse("imports")).content.decode()):
        assert escape(shown)[:60] in page
        assert "<img src=x" not in page
    sent = world.manager.get(reverse("import_original", args=[source.pk]))
    assert sent["Content-Disposition"].startswith("attachment; filename")
    assert sent["Content-Disposition"].isprintable()


def test_columns_that_name_rows_of_ours_decide_nothing(world):
    """A file's `client_id` or `provider` is one more column of its own: whose the work is, the company's name says."""
    stranger = ProviderFactory()
    with tenant_scope(stranger):
        other = ClientFactory(provider=stranger, name="Acme Dental", slug="acme")
    head = f"provider,provider_id,client_id,retainer_id,slug,{HEADER}"
    ours = f"{stranger.slug},{stranger.pk},{other.pk},1,birch"
    text = f"{head}\n{ours},{row(1, 'Acme Dental', '2026-02-10', '2')}\n"
    source = world.upload_bytes(text.encode(), format="generic")
    world.publish(source, publish=("acme",))
    (entry,) = world.live("acme")
    assert entry.provider_id == world.provider.pk
    assert world.live("birch") == []
    with tenant_scope(stranger):
        assert not Entry.objects.exists()
        assert not Import.objects.exists()


def test_an_original_that_is_no_longer_kept_is_said_in_words(world, settings):
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "2"))
    (settings.ORIGINALS_ROOT / source.original).unlink()
    assert "no longer kept" in world.page(source)
    answer = world.manager.get(reverse("import_original", args=[source.pk]), follow=True)
    assert "no longer kept" in answer.content.decode()


def test_the_template_is_the_header_line_of_our_own_format(world):
    answer = world.manager.get(reverse("import_template"))
    assert answer.content.decode().startswith("Entry ID,Client,Agreement,Date,Start,End,Hours,Billable hours")
    assert answer.content.count(b"\n") == 1


def test_the_list_tells_newest_first_what_each_import_did(world):
    first = world.upload(row(1, "Acme Dental", "2026-02-10", "2"), name="first.csv")
    world.publish(first)
    world.upload(row(2, "Acme Dental", "2026-02-11", "1"), name="second.csv")
    page = world.manager.get(reverse("imports")).content.decode()
    assert page.index("second.csv") < page.index("first.csv")
    assert "1 new" in page
    assert "10.0 → 8.0" in page
    assert "second.csv" not in world.manager.get(reverse("imports"), {"state": "published"}).content.decode()


def test_the_same_file_again_is_mentioned(world):
    lines = (row(1, "Acme Dental", "2026-02-10", "2"),)
    first = world.upload(*lines)
    world.publish(first)
    again = world.upload(*lines)
    assert f"already published, as import {first.pk}" in world.page(again)


# files that can't be read


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "The file is empty"),
        (b"Date,Client,Hours\n1\0,2,3\n", "zero bytes"),
        (b'Date,Client,Hours\n2026-02-10,Acme Dental,"1\n', "never closed"),
        (b"foo,bar\n1,2\n", "doesn&#x27;t know this file&#x27;s columns"),
        (b"Date,Hours\n2026-02-10,1\n", "names the client"),
    ],
)
def test_an_unreadable_file_is_kept_and_says_what_is_wrong(world, data, said):
    source = world.upload_bytes(data)
    page = world.page(source)
    assert said in page
    assert "Try again" in page
    assert world.fresh(source).state == Import.State.UPLOADED


def test_reading_a_file_another_way_keeps_what_was_said(world):
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "2"))
    page = world.post("reread_import", source, through="2026-02-12", date_order="dmy")
    assert "Covers work through Thu 12 Feb 2026" in page
    assert world.fresh(source).options["date_order"] == "dmy"


def test_a_period_with_one_end_is_refused_in_words(world):
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "2"))
    assert "A period needs both its first and its last day" in world.post(
        "reread_import", source, starts="2026-02-01"
    )


def test_an_unknown_pool_is_refused_with_the_known_ones(world):
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "2"))
    assert "Known: support" in world.post("reread_import", source, pools="reactive")


@pytest.mark.parametrize("said", ["IT support", "it SUPPORT", "support", " support , it support"])
def test_a_pool_is_named_as_the_agreement_calls_it(world, said):
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "2"))
    page = world.post("reread_import", source, pools=said)
    assert world.fresh(source).options["pools"] == ["support"]
    assert re.search(r'name="pools" value="IT support"', page)


# the preview


def test_the_rows_of_the_file_add_up(world):
    source = world.upload(
        row(1, "Acme Dental", "2026-02-10", "2"),
        row(2, "Acme Dental", "2026-02-11", "abc"),
        row(3, "Zeta Corp", "2026-02-11", "1"),
    )
    page = " ".join(world.page(source).split())
    assert "<b>3</b> rows =" in page
    for part in ("<b>1</b> new", "<b>1</b> refused", "<b>1</b> of unknown companies"):
        assert part in page


def test_a_refused_row_stands_with_its_line_column_value_and_reason(world):
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "25:0x"))
    page = world.page(source)
    for told in ("<span>2</span>", "Hours", "25:0x", "not a duration"):
        assert told in page


def test_the_balance_before_and_after_is_told_in_words_past_the_cap(world):
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "12.5"))
    page = world.page(source)
    assert "0, 2.5 over" in page
    assert "Goes over" in page


def test_quiet_clients_are_folded_into_one_line(world):
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "2"))
    world.post("choose_in_import", source, asked="one-company", accept="one-company")
    page = world.page(source)
    assert "No work for 2 clients: their dates move to Tue 10 Feb 2026" in page
    assert page.index("<summary>No work for 2 clients") < page.index("Birch &amp; Lowe and Cobalt Freight")


def test_what_a_file_holds_is_shown_as_text(world):
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "2", "<script>alert(1)</script>{{7*7}}"))
    page = world.page(source)
    assert "<script>alert" not in page
    assert "{{7*7}}" in page


def test_a_clients_rows_stand_with_the_words_that_it_would_read(world):
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "2", "edge01 down"))
    page = world.manager.get(reverse("import_client", args=[source.pk, "acme"])).content.decode()
    for told in ("Support work", "edge01 down", "2.0", "new"):
        assert told in page
    assert world.manager.get(reverse("import_client", args=[source.pk, "zeta"])).status_code == 404


def test_the_preview_writes_nothing(world):
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "2"))
    with tenant_scope(world.provider):
        before = (Publication.objects.count(), AuditEvent.objects.count())
    world.page(source)
    with tenant_scope(world.provider):
        assert (Publication.objects.count(), AuditEvent.objects.count()) == before


# words


@pytest.mark.parametrize(
    ("starts", "ends", "words"),
    [
        ((2026, 2, 2), (2026, 2, 8), "2–8 February 2026"),
        ((2026, 1, 28), (2026, 2, 3), "28 Jan – 3 Feb 2026"),
        ((2025, 12, 29), (2026, 1, 4), "29 Dec 2025 – 4 Jan 2026"),
        ((2026, 2, 2), (2026, 2, 2), "2 February 2026"),
    ],
)
def test_a_period_is_told_as_short_as_it_can_be(starts, ends, words):
    assert period(date(*starts), date(*ends)) == words
