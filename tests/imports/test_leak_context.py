"""Whom the leak check knows when a client's words are looked at: its own provider's people, and other clients."""

from accounts.tenancy import tenant_scope
from leaks import tickets as leak_check
from retainers.gate.known import Gate, Known, read_gate
from retainers.models import Client, CompanyName
from tests.factories import MembershipFactory
from tests.imports.uploading import an_import_world


def kinds(world, text, slug="acme"):
    with tenant_scope(world.provider):
        return {hit.kind for hit in read_gate(world.provider).find(text, slug)}


def test_a_members_name_is_found_though_no_file_names_them(db):
    world = an_import_world()
    MembershipFactory(provider=world.provider, user__name="Ottoline Marchbanks")
    MembershipFactory(user__name="Perpetua Quill")  # somebody else's
    assert kinds(world, "Ottoline Marchbanks replaced the switch") == {"technician"}
    assert kinds(world, "Perpetua Quill replaced the switch") == set()


def test_a_clients_second_name_is_its_own_and_another_clients_leak(db):
    world = an_import_world()
    with tenant_scope(world.provider):
        acme = Client.objects.get(slug="acme")
        CompanyName.objects.create(client=acme, name="Gumdrop Orthodontics", key="gumdrop orthodontics")
    assert kinds(world, "Printer at Gumdrop Orthodontics set up", "acme") == set()
    assert kinds(world, "Printer at Gumdrop Orthodontics set up", "birch") == {"client"}


def test_the_tickets_of_a_file_are_one_object_however_often_it_is_looked_at(monkeypatch):
    """What the leak check knows of them is found by them at each text: thirty thousand would be compared each time."""
    asked, really = [], leak_check.known_tickets
    monkeypatch.setattr(leak_check, "known_tickets", lambda tickets: asked.append(tickets) or really(tickets))
    for text in ("Printer 48211 set up", "Replaced the fan of 48212"):
        gate = Gate(Known(), tickets=["48211", "48212", ""])
        assert [hit.kind for hit in gate.find(text)] == ["ticket"]
    first, *others = asked
    assert others
    assert all(each is first for each in others)


def test_the_tickets_of_a_file_are_gone_through_once_a_text_is_looked_at():
    """Of a file in whose rows nothing is said nobody asks for them."""
    tickets = iter(["48211", "48212"])
    gate = Gate(Known(), tickets=tickets)
    assert gate.passes(" ")
    assert next(tickets) == "48211"
    found = list(map(gate.find, ("Fan of 48212", "48212 is done", "A fan")))
    assert [[hit.kind for hit in hits] for hits in found] == [["ticket"], ["ticket"], []]
