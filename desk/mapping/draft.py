"""A mapping in the making: the file's first rows, what is proposed for them, what a form says."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.http import QueryDict

from accounts.models import User
from imports import originals
from imports.models import Import, SavedMapping
from imports.publishing.answers import change_options
from imports.publishing.options import Options
from imports.reading.first_look import first_rows
from imports.reading.formats import NAMES
from imports.reading.formats.table import Unit, key
from imports.reading.mapped import FIELDS, Mapping, header_signature
from imports.reading.proposals import propose
from imports.reading.values import is_remark
from imports.saved_mappings import (
    FLAG_MEANINGS,
    HIDDEN_MEANINGS,
    MOST_CHARACTERS,
    nearest_to,
    save_mapping,
    saved_for,
)

SHOWN_ROWS = 5
MOST_HIDDEN_CHARACTERS = 60
ORDERS = ("", "mdy", "dmy", "ymd")
_DATED_END = re.compile(r"[\W\d]+$")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file's header and its first rows."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def offered(self) -> dict[str, str]:
        """The columns that can be chosen, by their number; of two with one name the first, which is read."""
        found: dict[str, tuple[int, str]] = {}
        for index, title in enumerate(self.header):
            if key(title):
                found.setdefault(key(title), (index, title))
        return {str(index): title for index, title in found.values()}


def read_sheet(source: Import) -> Sheet:
    """The file's header and first rows. Raises `UnreadableFileError` for a file that is no table."""
    encoding = Options.read(source.options).encoding
    return Sheet(*first_rows(originals.load(source), SHOWN_ROWS, encoding))


def first_draft(source: Import, sheet: Sheet) -> Mapping:
    """What was saved for this header, else for one like it, else what its columns suggest."""
    signature = header_signature(sheet.header)
    saved = saved_for(signature)
    if saved is not None:
        return saved
    proposed = _with_remarks(propose(tuple(sheet.offered().values())), sheet)
    near = nearest_to(signature)
    if near is not None:
        return _renewed(near, proposed)
    return proposed if proposed.name else replace(proposed, name=_name_of(source))


def _with_remarks(proposed: Mapping, sheet: Sheet) -> Mapping:
    """A column called “Intern” marks its rows as internal, unless its cells are the internal notes themselves."""
    title = proposed.columns.get("hidden")
    if proposed.name or title is None or "internal_notes" in proposed.columns:
        return proposed
    place = sheet.header.index(title)
    if not any(is_remark(row[place]) for row in sheet.rows if place < len(row)):
        return proposed
    others = {name: column for name, column in proposed.columns.items() if name != "hidden"}
    return replace(proposed, columns={**others, "internal_notes": title})


def _name_of(source: Import) -> str:
    """A name for a report by its file's, without what tells one week's from the next."""
    stem = source.file_name.rpartition(".")[0] or source.file_name
    name = _DATED_END.sub("", " ".join(stem.replace("_", " ").split()))[:MOST_CHARACTERS].strip()
    return "" if name.casefold() in NAMES else name


def _renewed(near: Mapping, proposed: Mapping) -> Mapping:
    """A mapping for a header of which columns were renamed: what is still there stays, the rest is proposed."""
    kept = {name: title for name, title in near.columns.items() if key(title) in proposed.signature}
    used = {key(title) for title in kept.values()}
    renamed = {
        name: title
        for name, title in proposed.columns.items()
        if name in near.columns and name not in kept and key(title) not in used
    }
    return replace(near, signature=proposed.signature, columns={**kept, **renamed})


def draft_of(post: QueryDict, sheet: Sheet) -> Mapping:
    """The mapping that a form says; what no form can say is passed over."""
    offered = sheet.offered()
    chosen = {name: offered.get(post.get(f"column-{name}", ""), "") for name in FIELDS}
    signature = header_signature(sheet.header)
    saved = saved_for(signature)
    return Mapping(
        name=saved.name if saved else post.get("name", ""),
        signature=signature,
        columns={name: title for name, title in chosen.items() if title},
        unit=Unit(_one_of(post.get("unit"), [unit.value for unit in Unit], Unit.OPEN.value)),
        date_order=_one_of(post.get("date_order"), ORDERS, ""),
        flag_means=_one_of(post.get("flag_means"), FLAG_MEANINGS, FLAG_MEANINGS[0]),
        hidden_means=_one_of(post.get("hidden_means"), HIDDEN_MEANINGS, HIDDEN_MEANINGS[0]),
        hidden_if=" ".join(post.get("hidden_if", "").split())[:MOST_HIDDEN_CHARACTERS],
    )


def _one_of(value: str | None, known: Iterable[str], default: str) -> str:
    return value if value is not None and value in known else default


@transaction.atomic
def keep_mapping(
    *, source: Import, mapping: Mapping, replacing: bool, by: User, at: datetime
) -> SavedMapping:
    """From now on the file is recognised, so no format has to be named for it. Raises `NotSavedError`."""
    change_options(source=source, change=lambda options: replace(options, format=""))
    return save_mapping(mapping=mapping, by=by, at=at, replacing=replacing)
