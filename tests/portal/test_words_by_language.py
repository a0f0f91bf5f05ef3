"""The provider's own words by language: a German page speaks them, with the plain ones where there are none."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client as Browser

from accounts.models import OutboxMail, Role
from accounts.tenancy import tenant_scope
from alerts.models import Consent
from portal import links
from retainers.models import Client, Retainer
from retainers.selectors import retainers_of, standings
from retainers.settling.acts import CycleKey, seen_of
from retainers.statements import issue
from tests.factories import MembershipFactory, installed, load_agreements
from tests.planted.secret import NOW, fields_of
from tests.shared_rows import shared_rows
from tests.world import World

FILE = """
[provider]
slug = "north"
name = "North IT"
[[clients]]
slug = "acme"
name = "Acme Dental"
contacts = [{ name = "Pat Lee", email = "pat@acme.example", alerts = true }]
[[clients.retainers]]
key = "support"
name = "Support"
starts = 2026-05-01
[[clients.retainers.terms]]
hours_from = "worked"
scope = "Backups are covered."
multipliers = [{ category = "after_hours", name = "After hours", factor = "2" }]
pools = [
  { key = "reactive", name = "Reactive support", hours = "4", neutral_text = "Hands-on help" },
  { key = "scheduled", name = "Scheduled maintenance", hours = "4" },
]
[clients.retainers.terms.words.de]
scope = "Datensicherung ist enthalten."
pools = { reactive = "Störungshilfe" }
multipliers = { after_hours = "Nach Feierabend" }
neutral_texts = { reactive = "Hilfe vor Ort" }
[[clients.retainers.rules]]
when = { title = "*night*" }
then = { category = "after_hours" }
[[clients.retainers.rules]]
when = { title = "*patch*" }
then = { pool = "scheduled" }
"""
EXPORT = """\
Entry ID,Client,Date,Hours,Technician,Ticket,Title,Notes,Client description
1,Acme Dental,2026-05-04,1,,T1,night,n,
2,Acme Dental,2026-06-08,1.6,,T2,night,n,
3,Acme Dental,2026-06-09,1,,T3,patch,n,
"""
PLAIN = ("Backups are covered.", "Reactive support", "After hours", "Hands-on help")
GERMAN = ("Datensicherung ist enthalten.", "Störungshilfe", "Nach Feierabend", "Hilfe vor Ort")


@shared_rows
def world(tmp_path, time_machine) -> World:
    time_machine.move_to(NOW, tick=False)
    return World(installed(tmp_path, FILE, EXPORT))


def read(provider, path: str, language: str) -> str:
    with tenant_scope(provider):
        token = links.create(client=Client.objects.get(), by=None)[1]
    return Browser().get(f"/b/{token}/{path}", headers={"Accept-Language": language}).content.decode()


def test_the_page_says_them_in_german_and_the_plain_ones_in_english(provider):
    german, english = read(provider, "", "de"), read(provider, "", "en")
    assert [words for words in GERMAN if words not in german] == []
    assert [words for words in PLAIN if words in german] == []
    assert [words for words in PLAIN if words not in english] == []
    assert "Scheduled maintenance" in german  # nobody said it in German
    assert "Allgemeine Supportarbeiten" in german  # the fallback text that nobody chose


def test_a_country_speaks_its_language(provider):
    assert "Störungshilfe" in read(provider, "", "de-AT")


def test_log_json_and_calendar_say_them(provider):
    assert "Hilfe vor Ort" in read(provider, "log.csv", "de")
    assert "Nach Feierabend" in read(provider, "log.csv", "de")
    assert "Nach Feierabend" in read(provider, "balance.json", "de")
    assert "Störungshilfe" in read(provider, "calendar.ics", "de")


def test_a_statement_keeps_those_that_it_was_issued_with(provider, tmp_path):
    with tenant_scope(provider):
        (standing,) = standings(retainers_of(), on=NOW.date(), zone=NOW.tzinfo)
        may = standing.cycles[0].starts
        issue(
            standing=standing,
            cycle_starts=may,
            form=seen_of([CycleKey(standing.retainer.pk, may)]).mark,
            by=None,
            at=NOW,
        )
    load_agreements(tmp_path, FILE.replace("Störungshilfe", "Anders"))
    german = read(provider, "statement/2026-05-01/", "de")
    for words in ("Störungshilfe", "Nach Feierabend", "Hilfe vor Ort"):
        assert words in german
    assert "Anders" not in german
    assert "Hands-on help" in read(provider, "statement/2026-05-01/", "en")


def test_a_mail_to_a_german_contact_says_them(provider):
    with tenant_scope(provider):
        client = Client.objects.get()
        Consent.objects.create(
            client=client, email="pat@acme.example", asked_at=NOW, confirmed_at=NOW, language="de"
        )
    MembershipFactory(provider=provider, role=Role.MANAGER)
    call_command("tick", stdout=StringIO())
    (mail,) = OutboxMail.objects.filter(kind="client_alert")
    assert mail.context["account"] == "Störungshilfe"
    assert {each.context["account"] for each in OutboxMail.objects.filter(kind="alert")} == {
        "Reactive support"
    }


def test_words_for_what_the_terms_do_not_have_are_refused(db, tmp_path):
    text = FILE.replace('pools = { reactive = "Störungshilfe" }', 'pools = { night = "Nacht" }')
    with pytest.raises(CommandError, match=r"words\.de\.pools\.night: these terms have no pool “night”"):
        load_agreements(tmp_path, text)


def test_a_language_is_named_by_its_code(db, tmp_path):
    with pytest.raises(CommandError, match="that isn't a language"):
        load_agreements(tmp_path, FILE.replace("words.de]", "words.Deutsch]"))


def test_the_form_shows_them_and_changes_them(provider, manager):
    path = "/clients/acme/retainers/support/agreement/"
    sent = fields_of(manager.get(path).text)
    assert sent["terms-0-words-de-pools-reactive"] == "Störungshilfe"
    sent |= {"terms-0-words-de-pools-scheduled": "Wartung", "terms-0-words-de-scope": "", "do": "check"}
    checked = manager.post(path, sent)
    assert checked.status_code == 200
    manager.post(path, fields_of(checked.text) | {"do": "save"})
    with tenant_scope(provider):
        said = Retainer.objects.get().version.document["terms"][0]["words"]["de"]
    assert said["pools"] == {"reactive": "Störungshilfe", "scheduled": "Wartung"}
    assert "scope" not in said
