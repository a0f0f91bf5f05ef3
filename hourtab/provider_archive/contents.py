"""What the archive of a provider holds: its tables with their columns, and the list of contents beside them.

The tables are found by walking over the models, so that a new one is in the archive by being one. Secrets (digests,
sealed tokens, passwords) are in none; where a file lies is not either, nor what is kept only to be quick.

A cell starts no formula in a spreadsheet. A missing value is `\\N`, so that it is told from an empty
text; a text that says just that gets one more backslash before it.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models

from accounts.models import Invitation, Membership, OutboxMail, Provider, User
from accounts.tenancy import TenantModel

if TYPE_CHECKING:
    Column = models.Field[Any, Any]
else:
    Column = models.Field
import re

from presentation.sheets import guarded, unguarded

SECRET = frozenset({"digest", "original", "password"})
PERSON = ("id", "email", "name", "is_active", "date_joined")  # of who stands on a row of the provider's
MANIFEST, LOGO = "manifest.json", "logo.png"
EDITION = 1


class DamagedError(Exception):
    """The file is no whole archive of a provider; the message says why."""


@dataclass(frozen=True, slots=True)
class Table:
    """How many rows a table has, and the SHA-256 of its file."""

    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The list of contents. `originals`: by the import's key the SHA-256 of its file, None where none was there."""

    provider: str
    tables: Mapping[str, Table]
    originals: Mapping[str, str | None] = field(default_factory=dict)
    logo: str = ""
    edition: int = EDITION

    def text(self) -> str:
        return json.dumps(asdict(self), indent=2)

    @classmethod
    def read(cls, text: str) -> "Manifest":
        """Raises `DamagedError`."""
        try:
            said = json.loads(text)
            found = cls(**{**said, "tables": {name: Table(**each) for name, each in said["tables"].items()}})
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise DamagedError("its list of contents can't be read") from error
        if found.edition != EDITION:
            raise DamagedError(f"it is of edition {found.edition}, and this release reads {EDITION}")
        return found


def tenant_models() -> list[type[models.Model]]:
    """The models whose rows belong to a provider, by name."""
    found = [model for model in apps.get_models() if issubclass(model, TenantModel)]
    return sorted((*found, Membership, Invitation, OutboxMail), key=lambda model: model._meta.db_table)


def archived() -> list[type[models.Model]]:
    """Every model that has a table in the archive: the provider, its people, and what is its own."""
    return [Provider, User, *tenant_models()]


def columns(model: type[models.Model]) -> list[Column]:
    """The columns that are in the archive."""
    every = model._meta.concrete_fields
    if model is User:
        return [each for each in every if each.name in PERSON]
    return [each for each in every if not is_secret(each)]


def is_secret(column: Column) -> bool:
    """Bytes are in no table: they are sealed, kept only to be quick, or a file of the archive."""
    return isinstance(column, models.BinaryField) or (
        column.name in SECRET and not isinstance(column, models.BooleanField)
    )


def path_of(model: type[models.Model]) -> str:
    return f"tables/{model._meta.db_table}.csv"


def links(model: type[models.Model]) -> Iterator[tuple[Column, type[models.Model]]]:
    """The columns that point at rows of other tables, each with the model of those."""
    for each in model._meta.concrete_fields:
        if isinstance(each, models.ForeignKey):
            yield each, each.remote_field.model


NOTHING = r"\N"
SEMICOLON = r"\u003b"  # the same to who reads JSON, and no place at which a spreadsheet splits
_LIKE_NOTHING = re.compile(r"\\+N")


def written(field: Column, value: Any) -> str:
    """The value of that column as a cell."""
    if value is None:
        return NOTHING
    if isinstance(field, models.JSONField):
        return json.dumps(value, ensure_ascii=False).replace(";", SEMICOLON)
    text = str(value)
    if _LIKE_NOTHING.fullmatch(text):
        return "\\" + text
    return guarded(text) if isinstance(value, str) else text


def value_of(field: Column, cell: str) -> Any:
    """What the cell says, as the column holds it. Raises ValueError or ValidationError where it can't hold it."""
    if cell == NOTHING:
        return None
    if isinstance(field, models.JSONField):
        return json.loads(cell)
    if _LIKE_NOTHING.fullmatch(cell):
        return cell[1:]
    is_text = isinstance(field, models.CharField | models.TextField)
    return unguarded(cell) if is_text else field.to_python(cell)
