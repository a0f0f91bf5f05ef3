"""Alerts: each crossing, each close past a threshold, each end of hours and each long incident is told once.

What is told is written down before, under a key that the database keeps unique: two runs at the same time, and
any number of runs afterwards, tell it once. Where several thresholds are reached at once, one mail names the
highest. A closed cycle is looked at until it is settled; what changes it later is a restatement, and no alarm.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import get_language

from accounts.access import zone_of
from accounts.models import Provider
from alerts import consents
from alerts.crossings import Occasion, Reached, Told, occasions, owed, reached, threshold, told_of
from alerts.looked_at import done, looked_at, settles_now, to_look_at
from alerts.models import Consent, Crossing
from alerts.posting import Said, post_alert, post_to_contact, post_to_members
from alerts.said import close_said, crossing_said, ending_said
from desk.incidents.figures import IncidentCase, incident_cases, marks_of
from desk.incidents.page import incident_title
from presentation.accounts import accounts
from presentation.phrases import hours
from retainers.closings import Closings, closings
from retainers.endings import ENDING_SOON, Ending, endings
from retainers.gate.known import read_gate
from retainers.kept.reading import work_of_hidden_pools
from retainers.models import Retainer
from retainers.published_rows import AT_ONCE
from retainers.selectors import Standing, in_language, retainers_of, standings, without_hidden

Known = dict[tuple[int, str, date], list[str]]  # what was written down, by retainer, account and cycle


def tell_crossings(provider: Provider, at: datetime) -> int:
    """Write down what was reached since the last time and mail it; how many crossings were new.

    What was looked at today, and stands as it did, is not looked at again.
    """
    settles, today = settles_now(provider), at.astimezone(zone_of(provider)).date()
    rows = to_look_at(provider, today, settles)
    if not rows:
        return 0
    told = _told_of(provider, rows, at)
    looked_at(provider, today, settles, [(row.pk, row.publication) for row in rows if row.publication])
    return told


def untold(provider: Provider) -> Iterator[str]:
    """The agreements that were looked at today, as it is said, and of which something is left to tell."""
    at = now()
    rows = done(provider, at.astimezone(zone_of(provider)).date(), settles_now(provider))
    found = list(retainers_of().filter(pk__in=rows.values("retainer")))
    known = _known(found)
    for standing, closed in _standings(provider, at, found):
        if _is_owed(standing, closed, known):
            yield f"{standing.retainer.client.slug}/{standing.retainer.key}"


def _is_owed(standing: Standing, closed: Closings, known: Known) -> bool:
    reached_anew = (
        owed(each.account, standing.agreement.alerts, _told(known, standing, each))
        for each in _occasions(standing, closed)
    )
    return any(reached_anew) or bool(_endings(standing, known) or _long_incidents(standing, known))


def _told_of(provider: Provider, rows: Sequence[Retainer], at: datetime) -> int:
    known, told = _known(rows), 0
    for standing, closed in _standings(provider, at, rows):
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
    rows = list(retainers_of([consent.client.slug]))
    known = _known(rows)
    for whole, closed in _standings(consent.provider, at, rows):
        standing = without_hidden(whole)
        for occasion in _occasions(standing, closed):
            found = reached(occasion.account, standing.agreement.alerts)
            if found and not occasion.cycle.closed and _told(known, standing, occasion):
                key = f"agreed:{consent.pk}:{at.isoformat()}:{standing.retainer.pk}:{occasion.account.key}"
                said = _for_client(whole, closed, occasion, found[-1])
                if said is not None:
                    post_to_contact(consent.provider, standing, consent, key, said)


def _known(retainers: Collection[Retainer]) -> Known:
    """What was written down of these retainers."""
    known: Known = defaultdict(list)
    rows = Crossing.objects.order_by().values_list("retainer_id", "account", "cycle_starts", "threshold")
    if len(retainers) <= AT_ONCE:
        rows = rows.filter(retainer__in=retainers)
    for retainer_id, account, starts, written in rows:
        known[retainer_id, account, starts].append(written)
    return known


def _standings(provider: Provider, at: datetime, rows: Sequence[Retainer]) -> list[tuple[Standing, Closings]]:
    """Those of these retainers of which something was imported, with what is known of their closed cycles."""
    zone = zone_of(provider)
    today, gate = at.astimezone(zone).date(), read_gate(provider)
    found = standings(rows, on=today, zone=zone, gate=gate, with_hidden=True, wanted=work_of_hidden_pools)
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
    about, told = ("", standing.agreement.starts), 0
    for ending in _endings(standing, known):
        said = partial(ending_said, standing, ending), _ending_for_client(standing, ending.on)
        told += _tell(provider, standing, about, [_ends(ending)], said, at)
    return told


def _endings(standing: Standing, known: Known) -> list[Ending]:
    """Those that are near and were not told."""
    if standing.current is None:
        return []
    before = known.get((standing.retainer.pk, "", standing.agreement.starts), ())
    return [
        ending
        for ending in endings(standing.current, standing.agreement)
        if timedelta() <= ending.on - standing.on <= ENDING_SOON and _ends(ending) not in before
    ]


def _ends(ending: Ending) -> str:
    return f"ends:{ending.on}"


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
    fresh = _long_incidents(standing, known)
    for each in fresh:
        starts = standing.cycles[-1].starts
        if _remember(standing.retainer, ("", starts), f"incident:{each.mark}", at):
            key = f"incident:{standing.retainer.pk}:{starts}:{each.mark}"
            _mail_incident(provider, standing, each, key)
    return len(fresh)


def _long_incidents(standing: Standing, known: Known) -> list[IncidentCase]:
    """Those of the cycle that runs that were not told."""
    cycle, limit = standing.current, standing.agreement.incident_alert_hours
    if cycle is None or cycle.closed or limit is None:
        return []
    told = known.get((standing.retainer.pk, "", cycle.starts), ())
    found = incident_cases(standing, cycle, accounts(standing.cycles, cycle), marks_of(standing))
    return [each for each in found if each.alerts and f"incident:{each.mark}" not in told]


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
