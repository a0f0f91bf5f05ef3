"""`POST /api/imports`: what a program may drop off, and what stays a person's to decide."""

from copy import copy

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts import keys
from accounts.models import ApiKey, AuditEvent, Provider, Role
from accounts.tenancy import tenant_scope
from desk.imports.unattended import BYTES_A_DAY, FILES_AN_HOUR
from imports.models import Import
from retainers.models import Entry, Publication
from tests.factories import MembershipFactory, ProviderFactory, agreement_file, client_table, load_agreements
from tests.shared_rows import shared_rows
from tests.world import World

FILE = b"Client,Date,Hours\nAcme,2026-06-02,1.5\n"


@shared_rows
def world(tmp_path, time_machine) -> World:
    time_machine.move_to("2026-06-22T12:00:00Z", tick=False)
    load_agreements(tmp_path, agreement_file(client_table("Acme", hours="20")))
    return World(Provider.objects.get())


@pytest.fixture
def make_key(provider):
    user = MembershipFactory(provider=provider, role=Role.OWNER).user

    def make(*, may_publish=True):
        with tenant_scope(provider):
            scopes = keys.PUSHES if may_publish else keys.DROPS
            return keys.create(name="Scheduled report", scopes=scopes, by=user)

    return make


@pytest.fixture
def post(client, make_key):
    _, secret = make_key()

    def post(body=FILE, query="", secret=secret):
        return client.post(
            f"/api/imports{query}",
            data=body,
            content_type="text/csv",
            headers={"Authorization": f"Bearer {secret}"},
        )

    return post


def test_a_file_arrives_as_a_preview(post, provider):
    answer = post()
    assert answer.status_code == 201
    assert answer.json()["published"] is False
    with tenant_scope(provider):
        assert Import.objects.get().state == Import.State.UPLOADED
        assert not Entry.objects.exists()


def test_a_file_that_needs_nobody_is_published_when_asked(post, provider):
    answer = post(query="?publish=1")
    assert answer.json()["needs"] == []
    assert (answer.status_code, answer.json()["published"]) == (200, True)
    with tenant_scope(provider):
        assert Entry.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (FILE + b"Acme,2026-06-03,abc\n", "refused"),
        (FILE + b"Acme,2026-06-03,30\n", "more than 24 hours"),
    ],
)
def test_what_needs_a_person_waits_and_says_why(post, provider, body, why):
    answer = post(body, "?publish=1")
    assert answer.status_code == 201
    assert any(why in need for need in answer.json()["needs"])
    with tenant_scope(provider):
        assert not Entry.objects.exists()


def test_a_stranger_blocks_nobody_and_is_listed_but_no_need(post, provider):
    answer = post(FILE + b"Zeta,2026-06-02,1\n", "?publish=1")

    assert (answer.status_code, answer.json()["published"]) == (200, True)
    assert answer.json()["unknown_companies"] == [{"company": "Zeta", "rows": 1}]
    assert answer.json()["needs"] == []


def test_a_stranger_that_may_be_a_client_stops_its_date_and_is_a_need(post, provider):
    answer = post(FILE + b"Acme Ltd,2026-06-02,1\n", "?publish=1").json()

    assert answer["needs"] == ["“Acme Ltd” isn't a client yet: 1 row waits, and so does the date of Acme."]
    assert answer["published"] is True


def test_a_key_that_may_not_publish_leaves_a_preview(post, make_key):
    _, secret = make_key(may_publish=False)
    answer = post(query="?publish=1", secret=secret)
    assert answer.status_code == 201
    assert "may not publish" in answer.json()["needs"][0]


def test_a_wrong_or_revoked_key_is_refused(post, provider):
    assert post(secret="ht_wrong").status_code == 401
    with tenant_scope(provider):
        ApiKey.objects.update(revoked_at="2026-06-01T00:00:00Z")
    answer = post()
    assert answer.status_code == 401
    assert "WWW-Authenticate" in answer.headers


def test_a_key_opens_only_its_own_provider(post, provider):
    ProviderFactory(slug="south")
    post()
    with tenant_scope(provider):
        assert Import.objects.get().provider == provider


def test_the_secret_stands_nowhere_and_its_use_is_shown(post, provider):
    post()
    with tenant_scope(provider):
        key = ApiKey.objects.get()
    assert key.last_used_at is not None
    assert len(key.digest) == 64
    assert len(key.start) < 12


def test_a_file_that_cannot_be_read_says_why_in_json(post):
    answer = post(b"PK\x03\x04 not a csv")
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["problem"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?through=soon", "a date"),
        ("?client=nobody", "no client"),
        ("?from=2026-01-01", "both its first and its last day"),
        ("?covers=x", "covers"),
        ("?removals=all", "removals"),
    ],
)
def test_an_address_that_makes_no_sense_is_told_so(post, query, words):
    answer = post(query=query)
    assert answer.status_code == 400
    assert words in answer.json()["error"]


def test_a_form_field_works_too(client, make_key):
    _, secret = make_key()
    answer = client.post(
        "/api/imports",
        {"file": SimpleUploadedFile("time.csv", FILE)},
        headers={"Authorization": f"Bearer {secret}"},
    )
    assert answer.status_code == 201


def test_an_empty_body_is_refused(post):
    assert post(b"").status_code == 400


def test_what_a_program_does_is_on_record_under_its_key(post, provider):
    post(query="?publish=1")
    with tenant_scope(provider):
        events = AuditEvent.objects.filter(action__in=["uploaded", "import published"])
        assert set(events.values_list("actor_kind", "actor")) == {("key", "Scheduled report")}
        assert Publication.objects.get(kind="import").made_with == ApiKey.objects.get()


def test_pages_name_the_key_whose_program_published(post, provider, manager):
    number = post(query="?publish=1").json()["import"]
    for address in ("/clients/acme/history/", "/admin/imports/", f"/admin/imports/{number}/"):
        assert "API key “Scheduled report”" in manager.get(address, follow=True).text


def test_a_stranger_under_whom_published_work_stands_is_a_need(post, provider):
    header = b"Entry ID,Client,Date,Hours\n"
    post(header + b"1,Acme,2026-06-02,1\n", "?publish=1")

    answer = post(header + b"1,Zeta,2026-06-02,1\n2,Acme,2026-06-03,1\n", "?publish=1").json()

    assert answer["needs"] == ["“Zeta” isn't a client yet: 1 row waits, and so does the date of Acme."]


def test_a_file_that_says_something_of_no_client_waits_for_its_strangers(post, provider):
    post(query="?publish=1")
    header = "Date,Client,Project,Task,Notes,Hours,Billable?,Invoiced?,First Name,Last Name\n"
    rows = "2026-06-02,Zeta,P,T,N,1.0,Yes,No,Jo,Doe\n2026-06-02,Omega,P,T,N,1.0,Yes,No,Jo,Doe\n"

    answer = post((header + rows).encode(), "?publish=1")

    assert (answer.status_code, answer.json()["format"]) == (201, "harvest")
    assert answer.json()["needs"] == [
        "“Omega” isn't a client yet: 1 row waits.",
        "“Zeta” isn't a client yet: 1 row waits.",
    ]


def test_curl_calls_a_file_a_form_and_it_is_taken_as_a_file(client, make_key):
    _, secret = make_key()
    header, row = FILE.splitlines()
    wide = [header + b"".join(b",c%d" % n for n in range(30)), row + (b"," + b"x" * 90_000) * 30]
    answer = client.post(
        "/api/imports?format=generic",
        data=b"\n".join(wide),  # more than a form may have
        content_type="application/x-www-form-urlencoded",
        headers={"Authorization": f"Bearer {secret}"},
    )
    assert answer.status_code == 201
    assert answer.json()["entries"]["new"] == 1


def test_a_key_drops_off_so_many_files_an_hour(post, provider, time_machine):
    assert post().status_code < 300
    with tenant_scope(provider):
        more = [copy(Import.objects.get()) for _ in range(FILES_AN_HOUR - 2)]
        for row in more:
            row.pk = None
        Import.objects.bulk_create(more)
    assert post().status_code < 300
    answer = post()
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "3600"
    assert "Nothing was stored" in answer.json()["error"]
    with tenant_scope(provider):
        assert Import.objects.count() == FILES_AN_HOUR
    time_machine.move_to("2026-06-22T13:00:01Z", tick=False)
    assert post().status_code < 300


def test_a_key_drops_off_so_many_bytes_a_day(post, provider, make_key, time_machine):
    post()
    with tenant_scope(provider):
        Import.objects.update(size=BYTES_A_DAY)
    assert post().headers["Retry-After"] == str(24 * 3600)
    _, another = make_key()
    assert post(secret=another).status_code < 300
    time_machine.move_to("2026-06-23T12:00:01Z", tick=False)
    assert post().status_code < 300
