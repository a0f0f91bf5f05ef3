"""`import_csv FILE --provider SLUG`: the upload of the browser, from the command line."""

import json
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from accounts.access import today_at
from accounts.commands import BadInputError, BadUsageError
from accounts.commands import Command as BaseCommand
from accounts.tenancy import tenant_scope
from desk.imports.unattended import publish_whole
from imports import originals
from imports.models import Import
from imports.publishing.options import Options
from imports.publishing.plan import Plan
from imports.publishing.preview import preview
from imports.publishing.publish import HinderedError
from imports.publishing.read_options import RefusedOptionsError, read_options
from imports.publishing.report import report
from imports.reading.decode import MAX_FILE_BYTES
from imports.reading.how_many import how_many
from imports.reading.rows import Problem, UnreadableFileError
from retainers.hours import write_hours
from retainers.models import Client


class Command(BaseCommand):
    help = "Reads an export, previews what it changes, and publishes it with --publish."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="a CSV file, or - for standard input")
        parser.add_argument("--provider", required=True, metavar="SLUG")
        parser.add_argument("--client", metavar="SLUG", help="the file is this client's alone")
        parser.add_argument("--format", default="", metavar="NAME", help="default: recognised by its headers")
        parser.add_argument("--date-order", default="", metavar="mdy|dmy|ymd")
        parser.add_argument("--through", metavar="DATE", help="the work is complete through that day")
        parser.add_argument("--from", metavar="DATE", help="the period the file speaks for")
        parser.add_argument("--to", metavar="DATE")
        parser.add_argument("--covers", action="append", default=[], metavar="agreement:NAME|pool:KEY")
        parser.add_argument("--publish", action="store_true")
        parser.add_argument("--skip-bad-rows", action="store_true")
        parser.add_argument("--removals", default="", metavar="guarded|apply|keep")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        provider = self.find_provider(options["provider"])
        with tenant_scope(provider):
            said = _options(options)
            client = _client(provider.name, options["client"])
            data, name = _read(options["file"])
            source = originals.store(
                data=data, file_name=name, client=client, options=said.document(), by=None, at=timezone.now()
            )
            try:
                plan = self._run(source, today_at(provider), publishing=options["publish"])
            except UnreadableFileError as error:
                raise BadInputError(*(sentence(problem) for problem in error.problems)) from error
            except HinderedError as error:
                plan = preview(source, today=today_at(provider))
                if options["json"]:
                    self._print(plan, published=False)
                refused = () if said.skip_bad_rows else plan.refused
                raise BadInputError(*map(sentence, refused), *error.hindrances) from error
        published = source.state == Import.State.PUBLISHED
        if options["json"]:
            self._print(plan, published=published)
        else:
            self.stdout.write(_summary(plan, published=published, asked=options["publish"]))

    def _run(self, source: Import, today: date, *, publishing: bool) -> Plan:
        if publishing:
            return publish_whole(source=source, by=None, at=timezone.now())
        return preview(source, today=today)

    def _print(self, plan: Plan, *, published: bool) -> None:
        self.stdout.write(json.dumps(report(plan, published=published), indent=2, ensure_ascii=False))


def _options(words: dict[str, Any]) -> Options:
    try:
        return read_options(words)
    except RefusedOptionsError as error:
        lines = [f"--{each.option.replace('_', '-')}: {each.message}" for each in error.problems]
        is_input = all(each.is_missing for each in error.problems)
        raise (BadInputError(*lines) if is_input else BadUsageError(*lines)) from error


def _client(provider: str, slug: str | None) -> Client | None:
    if slug is None:
        return None
    client: Client | None = Client.objects.filter(slug=slug).first()
    if client is None:
        raise BadInputError(f"{provider} has no client “{slug}”.")
    return client


def _read(name: str) -> tuple[bytes, str]:
    if name == "-":
        return sys.stdin.buffer.read(MAX_FILE_BYTES + 1), "standard input"
    try:
        with Path(name).open("rb") as file:
            return file.read(MAX_FILE_BYTES + 1), Path(name).name
    except OSError as error:
        raise BadInputError(f"{name} can't be read: {error.strerror}.") from error


def sentence(problem: Problem) -> str:
    """A problem with its place, as a manager reads it."""
    place = f"Line {problem.line}" if problem.line else ""
    if problem.column:
        place += f", column {problem.column}" if place else f"Column {problem.column}"
    return f"{place}: {problem.message}" if place else problem.message


def _summary(plan: Plan, *, published: bool, asked: bool) -> str:
    said = report(plan, published=published)
    entries = ", ".join(f"{count} {name}" for name, count in said["entries"].items())
    lines = [
        f"Import {said['import']} ({said['format']}): {how_many(said['rows'], 'row', 'rows')}: {entries}."
    ]
    lines += [sentence(problem) for problem in (*plan.refused, *plan.warnings)]
    for each in plan.unknown:
        lines.append(f"{each.company or 'No company'}: {how_many(each.rows, 'row', 'rows')}, no such client.")
    for client in plan.clients:
        lines += [
            f"{client.client.slug}/{effect.retainer}: {_left(effect.before, effect.over_before)}"
            f" → {_left(effect.after, effect.over_after)}"
            for effect in client.effects
        ]
    return "\n".join((*lines, _outcome(plan, published=published, asked=asked)))


def _left(remaining: Decimal, over: Decimal) -> str:
    left = f"{write_hours(remaining)} left"
    return f"{left}, {write_hours(over)} over" if over else left


def _outcome(plan: Plan, *, published: bool, asked: bool) -> str:
    if not asked:
        return "Nothing is published: this is the preview."
    if not published:
        return "Nothing was published: no row of this file is of a known client. It waits as a preview."
    if not any(client.moves for client in plan.published_clients):
        return "Published. It changes nothing."
    if not any(client.rows for client in plan.published_clients):
        return "Published: dates alone, as no row of this file is of a known client."
    return "Published."
