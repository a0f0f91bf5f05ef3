"""The mails that readers asked for: each crossing is told once, on the next tick after it.

A threshold is owed as in `crossings`: once for a cycle and the hours granted in it. An update is told once a day at
most. What is told is marked on the wish first, so that two runs at the same time tell it once.
"""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts import outbox
from accounts.access import zone_of
from accounts.models import Provider
from accounts.seal import unseal
from accounts.worked_out import WorkedOut
from alerts import watches
from alerts.crossings import Occasion, owed, threshold, told_of
from alerts.models import Watch
from alerts.posting import Said, asks
from alerts.said import crossing_said
from alerts.watch_words import reset_said, updated_said, watch_words
from portal.selectors import client_name, provider_name
from presentation.accounts import accounts, is_block
from retainers.balance import CycleBalance
from retainers.gate.known import Gate, read_gate
from retainers.hours import from_units
from retainers.kept.reading import no_earlier_work
from retainers.renewals import follower, life_of
from retainers.selectors import Standing, in_language, retainers_of, standings
from retainers.terms import AlertTerms

Event = tuple[str, Said]  # its mark, and what the mail says
# These are told from the next one on: what had happened when it was confirmed, the reader has seen.
BEGUN = (Watch.When.UPDATED, Watch.When.RESET)


def _wanted() -> QuerySet[Watch]:
    rows: QuerySet[Watch] = Watch.objects.filter(confirmed_at__isnull=False, ended_at=None)
    return rows.select_related("link__client__second_step", "link__provider", "retainer__client")


WANTED = WorkedOut(_wanted)


def tell_watches(provider: Provider, at: datetime) -> int:
    """Mail what readers asked to be told and what has come since; how many mails were new."""
    wanted = list(WANTED.rows())
    if not wanted:
        return 0
    zone, gate = zone_of(provider), read_gate(provider)
    slugs = sorted({each.link.client.slug for each in wanted})
    found = standings(
        retainers_of(slugs), on=at.astimezone(zone).date(), zone=zone, gate=gate, wanted=no_earlier_work
    )
    by_retainer = {each.retainer.pk: each for each in found}
    return sum(
        _tell(watch, _going_on(by_retainer[watch.retainer_id], found), gate)
        for watch in wanted
        if watch.retainer_id in by_retainer
    )


def _going_on(standing: Standing, found: Sequence[Standing]) -> Standing:
    """The agreement itself; once it is over, the one that goes on where it ended, whatever its key."""
    own = {
        each.agreement.key: each for each in found if each.retainer.client_id == standing.retainer.client_id
    }
    while standing.current is not None and standing.current.closed:
        lives = [(key, life_of(each.agreement)) for key, each in own.items()]
        key = follower(life_of(standing.agreement), lives)
        if key is None or own[key].current is None:
            break
        standing = own[key]
    return standing


def _tell(watch: Watch, standing: Standing, gate: Gate) -> int:
    standing = in_language(standing, watch.language or settings.LANGUAGE_CODE)
    event = _event(watch, standing)
    if event is None or event[0] == watch.told or not watches.stands(watch):
        return 0
    mark, said = event
    is_news = _is_news(watch)
    with transaction.atomic():
        if not Watch.objects.filter(pk=watch.pk, told=watch.told, ended_at=None).update(told=mark):
            return 0
        return int(_mailed(watch, standing, mark, said, gate)) if is_news else 0


def _is_news(watch: Watch) -> bool:
    """What had begun before anybody asked to be told is none."""
    return bool(watch.told) or watch.when not in BEGUN


def _mailed(watch: Watch, standing: Standing, mark: str, said: Said, gate: Gate) -> bool:
    provider, client = watch.provider, watch.link.client
    with override(watch.language or settings.LANGUAGE_CODE):
        wish = _("You asked for a mail when: %(wish)s.") % {"wish": watch_words(watch, gate)}
        words = said()
        context = {
            **words,
            "lines": [*words["lines"], wish],
            "provider": provider_name(provider, gate),
            "client": client_name(client, gate),
            "asks": asks(standing),
            "unsubscribe": watches.stop_path(watch),
        }
    return outbox.post(
        provider=provider,
        key=f"watch_told:{watch.pk}:{mark}",
        kind="watch_told",
        recipient=watch.email,
        context=context,
        secret=unseal(watch.link.sealed) or "",
        language=watch.language,
    )


def _event(watch: Watch, standing: Standing) -> Event | None:
    """What has come of the wish, where it has: nothing in a cycle that is over."""
    cycle = standing.current
    if cycle is None or cycle.closed or standing.freshness.through is None:
        return None
    if watch.when == Watch.When.UPDATED:
        return _update(watch, standing, cycle)
    if watch.when == Watch.When.RESET:
        mark = cycle.starts.isoformat()
        is_later = mark > watch.told  # in another time zone the cycle before may run again
        has_begun = is_later and not is_block(cycle.terms)
        return (mark, partial(reset_said, standing, cycle)) if has_begun else None
    return _crossing(watch, standing, cycle)


def _update(watch: Watch, standing: Standing, cycle: CycleBalance) -> Event | None:
    """Marked by its moment, of which the time zone of now says the day."""
    made, on = standing.publication.updated_at, standing.freshness.updated_on
    if made is None or on is None or (watch.told and _day_told(watch) >= on):
        return None
    return made.isoformat(), partial(updated_said, standing, cycle)


def _day_told(watch: Watch) -> date:
    """Of the update that was told last; an earlier release has marked it by its day alone."""
    made = datetime.fromisoformat(watch.told)
    return (made.astimezone(zone_of(watch.link.provider)) if made.tzinfo else made).date()


def _crossing(watch: Watch, standing: Standing, cycle: CycleBalance) -> Event | None:
    known = accounts(standing.cycles, cycle)
    is_renewed = standing.retainer.pk != watch.retainer_id
    account = next((a for a in known if a.key == watch.account or (is_renewed and len(known) == 1)), None)
    if account is None:
        return None
    since = standing.agreement.starts if is_block(cycle.terms) else cycle.starts
    before = told_of([_written(watch.told, since)]) if _written(watch.told, since) else {}
    found = owed(account, _threshold(watch), before)
    if not found:
        return None
    highest = found[-1]
    mark = f"{since} {threshold(highest, account)}"
    return mark, partial(crossing_said, standing, Occasion(cycle, account, since), highest)


def _threshold(watch: Watch) -> AlertTerms:
    if watch.when == Watch.When.HOURS:
        return AlertTerms((), from_units(watch.amount))
    return AlertTerms((100 - watch.amount,), None)


def _written(told: str, since: date) -> str:
    """The threshold that was told in the cycle that began on that day."""
    day, _space, written = told.partition(" ")
    return written if day == since.isoformat() else ""
