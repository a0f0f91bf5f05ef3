"""`setup [--provider NAME] [--slug SLUG] [--timezone ZONE] [--owner EMAIL]`: the first provider and its owner.

`setup --code` prints the one-time code for the page that offers the same.
"""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.urls import reverse
from django.utils.timezone import now

from accounts.commands import BadInputError, BadUsageError
from accounts.commands import Command as BaseCommand
from hourtab.founding import LIFE_HOURS, Founded, NotFoundedError, Wish, found, is_empty, new_code, slug_of


class Command(BaseCommand):
    help = "Makes a provider and its first owner, and prints the address at which the owner sets a password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--provider", metavar="NAME", default="")
        parser.add_argument("--slug", default="", help="made from the name where it is left out")
        parser.add_argument(
            "--timezone", metavar="ZONE", default="", help="such as America/Chicago; else UTC"
        )
        parser.add_argument("--owner", metavar="EMAIL", default="")
        parser.add_argument("--code", action="store_true", help="print a code for the page /setup/ instead")

    def handle(self, *args: Any, **options: Any) -> None:
        wish = Wish(options["provider"], options["owner"], options["slug"], options["timezone"])
        if options["code"]:
            self._print_code(wish)
            return
        try:
            done = found(_asked(wish) if sys.stdin.isatty() else _complete(wish))
        except NotFoundedError as error:
            raise BadInputError(*error.lines) from error
        self.stdout.write(_told(done))

    def _print_code(self, wish: Wish) -> None:
        if wish != Wish("", ""):
            raise BadUsageError("--code goes alone: the page asks for the rest.")
        if not is_empty():
            raise BadInputError("This installation is already set up. The code is for an empty one.")
        self.stdout.write(
            f"Nobody uses this HourTab yet. Set it up at {settings.BASE_URL}{reverse('setup')}\n"
            f"with the one-time code {new_code(now())} (good for {LIFE_HOURS} hours)."
        )


def _complete(wish: Wish) -> Wish:
    """Nobody can be asked: what is needed has to be there."""
    given = {"--provider": wish.name, "--owner": wish.owner}
    missing = [option for option, value in given.items() if not value.strip()]
    if missing:
        raise BadUsageError(f"{' and '.join(missing)} needed: there is no terminal to ask at.")
    return wish


def _asked(wish: Wish) -> Wish:
    """The wish, completed by the person at the terminal."""
    name = wish.name or _answer("Name of the provider")
    return Wish(
        name,
        wish.owner or _answer("E-mail address of its owner"),
        wish.slug or _answer("Key of the provider, in commands", slug_of(name)),
        wish.timezone or _answer("Time zone", "UTC"),
    )


def _answer(question: str, default: str = "") -> str:
    """What was typed; the default where nothing was."""
    shown = f"{question} [{default}]: " if default else f"{question}: "
    while True:
        try:
            said = input(shown).strip() or default
        except EOFError as error:
            raise BadUsageError("Stopped. Nothing was created.") from error
        if said:
            return said


def _told(done: Founded) -> str:
    return (
        f"{done.provider.name} is set up; in commands it is called {done.provider.slug}.\n"
        f"Its owner sets a password here (works once, for 72 hours):\n{done.address}"
    )
