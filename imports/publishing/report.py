"""An import in the form of contract.md, `import_csv --json`."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from imports.models import Import
from imports.publishing.hindrances import hindrances
from imports.publishing.hour_sums import Sums, sums_of
from imports.publishing.plan import ClientPlan, MovedRow, Plan
from imports.publishing.plan_effects import CycleEffect, Effect
from imports.publishing.plan_marks import LeftOut, Unknown
from imports.reading.rows import Grant, Problem
from imports.stages import AskedQuestion
from retainers.hours import ZERO, round_half_up, write_hours


def report(plan: Plan, *, published: bool) -> dict[str, Any]:
    """What the preview or the publication says, ready for JSON. Hours are strings with two decimals."""
    sums, going = sums_of(plan), plan.going
    return {
        "import": plan.import_id,
        "format": plan.parsed.format,
        "rows": plan.total,
        "published": published,
        "through": plan.through.isoformat() if plan.through else None,
        "starts": plan.starts.isoformat() if plan.starts else None,
        "entries": _entries_json(plan),
        "excluded": list(_excluded_json(plan)),
        "problems": problems_json(plan.refused),
        "warnings": problems_json(plan.warnings),
        "set_aside": [{"line": aside.line, "what": aside.what} for aside in plan.parsed.set_aside],
        "unknown_companies": list(map(_unknown_json, plan.unknown)),
        "left_out": list(map(left_out_json, plan.left_out)),
        "wording_needed": plan.waiting,
        "hours": _hours_json(plan, sums),
        "companies": _companies(plan),
        "unread_columns": list(plan.parsed.unread_columns),
        "questions": list(map(_asked_json, plan.questions)),
        "moved": list(map(_moved, plan.moved)),
        "restated": list(_restated_json(plan)),
        "balances": list(_balances_json(plan, sums, going)),
        "hindrances": list(hindrances(plan)),
        **_clients_json(plan, going),
        "top_ups_offered": list(map(_top_up_json, plan.grants)),
    }


def _clients_json(plan: Plan, going: Collection[str]) -> dict[str, list[str]]:
    """Who is left as they are, whose pages say all of it already, and who gets a date alone."""
    return {
        "held": [client.client.slug for client in plan.clients if client.client.slug not in going],
        "unmoved": [client.client.slug for client in plan.published_clients if not client.moves],
        "dated": [client.client.slug for client in plan.published_clients if client.is_dated],
    }


def _entries_json(plan: Plan) -> dict[str, int]:
    return {
        "new": plan.count("new"),
        "changed": plan.count("changed"),
        "unchanged": plan.count("unchanged"),
        "removed": plan.removed,
        "excluded": plan.excluded_rows,
        "refused": len(plan.refused),
        "unknown": plan.unknown_rows,
    }


def _excluded_json(plan: Plan) -> Iterator[dict[str, Any]]:
    """In the order of the file."""
    rows = sorted((line, reason) for reason, lines in plan.excluded.items() for line in lines)
    return ({"line": line, "reason": reason} for line, reason in rows)


def _companies(plan: Plan) -> int:
    """How many companies the file names."""
    names = {row.company for row in plan.parsed.rows} | plan.said_of_stills("company")
    return len({" ".join(name.split()).casefold() for name in names})


def _top_up_json(grant: Grant) -> dict[str, Any]:
    return {"line": grant.line, "company": grant.company, "hours": write_hours(grant.hours)}


def _unknown_json(unknown: Unknown) -> dict[str, Any]:
    """A company; of a known client the agreement that none of its retainers names ("" where rows name none)."""
    said = {"company": unknown.company, "rows": unknown.rows}
    return said | {"client": unknown.of.slug, "agreement": unknown.agreement} if unknown.of else said


def _moved(row: MovedRow) -> dict[str, Any]:
    return {
        "line": row.line,
        "from": row.was,
        "to": row.becomes,
        "hours": write_hours(round_half_up(row.worked)),
    }


def _hours_json(plan: Plan, sums: Sums) -> dict[str, Any]:
    stated = plan.parsed.stated
    return {
        "worked": write_hours(sums.worked),
        "counted": write_hours(sum(sums.counted.values(), ZERO)),
        "excluded": {reason: write_hours(hours) for reason, hours in sorted(sums.excluded.items())},
        "refused": write_hours(sums.refused),
        "unknown": write_hours(sums.unknown),
        "held": write_hours(sum(sums.held.values(), ZERO)),
        "stated": None if stated is None else write_hours(round_half_up(stated)),
    }


def _asked_json(asked: AskedQuestion) -> dict[str, Any]:
    question = asked.question
    return {
        "question": question.kind,
        "lines": list(question.lines),
        "hours": write_hours(round_half_up(question.hours)),
        "text": question.text,
        "answered": asked.answered or None,
        "clients": list(asked.clients),
        "preset": question.preset or None,
        "column": question.column or None,
    }


def _restated_json(plan: Plan) -> Iterator[dict[str, Any]]:
    for client in plan.clients:
        yield from (_cycle_json(client, effect, cycle) for effect, cycle in client.restated)


def _cycle_json(client: ClientPlan, effect: Effect, cycle: CycleEffect) -> dict[str, Any]:
    return {
        "client": client.client.slug,
        "retainer": effect.retainer,
        "cycle": cycle.starts.isoformat(),
        "before": write_hours(cycle.before),
        "after": write_hours(cycle.after),
        "over_before": write_hours(cycle.over_before),
        "over_after": write_hours(cycle.over_after),
    }


def _balances_json(plan: Plan, sums: Sums, going: Collection[str]) -> Iterator[dict[str, Any]]:
    for client in plan.clients:
        yield from (_balance_json(client, effect, sums, going) for effect in client.effects)


def _balance_json(client: ClientPlan, effect: Effect, sums: Sums, going: Collection[str]) -> dict[str, Any]:
    """What is left before and after; of a client that is held back it stays as it was."""
    mine = client.client.slug, effect.retainer
    shown = effect if client.client.slug in going else _undone(effect)
    pools = shown.pools
    return {
        "client": client.client.slug,
        "retainer": effect.retainer,
        "before": write_hours(shown.before),
        "after": write_hours(shown.after),
        "over_before": write_hours(shown.over_before),
        "over_after": write_hours(shown.over_after),
        "pools": {pool.pool: [write_hours(pool.before), write_hours(pool.after)] for pool in pools},
        "pools_over": {
            pool.pool: [write_hours(pool.over_before), write_hours(pool.over_after)] for pool in pools
        },
        "hours": {
            "worked": write_hours(sums.given.get(mine, ZERO)),
            "counted": write_hours(sums.counted.get(mine, ZERO)),
        },
    }


def _undone(effect: Effect) -> Effect:
    """Afterwards all of it is as before."""
    pools = (pool._replace(after=pool.before, over_after=pool.over_before) for pool in effect.pools)
    return effect._replace(after=effect.before, over_after=effect.over_before, pools=tuple(pools))


def unreadable(source: Import, problems: Iterable[Problem]) -> dict[str, Any]:
    """The answer for a file that can't be read at all."""
    return {"import": source.pk, "published": False, "problems": problems_json(problems)}


def problems_json(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    return [
        {
            "line": each.line or None,
            "column": each.column or None,
            "value": each.value,
            "problem": each.message,
            "hours": write_hours(round_half_up(each.worked)) if each.worked else None,
        }
        for each in problems
    ]


def left_out_json(each: LeftOut) -> dict[str, Any]:
    return {
        "client": each.client,
        "company": each.company,
        "reason": each.reason,
        "month": each.month,
        "rows": each.rows,
        "hours": write_hours(each.hours),
    }


def left_out_from_json(result: Mapping[str, Any]) -> tuple[LeftOut, ...]:
    """What a published import said; empty for one that was published before it said so."""
    return tuple(LeftOut(**{**each, "hours": Decimal(each["hours"])}) for each in result.get("left_out", ()))
