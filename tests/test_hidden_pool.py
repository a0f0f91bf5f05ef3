"""A pool that is hidden from the client stands in no answer to the client, and is marked for staff."""

import json
from datetime import date
from decimal import Decimal
from io import StringIO
from zoneinfo import ZoneInfo

from django.core.management import call_command
from django.test import Client as Browser

from accounts.models import OutboxMail, Provider, Role
from accounts.tenancy import tenant_scope
from portal import asking, links
from retainers import notices
from retainers.models import Retainer
from retainers.selectors import retainers_of, standings
from retainers.settling.acts import CycleKey, seen_of
from retainers.statements import issue
from tests.factories import MembershipFactory, load_agreements
from tests.planted.secret import NOW, answers, mails_to_clients
from tests.shared_rows import shared_rows
from tests.world import World

FILE = """
[provider]
slug = "north"
name = "North IT"
[[clients]]
slug = "acme"
name = "Acme Dental"
contacts = [{ name = "Pat Lee", email = "pat@acme.example", approves = true, alerts = true }]
[[clients.retainers]]
key = "support"
name = "Support"
starts = 2026-05-01
alerts = { percent = [75, 90, 100], hours_left = "20" }
[[clients.retainers.terms]]
hours_from = "worked"
overage = "bill"
overage_rate = "100.00"
multipliers = [{ category = "nightly", name = "Night calls", factor = "2" }]
pools = [
  { key = "main", name = "Everyday help", hours = "10" },
  { key = "stripes", name = "Zebra work", hours = "7.77", neutral_text = "Zebra line", hidden = true },
]
[[clients.retainers.rules]]
when = { title = "*quiet*" }
then = { pool = "stripes", category = "nightly" }
[[clients.retainers.top_ups]]
date = 2026-06-02
hours = "3.39"
pool = "stripes"
expires = 2026-06-30
note = "Zebra order"
[[clients.retainers.adjustments]]
date = 2026-06-03
hours = "-1.11"
pool = "stripes"
reason = "Zebra charge"
"""
EXPORT = """\
Entry ID,Client,Date,Hours,Technician,Ticket,Title,Notes,Client description
1,Acme Dental,2026-05-04,3,,T1,Printer,n,Printer set up
2,Acme Dental,2026-05-05,6.66,,T2,quiet,n,Zebra May
3,Acme Dental,2026-06-08,2,,T3,Switch,n,Switch replaced
4,Acme Dental,2026-06-09,8.88,,T4,quiet,n,Zebra June
5,Acme Dental,2026-06-10,0.5,,T4,quiet,n,
"""
SECRETS = ("zebra", "7.77", "3.39", "1.11", "6.66", "13.32", "8.88", "17.76", "18.76", "9.38")


@shared_rows
def world(tmp_path, time_machine) -> World:
    time_machine.move_to(NOW, tick=False)
    load_agreements(tmp_path, FILE)
    provider = Provider.objects.get()
    (tmp_path / "week.csv").write_text(EXPORT)
    publish(tmp_path / "week.csv")
    with tenant_scope(provider):
        retainer = Retainer.objects.get()
        notices.post_notice(
            retainer=retainer, text="Work goes on", pending_hours=Decimal(1), by=None, at=NOW, pool="stripes"
        )
        link, _token = links.create(client=retainer.client, by=None)
        asked = asking.RequestDetails("overage", Decimal(2), "Pat", "pat@acme.example", "")
        asking.ask(link=link, retainer=retainer, cycle_starts=date(2026, 6, 1), asked=asked, at=NOW)
        (standing,) = standings(retainers_of(), on=NOW.date(), zone=ZoneInfo("UTC"))
        may = date(2026, 5, 1)
        form = seen_of([CycleKey(retainer.pk, may)]).mark
        issue(standing=standing, cycle_starts=may, form=form, by=None, at=NOW)
    return World(provider)


def publish(path, *more: str) -> None:
    call_command("import_csv", str(path), "--provider", "north", "--publish", *more, stdout=StringIO())


def told_in(found: dict[str, str]) -> set[tuple[str, str]]:
    """Which answer says which secret; the key stands in the addresses to which the test's mails go."""
    key = {(name, "stripes") for name, said in found.items() if "stripes" in said and "mail" not in name}
    return key | {
        (name, secret) for name, said in found.items() for secret in SECRETS if secret in said.casefold()
    }


def test_no_answer_to_the_client_names_it_or_has_a_figure_of_it(provider):
    found = answers(provider)
    assert "Everyday help" in found["json"] or "main" in found["json"]
    assert told_in(found) == set()
    assert "Work goes on" not in found["page"]


def test_what_is_shown_adds_up(provider):
    said = json.loads(answers(provider)["json"].partition("\n}")[0] + "\n}")
    (retainer,) = said["retainers"]
    assert [pool["pool"] for pool in retainer["cycle"]["pools"]] == ["main"]
    assert retainer["cycle"]["total"]["used"] == "2.00"
    assert retainer["cycle"]["total"]["remaining"] == "8.00"
    assert [line["hours"] for line in retainer["log"]] == ["2.00"]
    assert retainer["cycle"]["overage_amount"] == "0.00"


def test_what_changes_in_it_is_told_to_nobody(provider, tmp_path):
    (tmp_path / "again.csv").write_text(EXPORT.replace("6.66", "5.55"))
    publish(tmp_path / "again.csv", "--accept", "all", "--restate")
    found = answers(provider)
    assert told_in(found) == set()
    for name in ("page?cycle=2026-05-01", "statement"):
        assert "5.55" not in found[name]
        assert "estated on" not in found[name]
        assert "shows different figures" not in found[name]


def test_the_pdf_of_its_statement_is_made_of_the_same_page(provider):
    with tenant_scope(provider):
        token = links.create(client=Retainer.objects.get().client, by=None)[1]
    page = Browser().get(f"/b/{token}/statement/2026-05-01/").text
    assert "3.00" in page
    assert Browser().get(f"/b/{token}/statement/2026-05-01/statement.pdf").status_code == 200


def test_asked_for_by_its_key_it_is_no_pool_of_the_page(provider):
    with tenant_scope(provider):
        token = links.create(client=Retainer.objects.get().client, by=None)[1]
    for query in ("?pool=stripes", "?hours=2&from=stripes&kind=nightly"):
        page = Browser().get(f"/b/{token}/{query}").text
        assert "zebra" not in page.casefold()


def test_staff_see_it_marked(provider, manager):
    for path in ("/", "/clients/acme/"):
        assert "Zebra work (hidden from the client)" in manager.get(path).text
    assert "zebra" not in manager.get("/clients/acme/view/").text.casefold()


def test_members_are_told_of_its_crossing_and_contacts_are_not(provider):
    MembershipFactory(provider=provider, role=Role.MANAGER)
    mails = mails_to_clients(provider)
    told = [mail.context["account"] for mail in OutboxMail.objects.filter(kind="alert")]
    assert "Zebra work (hidden from the client)" in told
    to_client = [said for name, said in mails.items() if name.startswith("mail client_alert")]
    assert to_client
    assert not any("zebra" in said.casefold() for said in to_client)


def test_month_end_marks_it_for_staff_with_its_hours(provider, client, owner):
    page = " ".join(owner.get("/month-end/?month=2026-05").text.replace("\N{NO-BREAK SPACE}", " ").split())
    assert "of it 13.32 h, 5.55 h over in Zebra work, hidden from the client" in page
