"""`verify` names what is not as it has to be: each thing broken by hand, past the guards, and found."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connection

from accounts import guards
from accounts.commands import BadInputError
from accounts.models import OutboxMail, Provider
from accounts.seal import seal
from accounts.tenancy import tenant_scope
from hourtab.verifying import figures
from hourtab.verifying.walk import CHAPTERS
from imports.models import Import, LastFile
from imports.publishing.depends import judged_now
from imports.publishing.kept_files import packed, unpacked
from portal import asking, links
from portal.approval_by_mail import confirm
from retainers import selectors
from retainers.models import Client, Contact, MergedClient, Restatement, Retainer, Statement
from tests.factories import load_agreements, publish_export
from tests.faults.installation import WEEK
from tests.faults.templates import AGREEMENT
from tests.shared_rows import shared_rows

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
        yield
        cursor.execute("PRAGMA ignore_check_constraints = OFF")
        for _, sql in triggers:
            cursor.execute(sql)


def broken_by(sql, *values) -> str:
    """What is said after that statement has been run past the guards."""
    with past_the_guards(), connection.cursor() as cursor:
        for statement in sql.split(";"):
            cursor.execute(statement, values)
            assert cursor.rowcount > 0, "nothing was broken"
    with pytest.raises(BadInputError) as raised:
        verify()
    return str(raised.value)


@shared_rows
def house(tmp_path, time_machine) -> Provider:
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


def test_a_sound_house_is_read_chapter_by_chapter(house):
    said = verify().splitlines()
    assert said == ["guards: ok", *(f"north: {what}: ok" for what in CHAPTERS)]


def test_one_provider_can_be_asked_for_alone(house):
    assert verify("--provider", "north") == verify()
    with pytest.raises(BadInputError, match="no provider"):
        verify("--provider", "south")


@pytest.mark.owner
@pytest.mark.parametrize("name", ["retainers_entry", "accounts_auditevent"])
def test_a_guard_that_is_missing_is_named_first(house, name):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f'DROP TRIGGER keeps_provider ON "{name}"')
        else:
            cursor.execute(f'DROP TRIGGER "{name}_keeps_provider"')
    with pytest.raises(
        BadInputError, match=rf"^guards: .*keeps_provider on {name}|^guards: .*{name}_keeps_provider"
    ):
        verify()


RETIRED = (
    "FROM retainers_entry WHERE id = (SELECT MIN(id) FROM retainers_entry WHERE retired_in_id IS NOT NULL)"
)
LAST = "SELECT MAX(id) FROM retainers_retainer"
NEWEST_VERSION = "SELECT MAX(id) FROM retainers_agreementversion"
SECOND_VERSION = (
    "INSERT INTO retainers_agreementversion (provider_id, retainer_id, number, document, recorded_at)"
    " SELECT provider_id, retainer_id, number + 1, document, recorded_at FROM retainers_agreementversion"
    f" WHERE retainer_id = ({LAST})"
)
# what is broken, and what is said of it
LIES = {
    "publications are numbered": (
        "UPDATE retainers_publication SET number = 9 WHERE number = 1 AND kind = 'agreement'",
        "north: publications: acme/support: its publications are not numbered",
    ),
    "none was made before the one before it": (
        "UPDATE retainers_publication SET made_at = '2020-01-01T00:00:00Z' WHERE number = 2",
        "was made before the one before it",
    ),
    "the newest one is shown": (
        "UPDATE retainers_retainer SET publication_id = (SELECT MIN(id) FROM retainers_publication"
        " WHERE retainer_id = retainers_retainer.id)",
        "what is shown is not its newest publication",
    ),
    "versions are numbered": (
        "UPDATE retainers_agreementversion SET number = 4",
        "its versions are not numbered",
    ),
    "rule books are numbered": (
        "UPDATE retainers_rulebook SET number = 7",
        "its rule books are not numbered",
    ),
    "statements are numbered": (
        "UPDATE retainers_statement SET number = 3",
        "the statements of the cycle from 2026-01-01 are not numbered",
    ),
    "a statement is of its own agreement": (
        "UPDATE retainers_statement SET retainer_id = (SELECT MAX(id) FROM retainers_retainer)",
        "statement 1 of 2026-01-01 is of another agreement",
    ),
    "what changed in a cycle is of its own agreement": (
        "UPDATE retainers_restatement SET retainer_id = (SELECT MAX(id) FROM retainers_retainer)",
        "what changed in 2026-01-01 is of another agreement",
    ),
    "the newest agreement holds": (
        f"{SECOND_VERSION}",
        "its agreement is not its newest version",
    ),
    "no publication goes back to an older agreement": (
        f"{SECOND_VERSION}; UPDATE retainers_retainer SET version_id = ({NEWEST_VERSION}) WHERE id = ({LAST});"
        f" UPDATE retainers_publication SET version_id = ({NEWEST_VERSION})"
        f" WHERE number = 1 AND retainer_id = ({LAST})",
        "shows an older agreement than the one before it",
    ),
    "each has the version of its own agreement": (
        "UPDATE retainers_publication SET version_id = (SELECT MAX(id) FROM retainers_agreementversion)"
        " WHERE version_id <> (SELECT MAX(id) FROM retainers_agreementversion) AND number = 1",
        "shows the agreement of another retainer",
    ),
    "an undo names what it takes back": (
        "UPDATE retainers_publication SET kind = 'undo' WHERE kind = 'top_up' OR kind = 'agreement' AND number = 1",
        "takes an import back without naming it",
    ),
    "an undo takes back an import": (
        "UPDATE retainers_publication SET kind = 'undo', took_back_id = (SELECT MIN(id) FROM retainers_publication p"
        " WHERE p.retainer_id = retainers_publication.retainer_id) WHERE kind = 'approval'",
        "takes back something other than an earlier import",
    ),
    "no import sets back when the last import was": (
        "UPDATE retainers_publication SET updated_at = '2026-01-01T00:00:00Z' WHERE number = 3 AND kind = 'import'",
        "sets back when the last import was",
    ),
    "what belongs to an import is one": (
        "UPDATE imports_importpublication SET publication_id = (SELECT MAX(id) FROM retainers_publication"
        " WHERE kind = 'approval') WHERE id = (SELECT MIN(id) FROM imports_importpublication)",
        " belongs to import ",
    ),
    "a publication is filed under its own client's import": (
        "UPDATE imports_importpublication SET client_id = (SELECT id FROM retainers_client WHERE slug = 'beta')",
        "is filed under another client's import",
    ),
    "only an import says when the last import was": (
        "UPDATE retainers_publication SET updated_at = '2026-01-01T00:00:00Z' WHERE kind = 'approval'",
        "changes when the last import was",
    ),
    "an import's publication is known": (
        "DELETE FROM imports_importpublication",
        "is of an import that nobody kept",
    ),
    "an import in preview has published nothing": (
        "UPDATE imports_import SET state = 'uploaded'",
        "in preview, and has published something",
    ),
    "of an undone import nothing stands": (
        "UPDATE imports_import SET state = 'undone'",
        "undone, and is still on a page",
    ),
    "an entry is published under its own agreement": (
        "UPDATE retainers_entry SET retainer_id = (SELECT MAX(id) FROM retainers_retainer)",
        "is published under another agreement",
    ),
    "nothing is retired before it was added": (
        "UPDATE retainers_entry SET retired_in_id = (SELECT MIN(id) FROM retainers_publication p"
        " WHERE p.retainer_id = retainers_entry.retainer_id) WHERE retired_in_id IS NULL",
        "was retired before it was added",
    ),
    "no row of an export counts twice": (
        f"UPDATE retainers_entry SET origin = (SELECT origin {RETIRED}),"
        f" added_in_id = (SELECT added_in_id {RETIRED}) WHERE id = (SELECT MIN(id) FROM retainers_entry"
        f" WHERE retired_in_id IS NULL AND retainer_id = (SELECT retainer_id {RETIRED}))",
        "counts beside another one of the same row of an export",
    ),
    "an entry comes in the place of one that was": (
        "UPDATE retainers_entry SET replaces = '00000000000000000000000000000000' WHERE retired_in_id IS NULL",
        "came in the place of one that never was",
    ),
    "an entry does not count beside the one that it replaces": (
        "UPDATE retainers_entry SET replaces = (SELECT e.origin FROM retainers_entry e WHERE e.retired_in_id IS NULL"
        " AND e.id <> retainers_entry.id LIMIT 1) WHERE retired_in_id IS NULL",
        "counts beside the one in whose place it came",
    ),
    "an entry comes from a row of an export": (
        "DELETE FROM imports_sourcerow WHERE line = 2",
        "came from no row of an export",
    ),
    "hours that are bought are above zero": (
        "UPDATE retainers_topup SET hours_units = 0",
        "grants no hours",
    ),
    "an approval is published as one": (
        "UPDATE retainers_approval SET added_in_id = (SELECT MAX(p.id) FROM retainers_publication p"
        " WHERE p.retainer_id = retainers_approval.retainer_id AND p.kind <> 'approval')",
        "that is for something else",
    ),
    "covered days are in order": (
        """UPDATE retainers_publication SET coverage = '{"whole": [["2026-02-09", "2026-02-01"]]}'""",
        "covers days that are not in order",
    ),
    "covered days can be read": (
        """UPDATE retainers_publication SET coverage = '{"whole": [["x", "y"]]}'""",
        "covers days that can't be read",
    ),
    "what was covered stays covered": (
        "UPDATE retainers_publication SET coverage = '{}', through = NULL WHERE kind = 'approval'",
        "covers less than the one before it",
    ),
    "the last day is as it says": (
        "UPDATE retainers_publication SET through = '2026-12-31'",
        "covers through 2026-12-31, and does not",
    ),
    "an agreement can be worked out": (
        "UPDATE retainers_agreementversion SET document = '{}'",
        "its balance can't be worked out",
    ),
    "a confirmed approval is on the page": (
        "DELETE FROM retainers_approval",
        "are on no page",
    ),
    "only what was confirmed is approved": (
        "UPDATE portal_clientrequest SET confirmed_at = NULL",
        "that nobody confirmed",
    ),
    "only who may approve confirms": (
        "UPDATE portal_clientrequest SET may_approve = FALSE",
        "was confirmed by who may not approve",
    ),
    "an answer has its moment": (
        "UPDATE portal_clientrequest SET answer = 'Yes'",
        "has an answer without its moment",
    ),
    "a request comes over its client's link": (
        "UPDATE portal_sharelink SET client_id = (SELECT id FROM retainers_client WHERE slug = 'beta')",
        "came over another client's link",
    ),
    "a request is answered with its own agreement's hours": (
        "UPDATE portal_clientrequest SET top_up_id = (SELECT MAX(id) FROM retainers_topup)"
        " WHERE confirmed_at IS NULL",
        "was answered with the hours of another agreement",
    ),
    "a link ends after it was made": (
        "UPDATE portal_sharelink SET revoked_at = '2020-01-01T00:00:00Z'",
        "ended before it was made",
    ),
    "a mail that is sent is in nobody's hands": (
        "UPDATE accounts_outboxmail SET sent_at = created_at, attempts = 1, claimed_until = created_at",
        "is sent, and a sender is still at it",
    ),
    "a mail is to somebody": (
        "UPDATE accounts_outboxmail SET recipient = ''",
        "is to nobody",
    ),
    "a mail is not sent and given up": (
        "UPDATE accounts_outboxmail SET sent_at = created_at, given_up_at = created_at",
        "is sent and given up",
    ),
    "a mail is sent by trying": (
        "UPDATE accounts_outboxmail SET sent_at = created_at",
        "is sent without a try",
    ),
    "the trail knows what was done": (
        "UPDATE accounts_auditevent SET action = 'nothing' WHERE action = 'uploaded'",
        "is of no kind that there is: nothing",
    ),
    "the trail names the client that it is about": (
        "UPDATE accounts_eventclient SET client = '' WHERE id = (SELECT MIN(id) FROM accounts_eventclient)",
        "is about a client without a name",
    ),
    "a client that was merged is none": (
        "UPDATE retainers_mergedclient SET slug = 'beta'",
        "was merged into another, and is still one",
    ),
    "the trail says who did it": (
        "UPDATE accounts_auditevent SET actor_kind = 'member' WHERE action = 'uploaded'",
        "does not say who did it",
    ),
}


@pytest.mark.owner
@pytest.mark.parametrize("rule", LIES)
def test_a_rule_that_is_broken_past_the_guards_is_named(house, rule):
    sql, says = LIES[rule]
    assert says in broken_by(sql)


@pytest.mark.owner
def test_a_row_of_another_provider_is_named(house):
    other = Provider.objects.create(slug="south", name="South IT")
    said = broken_by("UPDATE retainers_contact SET provider_id = %s", other.pk)
    assert (
        said == "south: providers: contact 1: its client is another provider's."
        or "its client is another" in said
    )


def test_figures_that_do_not_add_up_are_named(house, monkeypatch):
    """The pure sums can't be broken by a row; so the ledger is."""
    whole = selectors.balance

    def short(*arguments):
        return tuple(replace(cycle, draws=cycle.draws[1:]) for cycle in whole(*arguments))

    monkeypatch.setattr(selectors, "balance", short)
    with pytest.raises(
        BadInputError, match="acme/support: in the cycle from 2026-02-01 the log does not add up"
    ):
        verify()


def test_a_page_that_shows_other_entries_than_are_alive_is_named(house, monkeypatch):
    monkeypatch.setattr(figures, "_alive", lambda retainer: (1, 1))
    with pytest.raises(BadInputError, match="does not show just the entries that are alive"):
        verify()


def test_a_mail_that_can_never_go_out_is_named(house):
    with tenant_scope(house):
        OutboxMail.objects.create(
            provider=house, key="x", kind="due", recipient="x@y.example", sealed=seal("s")
        )
    assert verify()
    OutboxMail.objects.filter(key="x").update(sealed=b"sealed elsewhere")
    with pytest.raises(BadInputError, match="was sealed with another HOURTAB_LINK_KEY"):
        verify()


@pytest.mark.parametrize(
    ("harm", "says"), [("lost", "its original is gone"), ("changed", "not what was uploaded")]
)
def test_an_original_that_is_lost_or_changed_is_named(house, harm, says):
    with tenant_scope(house):
        path = django_settings.ORIGINALS_ROOT / Import.objects.first().original
    if harm == "lost":
        path.unlink()
    else:
        path.write_bytes(b"other bytes")
    with pytest.raises(BadInputError, match=says):
        verify()


def test_guards_count_every_constraint_of_the_models(db):
    assert "entry_live_once_per_origin" in guards.wanted(connection)
    assert "top_up_above_zero" in guards.wanted(connection)
    assert guards.missing(connection) == set()


@pytest.mark.owner
def test_a_constraint_that_is_gone_makes_it_not_ready(db, client):
    assert client.get("/readyz").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX entry_live_once_per_origin")
    assert guards.missing(connection) == {"entry_live_once_per_origin"}
    assert client.get("/readyz").status_code == 503


@pytest.fixture
def last_file(house, tmp_path) -> LastFile:
    """What is kept of a file that was published just now."""
    publish_export(tmp_path, MORE.replace("3.50", "4.50"))
    with tenant_scope(house):
        row = LastFile.objects.get()
        assert row.judged_by == judged_now(house)
        assert unpacked(row.kept).rows
        yield row


def keep(row: LastFile, *, heads=None, **otherwise) -> None:
    """Its first row said otherwise."""
    kept = unpacked(row.kept)
    first, *others = kept.rows
    rows = [first._replace(**otherwise), *others]
    row.kept = packed([list(zip(*rows, strict=True))], kept.heads if heads is None else heads)
    row.save()


@pytest.mark.parametrize(
    "otherwise",
    [
        {"counted": Decimal("7.75")},
        {"worked": Decimal("7.75")},
        {"reason": "travel"},
        {"stands_in": True},
        {"date": JANUARY},
        {"wording": "Other words"},
        {"origin": "0" * 32},
    ],
    ids=lambda otherwise: next(iter(otherwise)),
)
def test_a_row_of_the_last_file_that_differs_from_its_entry_is_named(last_file, otherwise):
    assert "north: last files: ok" in verify()
    keep(last_file, **otherwise)
    with pytest.raises(BadInputError, match=r"north: last files: .*differs from its entry"):
        verify()


def test_rows_of_the_last_file_that_can_not_be_read_are_named(last_file):
    last_file.kept = b"nothing"
    last_file.save()
    with pytest.raises(BadInputError, match=r"north: last files: .*can't be read"):
        verify()


def test_lines_that_are_kept_for_other_rows_are_named(last_file):
    kept = unpacked(last_file.kept)
    last_file.kept = packed([list(zip(*kept.rows[1:], strict=True))], kept.heads)
    last_file.save()
    with pytest.raises(BadInputError, match="not a line for each row"):
        verify()


def test_what_is_kept_of_the_last_file_and_is_of_no_use_any_more_is_no_fault(last_file):
    keep(last_file, counted=Decimal("7.75"), heads=dict.fromkeys(unpacked(last_file.kept).heads, 1))
    assert "north: last files: ok" in verify()
    for kept, judged_by in ((b"", last_file.judged_by), (b"nothing", "another release")):
        last_file.kept, last_file.judged_by = kept, judged_by
        last_file.save()
        assert "north: last files: ok" in verify()
