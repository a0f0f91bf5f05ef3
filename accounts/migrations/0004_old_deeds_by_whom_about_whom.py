"""Old deeds get their actor and their clients: members by address, contacts by what is on record of them, clients
by what the deed points at, else by a name that the client has or had.

Events are written once, so their guards rest for as long as this takes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLE = "accounts_auditevent"
BY_CONTACTS = ("overage approved", "alerts agreed to", "alerts left")
AT_ONCE = 500
SEPARATOR = " · "


def tell(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    events = apps.get_model("accounts", "AuditEvent").objects
    about = apps.get_model("accounts", "EventClient").objects
    marks = list(events.order_by("pk").values_list("pk", flat=True))
    if not marks:
        return
    members = {user.email: user for user in apps.get_model(settings.AUTH_USER_MODEL).objects.all()}
    clients = _Clients(apps)
    with _resting_guards(schema_editor):
        for start in range(0, len(marks), AT_ONCE):
            part = list(events.filter(pk__in=marks[start : start + AT_ONCE]))
            for event in part:
                _give_actor(event, members)
            events.bulk_update(part, ["actor", "actor_kind", "member"])
            told = [
                about.model(provider_id=event.provider_id, event_id=event.pk, client=slug)
                for event in part
                for slug in clients.of(event)
            ]
            about.bulk_create(told, ignore_conflicts=True)


def _give_actor(event: Any, members: dict[str, Any]) -> None:
    address = event.detail.get("by") or event.detail.get("email")
    if event.action in BY_CONTACTS and address:
        event.actor, event.actor_kind = address[:254], "contact"
    elif event.actor in members:
        event.member, event.actor_kind = members[event.actor], "member"


class _Clients:
    """The clients that an event is about."""

    def __init__(self, apps: Apps) -> None:
        rows = list(apps.get_model("retainers", "Client").objects.all())
        self._slugs = {client.pk: client.slug for client in rows}
        self._since = {(client.provider_id, client.slug): client.created_at for client in rows}
        self._names: dict[tuple[int, str], str] = {}
        for each in apps.get_model("retainers", "CompanyName").objects.all():
            self._names[each.provider_id, each.name] = self._slugs[each.client_id]
        self._names |= {(client.provider_id, client.name): client.slug for client in rows}
        links = apps.get_model("portal", "ShareLink").objects.values_list("pk", "client_id")
        self._links = {pk: self._slugs[client] for pk, client in links}
        requests = apps.get_model("portal", "ClientRequest").objects
        found = requests.values_list("pk", "retainer__client_id")
        self._requests = {pk: self._slugs[client] for pk, client in found}

    def of(self, event: Any) -> list[str]:
        detail = event.detail
        rules = str(detail.get("rules", "")).partition(".")
        pointed = [
            *(detail.get("clients") or ()),
            detail.get("client"),
            self._links.get(detail.get("link")),
            self._requests.get(detail.get("request")),
            rules[0] if rules[1] else None,
        ]
        known = [each for each in dict.fromkeys(pointed) if (event.provider_id, each) in self._since]
        return known or self._named(event)

    def _named(self, event: Any) -> list[str]:
        """By the name in the subject, of a client that was there when it was done."""
        parts = event.subject.split(SEPARATOR)
        for length in range(len(parts), 0, -1):
            name = SEPARATOR.join(parts[:length])
            slug = self._names.get((event.provider_id, name))
            if slug and self._since[event.provider_id, slug] <= event.at:
                return [slug]
        return [event.subject] if (event.provider_id, event.subject) in self._since else []


def forget(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The older code knows no contacts: their address goes back into the detail."""
    events = apps.get_model("accounts", "AuditEvent").objects
    changed = list(events.filter(actor_kind__in=("contact", "key")))
    for event in changed:
        event.detail, event.actor = {"by": event.actor, **event.detail}, "command line"
    with _resting_guards(schema_editor):
        events.bulk_update(changed, ["actor", "detail"], batch_size=AT_ONCE)


@contextmanager
def _resting_guards(schema_editor: BaseDatabaseSchemaEditor) -> Iterator[None]:
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"ALTER TABLE {TABLE} DISABLE TRIGGER USER")
            yield
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {TABLE} ENABLE TRIGGER USER")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [TABLE])
        guards = cursor.fetchall()
        for name, _ in guards:
            cursor.execute(f'DROP TRIGGER "{name}"')
        yield
        for _, sql in guards:
            cursor.execute(sql)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_who_did_what_about_whom"),
        ("portal", "0001_initial"),
        ("retainers", "0001_initial"),
    ]

    operations = [migrations.RunPython(tell, forget)]
