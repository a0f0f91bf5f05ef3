"""A marked secret is planted in every text of every file and form: no client ever reads it, in any answer.

Every text that the product takes stands in the tables below; a new one fails here until it is listed as read by
clients (then it is planted and searched for) or as staff's alone.
"""

import dataclasses
import importlib
import pkgutil
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.core.management import CommandError, call_command
from django.test import Client as Browser
from django.urls import reverse

import accounts
import desk
import hourtab
import portal
from accounts import outbox
from accounts.models import OutboxMail, Provider, Role
from accounts.seal import name_of
from accounts.tenancy import tenant_scope
from alerts import consents, watches
from alerts.models import Consent, Watch
from desk.rules.draft import IS
from portal import approval_by_mail, asking, links, welcoming
from portal.badges import make_badge
from portal.models import ClientRequest, ShareLink
from retainers import files, notices, terms
from retainers.models import Client, Entry, LetThrough, Notice, Retainer, StaffName, Statement, TopUp
from retainers.selectors import retainers_of, standings
from retainers.settling.acts import CycleKey, seen_of
from retainers.statements import issue
from tests.factories import MembershipFactory
from tests.imports.rule_pages import row
from tests.shared_rows import shared_rows

NOW = datetime(2026, 6, 22, 12, tzinfo=UTC)
LATER = datetime(2026, 6, 23, 12, tzinfo=UTC)
SECRET = "Zebulon Quarkmeyer"
MARK = "quarkmeyer"

CLIENTS, STAFF = "clients read it", "staff's alone"
# every text of an agreement file, by the value that it is read into
FILE_TEXTS = {
    "Agreement.key": CLIENTS,
    "Agreement.name": CLIENTS,
    "Pool.key": CLIENTS,
    "Pool.name": CLIENTS,
    "Pool.neutral_text": CLIENTS,
    "Multiplier.category": CLIENTS,
    "Multiplier.name": CLIENTS,
    "Terms.scope": CLIENTS,
    "Terms.currency": STAFF,  # three letters
    "Words.scope": CLIENTS,
    "TopUp.pool": STAFF,  # names a pool
    "TopUp.key": STAFF,
    "TopUp.note": CLIENTS,
    "Adjustment.pool": STAFF,
    "Adjustment.key": STAFF,
    "Approval.by": CLIENTS,
    "Adjustment.reason": CLIENTS,
    "TextCondition.field": STAFF,
    "TextCondition.texts": STAFF,
    "TextCondition.matches": STAFF,
    "Effects.pool": STAFF,
    "Effects.categories": STAFF,
    "Effects.exclude": STAFF,
    "Effects.wording": CLIENTS,
    "Effects.retainer": STAFF,
    "Rule.name": STAFF,
    "Agreement.psa_agreements": STAFF,
    "Contact.name": CLIENTS,  # of who approved
    "Contact.email": STAFF,
    "ClientFile.slug": STAFF,
    "ClientFile.name": CLIENTS,
    "ClientFile.psa_names": STAFF,
    "Member.email": STAFF,
    "ProviderFile.slug": STAFF,
    "ProviderFile.name": CLIENTS,
    "ProviderFile.timezone": STAFF,
    "ProviderFile.support_email": CLIENTS,
    "ProviderFile.support_phone": CLIENTS,
    "ProviderFile.trusted_notes": STAFF,
    "ProviderFile.shows_uncharged": CLIENTS,
}
# every text of a form
FORM_TEXTS = {
    "AcceptForm.name": STAFF,
    "AddressForm.email": STAFF,  # compared with those on record, and shown to nobody
    "CodeForm.code": STAFF,
    "AcceptForm.password": STAFF,
    "SetupForm.code": STAFF,
    "SetupForm.name": STAFF,
    "SetupForm.owner": STAFF,
    "InviteForm.email": STAFF,
    "OnceForm.once": STAFF,  # names the form itself, and is stored nowhere
    "KeyForm.once": STAFF,
    "KeyForm.name": STAFF,
    "WebhookForm.once": STAFF,
    "WebhookForm.name": STAFF,
    "WebhookForm.address": STAFF,  # sealed, and never shown
    "EraseForm.slug": STAFF,
    "EraseForm.reason": STAFF,
    "RenewForm.name": CLIENTS,
    "EntryForm.wording": CLIENTS,
    "EntryForm.exclusion": STAFF,
    "EntryForm.reason": STAFF,
    "EntryForm.checked": STAFF,
    "GrantForm.note": CLIENTS,
    "GrantForm.key": STAFF,
    "GrantForm.checked": STAFF,
    "CorrectionForm.note": CLIENTS,
    "CorrectionForm.why": CLIENTS,
    "CorrectionForm.key": STAFF,
    "CorrectionForm.checked": STAFF,
    "TakeBackForm.reason": CLIENTS,
    "ReasonForm.reason": STAFF,
    "TakeBackForm.checked": STAFF,
    "UploadForm.through": STAFF,
    "UploadForm.starts": STAFF,
    "UploadForm.ends": STAFF,
    "UploadForm.agreements": STAFF,
    "UploadForm.pools": STAFF,
    "UploadForm.encoding": STAFF,
    "UploadForm.clock": STAFF,
    "ReadingForm.through": STAFF,
    "ReadingForm.starts": STAFF,
    "ReadingForm.ends": STAFF,
    "ReadingForm.agreements": STAFF,
    "ReadingForm.pools": STAFF,
    "ReadingForm.encoding": STAFF,
    "ReadingForm.clock": STAFF,
    "LinkForm.label": STAFF,
    "LinkForm.once": STAFF,
    "SitesForm.once": STAFF,
    "SitesForm.sites": STAFF,
    "SendForm.email": STAFF,
    "NoticeForm.text": CLIENTS,
    "StartForm.ticket": STAFF,
    "TicketForm.ticket": STAFF,
    "TicketForm.had": STAFF,
    "AnswerForm.words": CLIENTS,
    "AnswerForm.opened": STAFF,  # the mark of what was in view
    "SettingsForm.name": CLIENTS,
    "SettingsForm.support_phone": CLIENTS,
    "SettingsForm.support_email": CLIENTS,
    "SettingsForm.accent": STAFF,
    "SettingsForm.shows_uncharged": CLIENTS,
    "AskForNewPassword.email": STAFF,
    "AskForm.hours": STAFF,  # read as a number; its words go nowhere
    "AskForm.name": CLIENTS,
    "AskForm.email": STAFF,
    "AskForm.text": CLIENTS,
    "WatchForm.hours": STAFF,
    "WatchForm.email": STAFF,  # shown to whoever has the mail that went there
}

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


def texts_of_values() -> set[str]:
    """Every text in the values that an agreement file is read into."""
    found = set()
    for name, value in {**vars(terms), **vars(files)}.items():
        if dataclasses.is_dataclass(value) and isinstance(value, type):
            for field in dataclasses.fields(value):
                kind = str(field.type)
                if re.search(r"\bstr\b", kind) and "Literal" not in kind and "Mapping" not in kind:
                    found.add(f"{name}.{field.name}")
    return found


def texts_of_forms() -> set[str]:
    """Every text field of every form of ours."""
    for package in (accounts, desk, hourtab, portal):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "migrations" not in module.name and "management" not in module.name:
                importlib.import_module(module.name)
    ours = {"accounts", "desk", "hourtab", "portal", "alerts", "imports"}
    return {
        f"{form.__name__}.{name}"
        for form in every_form(forms.BaseForm)
        if form.__module__.partition(".")[0] in ours
        for name, field in form.base_fields.items()
        if isinstance(field, forms.CharField)
    }


def every_form(parent: type) -> set[type]:
    return {form for child in parent.__subclasses__() for form in (child, *every_form(child))} - {
        forms.Form,
        forms.ModelForm,
    }


def test_every_text_of_a_file_is_listed() -> None:
    assert texts_of_values() == FILE_TEXTS.keys()


def test_every_text_of_a_form_is_listed() -> None:
    assert texts_of_forms() == FORM_TEXTS.keys()


# what stood before the name was known


def load(tmp_path, words: dict[str, str], *more: str) -> str:
    (tmp_path / "agreements.toml").write_text(FILE.format(**words))
    said = StringIO()
    call_command("load_retainers", str(tmp_path / "agreements.toml"), *more, stdout=said)
    return said.getvalue()


EXPORT = """\
Entry ID,Client,Date,Hours,Technician,Ticket,Title,Notes,Client description
1,Acme Dental,2026-05-04,3,,T1,Printer,n,
2,Acme Dental,2026-06-08,3,,T2,Switch,n,
3,Acme Dental,2026-06-09,1,,T3,Nothing,n,
4,Acme Dental,2026-06-10,1,,T4,Shown,n,Done by Zebulon Quarkmeyer
"""


@shared_rows
def north(tmp_path, time_machine):
    """Everything that a client can read bears the secret; nobody knew yet that it is one."""
    time_machine.move_to(NOW, tick=False)
    load(tmp_path, PLANTED)
    (tmp_path / "week.csv").write_text(EXPORT)
    call_command(
        "import_csv", str(tmp_path / "week.csv"), "--provider", "north", "--publish", stdout=StringIO()
    )
    provider = Provider.objects.get()
    with tenant_scope(provider):
        say_everything(provider)
    return provider


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


def test_a_name_that_becomes_known_is_held_back_wherever_it_stands(north):
    before = answers(north)
    assert MARK in before["page"].casefold()  # it did stand there
    assert MARK in before["statement"].casefold()
    it_is_known(north)
    after = {name: said for name, said in answers(north).items() if not name.startswith("mail")}
    assert {name for name, said in after.items() if MARK in said.casefold()} == set()


def test_no_mail_to_a_client_names_it(north):
    it_is_known(north)
    mails = mails_to_clients(north)
    assert {name.split()[1] for name in mails} == {
        "consent",
        "approval",
        "client_alert",
        "received",
        "welcome",
        "watch_asked",
        "watch_told",
    }
    assert {name for name, said in mails.items() if MARK in said.casefold()} == set()


def test_neutral_words_stand_where_a_text_is_held_back(north):
    it_is_known(north)
    said = answers(north)
    for words in ("Support work", "Support", "Pool 1", "Pool 2"):
        assert words in said["page"]
    assert '"used": "5.00"' in said["json"]  # every hour is counted all the same
    assert "As restated on 22 June 2026." in said["statement"]


def test_nothing_that_was_published_is_lost(north):
    it_is_known(north)
    answers(north)
    with tenant_scope(north):
        assert SECRET in Notice.objects.get().text
        assert any(SECRET in entry.wording for entry in Entry.objects.all())
        assert SECRET in str(Retainer.objects.get().version.document)


def test_a_page_is_another_one_once_the_name_is_known(north):
    with tenant_scope(north):
        token = links.create(client=Client.objects.get(slug="acme"), by=None)[1]
    browser = Browser()
    etag = browser.get(f"/b/{token}/").headers["ETag"]
    it_is_known(north)
    assert browser.get(f"/b/{token}/", headers={"If-None-Match": etag}).status_code == 200


# a file


def test_a_file_is_refused_with_every_place_at_which_it_would_name_somebody(db, tmp_path, time_machine):
    time_machine.move_to(NOW, tick=False)
    load(tmp_path, CLEAN)
    provider = Provider.objects.get()
    it_is_known(provider)
    with pytest.raises(CommandError) as refused:
        load(tmp_path, PLANTED)
    said = str(refused.value)
    for place in (
        "rules[1].then.wording",
        "clients[acme].retainers[support].name",
        "clients[acme].retainers[support].terms[1].scope",
        "clients[acme].retainers[support].terms[1].pools[support].name",
        "clients[acme].retainers[support].terms[1].pools[support].neutral_text",
        "clients[acme].retainers[support].terms[1].pools[projects].name",
        "clients[acme].retainers[support].terms[1].multipliers[after_hours].name",
        "clients[acme].retainers[support].terms[1].words.de.scope",
        "clients[acme].retainers[support].terms[1].words.de.pools.support",
        "clients[acme].retainers[support].terms[1].words.de.multipliers.after_hours",
        "clients[acme].retainers[support].terms[1].words.de.neutral_texts.support",
        "clients[acme].retainers[support].rules[1].then.wording",
        "clients[acme].retainers[support].top_ups[1].note",
        "clients[acme].retainers[support].adjustments[1].reason",
    ):
        assert f"{place}: “{SECRET}” is the name of a technician." in said
    assert len(said.splitlines()) == len(HELD_BACK)
    with tenant_scope(provider):
        assert SECRET not in str(Retainer.objects.get().version.document)


@pytest.mark.parametrize("name", HELD_BACK)
def test_each_text_of_a_file_is_refused_by_itself(db, tmp_path, time_machine, name):
    time_machine.move_to(NOW, tick=False)
    load(tmp_path, CLEAN)
    it_is_known(Provider.objects.get())
    with pytest.raises(CommandError, match="is the name of a technician"):
        load(tmp_path, CLEAN | {name: PLANTED[name]})


@pytest.mark.parametrize("key", ["pool", "retainer", "category"])
def test_a_key_that_names_somebody_is_refused(db, tmp_path, time_machine, key):
    time_machine.move_to(NOW, tick=False)
    it_is_known(Provider.objects.create(slug="north", name="North IT"))
    old = {"pool": 'key = "projects"', "retainer": 'key = "support"\nname', "category": '"after_hours"'}[key]
    new = old.replace("projects", "quarkmeyer_bank").replace("support", "quarkmeyer-bank")
    new = new.replace("after_hours", "zebulon_quarkmeyer")
    text = (
        FILE.format(**CLEAN)
        .replace(old, new)
        .replace("{ after_hours =", "{ zebulon_quarkmeyer =", key == "category")
    )
    (tmp_path / "agreements.toml").write_text(text)
    with pytest.raises(CommandError, match="clients read keys"):
        call_command("load_retainers", str(tmp_path / "agreements.toml"), stdout=StringIO())


def test_a_file_that_only_repeats_what_stands_is_loaded_again(north, tmp_path):
    it_is_known(north)
    load(tmp_path, PLANTED)
    with tenant_scope(north):
        assert Retainer.objects.get().version.number == 1


@pytest.mark.parametrize("field", ["name", "support_phone"])
def test_what_the_provider_calls_itself_is_looked_at_too(db, tmp_path, time_machine, field):
    time_machine.move_to(NOW, tick=False)
    text = FILE.format(**CLEAN).replace('name = "North IT"\n', 'name = "North IT"\nsupport_phone = "1"\n')
    old = 'name = "North IT"' if field == "name" else 'support_phone = "1"'
    (tmp_path / "agreements.toml").write_text(text.replace(old, f'{field} = "pw: Winter2026!"', 1))
    with pytest.raises(CommandError, match=rf"provider\.{field}"):
        call_command("load_retainers", str(tmp_path / "agreements.toml"), stdout=StringIO())


# forms


@pytest.fixture
def manager(north):
    it_is_known(north)
    member = MembershipFactory(provider=north, role=Role.OWNER)
    browser = Browser()
    browser.force_login(member.user)
    return browser


HOME = "/clients/acme/retainers/support"
NEW = f"Looked at by {SECRET} again"


def forms_with(north, text: str) -> dict[str, tuple[str, dict[str, object]]]:
    """Each form of ours with that text in a field that clients read: its address, and what is sent."""
    with tenant_scope(north):
        entry = Entry.objects.filter(retired_in=None).latest("day")
        asked = ClientRequest.objects.first()
        bought = f"{HOME}/grants/top_up/{TopUp.objects.earliest('pk').pk}"
    renew = {"last_day": "2026-06-30", "name": text, "check": "1"}
    settings = {
        "name": "North IT",
        "support_phone": "",
        "support_email": "",
        "timezone": "UTC",
        "date_order": "",
        "settles_after_days": "10",
        "accent": "",
    }
    grant = {"kind": "credit", "hours": "1", "date": "2026-06-22", "pool": "support", "expires": "cycle"}
    rule = {**row(0, "title", IS, "Patch*"), "do": "save"}
    return {
        "notice": (f"{HOME}/notice/", {"text": text}),
        "grant": (f"{HOME}/grants/add/", {**grant, "note": text, "check": "1"}),
        "correction": (f"{bought}/correct/", {**grant, "note": "Order 7", "why": text, "check": "1"}),
        "taking back": (f"{bought}/take-back/", {"reason": text}),
        "restatement": (f"{HOME}/statements/issue/", {"cycle": "2026-05-01", "reason": text}),
        "answer": (f"/requests/{asked.pk}/answer/", {"words": text}),
        "renewal": (f"{HOME}/renew/", renew),
        "settings": ("/settings/", {**settings, "support_phone": "pw: Winter2026!"}),
        "client": ("/clients/acme/edit/", {"name": "Acme, pw: Winter2026!"}),
        "wording": (
            "/admin/imports/wording/save/",
            {"words-1": text, "origins-1": str(entry.origin), "was-1": ""},
        ),
        "rule": (reverse("rule_new"), {**rule, "wording": text}),
    }


FORMS = (
    "notice",
    "grant",
    "correction",
    "taking back",
    "restatement",
    "answer",
    "renewal",
    "settings",
    "client",
    "wording",
    "rule",
)


@pytest.mark.parametrize("name", FORMS)
def test_a_form_that_would_say_it_is_stopped_and_shows_what_was_found(north, manager, name):
    path, said = forms_with(north, NEW)[name]
    answer = manager.post(path, said)
    assert answer.status_code == 422
    assert "<mark" in answer.text
    assert MARK not in answers(north)["page"].casefold()


def test_words_that_are_let_through_are_read_and_listed(north, manager):
    path, said = forms_with(north, NEW)["notice"]
    (key,) = re.findall(r'name="let_words" value="(\w+)"', manager.post(path, said).text)
    assert manager.post(path, {**said, "let_words": key}).status_code == 302
    assert NEW in answers(north)["page"]
    with tenant_scope(north):
        let = LetThrough.objects.get()
    assert (let.kind, let.text, let.client.slug) == ("words", NEW, "acme")


def test_a_tick_lets_through_the_words_that_were_shown_and_no_others(north, manager):
    path, said = forms_with(north, NEW)["notice"]
    (key,) = re.findall(r'name="let_words" value="(\w+)"', manager.post(path, said).text)
    changed = manager.post(path, {"text": f"{NEW}, pw: Winter2026!", "let_words": key})
    assert changed.status_code == 422
    assert "password" in changed.text


@pytest.mark.parametrize("field", ["name", "terms-0-scope", "terms-0-pools-0-name", "terms-0-kinds-0-name"])
def test_each_text_of_the_agreements_form_is_stopped(db, tmp_path, time_machine, field):
    time_machine.move_to(NOW, tick=False)
    load(tmp_path, CLEAN)
    provider = Provider.objects.get()
    it_is_known(provider)
    browser = Browser()
    browser.force_login(MembershipFactory(provider=provider, role=Role.MANAGER).user)
    page = browser.get(f"{HOME}/agreement/").text
    sent = fields_of(page) | {field: NEW, "do": "check"}
    answer = browser.post(f"{HOME}/agreement/", sent)
    assert answer.status_code == 422
    assert "<mark" in answer.text
    again = browser.post(f"{HOME}/agreement/", fields_of(page) | {"do": "check"})
    assert again.status_code == 200


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send of the agreement's form as it stands."""
    form = page[page.index('<form class="agreement') :]
    found = dict(re.findall(r'<input[^>]*? name="([^"]+)"[^>]*? value="([^"]*)"', form))
    found |= dict(re.findall(r'<textarea[^>]*? name="([^"]+)"[^>]*>([^<]*)<', form))
    for name, options in re.findall(r'<select[^>]*? name="([^"]+)"[^>]*>([\s\S]*?)</select>', form):
        chosen = re.search(r'value="([^"]*)"[^>]* selected', options)
        found[name] = chosen.group(1) if chosen else ""
    return {name: value for name, value in found.items() if name not in ("do", "requests", "updates_on")}
