"""An import in the form of contract.md, `import_csv --json`."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from imports.models import Import
from imports.publishing.plan import LeftOut, Plan, PlannedRow
from imports.reading.rows import Problem
from retainers.hours import ZERO, write_hours


def report(plan: Plan, *, published: bool) -> dict[str, Any]:
    """What the preview or the publication says, ready for JSON. Hours are strings with two decimals."""
    through = plan.through
    going = {client.client.slug for client in plan.published_clients}
    return {
        "import": plan.import_id,
        "format": plan.parsed.format,
        "rows": plan.total,
        "published": published,
        "through": through.isoformat() if through else None,
        "entries": {
            "new": plan.count("new"),
            "changed": plan.count("changed"),
            "unchanged": plan.count("unchanged"),
            "removed": plan.removed,
            "excluded": len(plan.excluded),
            "refused": len(plan.refused),
            "unknown": plan.unknown_rows,
        },
        "excluded": [{"line": line, "reason": reason} for line, reason in plan.excluded],
        "problems": problems_json(plan.refused),
        "warnings": problems_json(plan.warnings),
        "set_aside": [{"line": aside.line, "what": aside.what} for aside in plan.parsed.set_aside],
        "unknown_companies": [{"company": each.company, "rows": each.rows} for each in plan.unknown],
        "left_out": [left_out_json(each) for each in plan.left_out],
        "wording_needed": plan.waiting,
        "moved": [_moved(row) for row in plan.moved],
        "balances": [
            {
                "client": client.client.slug,
                "retainer": effect.retainer,
                "before": write_hours(effect.before),
                "after": write_hours(effect.after if client.client.slug in going else effect.before),
                "over_before": write_hours(effect.over_before),
                "over_after": write_hours(
                    effect.over_after if client.client.slug in going else effect.over_before
                ),
            }
            for client in plan.clients
            for effect in client.effects
        ],
        "hindrances": list(plan.hindrances),
        "held": [client.client.slug for client in plan.clients if client.held],
        "unmoved": [client.client.slug for client in plan.published_clients if not client.moves],
        "top_ups_offered": [
            {"line": grant.line, "company": grant.company, "hours": write_hours(grant.hours)}
            for grant in plan.grants
        ],
    }


def _moved(row: PlannedRow) -> dict[str, Any]:
    was = row.entry.hours if row.entry else None
    hours = (row.classified.row.worked, row.classified.row.billable, row.classified.row.deducted, was)
    return {
        "line": row.line,
        "from": row.moved_from,
        "to": row.classified.client,
        "hours": write_hours(next((each for each in hours if each is not None), ZERO)),
    }


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
