"""`restatements [--provider SLUG]`: which closed cycles said something else once, with the old figures and the new."""

from typing import Any

from django.core.management.base import CommandParser

from accounts.access import zone_of
from accounts.commands import Command as BaseCommand
from accounts.models import Provider
from accounts.providers import all_of_them
from accounts.tenancy import tenant_scope
from retainers.models import Restatement
from retainers.stated import Document, figures


class Command(BaseCommand):
    help = "Lists every closed cycle that was restated: what it said before, what since, when and why."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--provider", metavar="SLUG", help="default: all providers")

    def handle(self, *args: Any, **options: Any) -> None:
        slug = options["provider"]
        providers = [self.find_provider(slug)] if slug else all_of_them()
        count = sum(self._list(provider) for provider in providers)
        if not count:
            self.stdout.write("No closed cycle was restated.")

    def _list(self, provider: Provider) -> int:
        zone = zone_of(provider)
        with tenant_scope(provider):
            rows = Restatement.objects.select_related("retainer__client")
            ordered = list(
                rows.order_by("retainer__client__slug", "retainer__key", "cycle_starts", "made_at")
            )
        for row in ordered:
            client, on = row.retainer.client.slug, row.made_at.astimezone(zone).date()
            why = f"{row.get_cause_display()}: {row.reason}" if row.reason else row.get_cause_display()
            said = f"{_said(row.before)} → {_said(row.after)}"
            cycle = row.cycle_starts.isoformat()
            self.stdout.write(f"{provider.slug}: {client}/{row.retainer.key} {cycle}: {said}, {on} ({why})")
        return len(ordered)


def _said(cycle: Document | None) -> str:
    if cycle is None:
        return "no such cycle"
    total = figures(cycle)["total"]
    amount = f", {cycle['overage_amount']} {cycle['currency']}" if cycle["overage_amount"] != "0.00" else ""
    return f"{total['used']} used, {total['remaining']} left, {total['overage']} over{amount}"
