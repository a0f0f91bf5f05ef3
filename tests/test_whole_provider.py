"""Everything of a provider in one archive, and everything of it gone: nothing of another one in either."""

import csv
import io
import json
import zipfile
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client as Browser
from django.urls import reverse

from accounts.commands import BadUsageError
from accounts.models import Deletion, Membership, OpenSession, Provider, Role, User
from accounts.tenancy import all_tenants, tenant_scope
from hourtab.provider_archive.contents import tenant_models
from hourtab.provider_archive.writing import export
from hourtab.whole_provider import erase
from imports.models import SourceRow
from portal import links
from retainers.models import Client
from tests.factories import PASSWORD, MembershipFactory, load_agreements, publish_export
from tests.presentation.test_sheets import formulas
from tests.shared_rows import shared_rows

pytestmark = pytest.mark.django_db(transaction=True)
WHO = ("--by", "dana@north.example", "--reason", "they move to another house")
AGREEMENT = """
[provider]
slug = "{slug}"
name = "{mark} IT"
support_email = "help@{mark}.example"
[[members]]
email = "owner@{mark}.example"
role = "owner"
[[clients]]
slug = "acme"
name = "{mark} Dental"
contacts = [{{ name = "Pat {mark}", email = "pat@{mark}.example", alerts = true }}]
[[clients.retainers]]
key = "support"
name = "{mark} support"
starts = 2026-01-01
[[clients.retainers.terms]]
hours_from = "worked"
pools = [{{ key = "support", name = "IT support", hours = "10" }}]
[[clients.retainers.top_ups]]
date = 2026-02-01
hours = "5"
note = "{mark} PO"
"""
EXPORT = """\
Entry ID,Client,Date,Hours,Technician,Ticket,Title,Notes
1,{mark} Dental,2026-02-03,2,Mel {mark},T-{mark},=cmd {mark},note {mark}
"""


def made(slug, mark, folder):
    """A provider with a row in most tables, each marked."""
    load_agreements(folder, AGREEMENT.format(slug=slug, mark=mark))
    publish_export(folder, EXPORT.format(mark=mark), "--accept", "one-company", provider=slug)
    provider = Provider.objects.get(slug=slug)
    with tenant_scope(provider):
        links.create(client=Client.objects.get(), by=None, label=f"{mark} link")
    call_command("tick", stdout=StringIO())
    return provider


@shared_rows
def two(tmp_path):
    return made("north", "Zorblatt", tmp_path), made("south", "Quixby", tmp_path)


def texts(archive):
    with zipfile.ZipFile(archive) as zipped:
        return {name: zipped.read(name).decode("utf-8-sig") for name in zipped.namelist()}


def everything():
    """Every row of every table, as one text."""
    with all_tenants("looks for what should be gone"):
        return "\n".join(
            str(row) for model in apps.get_models() for row in model._default_manager.all().values_list()
        )


def test_the_archive_holds_every_table_of_the_provider_and_nothing_of_another(two):
    north, _ = two
    with export(north, by=None) as archive:
        said = texts(archive)
    assert {f"tables/{model._meta.db_table}.csv" for model in tenant_models()} <= said.keys()
    assert "Zorblatt support" in said["agreements.toml"]
    assert "Mel Zorblatt" in said["tables/imports_sourcerow.csv"]
    assert any(name.startswith("originals/") and "note Zorblatt" in text for name, text in said.items())
    assert "Quixby" not in "\n".join(said.values())


def test_no_cell_of_the_archive_starts_a_formula_and_no_secret_is_in_it(two):
    north, _ = two
    with tenant_scope(north):
        token = links.copy(link=Client.objects.get().share_links.get(), by=None).split("/b/")[1].strip("/")
    with export(north, by=None) as archive:
        said = texts(archive)
    rows = list(csv.DictReader(io.StringIO(said["tables/imports_sourcerow.csv"])))
    assert rows[0]["title"] == "'=cmd Zorblatt"
    assert not [name for name, text in said.items() if name.startswith("tables/") and formulas(text)]
    assert "digest" not in said["tables/portal_sharelink.csv"].splitlines()[0]
    assert links.digest_of(token) not in "\n".join(said.values())


def test_a_document_of_the_archive_is_no_formula_and_reads_as_it_was(two):
    north, _ = two
    with tenant_scope(north):
        original = SourceRow.objects.first()
        SourceRow.objects.create(
            read_in=original.read_in, client=original.client, format="generic", line=9,
            columns={"notes": "x;=cmd|calc!A0"},
        )  # fmt: skip
    with export(north, by=None) as archive:
        said = texts(archive)
    assert not formulas(said["tables/imports_sourcerow.csv"])
    last = list(csv.DictReader(io.StringIO(said["tables/imports_sourcerow.csv"])))[-1]
    assert json.loads(last["columns"]) == {"notes": "x;=cmd|calc!A0"}


def test_the_archives_agreements_make_the_same_agreements_elsewhere(two, tmp_path):
    north, _ = two
    call_command("export_provider", "--provider", "north", *WHO, str(tmp_path / "all.zip"), stdout=StringIO())
    text = texts(tmp_path / "all.zip")["agreements.toml"]
    erase(north, reason="moved")
    load_agreements(tmp_path, text)
    out = StringIO()
    call_command("dump_retainers", "--provider", "north", stdout=out)
    assert out.getvalue() == text


def test_after_the_deletion_nothing_of_the_provider_is_found_and_the_other_is_whole(two):
    north, south = two
    folder = settings.ORIGINALS_ROOT / str(north.pk)
    assert list(folder.iterdir())
    with export(south, by=None) as archive:
        before = texts(archive)["tables/retainers_entry.csv"]
    erase(north, reason="contract ended")
    assert "Zorblatt" not in everything()
    assert "Quixby" in everything()
    assert not folder.exists()
    with export(south, by=None) as archive:
        assert texts(archive)["tables/retainers_entry.csv"] == before


def test_a_person_who_is_a_member_elsewhere_stays(two):
    north, south = two
    person = MembershipFactory(provider=north, role=Role.VIEWER).user
    MembershipFactory(provider=south, user=person, role=Role.VIEWER)
    erase(north, reason="x")
    assert User.objects.get(pk=person.pk).is_active
    assert not User.objects.filter(email="owner@zorblatt.example").exists()


def test_the_command_deletes_only_when_it_is_told_so(two):
    with pytest.raises(BadUsageError):
        call_command("delete_provider", "--provider", "north", *WHO)
    assert Provider.objects.filter(slug="north").exists()
    call_command("delete_provider", "--provider", "north", *WHO, "--yes", stdout=StringIO())
    assert not Provider.objects.filter(slug="north").exists()


@pytest.fixture
def owner(two, client):
    """An owner who has just typed the password once more."""
    member = MembershipFactory(provider=two[0], role=Role.OWNER)
    client.force_login(member.user)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def test_an_owner_takes_the_archive(owner):
    answer = owner.post(reverse("export_everything"))
    assert answer.headers["Content-Type"] == "application/zip"
    assert "Zorblatt" in texts(io.BytesIO(b"".join(answer.streaming_content)))["agreements.toml"]


def test_an_owner_deletes_by_typing_the_key(owner):
    page = reverse("whole_provider")
    assert owner.post(page, {"slug": "south", "reason": "x"}).status_code == 422
    assert Provider.objects.count() == 2
    owner.post(page, {"slug": "north", "reason": "x"})
    assert list(Provider.objects.values_list("slug", flat=True)) == ["south"]


def test_a_session_that_did_not_sign_in_lately_has_to_prove_itself(two):
    browser = Browser()
    browser.force_login(MembershipFactory(provider=two[0], role=Role.OWNER).user)
    answer = browser.post(reverse("whole_provider"), {"slug": "north", "reason": "x"})
    assert answer.status_code == 302
    assert "reauthenticate" in answer.headers["Location"]
    assert Provider.objects.count() == 2


def test_what_libraries_keep_about_its_people_goes_too(two, owner):
    north, _ = two
    person = Membership.objects.filter(provider=north, user__email__startswith="person").get().user
    person.email = "leaver@zorblatt.example"
    person.save()
    Browser().post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    EmailAddress.objects.get_or_create(user=person, email=person.email)
    Authenticator.objects.create(user=person, type="totp", data={"secret": "Zorblatt"})
    key = OpenSession.objects.filter(user=person).first().session_key
    erase(north, reason="contract ended")
    assert "Zorblatt" not in everything()
    assert "zorblatt" not in everything()
    assert not EmailAddress.objects.filter(user=person).exists()
    assert not Session.objects.filter(session_key=key).exists()
    assert User.objects.filter(pk=person.pk, is_active=False).exists()


def test_one_line_of_it_stays_and_names_nobody(two):
    erase(two[0], reason="contract ended", by="one of its owners")
    (kept,) = Deletion.objects.all()
    assert (kept.provider, kept.by, kept.reason) == ("north", "one of its owners", "contract ended")
    assert kept.rows > 10
    assert kept.files_left == 0


def test_a_file_that_can_not_be_removed_is_told(two, monkeypatch, caplog):
    def stuck(folder, onerror):
        onerror(None, f"{folder}/1.csv", None)

    monkeypatch.setattr("hourtab.whole_provider.shutil.rmtree", stuck)
    erase(two[0], reason="contract ended")
    assert Deletion.objects.get().files_left == 1
    assert "could not be removed" in caplog.text
