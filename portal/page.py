"""The balance page, finished: everything a client is shown, as strings and numbers ready to be printed.

`build_page` makes it from published facts, without a query or a clock. These classes are the allow-list of
the portal: a template can show what has a field here, or in the parts that it names, and nothing else. What
the parts say is made here in `portal` (the number's sum, the kinds of work, the log, what if, past cycles)
and worded by `presentation`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Unpack

from django.utils.translation import gettext as _

from portal import log
from portal import past_cycles as history
from portal.balance_sums import Sum, sums
from portal.kinds import Kinds, kinds
from portal.letterhead import Letterhead, letterhead
from portal.page_frame import Ways, calendar_words, open_ways, said_of_the_page
from portal.request_links import RequestLink, address, query, request_links
from portal.what_if import WhatIf, what_if
from presentation.accounts import Account, accounts
from presentation.approvals import approved_lines
from presentation.charts import Chart, chart
from presentation.closes import carried_lines, close_lines, ending_words
from presentation.days import dated, in_days
from presentation.facts import Asked, ProviderFacts, RetainerFacts
from presentation.granted import Granted, granted_lines
from presentation.headlines import NoticeWords, Number, Tracked, notice_words, numbers, owed, tracked
from presentation.pace import forecast_lines
from presentation.plain_terms import PlainTerms, plain_terms
from presentation.requested import RequestedList, requested_words
from presentation.restated import RestatedWords, restated_lines
from presentation.sentences import FreshnessWords, freshness, looking_back, period, renewal_lines, reset, tone
from presentation.when_kinds import when_lines
from retainers.balance import CycleBalance


@dataclass(frozen=True, slots=True)
class CyclePart:
    """What belongs to the shown cycle of a retainer; absent before the retainer starts."""

    name: str
    lead: Number
    others: tuple[Number, ...]
    tracked: tuple[Tracked, ...]
    owed: str
    lasts: tuple[str, ...]
    told: tuple[str, ...]
    reset_words: str
    reset_date: str
    reset_in: str
    restated: tuple[RestatedWords, ...]
    kinds: Kinds | None
    when: tuple[str, ...]
    scope: str
    what_if: WhatIf | None
    charts_title: str
    charts: tuple[Chart, ...]
    sums: tuple[Sum, ...]
    granted: tuple[Granted, ...]
    log: log.Log
    history: history.History
    terms: PlainTerms

    @property
    def numbers(self) -> tuple[Number, ...]:
        """Of all accounts, the one that leads first."""
        return (self.lead, *self.others)


@dataclass(frozen=True, slots=True)
class RetainerPart:
    """`key` also makes the sections' ids; `back_words` and `back_link` stand above an earlier cycle."""

    key: str
    name: str
    freshness: FreshnessWords
    notice: NoticeWords | None
    starts_words: str
    back_words: str
    back_link: str
    back_href: str
    json_href: str
    requests: tuple[RequestLink, ...]
    approvals: tuple[str, ...]
    requested: RequestedList
    cycle: CyclePart | None

    @property
    def approving(self) -> list[RequestLink]:
        """Where extra hours can be approved."""
        return [each for each in self.requests if each.kind == "overage"]

    @property
    def jumps(self) -> list[tuple[str, str]]:
        """Where a long page leads to within itself, where its log is folded."""
        cycle, key = self.cycle, self.key
        if cycle is None or not cycle.log.folds:
            return []
        parts = (
            (f"#ask-{key}", _("Before you call"), cycle.what_if),
            (f"#{cycle.log.part}", _("Work log"), True),
            (f"#sums-{key}", _("How the number is made up"), True),
            (f"#past-{key}", _("Cycle by cycle"), cycle.history.rows),
            (f"#terms-{key}", _("Your agreement"), True),
        )
        return [(href, words) for href, words, is_there in parts if is_there]


@dataclass(frozen=True, slots=True)
class BalancePage(Letterhead):
    client: str
    retainers: tuple[RetainerPart, ...]
    several: bool
    protection_href: str
    calendar_href: str
    calendar_words: str
    icon_href: str
    manifest_href: str
    tell_me_href: str
    renews: bool
    title: str
    closes: str
    read_words: str

    @property
    def keeps(self) -> list[tuple[str, str]]:
        """What a reader can ask the page for once and have from then on, each with its link."""
        told = _("Tell me by mail when hours run low, or when this page is updated")
        offered = ((self.tell_me_href, told), (self.calendar_href, self.calendar_words))
        return [(href, words) for href, words in offered if href]


def build_page(
    *,
    provider: ProviderFacts,
    client_name: str,
    retainers: Sequence[RetainerFacts],
    today: date,
    asked: Asked | None = None,
    closes_on: date | None = None,
    **ways: Unpack[Ways],
) -> BalancePage:
    """The whole page on `today`, the provider's local day.

    Of several retainers an earlier cycle's page shows the one that was asked for; every other page shows
    them all, in the order given. While an incident runs the page renews itself, unless something is asked of it.
    """
    asked = asked or Asked()
    several = len(retainers) > 1
    chosen = [each for each in retainers if asked.chooses(each.agreement)] if asked.cycle else retainers
    parts = tuple(_retainer(each, asked, today, several=several) for each in chosen)
    return BalancePage(
        **letterhead(provider),
        client=client_name,
        retainers=parts,
        several=len(chosen) > 1,
        **open_ways(ways, chosen, today),
        calendar_words=calendar_words(chosen),
        icon_href=provider.icon,
        **said_of_the_page(asked, _earlier(parts), closes_on, today),
        renews=asked == Asked() and any(part.notice is not None and part.notice.runs for part in parts),
    )


def _earlier(parts: Sequence[RetainerPart]) -> str:
    """The cycle that is looked back on."""
    return next((part.cycle.name for part in parts if part.back_href and part.cycle), "")


def _retainer(facts: RetainerFacts, asked: Asked, today: date, *, several: bool) -> RetainerPart:
    shown = facts.shown
    found = accounts(facts.cycles, shown) if shown else ()
    part = _cycle(facts, shown, found, asked, today, several=several) if shown else None
    return RetainerPart(
        key=facts.agreement.key,
        name=facts.agreement.name,
        freshness=freshness(facts, today),
        starts_words="" if shown else _starts(facts.agreement.starts, today),
        json_href=address("balance.json", query(facts, several)),
        approvals=approved_lines(facts.approvals, shown) if shown else (),
        cycle=part,
        **_way_back(facts),
        **_of_now(facts, found, asked, today, part),
    )


def _starts(on: date, today: date) -> str:
    return _("Starts on %(date)s, %(away)s.") % {"date": dated(on), "away": in_days(today, on)}


def _way_back(facts: RetainerFacts) -> dict[str, Any]:
    """Which cycle is looked back on, and the link to the page of now."""
    words, link = looking_back(facts, facts.shown) if facts.shown else ("", "")
    return {"back_words": words, "back_link": link, "back_href": address("", "") if words else ""}


def _of_now(
    facts: RetainerFacts, found: Sequence[Account], asked: Asked, today: date, part: CyclePart | None
) -> dict[str, Any]:
    """What runs, what can be asked for and what was: not told of an earlier cycle."""
    if not facts.is_current:
        return {"notice": None, "requests": (), "requested": requested_words((), today)}
    return {
        "notice": notice_words(facts.notice, found, today, facts.shown),
        "requests": request_links(facts, asked, part.what_if) if part else (),
        "requested": requested_words(facts.requests, today),
    }


def _headline(
    facts: RetainerFacts, shown: CycleBalance, found: Sequence[Account], today: date
) -> dict[str, Any]:
    """What stands first: which cycle it is, its numbers, and when it begins anew."""
    lead, *others = numbers(found, shown, facts.through, today)
    reset_words, reset_date, reset_in = reset(shown, today, facts.renewed)
    return {
        "name": period(facts, shown),
        "lead": lead,
        "others": tuple(others),
        "tracked": tracked(shown),
        "owed": owed(found, shown),
        "lasts": forecast_lines(facts, found, today),
        "told": _told(facts, shown, today),
        "reset_words": reset_words,
        "reset_date": reset_date,
        "reset_in": reset_in,
    }


def _cycle(
    facts: RetainerFacts,
    shown: CycleBalance,
    found: Sequence[Account],
    asked: Asked,
    today: date,
    *,
    several: bool,
) -> CyclePart:
    renewed_on = facts.renewed.starts if facts.renewed else None
    counted = kinds(facts, found)
    return CyclePart(
        **_headline(facts, shown, found, today),
        restated=restated_lines(facts.restated, log.pool_names(facts.run), is_block=facts.is_block),
        kinds=counted,
        when=when_lines(facts.clock, shown.terms, today) if counted else (),
        scope=shown.terms.scope.strip(),
        what_if=what_if(facts, found, asked, today),
        charts_title=_("Day by day") if shown.closed or facts.is_block else _("The cycle so far"),
        charts=_charts(facts, shown, found, log.filter_of(facts, asked).pool, today),
        sums=sums(facts.cycles, shown),
        granted=granted_lines(facts.grants, facts.agreement, facts.cycles, shown, today),
        log=log.work_log(facts, shown, asked, several=several),
        history=history.history(facts.cycles, shown, facts.agreement.key, facts.through),
        terms=plain_terms(facts.agreement, shown.terms, today, renewed_on),
    )


def _told(facts: RetainerFacts, shown: CycleBalance, today: date) -> tuple[str, ...]:
    """What stands beside the number: what of it ends, how the last cycle closed, what follows."""
    if not facts.is_current:
        return ()
    return (
        *ending_words(facts.endings, today),
        *close_lines(facts.cycles, today),
        *carried_lines(facts.cycles, facts.through),
        *renewal_lines(facts.renewed, shown, today),
    )


def _charts(
    facts: RetainerFacts, shown: CycleBalance, found: Sequence[Account], pool: str, today: date
) -> tuple[Chart, ...]:
    """A picture for each account, or for the pool that was chosen."""
    chosen = [account for account in found if account.key == pool] or found
    covered = facts.through or facts.run[0].starts
    drawn = (
        chart(account, facts.run, covered=covered, today=today, tone=tone(account, shown))
        for account in chosen
    )
    return tuple(drawn) if len(found) > 1 else tuple(replace(each, name="") for each in drawn)
