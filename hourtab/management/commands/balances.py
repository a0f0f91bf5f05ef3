"""`balances --provider SLUG`: every retainer with each of its cycles, for people or as JSON."""

from typing import Any

from django.core.management.base import CommandParser

from accounts.access import today_at
from accounts.commands import BadUsageError
from accounts.commands import Command as BaseCommand
from accounts.models import Provider
from accounts.tenancy import tenant_scope
from desk.dashboard.holding import kept_balances
from retainers.models import Client


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
            if lines is None:
                from desk.balances import worked_out

                lines = worked_out(provider, options)
            self.stdout.write(lines, ending="")


def _kept_lines(provider: Provider, options: dict[str, Any]) -> str | None:
    """Today's balances as they are kept; None where they have to be worked out."""
    if options["json"] or options["on"] or options["as_published"]:
        return None
    lines = kept_balances(provider, today_at(provider), _client(provider, options["client"]))
    return None if lines is None else "".join(f"{line}\n" for line in lines)


def _client(provider: Provider, slug: str | None) -> Client | None:
    if slug is None:
        return None
    from retainers.merging import client_of_command

    return client_of_command(provider, slug)
