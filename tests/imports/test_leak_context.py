"""Whom the leak check knows when a client's words are looked at: its own provider's people, and other clients."""

from accounts.tenancy import tenant_scope
from retainers.gate.known import read_gate
from retainers.models import Client, CompanyName
from tests.factories import MembershipFactory
from tests.imports.desk import a_desk


def kinds(desk, text, slug="acme"):
    with tenant_scope(desk.provider):
        return {hit.kind for hit in read_gate(desk.provider).find(text, slug)}


def test_a_members_name_is_found_though_no_file_names_them(db):
    desk = a_desk()
    MembershipFactory(provider=desk.provider, user__name="Ottoline Marchbanks")
    MembershipFactory(user__name="Perpetua Quill")  # somebody else's
    assert kinds(desk, "Ottoline Marchbanks replaced the switch") == {"technician"}
    assert kinds(desk, "Perpetua Quill replaced the switch") == set()


def test_a_clients_second_name_is_its_own_and_another_clients_leak(db):
    desk = a_desk()
    with tenant_scope(desk.provider):
        acme = Client.objects.get(slug="acme")
        CompanyName.objects.create(client=acme, name="Gumdrop Orthodontics", key="gumdrop orthodontics")
    assert kinds(desk, "Printer at Gumdrop Orthodontics set up", "acme") == set()
    assert kinds(desk, "Printer at Gumdrop Orthodontics set up", "birch") == {"client"}
