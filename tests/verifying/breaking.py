"""A house with something of everything, what `verify` says of it, and how a thing is broken past the guards."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from accounts.commands import BadInputError
from accounts.models import Provider
from accounts.tenancy import tenant_scope
from portal import asking, links
from portal.approval_by_mail import confirm
from retainers.models import Client, Contact, MergedClient, Restatement, Retainer, Statement
from tests.factories import load_agreements, publish_export
from tests.faults.installation import WEEK
from tests.faults.templates import AGREEMENT

NOW = datetime(2026, 2, 16, 12, tzinfo=UTC)
JANUARY = date(2026, 1, 1)
MORE = WEEK.replace("2.50", "3.50").replace("4,Beta Legal,2026-02-05", "5,Beta Legal,2026-02-09")


def verify(*words) -> str:
    out = StringIO()
    call_command("verify", *words, stdout=out)
    return out.getvalue()


@contextmanager
def past_the_guards() -> Iterator[None]:
    """What the database refuses is let through, and refused again afterwards."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("ALTER TABLE retainers_topup DROP CONSTRAINT top_up_above_zero")
            yield
            cursor.execute(
                "ALTER TABLE retainers_topup ADD CONSTRAINT top_up_above_zero CHECK (hours_units > 0) NOT VALID"
            )
            cursor.execute("SET session_replication_role = DEFAULT")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        cursor.execute("PRAGMA defer_foreign_keys = ON")
        yield
        cursor.execute("PRAGMA defer_foreign_keys = OFF")
        cursor.execute("PRAGMA ignore_check_constraints = OFF")
        for _, sql in triggers:
            cursor.execute(sql)


def broken_by(sql, *values) -> str:
    """What is said after that statement has been run past the guards."""
    with transaction.atomic():
        with past_the_guards(), connection.cursor() as cursor:
            for statement in sql.split(";"):
                cursor.execute(statement, values)
                assert cursor.rowcount > 0, "nothing was broken"
        with pytest.raises(BadInputError) as raised:
            verify()
        transaction.set_rollback(True)
    return str(raised.value)


def a_house(tmp_path, time_machine) -> Provider:
    """A provider of which there is something of everything."""
    time_machine.move_to(NOW, tick=False)
    load_agreements(tmp_path, AGREEMENT)
    provider = Provider.objects.get()
    for number, text in enumerate((WEEK, MORE)):
        time_machine.move_to(NOW.replace(hour=13 + number), tick=False)
        publish_export(tmp_path, text)
    with tenant_scope(provider):
        _ask_and_confirm()
    bought = 'hours = "40" }]\n[[clients.retainers.top_ups]]\ndate = 2026-02-10\nhours = "5"'
    load_agreements(tmp_path, AGREEMENT.replace('hours = "40" }]', bought))
    with tenant_scope(provider):
        _state_and_merge()
    return provider


def _state_and_merge() -> None:
    """A statement, a restated cycle, a client that was merged, and a question over a link of the other client."""
    retainer = Retainer.objects.select_related("client", "publication").get(client__slug="acme")
    said = {"retainer": retainer, "publication": retainer.publication, "cycle_starts": JANUARY}
    Statement.objects.create(**said, number=1, document={}, issued_at=NOW)
    changed = {"before": {}, "after": {}, "cause": Restatement.Cause.GRANT, "made_at": NOW}
    Restatement.objects.create(**said, **changed)
    merged = {"client": retainer.client, "created_at": NOW, "merged_at": NOW}
    MergedClient.objects.create(was=987_654, slug="gone", name="Gone", **merged)
    beta = Client.objects.get(slug="beta")
    link, _ = links.create(client=beta, by=None)
    asked = asking.RequestDetails("top_up", asking.Decimal(2), "Sam Roe", "sam@beta.example", "")
    asking.ask(
        link=link, retainer=beta.retainers.get(), cycle_starts=NOW.date().replace(day=1), asked=asked, at=NOW
    )


def _ask_and_confirm() -> None:
    acme = Client.objects.get(slug="acme")
    Contact.objects.update(approves=True)
    link, _ = links.create(client=acme, by=None)
    wanted = asking.RequestDetails("overage", asking.Decimal(3), "Pat Lee", "pat@acme.example", "")
    retainer = acme.retainers.get()
    made = asking.ask(
        link=link, retainer=retainer, cycle_starts=NOW.date().replace(day=1), asked=wanted, at=NOW
    )
    confirm(request=made, at=NOW)
