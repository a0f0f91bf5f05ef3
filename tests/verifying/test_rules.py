"""`verify` names what is not as it has to be: each thing broken by hand, past the guards, and found."""

from dataclasses import replace

import pytest
from django.conf import settings as django_settings
from django.db import connection

from accounts.commands import BadInputError
from accounts.models import OutboxMail, Provider
from accounts.seal import seal
from accounts.tenancy import tenant_scope
from hourtab.verifying import figures
from hourtab.verifying.walk import CHAPTERS
from imports.models import Import
from retainers import selectors
from tests.verifying.breaking import broken_by, verify


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
