"""What HourTab's commands share: how they fail, how they find a provider, how they read a date.

A command fails with one clear line for each fault on stderr; exit code 1 for bad input, 2 for bad usage.
"""

import gc
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder

from accounts import providers
from accounts.actors import at_the_command_line
from accounts.database import SAID, is_no_room, refused
from accounts.models import Provider

LAST_YEAR = 2200
MOST_NAMED = 10  # providers, where one is not found
MOST_CHARACTERS = 200  # of a name or a reason in the trail


class RefusedError(CommandError):
    """A command that can't be done; the lines say why."""

    code = 1

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines), returncode=self.code)


class BadInputError(RefusedError):
    """What was handed in can't be used."""


class BadUsageError(RefusedError):
    """The command was called with words that make no sense together."""

    code = 2


def say_who(parser: ArgumentParser, *, required: bool = False) -> None:
    """The options of a command that acts on a provider: both stand in that provider's trail."""
    parser.add_argument("--by", required=required, metavar="NAME", help="who does this, for the record")
    parser.add_argument("--reason", required=required, metavar="TEXT", help="why, for the record")


def _which_there_are() -> str:
    """The slugs of the providers that there are, so that a typing error is seen."""
    slugs = [provider.slug for provider in providers.all_of_them()]
    if not slugs:
        return "setup or load_retainers makes one."
    more = f" and {len(slugs) - MOST_NAMED} more" if len(slugs) > MOST_NAMED else ""
    return f"There {'is' if len(slugs) == 1 else 'are'}: {', '.join(slugs[:MOST_NAMED])}{more}."


class Command(BaseCommand):
    """The base of HourTab's commands: no colours in errors, the provider found by its slug."""

    requires_system_checks = ()
    requires_migrations_checks = True
    is_all_kept = (
        False  # what it makes, until the process ends: so on the command line nobody looks for garbage in it
    )
    serves = False  # works on and on for people: refused for a role that row-level security does not bind

    def find_provider(self, slug: str) -> Provider:
        provider = providers.called(slug)
        if provider is None:
            raise BadInputError(f"There is no provider “{slug}”. {_which_there_are()}")
        return provider

    def check_migrations(self) -> None:
        """Django only warns; on a database of another release every command would end in the middle."""
        try:
            is_set_up = _all_recorded() or not _migrations_to_do()
        except OperationalError as error:
            raise BadInputError(f"The database doesn’t answer: {error}") from error
        if not is_set_up:
            raise BadInputError(
                "The database is not set up for this release. Run “python manage.py migrate” first."
            )

    def execute(self, *args: Any, **options: Any) -> Any:
        """Run; on the command line a refusal is told without a class's name before it."""
        ends_the_process = getattr(self, "_called_from_command_line", False)
        if ends_the_process and self.is_all_kept:
            gc.disable()
        try:
            return self._executed(*args, **options)
        except RefusedError as error:
            if not ends_the_process:
                raise
            self.stderr.write(str(error))
            sys.exit(error.code)

    def _executed(self, *args: Any, **options: Any) -> Any:
        """Run; a full disk and a database that is gone are no faults of ours, and told in one line."""
        try:
            if self.serves and (found := refused()):
                raise BadInputError(found)
            with _acting(options.get("by"), options.get("reason")):
                return super().execute(*args, **options)
        except (OperationalError, InterfaceError, OSError) as error:
            if is_no_room(error):
                raise BadInputError(SAID) from error
            if isinstance(error, OSError):
                raise
            raise BadInputError(f"The database doesn’t answer: {error}") from error

    def handle(self, *args: Any, **options: Any) -> None:
        raise NotImplementedError


def _all_recorded() -> bool:
    """Whether each migration's file stands in the database's list: told by names, so that none is imported."""
    return _of_this_release() <= set(MigrationRecorder(connection).applied_migrations())


@cache
def _of_this_release() -> frozenset[tuple[str, str]]:
    """Each migration's app and file, as this process found them: its code is no newer."""
    return frozenset(
        (app.label, each.name)
        for app in apps.get_app_configs()
        if (folder := Path(app.path) / "migrations").is_dir()
        for each in iter_modules([str(folder)])
        if each.name[0] not in "_~"
    )


def _migrations_to_do() -> bool:
    """Django's own answer, for squashed migrations and whatever else names can't tell."""
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@contextmanager
def _acting(by: str | None, reason: str | None) -> Iterator[None]:
    if by is None and reason is None:
        yield
        return
    name, why = " ".join((by or "").split()), " ".join((reason or "").split())
    if not name or not why:
        raise BadUsageError("Say who does this and why: --by NAME --reason TEXT.")
    with at_the_command_line(name[:MOST_CHARACTERS], why[:MOST_CHARACTERS]):
        yield


def read_day(text: str) -> date:
    """A date of the command line, written 2026-03-15."""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise BadUsageError(f"“{text}” isn't a date. Write it as 2026-03-15.") from error
    if day.year > LAST_YEAR:
        raise BadUsageError(f"{text} is too far away: HourTab counts up to the year {LAST_YEAR}.")
    return day
