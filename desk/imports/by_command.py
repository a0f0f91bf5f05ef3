"""An import from the command line: the file is read, looked at, and published where that is asked for.

Which words the command takes stands in `import_csv`; what they do is here, and is loaded where it is done.
"""

import json
import sys
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils import timezone

from accounts.access import today_at
from accounts.commands import BadInputError, BadUsageError
from accounts.models import Provider
from accounts.tenancy import tenant_scope
from imports import originals
from imports.keeping import without_collector
from imports.models import Import
from imports.publishing.hindrances import HinderedError, problem_words
from imports.publishing.options import Options
from imports.publishing.plan import ClientPlan, Plan
from imports.publishing.plan_effects import CycleEffect, Effect, PoolEffect
from imports.publishing.preview import preview
from imports.publishing.read_options import RefusedOptionsError, read_options
from imports.publishing.report import report
from imports.publishing.unknowns import in_words
from imports.reading.rows import MAX_FILE_BYTES, UnreadableFileError
from presentation.counts import counted
from retainers.hours import write_hours
from retainers.merging import client_of_command

Say = Callable[[str], object]


@without_collector()
def import_file(provider: Provider, words: dict[str, Any], say: Say) -> None:
    """What `import_csv` does with the words that it was called with. Raises `BadInputError` and `BadUsageError`."""
    with tenant_scope(provider):
        said = _options(words)
        client = client_of_command(provider, words["client"])
        data, name = _read(words["file"])
        source = originals.store(
            data=data, file_name=name, client=client, options=said.document(), by=None, at=timezone.now()
        )
        del data  # it is read from where it was stored
        try:
            plan = _publish_or_preview(source, today_at(provider), words)
        except UnreadableFileError as error:
            raise BadInputError(*map(problem_words, error.problems)) from error
        except HinderedError as error:
            plan = preview(source, today=today_at(provider))
            if words["json"]:
                say(_as_json(report(plan, published=False)))
            refused = () if said.skip_bad_rows else plan.refused
            raise BadInputError(*map(problem_words, refused), *error.hindrances) from error
    published = source.state == Import.State.PUBLISHED
    said_of_it = source.result if published else report(plan, published=False)
    if words["json"]:
        say(_as_json(said_of_it))
    else:
        say(_summary(plan, said_of_it, asked=words["publish"]))


def _publish_or_preview(source: Import, today: date, words: dict[str, Any]) -> Plan:
    """The plan, published where that is asked for."""
    if words["publish"]:
        from desk.imports.unattended import publish_unseen  # a look loads nothing that stores and publishes

        return publish_unseen(source=source, by=None, at=timezone.now(), hold=words["hold"])
    return preview(source, today=today)


def _as_json(said: dict[str, Any]) -> str:
    return json.dumps(said, indent=2, ensure_ascii=False)


def _options(words: dict[str, Any]) -> Options:
    try:
        return read_options(words)
    except RefusedOptionsError as error:
        lines = [f"--{each.option.replace('_', '-')}: {each.message}" for each in error.problems]
        is_input = all(each.is_missing for each in error.problems)
        raise (BadInputError(*lines) if is_input else BadUsageError(*lines)) from error


def _read(name: str) -> tuple[bytes, str]:
    if name == "-":
        return sys.stdin.buffer.read(MAX_FILE_BYTES + 1), "standard input"
    try:
        with Path(name).open("rb") as file:
            return file.read(MAX_FILE_BYTES + 1), Path(name).name
    except OSError as error:
        raise BadInputError(f"{name} can't be read: {error.strerror}.") from error


def _summary(plan: Plan, said: dict[str, Any], *, asked: bool) -> str:
    entries = ", ".join(f"{count} {name}" for name, count in said["entries"].items())
    lines = [
        f"Import {said['import']} ({said['format']}): {counted(said['rows'], 'row', 'rows')}: {entries}."
    ]
    lines += map(problem_words, (*plan.refused, *plan.warnings))
    lines += [f"{in_words(each)}: {counted(each.rows, 'row', 'rows')}." for each in plan.unknown]
    lines += _hours(said["hours"])
    if said["unread_columns"]:
        lines.append(f"Columns that are not read: {', '.join(said['unread_columns'])}.")
    lines += [f"{each['question']}: {each['text']}" for each in said["questions"] if not each["answered"]]
    lines += _effects(plan)
    return "\n".join((*lines, _outcome(plan, published=said["published"], asked=asked)))


def _effects(plan: Plan) -> Iterator[str]:
    going = plan.going
    for client in plan.clients:
        for effect in client.effects:
            yield from _effect(client, effect, goes=client.client.slug in going)


def _hours(hours: dict[str, Any]) -> list[str]:
    """The file's hours and what becomes of them, so that they add up."""
    parts = [f"{value} excluded ({reason})" for reason, value in hours["excluded"].items()]
    parts += [f"{hours[name]} {name}" for name in ("refused", "unknown", "held") if hours[name] != "0.00"]
    given = Decimal(hours["worked"]) - sum(map(Decimal, hours["excluded"].values()), Decimal(0))
    given -= sum(Decimal(hours[name]) for name in ("refused", "unknown", "held"))
    stated = "" if hours["stated"] is None else f" The file's own total is {hours['stated']} h."
    said = ", ".join((f"{write_hours(given)} for clients", *parts))
    return [f"{hours['worked']} h worked: {said}. {hours['counted']} h are counted.{stated}"]


def _effect(client: ClientPlan, effect: Effect, *, goes: bool) -> list[str]:
    """What is left before and after: pools that are accounts of their own are never added up."""
    lines = [f"{client.client.slug}/{effect.retainer}: {_change(effect, goes=goes)}"]
    if len(effect.pools) > 1:
        lines += [f"  {pool.pool}: {_change(pool, goes=goes)}" for pool in effect.pools]
    return lines + [f"  cycle from {cycle.starts}: {_change(cycle, goes=goes)}" for cycle in effect.closed]


def _change(account: Effect | PoolEffect | CycleEffect, *, goes: bool) -> str:
    """Before and after; of a client that waits, what stays and what will be left once it is published."""
    before = _left(account.before, account.over_before)
    after = _left(account.after, account.over_after)
    if goes:
        return f"{before} → {after}"
    return f"{before}, as it was; it waits" + (f" ({after} once it is published)" if before != after else "")


def _left(remaining: Decimal, over: Decimal) -> str:
    left = f"{write_hours(remaining)} left"
    return f"{left}, {write_hours(over)} over" if over else left


def _outcome(plan: Plan, *, published: bool, asked: bool) -> str:
    if not asked:
        return "Nothing is published: this is the preview."
    if not published:
        return "Nothing was published: no row of this file is of a known client. It waits as a preview."
    held = len(plan.clients) - len(plan.published_clients)
    if held:
        told = counted(len(plan.published_clients), "client", "clients")
        return f"Published for {told}; {counted(held, 'waits', 'wait')}."
    if not any(client.moves for client in plan.published_clients):
        return "Published. It changes nothing."
    if not any(client.is_in_file for client in plan.published_clients):
        return "Published: dates alone, as no row of this file is of a known client."
    return "Published."
