"""Columns that a person mapped by hand, and which saved mapping fits a header."""

import re
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field

from imports.reading.formats.table import INVERTED_FLAGS, SHOWING, Aliases, Format, Unit, header_keys, key
from imports.reading.header_units import stated_unit
from imports.reading.header_words import plain_header, says_shown

FIELDS = (
    "date", "worked", "worked_more", "billable", "deducted", "company", "agreement", "is_billable",
    "already_billed", "status", "start", "end_date", "end", "pause", "entry_id", "ticket", "ticket_type", "board",
    "title", "work_type", "work_role", "location", "technician", "first_name", "last_name", "notes", "internal_notes",
    "hidden", "description",
)  # fmt: skip


_JOINED = {"worked": ("worked", "worked_more"), "end": ("end_date", "end")}
_PARTS = frozenset({"worked_more", "end_date", "first_name", "last_name", "already_billed"})


_LEAST_SHARED = 0.6
_NOT_INVERTED = re.compile(r"\b(?:non|not|no|nicht|niet|do not)\b|^non")


@dataclass(frozen=True, slots=True)
class Mapping:
    """A provider's own reading of one header, remembered by its set of headers.

    `columns`: field → header as written; beside the fields of `Row`, `worked_more` (a second column of the
    same duration: minutes beside hours), `end_date`, `pause` (how long breaks were, which the times include),
    `first_name`, `last_name`, and `already_billed` (when an entry was invoiced, not whether it counts: known, and
    not read). `unit`: what bare numbers count where the header doesn't say. `flag_means`: what Yes says in the
    column of `is_billable`, "billable" or "non-billable". `hidden_means`: what Yes says in that of `hidden`,
    "hidden" or "shown"; `hidden_if`: the one cell of it that hides, where it is no yes and no.
    """

    name: str
    signature: frozenset[str]
    columns: MappingOf[str, str] = field(default_factory=dict)
    unit: Unit = Unit.OPEN
    date_order: str = ""
    flag_means: str = "billable"
    hidden_means: str = "hidden"
    hidden_if: str = ""

    def as_format(self) -> Format:
        """The mapping as a format that `parse` reads by."""
        said = {name: header for name, header in self.columns.items() if header}
        return Format(
            name=self.name,
            shape="mapped by hand",
            needs=(),
            columns=_columns(said),
            units=self._units(said),
            usual_unit=self.unit,
            is_unit_given=self.unit is not Unit.OPEN,
            date_order=self.date_order,
            flag_is_inverted=self.flag_means == "non-billable",
            yes_shows=self.hidden_means == "shown",
            hidden_if=self.hidden_if,
            passed_headers=(said["already_billed"],) if "already_billed" in said else (),
        )

    def _units(self, said: MappingOf[str, str]) -> dict[str, Unit]:
        """A second column of one duration counts minutes where its header says nothing else."""
        more = said.get("worked_more", "")
        return {more: Unit.MINUTES} if more and stated_unit(more) is None else {}

    def fits(self, keys: frozenset[str]) -> bool:
        """Whether it reads another header than its own: all its columns are there, and most of the others."""
        is_whole = any(self.columns.values()) and not self.lacking(keys)
        return is_whole and self.likeness(keys) >= _LEAST_SHARED

    def lacking(self, keys: frozenset[str]) -> list[str]:
        """The headers that it reads and another header lacks."""
        return [header for header in self.columns.values() if header and key(header) not in keys]

    def likeness(self, keys: frozenset[str]) -> float:
        """The share of its headers that another header has as well."""
        return len(self.signature & keys) / max(1, len(self.signature))


def _columns(said: MappingOf[str, str]) -> dict[str, Aliases]:
    """Each field's column, and those that two of a file's columns make together."""
    columns: dict[str, Aliases] = {name: (header,) for name, header in said.items() if name not in _PARTS}
    names = tuple(said[part] for part in ("first_name", "last_name") if part in said)
    if names:
        columns["technician"] = (*columns.get("technician", ()), names)
    for name, parts in _JOINED.items():
        if said.keys() >= set(parts):
            columns[name] = (tuple(said[part] for part in parts),)
    return columns


def fitting_mapping(mappings: Iterable[Mapping], keys: frozenset[str]) -> Mapping | None:
    """The mapping that still reads a header to which columns came, or of which unread ones went or changed.

    None where two fit equally well.
    """
    ranked = sorted(
        (found for found in mappings if found.fits(keys)), key=lambda found: -found.likeness(keys)
    )
    if len(ranked) > 1 and ranked[0].likeness(keys) == ranked[1].likeness(keys):
        return None
    return ranked[0] if ranked else None


def nearest_mapping(mappings: Iterable[Mapping], keys: frozenset[str]) -> Mapping | None:
    """The mapping whose header is most like another one, so that a renamed column is all that is to be said."""
    best = max(mappings, key=lambda found: found.likeness(keys), default=None)
    return best if best and best.likeness(keys) >= _LEAST_SHARED else None


def mapping_of(header: Sequence[str], columns: MappingOf[str, str], *, name: str = "") -> Mapping:
    """These columns of a header, its flags meaning what their titles say."""
    flag, hidden = columns.get("is_billable", ""), columns.get("hidden", "")
    is_inverted = key(flag) in INVERTED_FLAGS or bool(_NOT_INVERTED.search(plain_header(flag)))
    return Mapping(
        name,
        header_keys(header),
        columns,
        flag_means="non-billable" if is_inverted else "billable",
        hidden_means="shown" if key(hidden) in SHOWING or says_shown(hidden) else "hidden",
    )


CLIENT_FACING_FIELDS = frozenset({"description"})
_INTERNAL = re.compile(
    r"intern|private|hidden|confidential|staff|tech|agent|margin|cost|rate|price|amount|profit|resolution"
)


def header_signature(header: Sequence[str]) -> frozenset[str]:
    """What a saved mapping is found by: the set of a header's keys, in no order.

    >>> header_signature(["Hours ", "date"]) == header_signature(["Date", "HOURS"])
    True
    """
    return header_keys(header)


def sounds_internal(header: str) -> bool:
    """Whether a header sounds like something that no client should read.

    >>> sounds_internal("Internal notes"), sounds_internal("Client description")
    (True, False)
    """
    return bool(_INTERNAL.search(key(header)))
