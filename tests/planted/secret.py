"""An agreement file and an export whose every text names somebody, and everything that a client is answered then."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from zoneinfo import ZoneInfo

from django.core.management import call_command
from django.test import Client as Browser
from django.urls import reverse

from accounts import outbox
from accounts.models import OutboxMail, Provider
from accounts.seal import name_of
from accounts.tenancy import tenant_scope
from alerts import consents, watches
from alerts.models import Consent, Watch
from portal import approval_by_mail, asking, links, welcoming
from portal.badges import make_badge
from portal.models import ClientRequest, ShareLink
from retainers import notices
from retainers.models import Client, Retainer, StaffName, Statement
from retainers.selectors import retainers_of, standings
from retainers.settling.acts import CycleKey, seen_of
from retainers.statements import issue
from tests.factories import load_agreements

NOW = datetime(2026, 6, 22, 12, tzinfo=UTC)
LATER = datetime(2026, 6, 23, 12, tzinfo=UTC)
SECRET = "Zebulon Quarkmeyer"
MARK = "quarkmeyer"

FILE = """
[provider]
slug = "north"
name = "North IT"
timezone = "UTC"
trusted_notes = ["generic"]
[[rules]]
name = "{rule_name}"
when = {{ title = "*printer*" }}
then = {{ wording = "{wording}" }}
[[clients]]
slug = "acme"
name = "Acme Dental"
contacts = [{{ name = "Pat Lee", email = "pat@acme.example", approves = true, alerts = true }}]
[[clients.retainers]]
key = "support"
name = "{name}"
starts = 2026-01-01
[[clients.retainers.terms]]
hours_from = "worked"
scope = "{scope}"
overage = "bill"
overage_rate = "100"
multipliers = [{{ category = "after_hours", name = "{multiplier}", factor = "2" }}]
pools = [
  {{ key = "support", name = "{pool}", hours = "4", neutral_text = "{neutral}" }},
  {{ key = "projects", name = "{second_pool}", hours = "4" }},
]
[clients.retainers.terms.words.de]
scope = "{scope_de}"
pools = {{ support = "{pool_de}" }}
multipliers = {{ after_hours = "{multiplier_de}" }}
neutral_texts = {{ support = "{neutral_de}" }}
[[clients.retainers.rules]]
name = "Own"
when = {{ title = "*switch*" }}
then = {{ wording = "{own_wording}" }}
[[clients.retainers.top_ups]]
date = 2026-06-03
hours = "1"
pool = "support"
note = "{note}"
[[clients.retainers.adjustments]]
date = 2026-06-04
hours = "1"
pool = "support"
reason = "{reason}"
"""
PLANTED = {
    name: f"{name.replace('_', ' ')} by {SECRET}"
    for name in (
        "rule_name",
        "wording",
        "name",
        "scope",
        "multiplier",
        "pool",
        "neutral",
        "second_pool",
        "own_wording",
        "note",
        "reason",
        "scope_de",
        "pool_de",
        "multiplier_de",
        "neutral_de",
    )
}
CLEAN = {name: name.replace("_", " ").capitalize() for name in PLANTED}
HELD_BACK = sorted(PLANTED.keys() - {"rule_name"})


def load(tmp_path, words: dict[str, str], *more: str) -> str:
    return load_agreements(tmp_path, FILE.format(**words), *more)


EXPORT = """\
Entry ID,Client,Date,Hours,Technician,Ticket,Title,Notes,Client description
1,Acme Dental,2026-05-04,3,,T1,Printer,n,
2,Acme Dental,2026-06-08,3,,T2,Switch,n,
3,Acme Dental,2026-06-09,1,,T3,Nothing,n,
4,Acme Dental,2026-06-10,1,,T4,Shown,n,Done by Zebulon Quarkmeyer
"""


def say_everything(provider: Provider) -> None:
    retainer = Retainer.objects.get()
    notices.post_notice(
        retainer=retainer, text=f"Outage, {SECRET} is on it", pending_hours=Decimal(1), by=None, at=NOW
    )
    link, _token = links.create(client=retainer.client, by=None, label=f"for {SECRET}")
    asked = asking.RequestDetails(
        "overage", Decimal(2), f"Friend of {SECRET}", "pat@acme.example", f"Ask {SECRET}"
    )
    made = asking.ask(link=link, retainer=retainer, cycle_starts=date(2026, 6, 1), asked=asked, at=NOW)
    approval_by_mail.confirm(request=made, at=NOW)
    (standing,) = standings(retainers_of(), on=NOW.date(), zone=ZoneInfo("UTC"))
    may = date(2026, 5, 1)
    form = seen_of([CycleKey(retainer.pk, may)]).mark
    first = issue(standing=standing, cycle_starts=may, form=form, by=None, at=NOW)
    Statement.objects.create(
        retainer=retainer,
        cycle_starts=first.cycle_starts,
        number=2,
        publication=first.publication,
        document={**first.document, "through": "2026-05-30"},
        issued_at=NOW,
        reason=f"{SECRET} took out an hour",
    )


def it_is_known(provider: Provider) -> None:
    with tenant_scope(provider):
        StaffName.objects.create(name=SECRET)


def answers(provider: Provider) -> dict[str, str]:
    """Everything that a client of the provider can be answered, by a name for it."""
    browser = Browser()
    with tenant_scope(provider):
        client = Client.objects.get(slug="acme")
        token = links.create(client=client, by=None)[1]
        replaced = links.create(client=client, by=None)
        badge = make_badge(client=client, sites=[], by=None)[1]
        ShareLink.objects.filter(pk=replaced[0].pk).update(replaced_at=NOW)
        consent, _ = Consent.objects.get_or_create(
            client=client, email="pat@acme.example", defaults={"asked_at": NOW}
        )
        watch = a_watch(links.create(client=client, by=None)[0])
    page = f"/b/{token}/"
    paths = {
        **{f"page{query}": page + query for query in ("", "?cycle=2026-05-01", "?pool=support&hours=9")},
        **{f"{name} in German": page + path for name, path in IN_GERMAN.items()},
        "json": page + "balance.json",
        "csv": page + "log.csv",
        "calendar": page + "calendar.ics",
        "badge": f"/b/badge/{badge}.svg",
        "line": f"/b/badge/{badge}/",
        "csv of May": page + "log.csv?cycle=2026-05-01",
        "statement": page + "statement/2026-05-01/",
        **{f"ask {kind}": page + f"ask/{kind}/" for kind in ("top_up", "overage", "planned")},
        "ask question": page + "ask/question/?line=2026-06-02.1",
        "410": f"/b/{replaced[1]}/",
        "404": f"/b/{'x' * 43}/",
        "agree": reverse("agree_to_alerts", args=[name_of(consent.pk, consents.AGREE)]),
        "leave": reverse("leave_alerts", args=[name_of(consent.pk, consents.LEAVE)]),
        "tell me": page + "tell-me/",
        "tell me, asked": reverse("confirm_watch", args=[name_of(watch.pk, watches.CONFIRM)]),
        "tell me no more": reverse("stop_watch", args=[name_of(watch.pk, watches.STOP)]),
        "protection": reverse("link_protection"),
    }
    found = {name: browser.get(path, headers=language_of(name)) for name, path in paths.items()}
    said = {name: answer.content.decode() + repr(answer.headers) for name, answer in found.items()}
    return said | mails_to_clients(provider)


def a_watch(link: ShareLink, mark: str = "m" * 22) -> Watch:
    """A reader who asked to be told of each pool's last hours."""
    retainer = link.client.retainers.earliest("pk")
    for pool in retainer.publication.version.document["terms"][0]["pools"]:
        wish = watches.Wish(
            retainer, pool["key"], "hours", 99900, f"{pool['key']}@acme.example", pool["key"] + mark
        )
        watches.ask(link=link, wish=wish, at=NOW)
    return Watch.objects.filter(link=link).earliest("pk")


IN_GERMAN = {"page": "", "statement": "statement/2026-05-01/", "csv": "log.csv", "calendar": "calendar.ics"}


def language_of(name: str) -> dict[str, str]:
    return {"Accept-Language": "de" if name.endswith("in German") else "en"}


def mails_to_clients(provider: Provider) -> dict[str, str]:
    with tenant_scope(provider):
        consents.ask_contacts(provider, NOW)
        Consent.objects.update(confirmed_at=NOW)
        asked = ClientRequest.objects.earliest("pk")
        asking.ask(
            link=asked.link,
            retainer=asked.retainer,
            cycle_starts=asked.cycle_starts,
            asked=asking.RequestDetails(
                "overage", Decimal(3), f"Friend of {SECRET}", "pat@acme.example", SECRET
            ),
            at=LATER,
        )
        a_watch(asked.link)
        Watch.objects.update(confirmed_at=NOW)
        welcoming.send_link(link=asked.link, to="pat@acme.example", language="", by=None, at=LATER)
    call_command("tick", stdout=StringIO())
    staff = provider.memberships.values_list("user__email", flat=True)
    written = OutboxMail.objects.filter(created_at__gte=NOW).exclude(recipient__in=staff)
    said = {}
    for mail in written.exclude(key__startswith=f"approval:{asked.pk}:"):
        made = outbox.preview(mail)
        html = "".join(str(part.content) for part in made.alternatives)
        said[f"mail {mail.kind} {mail.pk}"] = f"{made.subject}\n{made.body}\n{html}\n{made.extra_headers}"
    return said


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send of the agreement's form as it stands."""
    form = page[page.index('<form class="agreement') :]
    found = dict(re.findall(r'<input[^>]*? name="([^"]+)"[^>]*? value="([^"]*)"', form))
    found |= dict(re.findall(r'<textarea[^>]*? name="([^"]+)"[^>]*>([^<]*)<', form))
    for name, options in re.findall(r'<select[^>]*? name="([^"]+)"[^>]*>([\s\S]*?)</select>', form):
        chosen = re.search(r'value="([^"]*)"[^>]* selected', options)
        found[name] = chosen.group(1) if chosen else ""
    return {name: value for name, value in found.items() if name not in ("do", "requests", "updates_on")}
