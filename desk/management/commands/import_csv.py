"""`import_csv FILE --provider SLUG`: the upload of the browser, from the command line."""

from typing import Any

from django.core.management.base import CommandParser

from accounts.commands import Command as BaseCommand
from accounts.commands import say_who


class Command(BaseCommand):
    help = "Reads an export, previews what it changes, and publishes it with --publish."
    is_all_kept = True

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="a CSV file or an Excel workbook, or - for standard input")
        parser.add_argument("--provider", required=True, metavar="SLUG")
        parser.add_argument("--client", metavar="SLUG", help="the file is this client's alone")
        parser.add_argument("--format", default="", metavar="NAME", help="default: recognised by its headers")
        parser.add_argument("--encoding", default="", metavar="NAME", help="where its bytes don't say it")
        parser.add_argument("--date-order", default="", metavar="mdy|dmy|ymd")
        parser.add_argument("--clock", default="", metavar="12|24")
        parser.add_argument("--through", metavar="DATE", help="the work is complete through that day")
        parser.add_argument("--from", metavar="DATE", help="the period the file covers")
        parser.add_argument("--to", metavar="DATE")
        parser.add_argument("--covers", action="append", default=[], metavar="agreement:NAME|pool:KEY")
        parser.add_argument("--publish", action="store_true")
        parser.add_argument("--hold", action="store_true", help="publish for whom nothing waits")
        parser.add_argument("--skip-bad-rows", action="store_true")
        parser.add_argument("--removals", default="", metavar="guarded|apply|keep")
        parser.add_argument(
            "--accept", action="append", default=[], metavar="QUESTION[,QUESTION…]|all",
            help="take the file at its word",
        )  # fmt: skip
        parser.add_argument("--restate", action="store_true", help="let figures of settled cycles change")
        parser.add_argument(
            "--restate-reason", default="", metavar="TEXT", help="with it: why, for the client"
        )
        parser.add_argument("--replace", default="", metavar="FORMAT", help="retire what came from it")
        parser.add_argument("--json", action="store_true")
        say_who(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        from desk.imports.by_command import import_file  # half of the start, of no use to --help

        import_file(self.find_provider(options["provider"]), options, self.stdout.write)
