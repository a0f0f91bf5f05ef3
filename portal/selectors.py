"""The published facts behind a client's page: read in a fixed number of queries, however long the log is."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accounts.access import zone_of
from accounts.models import Provider
from accounts.tenancy import tenant_scope
from portal.changed_lines import ShownEntry
from portal.chosen import chosen, told_of
from portal.closed_cycles import Run, restated, runs_of, settling, stated
from portal.corrections import Corrections, corrections, entries_of
from portal.icons import icon_href
from portal.logo_ground import ground_of
from portal.look_views import logo_href, look_href
from portal.shown_log import Words, shown_log, since_in, taken_back_in
from portal.shown_notices import first_days, moment_of, notices, posted, posted_now, requests_shown
from presentation.accounts import is_block, run_of
from presentation.coverage import Covered, hours_after
from presentation.facts import Asked, Notice, ProviderFacts, RetainerFacts, shown_cycles
from presentation.phones import country_of
from presentation.requested import Requested
from presentation.restated import Restated
from presentation.uncharged import Uncharged, uncharged
from presentation.when_kinds import clock_of
from retainers.endings import endings
from retainers.gate.known import Gate, read_gate
from retainers.models import Client, Retainer
from retainers.models import Notice as PostedNotice
from retainers.renewals import Beginning, beginning, follower, life_of
from retainers.rule_books import with_rules
from retainers.selectors import Standing, retainers_of, standings


def page_retainers(client: Client) -> list[Retainer]:
    """The client's published retainers with their newest versions: the first query of every page."""
    return list(with_rules(retainers_of([client.slug])))


def page_facts(
    provider: Provider,
    retainers: list[Retainer],
    today: date,
    asked: Asked,
    *,
    as_published: bool = False,
    gate: Gate | None = None,
    has_requests: bool = True,
    with_hidden: bool = False,
) -> tuple[RetainerFacts, ...]:
    """What the page shows of each retainer, every text passed by the gate. `LookupError` for a cycle or retainer that
    there is not. `as_published`: what it said at the end of that day. `with_hidden`: for staff, with hidden pools."""
    reading = _Reading(provider, gate or read_gate(provider), zone_of(provider), today, asked)
    told = None if as_published else posted_now(retainers)
    found = reading.standings(retainers, told, as_published=as_published, with_hidden=with_hidden)
    if not found:
        raise LookupError("nothing is agreed with this client yet")
    renewed = _renewed(found)
    found = chosen(found, today, asked)
    shown = shown_cycles([(each.agreement, each.cycles) for each in found], asked)
    runs = runs_of(found, shown)
    said = _said(reading, found, runs, told)
    said = replace(said, renewed=renewed, settles=settling(found, shown, today, provider))
    if has_requests and not as_published:
        said = replace(said, requests=requests_shown(found, reading.zone, reading.gate))
    return tuple(_facts(each, run, said) for each, run in zip(found, runs, strict=True))


@dataclass(frozen=True, slots=True)
class _Reading:
    """Whose page is read, for which day, what the reader asks of it, and what every text of it passes."""

    provider: Provider
    gate: Gate
    zone: ZoneInfo
    today: date
    asked: Asked

    def standings(
        self,
        retainers: list[Retainer],
        told: Sequence[PostedNotice] | None,
        *,
        as_published: bool,
        with_hidden: bool,
    ) -> list[Standing]:
        """`told`: the notices, for whose incidents the work is read; None where all work is."""
        since = {} if told is None else first_days(told, self.zone)
        return standings(
            retainers,
            on=self.today,
            zone=self.zone,
            as_published=as_published,
            gate=self.gate,
            with_hidden=with_hidden,
            wanted=None if told is None else partial(told_of, asked=self.asked, since=since),
        )


@dataclass(frozen=True, slots=True)
class _Said:
    """Words by entry; the rest by retainer: notices, corrections by cycle, the first days of stated cycles.

    `settles`: when the shown cycle, which is over and complete, will be settled. `asked`: the year of a
    long log, for one.
    """

    words: dict[int, Words]
    notices: dict[int, Notice]
    corrections: dict[int, dict[int, Corrections]]
    stated: dict[int, set[date]]
    restated: dict[int, tuple[Restated, ...]]
    uncharged: dict[int, tuple[Uncharged, ...]]
    zone: ZoneInfo
    asked: Asked
    provider: Provider
    settles: dict[int, date] = field(default_factory=dict)
    renewed: dict[int, Beginning] = field(default_factory=dict)
    requests: dict[int, tuple[Requested, ...]] = field(default_factory=dict)


def _said(
    reading: _Reading, found: Sequence[Standing], runs: Sequence[Run], told: Sequence[PostedNotice] | None
) -> _Said:
    """What stands beside the figures of the shown cycles. `told`: the notices, where they were read already."""
    gate, zone, slug = reading.gate, reading.zone, found[0].retainer.client.slug
    entries = entries_of((each.publication, run) for each, run in zip(found, runs, strict=True) if run)
    words = {
        each.pk: Words(gate.out(each.wording, slug), each.incident, each.person, each.clock, each.day)
        for each in entries
    }
    hung_out = posted([each.publication for each in found]) if told is None else told
    return _Said(
        words=words,
        notices=notices(hung_out, found, words, gate, zone, moment_of(reading.today, zone)),
        corrections=_corrections(found, runs, entries, reading.provider),
        stated=stated(found, runs),
        restated=restated(found, runs, gate, zone),
        uncharged=_uncharged(found, runs, reading.provider, gate),
        zone=zone,
        asked=reading.asked,
        provider=reading.provider,
    )


def provider_facts(provider: Provider, gate: Gate | None = None) -> ProviderFacts:
    """Who the provider is and how to reach it, as far as clients may read it."""
    if gate is None:
        with tenant_scope(provider):
            gate = read_gate(provider)
    return ProviderFacts(
        name=provider_name(provider, gate),
        phone=gate.out_own(provider.support_phone),
        email=gate.out_own(provider.support_email),
        look=look_href(provider),
        logo=logo_href(provider),
        logo_ground=ground_of(bytes(provider.logo)),
        icon=icon_href(provider),
        country=country_of(provider.timezone),
        states_fee=provider.states_fee,
    )


def provider_name(provider: Provider, gate: Gate) -> str:
    """What the provider is called on its clients' pages and in its mails to them."""
    return gate.out_own(provider.name, instead=_("Your support"))


def client_name(client: Client, gate: Gate) -> str:
    """What the client is called on its own page."""
    return gate.out_own(client.name, client.slug, _("Your company"))


def _corrections(
    found: Sequence[Standing], runs: Sequence[Run], entries: Sequence[ShownEntry], provider: Provider
) -> dict[int, dict[int, Corrections]]:
    """What changed in the shown cycles, by their index."""
    by_retainer = defaultdict(list)
    for entry in entries:
        by_retainer[entry.retainer_id].append(entry)
    return {
        pk: corrections(by_retainer[pk], each.publication, run, provider, each.on)
        for each, run in zip(found, runs, strict=True)
        for pk in [each.retainer.pk]
        if run
    }


def _covered(standing: Standing, run: Run, settles_on: date | None) -> Covered:
    """What there is to say of the covered days: of an earlier cycle only what lies in it."""
    shown = run[-1]
    fresh, names = standing.freshness, {pool.key: pool.name for pool in shown.terms.pools}
    pools = tuple((key, names[key], day) for key, day in fresh.by_pool.items() if key in names)
    is_current = standing.current is not None and shown.index == standing.current.index
    return Covered(
        pools=pools,
        starts_on=fresh.coverage.starts_in(names, (run[0].starts, shown.ends)),
        gaps=tuple(gap for gap in fresh.gaps if is_current or _touch(gap, run)),
        later_hours=hours_after(fresh.through, run),
        open_until=settles_on,
        of_life=is_block(shown.terms),
    )


def _touch(span: tuple[date, date], run: Run) -> bool:
    return span[0] <= run[-1].ends and span[1] >= run[0].starts


def _renewed(found: list[Standing]) -> dict[int, Beginning]:
    """What each retainer goes on with where another follows it without a gap."""
    lives = {each.agreement.key: life_of(each.agreement) for each in found}
    by_key = {each.agreement.key: each for each in found}
    keys = {each.retainer.pk: follower(lives[each.agreement.key], lives.items()) for each in found}
    return {
        pk: beginning(by_key[key].agreement, by_key[key].top_ups, by_key[key].adjustments)
        for pk, key in keys.items()
        if key
    }


def _uncharged(
    found: Sequence[Standing], runs: Sequence[Run], provider: Provider, gate: Gate
) -> dict[int, tuple[Uncharged, ...]]:
    """What was left out of the shown cycles, as far as the provider shows it."""
    told = provider.shows_uncharged
    pairs = zip(found, runs, strict=True) if told else ()
    return {each.retainer.pk: uncharged(run, told, gate, each.retainer.client.slug) for each, run in pairs}


def _facts(standing: Standing, run: Run, said: _Said) -> RetainerFacts:
    fresh, pk = standing.freshness, standing.retainer.pk
    current, shown = standing.current, run[-1] if run else None
    return RetainerFacts(
        agreement=standing.agreement,
        cycles=standing.cycles,
        shown=shown,
        through=fresh.through,
        next_update=fresh.next_update,
        late=fresh.late,
        first_days=_nothing_of_it_is_in(standing),
        provisional=shown is not None and standing.is_provisional(shown),
        notice=said.notices.get(pk),
        approvals=tuple(each for each in standing.approvals if shown and each.cycle == shown.starts),
        stated=tuple(cycle for cycle in run if cycle.starts in said.stated.get(pk, ())),
        restated=said.restated.get(pk, ()),
        covered=_covered(standing, run, said.settles.get(pk)) if run else Covered(),
        renewed=said.renewed.get(pk),
        endings=endings(current, standing.agreement) if current else (),
        awaited_since=_awaited_since(standing, said.zone),
        uncharged=said.uncharged.get(pk, ()),
        grants=(*standing.top_ups, *standing.adjustments),
        requests=said.requests.get(standing.retainer.pk, ()),
        clock=clock_of(standing.retainer, standing.agreement, said.provider),
        hidden=standing.hidden,
        **_log_facts(standing, run, said),
    )


def _log_facts(standing: Standing, run: Run, said: _Said) -> dict[str, Any]:
    """The log of the shown cycles, and what has changed in it."""
    changed = said.corrections.get(standing.retainer.pk, {})
    year = said.asked.year if said.asked.chooses(standing.agreement) else ""
    log = shown_log(run, said.words, changed, year)
    return {
        "log": log.lines,
        "years": log.years,
        "year": log.year,
        "taken_back": taken_back_in(changed.values()),
        "since": since_in(changed.values()),
    }


def _nothing_of_it_is_in(standing: Standing) -> bool:
    """Whether the current cycle is neither covered nor has work of later days in already; of a block, its life."""
    through, current = standing.freshness.through, standing.current
    if current is None:
        return False
    run = run_of(standing.cycles, current)
    if through is not None and through >= run[0].starts:
        return False
    return not any(draw.reason is None and draw.hours for cycle in run for draw in cycle.draws)


def _awaited_since(standing: Standing, zone: ZoneInfo) -> date | None:
    """From when on the first import is awaited: since the agreement runs and its page stands; None once it came."""
    if standing.freshness.updated_on is not None:
        return None
    return max(standing.agreement.starts, standing.publication.made_at.astimezone(zone).date())
