"""`import_csv FILE --provider SLUG`: the upload of the browser, from the command line."""

import json
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from accounts.access import today_at
from accounts.commands import BadInputError, BadUsageError, read_day
from accounts.commands import Command as BaseCommand
from accounts.models import Provider
from accounts.tenancy import tenant_scope
from desk.imports.unattended import publish_whole
from imports import originals
from imports.judging.provider_rules import read_desk
from imports.models import Import
from imports.publishing.options import Options
from imports.publishing.plan import Plan
from imports.publishing.preview import preview
from imports.publishing.publish import HinderedError
from imports.publishing.report import report
from imports.reading.decode import MAX_FILE_BYTES
from imports.reading.rows import Problem, UnreadableFileError
from imports.saved_mappings import format_names
from retainers.models import Client


class Command(BaseCommand):
    help = "Reads an export, previews what it changes, and publishes it with --publish."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="a CSV file, or - for standard input")
        parser.add_argument("--provider", required=True, metavar="SLUG")
        parser.add_argument("--client", metavar="SLUG", help="the file is this client's alone")
        parser.add_argument("--format", default="", metavar="NAME", help="default: recognised by its headers")
        parser.add_argument("--date-order", default="", choices=["mdy", "dmy", "ymd"])
        parser.add_argument("--through", metavar="DATE", help="the work is complete through that day")
        parser.add_argument("--from", dest="starts", metavar="DATE", help="the period the file speaks for")
        parser.add_argument("--to", dest="ends", metavar="DATE")
        parser.add_argument("--covers", action="append", default=[], metavar="agreement:NAME|pool:KEY")
        parser.add_argument("--publish", action="store_true")
        parser.add_argument("--skip-bad-rows", action="store_true")
        parser.add_argument("--removals", choices=["guarded", "apply", "keep"], default="guarded")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        provider = self.find_provider(options["provider"])
        with tenant_scope(provider):
            said = _options(options)
            client = _client(provider.name, options["client"])
            _refuse_unknown_pools(said, provider)
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
        if options["json"]:
            self._print(plan, published=options["publish"])
        else:
            self.stdout.write(_summary(plan, published=options["publish"]))

    def _run(self, source: Import, today: date, *, publishing: bool) -> Plan:
        if publishing:
            return publish_whole(source=source, by=None, at=timezone.now())
        return preview(source, today=today)

    def _print(self, plan: Plan, *, published: bool) -> None:
        self.stdout.write(json.dumps(report(plan, published=published), indent=2, ensure_ascii=False))


def _options(options: dict[str, Any]) -> Options:
    _refuse_unknown_format(options["format"])
    through, starts, ends = (
        read_day(options[name]) if options[name] else None for name in ("through", "starts", "ends")
    )
    if bool(starts) != bool(ends):
        raise BadUsageError("A period has two ends: give --from and --to together.")
    if starts and ends and starts > ends:
        raise BadUsageError("--from is after --to.")
    said = Options(
        format=options["format"],
        date_order=options["date_order"],
        skip_bad_rows=options["skip_bad_rows"],
        removals=options["removals"],
        through=through,
        starts=starts,
        ends=ends,
    )
    for covered in options["covers"]:
        kind, _, name = covered.partition(":")
        if kind not in ("agreement", "pool") or not name:
            raise BadUsageError(f"--covers {covered}: say agreement:NAME or pool:KEY.")
        said = (
            replace(said, agreements=(*said.agreements, name))
            if kind == "agreement"
            else replace(said, pools=(*said.pools, name))
        )
    return said


def _refuse_unknown_format(name: str) -> None:
    if not name:
        return
    known = format_names()
    if name not in known:
        raise BadUsageError(f"“{name}” is no format and no saved mapping. Known are {', '.join(known)}.")


def _client(provider: str, slug: str | None) -> Client | None:
    if slug is None:
        return None
    client: Client | None = Client.objects.filter(slug=slug).first()
    if client is None:
        raise BadInputError(f"{provider} has no client “{slug}”.")
    return client


def _refuse_unknown_pools(said: Options, provider: Provider) -> None:
    """A pool that nobody has covers nothing: a typing error, which would publish less than was meant."""
    if not said.pools:
        return
    agreements = [a for by_key in read_desk(provider).agreements.values() for a in by_key.values()]
    pools = {pool.key for agreement in agreements for terms in agreement.terms for pool in terms.pools}
    unknown = [key for key in said.pools if key not in pools]
    if unknown:
        raise BadInputError(
            f"--covers pool:{unknown[0]}: no retainer has this pool. Known are {', '.join(sorted(pools))}."
        )


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


def _summary(plan: Plan, *, published: bool) -> str:
    said = report(plan, published=published)
    entries = ", ".join(f"{count} {name}" for name, count in said["entries"].items())
    lines = [f"Import {said['import']} ({said['format']}): {said['rows']} rows: {entries}."]
    lines += [sentence(problem) for problem in (*plan.refused, *plan.parsed.warnings)]
    lines += [f"{each.company or 'No company'}: {each.rows} rows, no such client." for each in plan.unknown]
    for client in plan.clients:
        lines += [
            f"{client.client.slug}/{effect.retainer}: {effect.before} → {effect.after} left"
            for effect in client.effects
        ]
    lines.append("Published." if published else "Nothing is published: this is the preview.")
    return "\n".join(lines)
