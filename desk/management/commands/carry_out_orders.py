"""`carry_out_orders [ORDER]`: what is ordered for large imports and nobody is at, for who waits for it on a page."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.utils.translation import override

from accounts.commands import BadInputError
from accounts.commands import Command as BaseCommand
from desk.imports.long_orders import carry_out_all
from presentation.counts import counted


class Command(BaseCommand):
    serves = True
    help = "Previews and publishes large imports as they were ordered in the browser. The web server and tick call it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("order", type=int, nargs="?", help="that order alone")

    def handle(self, *args: Any, **options: Any) -> None:
        with override(settings.LANGUAGE_CODE):
            carried = carry_out_all(options["order"])
        self.stdout.write(f"{counted(carried.done, 'order', 'orders')} carried out.")
        if carried.faults:
            raise BadInputError(*carried.faults)
