"""`balances --provider SLUG`: every retainer with each of its cycles, for people or as JSON."""

import json
from collections.abc import Sequence
from typing import Any

from django.core.management.base import CommandParser

from accounts.access import today_at, zone_of
from accounts.commands import BadUsageError, read_day
from accounts.commands import Command as BaseCommand
from accounts.models import Provider
from accounts.tenancy import tenant_scope
from desk.dashboard.holding import kept_balances
from retainers.closings import closings
from retainers.kept.reading import Wanted, no_earlier_work
from retainers.merging import client_of_command
from retainers.models import Retainer
from retainers.restating.reading import restated_days
from retainers.selectors import Standing, retainers_of, standings
from retainers.standing_json import balance_words, standing_json


class Command(BaseCommand):
    help = "Prints the balance of every retainer, cycle by cycle."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--provider", required=True, metavar="SLUG")
        parser.add_argument("--client", metavar="SLUG")
        parser.add_argument("--on", metavar="DATE", help="default: today where the provider is")
        parser.add_argument(
            "--as-published", metavar="DATE", help="what the pages said at the end of that day"
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["on"] and options["as_published"]:
            raise BadUsageError("Give --on or --as-published, not both.")
        provider = self.find_provider(options["provider"])
        with tenant_scope(provider):
            lines = _kept_lines(provider, options)
            self.stdout.write(_worked_out(provider, options) if lines is None else lines, ending="")


def _worked_out(provider: Provider, options: dict[str, Any]) -> str:
    found = _found(provider, options)
    if options["json"]:
        return json.dumps(_as_json(found, provider), indent=2, ensure_ascii=False) + "\n"
    if options["as_published"] and not found:
        return f"Nothing was published by {options['as_published']}.\n"
    return "".join(f"{_line(standing)}\n" for standing in found)


def _found(provider: Provider, options: dict[str, Any]) -> list[Standing]:
    client = client_of_command(provider, options["client"])
    rows = list(retainers_of([client.slug] if client else None))
    day = options["as_published"] or options["on"]
    return standings(
        rows,
        on=read_day(day) if day else today_at(provider),
        zone=zone_of(provider),
        as_published=bool(options["as_published"]),
        wanted=_work_told(rows, provider) if options["json"] else no_earlier_work,
    )


def _as_json(found: Sequence[Standing], provider: Provider) -> list[dict[str, Any]]:
    closed, restated = closings(found, provider), restated_days(found, zone_of(provider))
    keys = [each.retainer.pk for each in found]
    documents = [standing_json(each, closed[pk], restated[pk]) for each, pk in zip(found, keys, strict=True)]
    return _with_estimates(documents, found, provider)


def _work_told(rows: Sequence[Retainer], provider: Provider) -> Wanted:
    """The work of live incidents, whose estimates are told."""
    if not rows:
        return no_earlier_work
    from portal.estimates import work_of_incidents

    return work_of_incidents(rows, zone_of(provider))


def _with_estimates(
    documents: Sequence[dict[str, Any]], found: Sequence[Standing], provider: Provider
) -> list[dict[str, Any]]:
    """With the incidents that are reckoned by the clock. What words a page is loaded for these alone."""
    if not found:
        return []
    from portal.estimates import estimates, with_estimate

    running = estimates(found, provider)
    pairs = zip(documents, found, strict=True)
    return [with_estimate(document, running.get(each.retainer.pk)) for document, each in pairs]


def _line(standing: Standing) -> str:
    return f"{standing.retainer.client.slug}/{standing.retainer.key}: {balance_words(standing.current)}"


def _kept_lines(provider: Provider, options: dict[str, Any]) -> str | None:
    """Today's balances as they are kept; None where they have to be worked out."""
    if options["json"] or options["on"] or options["as_published"]:
        return None
    lines = kept_balances(provider, today_at(provider), client_of_command(provider, options["client"]))
    return None if lines is None else "".join(f"{line}\n" for line in lines)
