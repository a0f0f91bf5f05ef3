"""The records in Django's admin: to look at only, each provider its own, sources for managers."""

import re
from html import unescape

import pytest
from django.contrib import admin
from django.test import Client as Browser
from django.urls import reverse

from accounts.models import AuditEvent, Role
from accounts.tenancy import tenant_scope
from hourtab.admin_records import site
from hourtab.record_kinds import ReadOnly
from imports.models import Import, RememberedWording, SourceRow
from portal import links
from portal.models import ShareLink
from retainers.models import (
    Adjustment,
    AgreementVersion,
    Client,
    Entry,
    Publication,
    Retainer,
    RuleBook,
    TopUp,
)
from tests.imports.uploading import NOW, an_import_world, row
from tests.shared_rows import shared_rows

MODELS = (
    Client,
    Retainer,
    AgreementVersion,
    Publication,
    Entry,
    TopUp,
    Adjustment,
    RuleBook,
    Import,
    SourceRow,
    RememberedWording,
    ShareLink,
    AuditEvent,
)


@shared_rows
def world(time_machine):
    time_machine.move_to(NOW, tick=False)
    world = an_import_world()
    world.publish(
        world.upload(row(1, "Acme Dental", "2026-02-10", "2", "Bkp job")), **{"words-2": "Backups checked"}
    )
    with tenant_scope(world.provider):
        links.create(client=Client.objects.get(slug="acme"), by=None)
    return world


def listing(model) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def one(model, pk) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[pk])


def with_rows(world):
    """The models that have a row at this desk, with one each."""
    with tenant_scope(world.provider):
        return [(model, found) for model in MODELS if (found := model.objects.first())]


def test_every_registered_record_is_read_only():
    assert {model for model in site._registry if model in MODELS} == set(MODELS)
    assert all(isinstance(site._registry[model], ReadOnly) for model in MODELS)
    assert issubclass(ReadOnly, admin.ModelAdmin)


def test_every_list_and_every_row_opens_for_a_manager(world):
    for model in MODELS:
        assert world.manager.get(listing(model), {"q": "acme"}).status_code == 200, model
    rows = with_rows(world)
    assert len(rows) > 8
    for model, found in rows:
        assert world.manager.get(one(model, found.pk)).status_code == 200, model


def test_records_are_called_as_people_call_them(world):
    page = world.manager.get("/admin/").text
    for said in ("Entries", "Top-ups", "Remembered words", "Mails that readers asked for"):
        assert said in page
    for wrong in ("Entrys", "Watchs", "Api keys", "Let throughs"):
        assert wrong not in page


def test_source_rows_are_for_managers(world):
    viewer = world.person(Role.VIEWER)
    with tenant_scope(world.provider):
        source = SourceRow.objects.get()
    assert viewer.get(listing(SourceRow)).status_code == 403
    assert viewer.get(one(SourceRow, source.pk)).status_code == 403
    assert viewer.get(listing(Entry)).status_code == 200
    assert "Source rows" not in viewer.get(reverse("admin:index")).content.decode()


@pytest.mark.parametrize("what", ["add", "change", "delete"])
def test_nothing_is_written_even_by_hand(world, what):
    for model, found in with_rows(world):
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_{what}"
        address = reverse(name, args=[] if what == "add" else [found.pk])
        assert world.manager.post(address, {"name": "changed"}).status_code == 403, (model, what)


def test_rows_of_another_provider_are_neither_listed_nor_opened(world, stranger):
    for model, found in with_rows(world):
        if model is AuditEvent:
            continue
        assert "0 " in stranger.get(listing(model)).content.decode().split('class="paginator"')[-1][:200]
        assert stranger.get(one(model, found.pk)).status_code == 302, model  # Django's "doesn't exist"


def test_no_side_way_of_the_admin_shows_a_row_of_another_provider(world, stranger):
    """Its own addresses for histories, deletions, look-ups by another field, windows and completions."""
    for model, found in with_rows(world):
        row = one(model, found.pk)
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        asked = [reverse(f"{name}_{what}", args=[found.pk]) for what in ("history", "delete")]
        asked += [f"{row}?_to_field=id", f"{row}?_popup=1"]
        if model is not AuditEvent:
            asked.append(f"{listing(model)}?id__exact={found.pk}&_popup=1")
        for path in asked:
            answer = stranger.get(path)
            assert "Acme" not in answer.text, path
            assert answer.status_code in (200, 302, 400, 403, 404), path
    completions = {"app_label": "retainers", "model_name": "retainer", "field_name": "client", "term": "a"}
    assert "Acme" not in stranger.get(reverse("admin:autocomplete"), completions).text


def test_a_person_without_a_membership_sees_nothing(world):
    from tests.factories import UserFactory

    browser = Browser()
    browser.force_login(UserFactory())
    assert browser.get(listing(Client)).status_code == 302


def test_neither_a_link_s_digest_nor_its_seal_is_shown_or_asked_about(world):
    with tenant_scope(world.provider):
        link = ShareLink.objects.get()
    page = world.manager.get(one(ShareLink, link.pk)).content.decode()
    assert link.digest not in page
    assert "sealed" not in page.lower()
    answer = world.manager.get(listing(ShareLink), {"digest__startswith": link.digest[:4]})
    assert answer.status_code in (302, 400)


def test_the_index_leads_to_the_import_pages(world):
    page = world.manager.get(reverse("admin:index")).content.decode()
    assert f'href="{reverse("imports")}"' in page
    assert f'href="{reverse("wording")}"' in page


def test_a_record_leads_back_to_its_clients_page(world):
    page = world.manager.get(reverse("admin:retainers_client_changelist")).content.decode()
    assert f'href="{reverse("client", args=["acme"])}"' in page
    with tenant_scope(world.provider):
        entry = Entry.objects.first()
    page = world.manager.get(reverse("admin:retainers_entry_change", args=[entry.pk])).content.decode()
    assert reverse("client", args=["acme"]) in page


def test_keys_are_on_record_for_owners_alone(world):
    path = reverse("admin:accounts_apikey_changelist")
    assert world.person(Role.MANAGER).get(path).status_code == 403
    assert world.person(Role.OWNER).get(path).status_code == 200


def lists(browser):
    """The address of every list of records."""
    return [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model in site._registry
    ]


@pytest.mark.parametrize(
    "asked",
    [
        "id__regex=^1",
        "id__in=1,2",
        "pk__gt=0",
        "provider=1",
        "provider__slug=north",
        "provider__slug__startswith=n",
        "id=1",
    ],
)
def test_an_address_asks_no_list_of_records_what_its_filters_do_not_ask(world, asked):
    browser = world.person(Role.OWNER)
    assert {browser.get(f"{path}?{asked}").status_code for path in lists(browser)} == {400}


@pytest.mark.parametrize(
    "asked", ["sha256__regex=^(\\w%2B)%2B!$", "file_name__iregex=x", "state__contains=u", "format__regex=x"]
)
def test_no_pattern_is_asked_of_an_import(world, asked):
    path = reverse("admin:imports_import_changelist")
    assert world.person(Role.VIEWER).get(f"{path}?{asked}").status_code == 400


@pytest.mark.parametrize("most", [1, pytest.param(1000, marks=pytest.mark.long)])
def test_every_filter_beside_a_list_works(world, most):
    """The first one of each list in `make test`."""
    browser = world.person(Role.OWNER)
    followed = 0
    for path in lists(browser):
        page = browser.get(path).content.decode()
        for query in sorted(set(re.findall(r'<a href="(\?[^"]+)"', page)))[:most]:
            assert browser.get(path + unescape(query)).status_code == 200, path + query
            followed += 1
    assert followed > min(20, 5 * most)
