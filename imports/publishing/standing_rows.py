"""Published entries with the rows of exports behind them, as a comparison needs them."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from imports.models import KeptRow, SourceRow
from imports.reading.rows import Row
from retainers.models import Entry


class PublishedRow(NamedTuple):
    """A live entry and the row that it came from."""

    entry: Entry
    source: SourceRow | KeptRow
    row: Row


@dataclass(frozen=True, slots=True)
class Window:
    """What a file can be compared with: its days, first and last included, and its entry ids (`id_key`)."""

    starts: date
    ends: date
    ids: frozenset[str]
