"""`load_retainers FILE.toml [--dry-run] [--restate]`: create or update a provider's agreements from one file."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from accounts.access import today_at
from accounts.commands import BadInputError, say_who
from accounts.commands import Command as BaseCommand
from accounts.providers import all_of_them, called
from accounts.tenancy import tenant_scope
from imports.judging.dry_run import foresee
from imports.judging.name_moves import Carrying, MovesAskedError
from imports.judging.reclassify import reclassify
from imports.reading.formats import NAMES
from imports.saved_mappings import format_names
from presentation.phrases import money
from retainers import effect_words
from retainers.agreements import AgreementError
from retainers.agreements.reading import read_file
from retainers.files import ProviderFile
from retainers.loading import Loaded, load
from retainers.restating.saying import read_consent, say_why
from retainers.restating.writing import LeakingReasonError, RestatingError


@contextmanager
def _refusals() -> Iterator[None]:
    """What can't be loaded, said in the command's own way."""
    try:
        yield
    except MovesAskedError as asked:
        raise BadInputError(*_asked(asked)) from asked
    except AgreementError as error:
        raise BadInputError(*(str(problem) for problem in error.problems)) from error
    except LeakingReasonError as error:
        raise BadInputError(error.said, "Nothing was changed.") from error
    except RestatingError as error:
        raise BadInputError(*_refused(error)) from error


class Command(BaseCommand):
    help = "Creates or updates a provider with its clients and retainers from one TOML file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        say_who(parser)
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would change, and change nothing"
        )
        parser.add_argument(
            "--restate",
            action="store_true",
            help="change closed cycles, and let published lines move with their company's name",
        )

        say_why(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        carry = Carrying(agreed=options["restate"])
        with _refusals():
            opened = tuple(each.slug for each in all_of_them() if each.business_hours is not None)
            file = read_file(_read(options["file"]), with_business_hours=opened)
            _refuse_unknown_formats(file)
            loaded = load(
                file,
                at=timezone.now(),
                by=None,
                reclassify=reclassify,
                carry=carry,
                dry_run=options["dry_run"],
                agreed=read_consent(options),
            )
        for change in loaded.changes:
            self.stdout.write(change)
        if not loaded.changes:
            self.stdout.write("Nothing to change.")
        elif options["dry_run"]:
            restated = _restated(loaded, asked=not options["restate"])
            for line in (*_balances(file), *_moved_balances(carry), *restated):
                self.stdout.write(line)
            self.stdout.write("Nothing was changed: this was a dry run.")


def _asked(error: MovesAskedError) -> list[str]:
    """Which lines would change page with their company's name."""
    return [
        *(f"{each}: that is a company name’s new client." for each in error.found.moves),
        "Nothing was changed: --restate moves them.",
    ]


def _moved_balances(carry: Carrying) -> list[str]:
    return [line for change in carry.found.changes if (line := effect_words.line(change, money))]


def _refused(error: RestatingError) -> list[str]:
    """Each closed cycle that would say something else, and what to do about it."""
    return [
        *(f"{each.line(money)}: this changes a closed cycle." for each in error.restated),
        "Nothing was changed: --restate lets them.",
    ]


def _restated(loaded: Loaded, *, asked: bool) -> list[str]:
    """The closed cycles that a dry run would restate."""
    needs = "restated, which needs --restate" if asked else "restated"
    return [f"{needs}: {each.line(money)}" for each in loaded.restated]


def _refuse_unknown_formats(file: ProviderFile) -> None:
    """Notes are trusted by format: of one that there isn't, or isn't yet, nothing could ever be shown."""
    provider = called(file.slug)
    with tenant_scope(provider) if provider else nullcontext():
        known = (*format_names(), *provider.trusted_notes) if provider else NAMES
    unknown = [name for name in file.trusted_notes or () if name not in known]
    if unknown:
        raise BadInputError(
            *(
                f"provider.trusted_notes: “{name}” is neither a format nor a saved mapping."
                f" Known: {', '.join(dict.fromkeys(known))}."
                for name in unknown
            )
        )


def _balances(file: ProviderFile) -> list[str]:
    """What would become of the balances, a line a retainer; none for a provider that is not there yet."""
    provider = called(file.slug)
    if provider is None:
        return []
    with tenant_scope(provider):
        return [effect_words.line(change, money) for change in foresee(provider, file, on=today_at(provider))]


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadInputError(f"{path} can't be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise BadInputError(f"{path} is not UTF-8 text: byte {error.start} makes no sense there.") from error
