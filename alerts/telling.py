"""Alerts: each crossing, each close past a threshold, each end of hours and each long incident is told once.

What is told is written down before, under a key that the database keeps unique: two runs at the same time, and
any number of runs afterwards, tell it once. Where several thresholds are reached at once, one mail names the
highest. A closed cycle is looked at until it is settled; what changes it later is a restatement, and no alarm.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import get_language

from accounts.access import zone_of
from accounts.models import Provider
from alerts import consents
from alerts.crossings import Occasion, Reached, Told, occasions, owed, reached, threshold, told_of
from alerts.models import Consent, Crossing
from alerts.posting import Said, post_alert, post_to_contact, post_to_members
from alerts.said import close_said, crossing_said, ending_said
from desk.incidents.figures import IncidentCase, incident_cases, marks_of
from desk.incidents.page import incident_title
from presentation.accounts import accounts
from presentation.phrases import hours
from retainers.closings import Closings, closings
from retainers.endings import ENDING_SOON, endings
from retainers.gate.known import read_gate
from retainers.kept.reading import work_of_hidden_pools
from retainers.models import Retainer
from retainers.selectors import Standing, in_language, retainers_of, standings, without_hidden

Known = dict[tuple[int, str, date], list[str]]  # what was written down, by retainer, account and cycle


def tell_crossings(provider: Provider, at: datetime) -> int:
    """Write down what was reached since the last time and mail it; how many crossings were new."""
    known = _known()
    told = 0
    for standing, closed in _standings(provider, at):
        for occasion in _occasions(standing, closed):
            before = _told(known, standing, occasion)
            fresh = owed(occasion.account, standing.agreement.alerts, before)
            if fresh:
                about = (occasion.account.key, occasion.since)
                written = [threshold(each, occasion.account) for each in fresh]
                said = _said(standing, occasion, fresh[-1])
                theirs = _for_client(standing, closed, occasion, fresh[-1])
                told += _tell(provider, standing, about, written, (said, theirs), at)
        told += _tell_endings(provider, standing, known, at)
        told += _tell_incidents(provider, standing, known, at)
    return told


@transaction.atomic
def agree(consent: Consent, at: datetime) -> None:
    """From now on alerts are mailed there, and at once what was told to others and still stands."""
    consents.agree(consent, at)
    consent.refresh_from_db()
    if not consent.client.contacts.filter(alerts=True, email=consent.email).exists():
        return
    known = _known()
    for whole, closed in _standings(consent.provider, at, [consent.client.slug]):
        standing = without_hidden(whole)
        for occasion in _occasions(standing, closed):
            found = reached(occasion.account, standing.agreement.alerts)
            if found and not occasion.cycle.closed and _told(known, standing, occasion):
                key = f"agreed:{consent.pk}:{at.isoformat()}:{standing.retainer.pk}:{occasion.account.key}"
                said = _for_client(whole, closed, occasion, found[-1])
                if said is not None:
                    post_to_contact(consent.provider, standing, consent, key, said)


def _known() -> Known:
    known: Known = defaultdict(list)
    rows = Crossing.objects.order_by().values_list("retainer_id", "account", "cycle_starts", "threshold")
    for retainer_id, account, starts, written in rows:
        known[retainer_id, account, starts].append(written)
    return known


def _standings(
    provider: Provider, at: datetime, slugs: Sequence[str] | None = None
) -> list[tuple[Standing, Closings]]:
    """Every retainer of which something was imported, with what is known of its closed cycles."""
    zone = zone_of(provider)
    today, gate = at.astimezone(zone).date(), read_gate(provider)
    rows, wanted = retainers_of(slugs), work_of_hidden_pools
    found = standings(rows, on=today, zone=zone, gate=gate, with_hidden=True, wanted=wanted)
    imported = [each for each in found if each.freshness.through is not None]
    closed = closings(imported, provider)
    return [(each, closed[each.retainer.pk]) for each in imported]


def _occasions(standing: Standing, closed: Closings) -> tuple[Occasion, ...]:
    settled = [starts for starts, closing in closed.items() if closing.is_settled(standing.on)]
    return occasions(standing.agreement, standing.cycles, settled)


def _told(known: Known, standing: Standing, occasion: Occasion) -> Told:
    return told_of(known.get((standing.retainer.pk, occasion.account.key, occasion.since), ()))


@transaction.atomic
def _tell(
    provider: Provider,
    standing: Standing,
    about: tuple[str, date],
    written: Sequence[str],
    said: tuple[Said, Said | None],
    at: datetime,
) -> int:
    """Write down what is new of one account in one cycle (`about`), and mail it; how much was new.

    `said` to members, and to the client; None where it is nothing that the client sees.
    """
    made = [each for each in written if _remember(standing.retainer, about, each, at)]
    if made:
        account, since = about
        post_alert(provider, standing, f"{standing.retainer.pk}:{account}:{since}:{made[-1]}", *said)
    return len(made)


def _said(standing: Standing, occasion: Occasion, highest: Reached) -> Said:
    if occasion.cycle.closed:
        return partial(close_said, standing, occasion)
    return partial(crossing_said, standing, occasion, highest)


def _for_client(standing: Standing, closed: Closings, occasion: Occasion, highest: Reached) -> Said | None:
    """The same in what the client sees; None where the pool is hidden from the client."""
    about = occasion.account.key, occasion.since

    def said() -> dict[str, Any]:
        shown = in_language(without_hidden(standing), get_language() or "")
        same = (each for each in _occasions(shown, closed) if (each.account.key, each.since) == about)
        return _said(shown, next(same), highest)()

    keys = {(each.account.key, each.since) for each in _occasions(without_hidden(standing), closed)}
    return said if about in keys else None


def _tell_endings(provider: Provider, standing: Standing, known: Known, at: datetime) -> int:
    """Hours that end within fourteen days, each day once."""
    cycle, about, told = standing.current, ("", standing.agreement.starts), 0
    for ending in endings(cycle, standing.agreement) if cycle else ():
        written, days = f"ends:{ending.on}", ending.on - standing.on
        if timedelta() <= days <= ENDING_SOON and written not in known.get(
            (standing.retainer.pk, *about), ()
        ):
            said = partial(ending_said, standing, ending), _ending_for_client(standing, ending.on)
            told += _tell(provider, standing, about, [written], said, at)
    return told


def _ending_for_client(standing: Standing, on: date) -> Said | None:
    shown = without_hidden(standing)
    same = (
        (each for each in endings(shown.current, shown.agreement) if each.on == on) if shown.current else ()
    )
    return next((partial(ending_said, shown, each) for each in same), None)


def _remember(retainer: Retainer, about: tuple[str, date], written: str, at: datetime) -> bool:
    """Write the crossing down; False where it stands already."""
    account, starts = about
    _, created = Crossing.objects.get_or_create(
        retainer=retainer,
        account=account,
        cycle_starts=starts,
        threshold=written,
        defaults={"reached_at": at},
    )
    return bool(created)


def _tell_incidents(provider: Provider, standing: Standing, known: Known, at: datetime) -> int:
    """Long incidents, where the agreement names how long that is; for members only."""
    cycle, limit = standing.current, standing.agreement.incident_alert_hours
    if cycle is None or cycle.closed or limit is None:
        return 0
    told = known.get((standing.retainer.pk, "", cycle.starts), ())
    found = incident_cases(cycle, accounts(standing.cycles, cycle), marks_of(standing), limit)
    fresh = [
        each
        for each in found
        if each.alerts
        and f"incident:{each.mark}" not in told
        and _remember(standing.retainer, ("", cycle.starts), f"incident:{each.mark}", at)
    ]
    for each in fresh:
        _mail_incident(
            provider, standing, each, f"incident:{standing.retainer.pk}:{cycle.starts}:{each.mark}"
        )
    return len(fresh)


def _mail_incident(provider: Provider, standing: Standing, case: IncidentCase, key: str) -> None:
    client = standing.retainer.client
    context = {
        "client": client.name,
        "title": incident_title(case),
        "hours": hours(case.hours),
        "left_before": hours(case.left_before),
        "path": reverse("incident", args=[client.slug, standing.agreement.key, case.mark]),
    }
    post_to_members(provider, "alerts", "incident", key, context)
