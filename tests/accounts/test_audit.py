"""The trail names its actors and its clients for good, and has words for every deed."""

import ast
import re
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from accounts import actors, keys
from accounts.audit import ACTIONS, record
from accounts.models import ActorKind, ApiKey, AuditEvent
from accounts.tenancy import all_tenants, tenant_scope
from portal import links
from tests.factories import ClientFactory, MembershipFactory, ProviderFactory, a_retainer

ROOMS = ("accounts", "alerts", "desk", "hourtab", "imports", "portal", "retainers")
migration = import_module("accounts.migrations.0004_old_deeds_by_whom_about_whom")


@cache
def recorded():
    """The second argument of each `record(…)` and `Recorded(…)` in the product, as a pattern: f-strings fit many."""
    return tuple(found_recorded())


def found_recorded():
    for room in ROOMS:
        for path in sorted((Path(settings.BASE_DIR) / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and getattr(node.func, "id", "") in ("record", "Recorded")
                    and len(node.args) > 1
                ):
                    yield path.name, node.args[1]


def fitting(action):
    if isinstance(action, ast.Constant):
        return [key for key in ACTIONS if key == action.value]
    if isinstance(action, ast.JoinedStr):
        parts = (re.escape(part.value) if isinstance(part, ast.Constant) else ".+" for part in action.values)
        pattern = "".join(parts)
        return [key for key in ACTIONS if re.fullmatch(pattern, key)]
    return [
        key for key in ACTIONS if key in ("top-up", "adjustment")
    ]  # a name: `grant` chooses between these


def test_every_deed_that_is_recorded_has_words():
    without = [(name, ast.unparse(action)) for name, action in recorded() if not fitting(action)]
    assert without == []


def test_every_word_is_about_a_deed_that_is_recorded():
    used = {key for _, action in recorded() for key in fitting(action)}
    assert sorted(set(ACTIONS) - used) == []


def test_a_deed_without_words_is_not_recorded(db):
    with tenant_scope(ProviderFactory()), pytest.raises(LookupError, match="no words yet"):
        record(None, "painted green")


@pytest.fixture
def north(db):
    provider = ProviderFactory()
    with tenant_scope(provider):
        yield provider


def newest():
    return AuditEvent.objects.order_by("-pk").first()


def test_a_member_is_named_and_pointed_at(north):
    user = MembershipFactory(provider=north).user
    record(user, "text allowed", "PRN-4711")
    assert (newest().actor_kind, newest().actor, newest().member) == (ActorKind.MEMBER, user.email, user)


def test_a_program_is_named_by_its_key_as_long_as_its_request_lasts(north):
    key, _ = keys.create(name="Nightly export", scopes=keys.DROPS, by=MembershipFactory(provider=north).user)
    with actors.with_key(key):
        record(None, "uploaded", "a.csv")
    assert (newest().actor_kind, newest().actor, newest().key) == (ActorKind.KEY, "Nightly export", key)
    record(None, "uploaded", "b.csv")
    assert (newest().actor_kind, newest().actor, newest().key) == (ActorKind.COMMAND, "command line", None)


def test_a_contact_is_named_by_address(north):
    record(actors.contact("pat@acme.example"), "alerts left")
    assert (newest().actor_kind, newest().actor) == (ActorKind.CONTACT, "pat@acme.example")


def test_an_event_names_each_client_once(north):
    record(None, "worded", "Printer", about=["acme", "birch", "acme"])
    assert sorted(newest().clients.values_list("client", flat=True)) == ["acme", "birch"]


# what was recorded before events had actors and clients


def an_old(provider, action, subject, actor="command line", **detail):
    return AuditEvent.objects.create(
        provider=provider, action=action, subject=subject, actor=actor, detail=detail, at=datetime.now(UTC)
    )


@pytest.fixture
def old(transactional_db):
    provider = ProviderFactory()
    with tenant_scope(provider):
        acme = a_retainer(ClientFactory(provider=provider, slug="acme", name="Acme Dental")).client
        yield provider, acme


def migrate():
    with all_tenants("a migration"), connection.schema_editor() as editor:
        migration.tell(apps, editor)


@pytest.mark.owner
def test_old_deeds_get_their_members_and_contacts(old):
    provider, _ = old
    user = MembershipFactory(provider=provider).user
    an_old(provider, "text allowed", "x", user.email)
    an_old(provider, "overage approved", "Acme Dental · support", by="lee@acme.example", hours="4.00")
    an_old(provider, "alerts left", "Acme Dental", email="pat@acme.example")
    an_old(provider, "uploaded", "a.csv")
    migrate()
    assert list(AuditEvent.objects.order_by("pk").values_list("actor_kind", "actor")) == [
        ("member", user.email),
        ("contact", "lee@acme.example"),
        ("contact", "pat@acme.example"),
        ("command", "command line"),
    ]
    assert AuditEvent.objects.order_by("pk").first().member == user


@pytest.mark.owner
def test_old_deeds_get_their_clients_by_what_they_point_at_else_by_name(old):
    provider, acme = old
    link, _ = links.create(client=acme, by=None)
    by_link = an_old(provider, "link copied", "A name of long ago", link=link.pk)
    by_slug = an_old(provider, "worded", "Printer", clients=["acme"])
    by_name = an_old(provider, "top-up", "Acme Dental · support", day="2026-06-01", hours="5.00")
    by_rules = an_old(provider, "rule added", "Nights", rules="acme.support")
    about_all = an_old(provider, "uploaded", "a.csv")
    migrate()
    told = {
        event.pk: list(event.clients.values_list("client", flat=True)) for event in AuditEvent.objects.all()
    }
    assert [told[each.pk] for each in (by_link, by_slug, by_name, by_rules)] == [["acme"]] * 4
    assert told[about_all.pk] == []


@pytest.mark.owner
def test_the_guards_stand_again_and_the_way_back_keeps_the_address(old):
    provider, _ = old
    event = an_old(provider, "alerts left", "Acme Dental", email="pat@acme.example")
    migrate()
    with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
        AuditEvent.objects.filter(pk=event.pk).update(actor="x")
    with all_tenants("a migration"), connection.schema_editor() as editor:
        migration.forget(apps, editor)
    event.refresh_from_db()
    assert (event.actor, event.detail["by"]) == ("command line", "pat@acme.example")


def test_keys_of_another_provider_are_refused_by_the_database(db):
    north, south = ProviderFactory(), ProviderFactory()
    with tenant_scope(south):
        key = ApiKey.objects.create(name="South", digest="d", start="ht_")
    with tenant_scope(north), pytest.raises(DatabaseError), transaction.atomic(), actors.with_key(key):
        record(None, "uploaded", "a.csv")
