"""The page for other programs: the same figures as JSON (contract.md, "Share links"). The CSV is `log_csv`."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import translation

from portal.estimates import estimate_json
from presentation.accounts import Account, accounts, spendable
from presentation.facts import LogEntry, Notice, ProviderFacts, RetainerFacts
from presentation.headlines import account_of
from presentation.live_words import title_of
from presentation.uncharged import Uncharged
from retainers.balance import CycleBalance, Draw
from retainers.blocks import life_of_block
from retainers.hours import ZERO, round_half_up, write_factor, write_hours
from retainers.terms import Terms
from retainers.wire import block_json, coverage_json, cycle_json


def balance_json(
    provider: ProviderFacts, client_name: str, retainers: Sequence[RetainerFacts]
) -> dict[str, Any]:
    """The whole page in figures; hours are strings with two decimals."""
    return {
        "client": client_name,
        "provider": provider.name,
        "retainers": [_retainer_json(facts) for facts in retainers],
    }


def _retainer_json(facts: RetainerFacts) -> dict[str, Any]:
    shown = facts.shown
    return {
        "retainer": facts.agreement.key,
        "name": facts.agreement.name,
        "cycle": _cycle_json(shown, facts) if shown else None,
        "left": _left_json(facts),
        "renewed": _renewed_json(facts),
        "through": _iso(facts.through),
        "next_update": _iso(facts.next_update),
        **_coverage_json(facts),
        "late": facts.late,
        "notice": _notice_json(facts),
        "estimate": _estimate_json(facts),
        "approved_overage": write_hours(shown.approved) if shown and facts.approvals else None,
        **_block_json(facts),
        "not_charged": [_uncharged_json(each) for each in facts.uncharged],
        "log": [_line_json(entry, entry.terms or shown.terms) for entry in facts.log] if shown else [],
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _block_json(facts: RetainerFacts) -> dict[str, Any]:
    """Of a prepaid block its life up to what is shown, which the log adds up to, or one year of it."""
    life = life_of_block(facts.run, facts.agreement) if facts.is_block else None
    return {} if life is None else {"block": block_json(life), "log_year": facts.year}


def _left_json(facts: RetainerFacts) -> dict[str, str]:
    """What can be spent today, by account (`""` where it is one): nothing of an agreement that is over."""
    if not facts.cycles:
        return {}
    last = facts.cycles[-1]
    return {each.key: write_hours(spendable(each, last)) for each in accounts(facts.cycles, last)}


def _renewed_json(facts: RetainerFacts) -> dict[str, str] | None:
    renewed = facts.renewed
    if renewed is None:
        return None
    return {
        "retainer": renewed.key,
        "on": renewed.starts.isoformat(),
        "hours": write_hours(renewed.allocated),
        "brought": write_hours(renewed.brought),
    }


def _cycle_json(shown: CycleBalance, facts: RetainerFacts) -> dict[str, object]:
    own = (
        each
        for each in facts.restated
        if (each.before or each.after or {}).get("starts") == shown.starts.isoformat()
    )
    days = sorted({each.on for each in own})
    return cycle_json(shown, provisional=facts.provisional, restated_on=days)


def _coverage_json(facts: RetainerFacts) -> dict[str, Any]:
    covered = facts.covered
    by_pool = {key: through for key, _name, through in covered.pools}
    return coverage_json(by_pool, covered.starts_on, covered.gaps)


def _notice_json(facts: RetainerFacts) -> dict[str, Any] | None:
    """The notice and what its pending hours would leave, in the account that it is about."""
    notice = facts.notice
    if notice is None or not facts.is_current or facts.shown is None:
        return None
    about = account_of(notice, accounts(facts.cycles, facts.shown))
    return {
        "text": _text(notice),
        "since": _iso(notice.day),
        "pool": about.key,
        **_pending_json(notice.pending_hours, about),
    }


def _pending_json(pending: Decimal | None, about: Account) -> dict[str, str | None]:
    """Hours that are still to come, and what they would leave; all None where nobody says how many."""
    if pending is None:
        return {"pending_hours": None, "would_remain": None, "would_be_over": None}
    left = about.remaining - about.overage - pending
    return {
        "pending_hours": write_hours(pending),
        "would_remain": write_hours(max(left, ZERO)),
        "would_be_over": write_hours(max(-left, ZERO)),
    }


def _text(notice: Notice) -> str:
    """The manager's words; of an incident the state that it is in, in English as every name in the JSON."""
    if notice.live is None:
        return notice.text
    with translation.override("en"):
        return title_of(notice.live)


def _estimate_json(facts: RetainerFacts) -> dict[str, Any] | None:
    live = facts.notice.live if facts.notice and facts.is_current else None
    return None if live is None or facts.shown is None else estimate_json(live, facts.shown.terms)


def _uncharged_json(each: Uncharged) -> dict[str, str]:
    return {"date": each.day.isoformat(), "reason": each.reason, "worked": write_hours(each.hours)}


def _line_json(entry: LogEntry, terms: Terms) -> dict[str, Any]:
    draw = entry.draw
    said: dict[str, Any] = {
        "date": draw.work.day.isoformat(),
        "description": entry.description,
        "worked": write_hours(worked_hours(draw)),
        "counted": write_hours(draw.counted),
        "factor": None if draw.factor is None else write_factor(draw.factor),
        "hours": write_hours(draw.hours),
        "multipliers": multiplier_names(draw, terms),
        "pool": draw.pool,
        "incident": entry.incident or None,
        "was": None if entry.was is None else write_hours(entry.was),
    }
    if entry.corrected_on:
        said["corrected_on"] = entry.corrected_on.isoformat()
    return said


def worked_hours(draw: Draw) -> Any:
    """What was worked, at two places; the counted figure where the export has no worked hours."""
    return draw.counted if draw.work.worked is None else round_half_up(draw.work.worked)


def multiplier_names(draw: Draw, terms: Terms) -> list[str]:
    names = {each.category: each.name for each in terms.multipliers}
    return [names[category] for category in draw.multipliers if category in names]
