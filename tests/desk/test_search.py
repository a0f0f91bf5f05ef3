"""One search over the desk: clients, tickets, imports and acts, each provider's own."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role
from accounts.tenancy import tenant_scope
from imports.models import Import
from retainers.models import CompanyName
from tests.factories import bank
from tests.imports.uploading import ImportWorld

PAGE = reverse("search")


def found(browser, words):
    """Name and address of each line, by group."""
    page = browser.get(PAGE, {"q": words}).text
    groups = re.findall(r'<h2 id="found-\d+">(\w+)</h2>(.*?)</section>', page, re.DOTALL)
    return {
        name: [
            (" · ".join(re.findall(r"<bdi[^>]*>(.*?)</bdi>", line)), re.search(r'href="([^"]+)"', line)[1])
            for line in re.findall(r"<li>.*?</li>", lines, re.DOTALL)
        ]
        for name, lines in groups
    }


def test_a_client_is_found_by_its_name_and_by_the_psas_name_for_it(world, manager):
    acme = world.client("Acme Dental")
    world.client("Birch Optics")
    with tenant_scope(world.provider):
        CompanyName.objects.create(client=acme, name="AD Group Inc", key="ad group inc")
    for words in ("acme", "DENTAL acme", "ad group"):
        assert found(manager, words)["Clients"] == [("Acme Dental", "/clients/acme-dental/")]


def test_a_clients_name_and_an_acts_lead_to_that_act_for_that_client(world, manager):
    world.client("Acme Dental")
    world.client("Birch Optics")
    acts = found(manager, "birch notice")["Acts"]
    assert acts == [("Notice · Birch Optics", reverse("notice", args=["birch-optics", "support"]))]


def test_acts_are_found_by_other_words_and_only_those_that_the_role_may_do(world, as_role):
    assert found(as_role(Role.OWNER), "invite")["Acts"] == [("Members", reverse("members"))]
    assert found(as_role(Role.MANAGER), "invite") == {}
    assert ("New client", reverse("client_new")) in found(as_role(Role.MANAGER), "new")["Acts"]
    assert found(as_role(Role.VIEWER), "new client") == {}


@pytest.mark.parametrize(
    ("words", "name"),
    [("close the month end", "month_end"), ("api keys", "api_keys"), ("teams", "webhooks"), ("memory", "remembered"),
     ("effective rate", "month_end_rates"), ("not counted", "month_end_uncounted")],
)  # fmt: skip
def test_little_words_hinder_no_act(world, as_role, words, name):
    assert reverse(name) in [address for _said, address in found(as_role(Role.OWNER), words)["Acts"]]


def test_tickets_and_imports_are_found_by_number_and_by_name(world):
    clients = ImportWorld(provider=world.provider, manager=world.person())
    world.client("Acme", agreement=bank(), link=False)
    source = clients.upload_bytes(
        b"Entry ID,Date,Hours,Ticket,Title\n1,2026-11-03,1,4711,Router down\n",
        name="week 45.csv",
        client="acme",
    )
    clients.publish(source, publish=("acme",))
    ticket = found(clients.manager, "4711")["Tickets"]
    assert [name for name, _href in ticket] == ["4711 Router down · Acme"]
    assert clients.manager.get(ticket[0][1]).status_code == 200
    assert found(clients.manager, "router")["Tickets"] == ticket
    line = (f"Import {source.pk} · week 45.csv", reverse("import", args=[source.pk]))
    assert found(clients.manager, f"import {source.pk}")["Imports"] == [line]
    assert found(clients.manager, "week 45")["Imports"] == [line]


def test_nothing_of_another_provider_is_found(world, manager, stranger):
    world.client("Acme Dental")
    with tenant_scope(world.provider):
        Import.objects.create(file_name="acme.csv", original="x", size=1, sha256="0")
    assert found(stranger, "acme") == {}
    assert "Nothing was found." in stranger.get(PAGE, {"q": "acme"}).text


@pytest.mark.parametrize(
    "words", ["", "   ", "<script>", "%", "\x00", "a" * 500, "import 99999999999999999999"]
)
def test_whatever_is_typed_is_answered(world, manager, words):
    world.client("Acme")
    answer = manager.get(PAGE, {"q": words})
    assert answer.status_code in (200, 400)
    assert "<script>" not in answer.text.split('id="found"')[-1]


def test_as_many_questions_for_many_clients_as_for_few(world, manager):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            manager.get(PAGE, {"q": "client"})
        return len(queries)

    for number in range(2):
        world.client(f"Client {number}", (date(2026, 11, 3), "1"))
    asked()
    few = asked()
    for number in range(2, 9):
        world.client(f"Client {number}", (date(2026, 11, 3), "1"))
    assert asked() == few
