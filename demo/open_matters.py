"""What is open at the demo's first provider today, so that every state of the desk can be looked at.

Requests open, answered and approved, a reader who wants mails, an incident that runs, a month that is stated, invoiced
and closed, a mail that came back, a webhook that doesn't answer, a push that was refused. All of it happens once, when
the demo is first loaded, through the services; the file says who asks for what (`demo.matters`).
"""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import F

from accounts import keys
from accounts.models import ApiKey, OutboxMail, User
from accounts.providers import existing
from accounts.services import find_user
from alerts import watches
from alerts.hooks import keeping
from alerts.hooks.models import Delivery, Event, Webhook
from alerts.models import Watch
from demo.calendar import DAY, month_from, said_at
from demo.scenario import Scenario, Table
from desk.month_end.lines import MonthLine, lines_of_month
from imports.publishing.source_rows import mark_of_ticket
from portal import asking
from portal.approval_by_mail import confirm
from portal.models import ClientRequest, ShareLink
from retainers import granting
from retainers.living import begun, start_live
from retainers.models import Retainer
from retainers.restating.writing import Consent
from retainers.selectors import retainers_of, standings
from retainers.settling import months
from retainers.settling.acts import seen_of
from retainers.settling.invoicing import mark_invoiced
from retainers.statements import issue_all
from retainers.terms import Adjustment

CAME_BACK = "{recipient}: 550 5.1.1 mailbox unavailable"
GONE_DARK = "No answer: the connection was refused."
TRIED_FOR, TRIES = 3 * DAY, 22
SOON_AFTER = timedelta(seconds=20)


def happen(scenario: Scenario, now: datetime) -> None:
    """All of it, with the provider in scope; nothing where it has happened."""
    matters = scenario.demo.get("matters")
    if matters is None or ClientRequest.objects.exists():
        return
    manager, owner = (find_user(scenario.demo[role]) for role in ("manager", "owner"))
    for table in matters["requests"]:
        _ask(scenario, table, manager, now)
    _wish(matters["watch"], now)
    _run_an_incident(matters["incident"], manager, now)
    _close_a_month(scenario, owner, now)
    _send_mails(scenario, matters["comes_back"], now)
    _call_webhooks(matters["webhooks"], owner, now)
    _refuse_a_push(scenario.demo["schedule"], now)


def _retainer(table: Table) -> Retainer:
    row: Retainer = retainers_of([table["client"]]).get(key=table["retainer"])
    return row


def _link(table: Table) -> ShareLink:
    row: ShareLink = ShareLink.objects.filter(client__slug=table["client"], revoked_at=None).order_by("pk")[0]
    return row


def _ask(scenario: Scenario, table: Table, manager: User | None, now: datetime) -> None:
    """One request; what became of it, where anything did."""
    at, retainer = now - timedelta(hours=table["ago"]), _retainer(table)
    hours = Decimal(table["hours"]) if "hours" in table else None
    asked = asking.RequestDetails(table["kind"], hours, table["name"], table["email"], table.get("text", ""))
    is_overage = table["kind"] == ClientRequest.Kind.OVERAGE
    cycle = _running_since(scenario, retainer, now) if is_overage else None
    with said_at(at):
        made = asking.ask(link=_link(table), retainer=retainer, cycle_starts=cycle, asked=asked, at=at)
    if "answer" in table and manager is not None:
        _answer(made, table["answer"], manager, at + timedelta(hours=3))
    if table.get("confirmed"):
        with said_at(now):
            confirm(request=made, at=now)


def _answer(made: ClientRequest, words: str, manager: User, at: datetime) -> None:
    with said_at(at):
        asking.answer(request=made, words=words, by=manager, at=at)


def _running_since(scenario: Scenario, retainer: Retainer, now: datetime) -> date | None:
    """The first day of the cycle that runs."""
    (standing,) = standings([retainer], on=now.astimezone(scenario.zone).date(), zone=scenario.zone)
    return standing.current.starts if standing.current else None


def _wish(table: Table, now: datetime) -> None:
    """A reader asks to be told by mail, and confirms it."""
    at, retainer = now - 3 * DAY, _retainer(table)
    wish = watches.Wish(
        retainer, table.get("pool", ""), Watch.When.HOURS, table["hours"] * 100, table["email"], "demo"
    )
    with said_at(at):
        watches.ask(link=_link(table), wish=wish, at=at)
        for watch in Watch.objects.filter(email=table["email"]):
            watches.confirm(watch, at)


def _run_an_incident(table: Table, manager: User | None, now: datetime) -> None:
    retainer = _retainer(table)
    mark = mark_of_ticket(retainer.client_id, table["ticket"])
    live = begun(
        now - timedelta(minutes=table["minutes"]), table["people"], frozenset(), table["ticket"], mark
    )
    start_live(retainer=retainer, live=live, pool=table.get("pool", ""), by=manager, at=now)


def _close_a_month(scenario: Scenario, owner: User | None, now: datetime) -> None:
    """The month before the last one: stated, invoiced, closed; what was billed first is given back since."""
    provider, today = existing(scenario.slug), now.astimezone(scenario.zone).date()
    month = month_from(today.replace(day=1), -2)
    lines = lines_of_month(month, today, scenario.zone)
    stated = [line.key for line in lines if line.may_be_stated]
    issue_all(provider=provider, cycles=stated, form=seen_of(stated).mark, by=owner, at=now)
    invoiced = [line.key for line in lines if line.may_be_invoiced]
    mark_invoiced(provider=provider, cycles=invoiced, form=seen_of(invoiced).mark, by=owner, at=now)
    form = months.seen_of(month).digest
    months.close_month(provider=provider, month=month, form=form, by=owner, at=now)
    billed = [line for line in lines if line.now.amount]
    for line in billed[:1]:
        _give_back(line, scenario.demo["matters"]["given_back"], owner, now)


def _give_back(line: MonthLine, reason: str, owner: User | None, now: datetime) -> None:
    """The hours that were billed, once the month was closed: what was stated and invoiced is not so any more."""
    retainer = retainers_of().get(pk=line.key.retainer)
    credit = Adjustment(line.ends, line.now.over, reason=reason)
    form = granting.seen_of(retainer, adjustments=[credit]).mark
    granting.grant_hours(
        retainer=retainer, adjustments=[credit], form=form, by=owner, at=now, agreed=Consent.to_all(reason)
    )


def _send_mails(scenario: Scenario, comes_back: str, now: datetime) -> None:
    """What has been written so far went out, but for the mails to one address."""
    waiting = OutboxMail.objects.filter(sent_at=None, provider__slug=scenario.slug)
    lost = waiting.filter(recipient=comes_back)
    back = F("created_at") + SOON_AFTER
    why = CAME_BACK.format(recipient=comes_back)
    lost.update(given_up_at=back, returned_at=back, attempts=1, last_error=why)
    waiting.filter(given_up_at=None).update(sent_at=F("created_at") + SOON_AFTER, attempts=1)


def _call_webhooks(tables: list[Table], owner: User | None, now: datetime) -> None:
    """A channel that is told, and a program that hasn't answered for three days."""
    for table in tables:
        added = now - 40 * DAY
        said = {name: table[name] for name in ("name", "kind", "address")}
        with said_at(added):
            webhook, _secret = keeping.add(**said, events=list(Event), by=owner, at=added)
        Webhook.objects.filter(pk=webhook.pk).update(since=now)  # what happened before is not told now
        for number in range(3):
            _deliver(webhook, number, now, answers=table["answers"])
        if table["answers"] and owner is not None:
            # it answers to nobody: what it is told is invented
            keeping.pause(webhook=webhook, by=owner, at=now)


def _refuse_a_push(schedule: Table, now: datetime) -> None:
    """Last night's, of the schedule that has sent nothing for a while."""
    for key in ApiKey.objects.filter(name=schedule["name"], revoked_at=None):
        keys.note_refused(key, schedule["refused"], now - timedelta(hours=5))


def _deliver(webhook: Webhook, number: int, now: datetime, *, answers: bool) -> None:
    """One of three deliveries, a day apart: taken, or given up."""
    at = now - (6 - number) * DAY
    row = Delivery(
        webhook=webhook,
        key=f"demo:{number}",
        event=Event.PUBLISHED,
        document={"data": {}, "path": "/"},
        happened_at=at,
        made_at=at,
        next_try_at=now,
    )
    if answers:
        row.sent_at, row.status, row.attempts = at, 200, 1
    else:
        row.given_up_at, row.attempts, row.last_error = at + TRIED_FOR, TRIES, GONE_DARK
    row.save()
