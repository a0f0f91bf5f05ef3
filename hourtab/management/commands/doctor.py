"""`doctor [ADDRESS]`: is this installation set up as it should be, and does it answer rightly through its proxy?"""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.timezone import now

from accounts.commands import BadInputError
from accounts.commands import Command as BaseCommand
from hourtab import doctor


class Command(BaseCommand):
    help = "Checks this installation and says what needs fixing (exit code 1), or that nothing does."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "address", nargs="?", help="where people reach it, such as https://hours.example.com"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(doctor.findings(now()))
        if options["address"]:
            found += doctor.findings_outside(options["address"], now())
        if found:
            raise BadInputError(*found)
        self.stdout.write("Nothing to fix.")
