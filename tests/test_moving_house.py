"""A provider moves to another installation: its archive becomes the same provider there."""

import csv
import hashlib
import io
import json
import shutil
import zipfile
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client as Browser
from hypothesis import given
from hypothesis import strategies as st

from accounts.commands import BadInputError
from accounts.models import ApiKey, AuditEvent, Membership, OutboxMail, Provider, Role, User
from accounts.tenancy import tenant_scope
from hourtab.provider_archive import bringing, contents
from hourtab.provider_archive.bringing import in_order
from hourtab.provider_archive.contents import columns, path_of, tenant_models, value_of, written
from hourtab.provider_archive.writing import export
from hourtab.whole_provider import erase
from imports import originals
from imports.models import Import, SourceRow
from portal import badges, links
from portal.models import Badge, ShareLink
from retainers.models import Client, Entry, Publication, Retainer
from tests.factories import MembershipFactory
from tests.presentation.test_sheets import formulas
from tests.shared_rows import shared_rows
from tests.test_whole_provider import WHO, made

pytestmark = pytest.mark.django_db(transaction=True)
PNG = b"\x89PNG\r\n\x1a\n not really"


@shared_rows
def north(tmp_path):
    provider = made("north", "Zorblatt", tmp_path)
    provider.logo, provider.accent = PNG, "#aa3300"
    provider.save()
    owner = Membership.objects.get(provider=provider).user
    with tenant_scope(provider):
        badges.make_badge(client=Client.objects.get(), sites=["https://a.example"], by=owner)
        ApiKey.objects.create(name="drop-off", digest="d" * 64, start="ht_abc", created_by=owner)
    return provider


def balances(slug):
    out = StringIO()
    call_command("balances", "--provider", slug, "--json", stdout=out)
    return json.loads(out.getvalue())


def moved(provider, folder):
    """Export it, end it here, and load it as another installation would."""
    path = folder / "all.zip"
    call_command("export_provider", "--provider", provider.slug, *WHO, str(path), stdout=StringIO())
    for each in Provider.objects.all():
        erase(each, reason="moves house")
    out = StringIO()
    call_command("import_provider", str(path), *WHO, stdout=out)
    return out.getvalue()


def values(model, provider):
    """What each row says, by its key, but for people, whose keys are the installation's."""
    names = [field.attname for field in columns(model) if field.related_model is not User]
    return list(model._default_manager.filter(provider=provider).order_by("pk").values(*names))


ENDED = {"revoked_at", "withdrawn_at", "given_up_at", "last_error"}


def test_every_row_is_what_it_was_and_the_balances_are_equal(north, tmp_path):
    with tenant_scope(north):
        before = {model: values(model, north) for model in tenant_models()}
    said = balances("north")
    moved(north, tmp_path)
    back = Provider.objects.get(slug="north")
    with tenant_scope(back):
        after = {model: values(model, back) for model in tenant_models()}
        assert AuditEvent.objects.order_by("pk").last().action == "provider brought in"
        assert Retainer.objects.get().publication_id == before[Retainer][0]["publication_id"] is not None
    assert balances("north") == said
    for model, rows in before.items():
        kept = after[model][: len(rows)]
        for was, becomes in zip(rows, kept, strict=True):
            changed = {name for name in was if was[name] != becomes[name]}
            assert changed <= ENDED, (model.__name__, changed)
    call_command("verify", stdout=StringIO())


def test_the_next_row_gets_a_key_of_its_own(north, tmp_path):
    moved(north, tmp_path)
    with tenant_scope(Provider.objects.get()):
        assert Client.objects.create(slug="birch", name="Birch").pk > Client.objects.get(slug="acme").pk


def test_originals_and_logo_come_byte_by_byte(north, tmp_path):
    with tenant_scope(north):
        before = {row.pk: (row.sha256, originals.load(row)) for row in Import.objects.all()}
    moved(north, tmp_path)
    back = Provider.objects.get()
    assert bytes(back.logo) == PNG
    with tenant_scope(back):
        assert {row.pk: (row.sha256, originals.load(row)) for row in Import.objects.all()} == before


def test_of_two_who_bring_it_in_at_once_one_is_told_and_no_file_is_lost(north, tmp_path, monkeypatch):
    """The second one begins when the first one has found nobody and has written nothing yet."""
    path, told, whole = tmp_path / "all.zip", [], bringing._brought_in
    call_command("export_provider", "--provider", "north", *WHO, str(path), stdout=StringIO())
    with tenant_scope(north):
        before = {row.pk: originals.load(row) for row in Import.objects.all()}
    erase(north, reason="moves house")

    def while_another_one_tries(*said):
        monkeypatch.setattr(bringing, "_brought_in", whole)
        with pytest.raises(BadInputError) as refused:
            call_command("import_provider", str(path), *WHO, stdout=StringIO())
        told.append(str(refused.value))
        return whole(*said)

    monkeypatch.setattr(bringing, "_brought_in", while_another_one_tries)
    call_command("import_provider", str(path), *WHO, stdout=StringIO())
    assert len(told) == 1
    with tenant_scope(Provider.objects.get()):
        assert {row.pk: originals.load(row) for row in Import.objects.all()} == before


def test_a_value_that_is_not_there_is_no_empty_text(north, tmp_path):
    with tenant_scope(north):
        row = SourceRow.objects.get()
        texts = {
            "a": "",
            "b": None,
            "c": r"\N",
            "d": "x;=1",
            "e": "=1",
            "f": "'",
            "g": "a\rb\r\nc\n",
            "h": "ü",
        }
        SourceRow.objects.create(
            read_in=row.read_in, client=row.client, format="generic", line=9, columns=texts, title=r"\N"
        )
        SourceRow.objects.create(
            read_in=row.read_in, client=row.client, format="generic", line=10, title=r"\\N"
        )
        before = values(SourceRow, north)
    moved(north, tmp_path)
    back = Provider.objects.get()
    with tenant_scope(back):
        assert values(SourceRow, back) == before
        entry = Entry.objects.filter(retired_in=None).first()
        assert (entry.retired_in_id, entry.billable_units) == (None, None)
        assert entry.exclusion == ""


@given(text=st.none() | st.text(st.characters(codec="utf-8", exclude_characters="\0")))
def test_every_text_comes_back_from_its_cell(text):
    field = SourceRow._meta.get_field("title")
    cell = written(field, text)
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\r\n").writerow([cell, "x"])
    (row,) = csv.reader(io.StringIO(stream.getvalue(), newline=""))
    assert value_of(field, row[0]) == text
    assert not formulas(f"a\r\n{stream.getvalue()}")


def test_what_has_no_secret_here_opens_nothing(north, tmp_path):
    with tenant_scope(north):
        token = links.copy(link=ShareLink.objects.get(), by=None).split("/b/")[1].strip("/")
        OutboxMail.objects.create(provider=north, key="x", kind="alert", recipient="pat@zorblatt.example")
    assert Browser().get(f"/b/{token}/").status_code == 200
    said = moved(north, tmp_path)
    assert "came without their secrets" in said
    assert Browser().get(f"/b/{token}/").status_code == 404
    with tenant_scope(Provider.objects.get()):
        for model in (ShareLink, Badge, ApiKey):
            assert model.objects.get().revoked_at
        assert links.copy(link=ShareLink.objects.get(), by=None) is None
    assert not OutboxMail.objects.filter(sent_at=None, given_up_at=None).exists()


def test_who_is_here_already_is_the_same_person_and_nobody_brings_a_password(north, tmp_path):
    MembershipFactory(provider=north, role=Role.VIEWER, user__email="vic@zorblatt.example")
    here = made("south", "Quixby", tmp_path)
    both = Membership.objects.get(provider=north, role=Role.OWNER).user
    MembershipFactory(provider=here, user=both, role=Role.VIEWER)
    path = tmp_path / "all.zip"
    call_command("export_provider", "--provider", "north", *WHO, str(path), stdout=StringIO())
    erase(north, reason="moves house")
    with pytest.raises(BadInputError, match="already has a provider"):
        call_command("import_provider", str(path), *WHO)
    erase(here, reason="so does this one")
    stays = User.objects.create_user("vic@zorblatt.example", "a password of theirs")
    call_command("import_provider", str(path), *WHO, stdout=StringIO())
    assert Membership.objects.get(role=Role.VIEWER).user == stays
    stays.refresh_from_db()
    assert stays.check_password("a password of theirs")
    owner = Membership.objects.get(role=Role.OWNER).user
    assert (owner.email, owner.has_usable_password()) == ("owner@zorblatt.example", False)
    assert not owner.is_superuser


@pytest.fixture
def archive(north, tmp_path):
    path = tmp_path / "all.zip"
    with export(north, by=None) as found, path.open("wb") as file:
        shutil.copyfileobj(found, file)
    erase(north, reason="moves house")
    return path


def rewritten(path, changes):
    """The archive with some files said otherwise, None for gone."""
    with zipfile.ZipFile(path) as zipped:
        files = {name: zipped.read(name) for name in zipped.namelist()}
    for name, change in changes.items():
        files[name] = change(files[name]) if change else None
    with zipfile.ZipFile(path, "w") as zipped:
        for name, data in files.items():
            if data is not None:
                zipped.writestr(name, data)


def refused(path, why):
    with pytest.raises(BadInputError, match=why):
        call_command("import_provider", str(path), *WHO)
    assert not Provider.objects.exists()
    assert not list(Path(settings.ORIGINALS_ROOT).rglob("*.csv"))


def test_an_archive_that_was_changed_is_refused_whole(archive):
    rewritten(archive, {path_of(Entry): lambda data: data.replace(b"20000", b"30000")})
    refused(archive, "not what was exported")


def test_an_archive_that_lacks_a_file_is_refused_whole(archive):
    with zipfile.ZipFile(archive) as zipped:
        name = next(each for each in zipped.namelist() if each.startswith("originals/"))
    rewritten(archive, {name: None})
    refused(archive, "is not in it")


def test_an_archive_of_another_release_is_refused_whole(archive):
    rewritten(archive, {"manifest.json": lambda data: data.replace(b'"edition": 1', b'"edition": 9')})
    refused(archive, "edition 9")


def signed_again(path, name, change):
    """Somebody changes a table and writes down its new digest too."""
    with zipfile.ZipFile(path) as zipped:
        was = zipped.read(name)
    becomes = change(was)
    old, new = (hashlib.sha256(each).hexdigest().encode() for each in (was, becomes))
    rewritten(path, {name: lambda _: becomes, "manifest.json": lambda data: data.replace(old, new)})


def each_row(data, **changes):
    """The table with these columns said otherwise in every row."""
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, rows[0].keys(), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({**row, **{name: change(row[name]) for name, change in changes.items()}} for row in rows)
    return out.getvalue().encode("utf-8-sig")


def test_a_table_without_all_of_its_rows_is_refused_whole(archive):
    signed_again(archive, path_of(Entry), lambda data: data.split(b"\r\n")[0] + b"\r\n")
    refused(archive, "were exported, but 0")


def test_rows_that_do_not_fit_together_are_refused_whole(archive):
    signed_again(archive, path_of(Entry), lambda data: each_row(data, added_in_id=lambda _: "999"))
    refused(archive, "don't fit together")


def test_a_balance_that_does_not_follow_from_its_rows_is_refused_whole(archive):
    signed_again(archive, path_of(Publication), lambda data: each_row(data, number=lambda n: int(n) + 1))
    refused(archive, "north: publications")


def test_rows_of_another_provider_are_refused_whole(archive):
    signed_again(archive, path_of(Client), lambda data: each_row(data, provider_id=lambda n: int(n) + 1))
    refused(archive, "another provider")


def test_what_is_no_archive_is_refused(tmp_path):
    (tmp_path / "x.zip").write_text("hello")
    refused(tmp_path / "x.zip", "can't be loaded")
    refused(tmp_path / "nothing.zip", "can't be read")


def test_a_file_that_was_gone_before_is_told_and_stops_nothing(north, tmp_path):
    with tenant_scope(north):
        for row in Import.objects.all():
            (settings.ORIGINALS_ROOT / row.original).unlink()
    assert "was not in the archive" in moved(north, tmp_path)


def test_each_table_comes_after_those_that_it_points_at():
    order = list(in_order(tenant_models()))
    place = {model: number for number, (model, _) in enumerate(order)}
    assert {model for model, waits in order if waits} == {Retainer}
    for model, waits in order:
        for field, points_at in contents.links(model):
            if points_at in place and points_at is not model and field.attname not in waits:
                assert place[points_at] < place[model], (model, field)
