"""Saved mappings: kept by name for a provider and a set of headers, read back as `imports.reading.mapped.Mapping`.

Entries are published under the name of the format they were read by, and compared by it the next time: a
set of headers keeps the name that it was saved under first.
"""

import hashlib
from collections.abc import Iterable
from collections.abc import Mapping as MappingOf
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from imports.models import SavedMapping
from imports.reading.formats import NAMES
from imports.reading.formats.table import Unit
from imports.reading.mapped import CLIENT_FACING_FIELDS, FIELDS, Mapping, nearest_mapping
from imports.reading.ready_made import PROPOSALS

MOST_CHARACTERS = SavedMapping._meta.get_field("name").max_length or 60
FLAG_MEANINGS = ("billable", "non-billable")
HIDDEN_MEANINGS = ("hidden", "shown")
CALLED = "called"  # the key of another word for it


class NotSavedError(Exception):
    """The mapping can't be kept under that name; the text says why. `may_replace`: unless it is said so."""

    def __init__(self, message: str, *, may_replace: bool = False) -> None:
        super().__init__(message)
        self.may_replace = may_replace


def document_of(mapping: Mapping) -> dict[str, Any]:
    """What is kept of a mapping beside its name."""
    return {
        "headers": sorted(mapping.signature),
        "columns": {name: header for name, header in mapping.columns.items() if header},
        "unit": mapping.unit.value,
        "date_order": mapping.date_order,
        "flag_means": mapping.flag_means,
        "hidden_means": mapping.hidden_means,
        "hidden_if": mapping.hidden_if,
    }


def mapping_of(name: str, document: MappingOf[str, Any]) -> Mapping:
    """The mapping that was kept; fields that are no longer known are passed over."""
    columns = document["columns"]
    return Mapping(
        name=name,
        signature=frozenset(document["headers"]),
        columns={known: columns[known] for known in FIELDS if known in columns},
        unit=Unit(document["unit"]),
        date_order=document["date_order"],
        flag_means=document["flag_means"],
        hidden_means=document.get("hidden_means", HIDDEN_MEANINGS[0]),
        hidden_if=document.get("hidden_if", ""),
    )


def saved_mappings() -> list[Mapping]:
    """The mappings of the provider in scope, by name."""
    rows = SavedMapping.objects.values_list("name", "document")
    return [mapping_of(name, document) for name, document in rows]


def as_saved() -> QuerySet[SavedMapping]:
    """All of them as they were saved, with who did it, by name."""
    rows: QuerySet[SavedMapping] = SavedMapping.objects.select_related("made_by")
    return rows


def saved_for(signature: frozenset[str]) -> Mapping | None:
    """The mapping that was saved for that set of headers."""
    return next((mapping for mapping in saved_mappings() if mapping.signature == signature), None)


def nearest_to(signature: frozenset[str]) -> Mapping | None:
    """The mapping saved for the headers that are most like these, where most of them are the same."""
    return nearest_mapping(saved_mappings(), signature)


def format_names() -> tuple[str, ...]:
    """Every name that a file can be read by at the provider in scope: the formats, the tools with a ready-made
    mapping, then the saved mappings.
    """
    ready = (proposal.name for proposal in PROPOSALS)
    return tuple(dict.fromkeys((*NAMES, *ready, *(mapping.name for mapping in saved_mappings()))))


def names_with_client_text() -> tuple[str, ...]:
    """The mappings of the provider in scope that have a column made for the client: it can be trusted."""
    return tuple(
        mapping.name for mapping in saved_mappings() if CLIENT_FACING_FIELDS & mapping.columns.keys()
    )


@transaction.atomic
def save_mapping(*, mapping: Mapping, by: User | None, at: datetime, replacing: bool = False) -> SavedMapping:
    """Keep a mapping for its set of headers; one that is kept just so stays as it is. Raises `NotSavedError`.

    `replacing`: it may take the place of the mapping of that name for other headers.
    """
    name = _clean(mapping.name)
    digest = digest_of(mapping.signature)
    _refuse_second_name(digest, name)
    row = SavedMapping.objects.select_for_update(no_key=True).filter(name__iexact=name).first()
    if row is not None and row.signature != digest and not replacing:
        raise NotSavedError(
            _("There is already a mapping “%(name)s” for other headers. Choose another name, or replace it.")
            % {"name": row.name},
            may_replace=True,
        )
    kept: SavedMapping = row or SavedMapping(name=name, document={})
    document = {**kept.document, **document_of(mapping)}
    if (kept.signature, kept.document) != (digest, document):
        kept.signature, kept.document = digest, document
        kept.made_by, kept.made_at = by, at
        _write(kept)
        record(by, "mapping saved", kept.name, **kept.document)
    return kept


def called_of(row: SavedMapping) -> str:
    """What the mapping is called: as it was saved, or as it was renamed."""
    return str(row.document.get(CALLED, row.name))


def mapping_names() -> dict[str, str]:
    """What each mapping of the provider in scope is called, by the name that files are read by."""
    return {row.name: called_of(row) for row in SavedMapping.objects.all()}


@transaction.atomic
def call_mapping(*, pk: int, name: str, by: User | None) -> bool:
    """Another word for it from now on, whether it is another. Raises `NotSavedError`.

    The name that files are read and compared by stays: published work knows it.
    """
    said = _clean(name)
    row = SavedMapping.objects.select_for_update(no_key=True).filter(pk=pk).first()
    if row is None or called_of(row) == said:
        return False
    taken = {word.casefold() for word in mapping_names().values()} - {called_of(row).casefold()}
    if said.casefold() in taken:
        raise NotSavedError(_("Another mapping is already called “%(name)s”.") % {"name": said})
    was = called_of(row)
    row.document = {**row.document, CALLED: said}
    row.save(update_fields=["document"])
    record(by, "mapping renamed", said, was=was)
    return True


@transaction.atomic
def take_back(*, pk: int, by: User | None) -> bool:
    """From now on no file is read by it, whether there was one; what was published by it stays."""
    row = SavedMapping.objects.select_for_update(no_key=True).filter(pk=pk).first()
    if row is None:
        return False
    row.delete()
    record(by, "mapping taken back", called_of(row), **row.document, number=pk)
    return True


def digest_of(signature: Iterable[str]) -> str:
    """A set of headers as the database finds it."""
    return hashlib.sha256("\n".join(sorted(signature)).encode()).hexdigest()


def _clean(said: str) -> str:
    name = " ".join("".join(sign if sign.isprintable() else " " for sign in said).split())
    if not name:
        raise NotSavedError(_("Give it a name, for example the report's."))
    if len(name) > MOST_CHARACTERS:
        raise NotSavedError(
            _("That name is too long: it can have up to %(count)d characters.") % {"count": MOST_CHARACTERS}
        )
    if name.casefold() in NAMES:
        raise NotSavedError(_("“%(name)s” is the name of a format. Choose another name.") % {"name": name})
    return name


def _refuse_second_name(digest: str, name: str) -> None:
    other = SavedMapping.objects.filter(signature=digest).exclude(name__iexact=name).first()
    if other is not None:
        raise NotSavedError(
            _("These headers are already saved as “%(name)s”. Save them under that name.")
            % {"name": other.name}
        )


def _write(row: SavedMapping) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise NotSavedError(
            _("Someone has just saved a mapping with that name. Choose another name.")
        ) from error
