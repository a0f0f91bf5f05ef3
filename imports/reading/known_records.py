"""Records of which the text is known are found without a look at their cells.

Where each record ends is told by its quotation marks alone, which are paired: what is known was one record of the last
file, so that it is one here, and of all others the CSV reader has to say the same. Where it says otherwise (a
quotation mark within a cell), it says where records end from there on.
"""

import csv
from collections.abc import Iterator, Sequence
from itertools import compress, islice, repeat
from typing import NamedTuple, Protocol

from imports.reading.quoted_lines import QUOTE, Split, line_by_line, part_from

_TOGETHER = 250  # records


class Known(Protocol):
    """Records that are known by their texts."""

    def places(self, texts: Sequence[str]) -> Sequence[int]:
        """As what each of these is known, -1 where it isn't."""

    def take(self, lines: Sequence[int], places: Sequence[int]) -> None:
        """Records that were found, by the lines at which they start."""


def unknown_records(text: str, line: int, delimiter: str, known: Known) -> Iterator[Split]:
    """The records that are not known of a text that begins at that line, and in which no line ends in a mere CR."""
    start = 0
    while start < len(text):
        part = part_from(text, start)
        starts, texts, ends = _paired(part)
        texts = [text.removesuffix("\r") for text in texts] if "\r" in part else texts
        places = known.places(texts)
        is_left = [place < 0 for place in places]
        left = list(compress(texts, is_left))
        cells = _cells(left, delimiter) if texts else None
        if cells is None:
            yield from _by_cells(line_by_line(text[start:], line, delimiter), known)
            return
        lines = [line + at for at in starts]
        known.take(lines, places)
        yield from zip(compress(lines, is_left), cells, left, strict=True)
        start, line = start + ends.chars, line + ends.lines


class _End(NamedTuple):
    """Where the next part begins."""

    chars: int
    lines: int


def _paired(part: str) -> tuple[Sequence[int], list[str], _End]:
    """The records in a part whose quotation marks are paired: at which of its lines each starts, its text, and where
    they end. What follows has a quotation mark that isn't closed in this part.
    """
    lines = part.split("\n")
    odd = [at for at, marks in enumerate(map(str.count, lines, repeat(QUOTE))) if marks % 2]
    starts, texts, at = list[int](), list[str](), 0
    for first, last in zip(odd[::2], odd[1::2], strict=False):
        starts += range(at, first + 1)
        texts += lines[at:first]
        texts.append("\n".join(lines[first : last + 1]))
        at = last + 1
    end = odd[-1] if len(odd) % 2 else len(lines)
    starts += range(at, end)
    texts += lines[at:end]
    return starts, texts, _End(len(part) + 1 - sum(map(len, lines[end:])) - (len(lines) - end), end)


def _cells(texts: Sequence[str], delimiter: str) -> list[list[str]] | None:
    """The cells of records with these texts; None where one of them isn't a record by itself."""
    try:
        found = list(csv.reader(map("{}\n".format, texts), delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return found if len(found) == len(texts) else None


def _by_cells(split: Iterator[Split], known: Known) -> Iterator[Split]:
    while part := list(islice(split, _TOGETHER)):
        lines, _cells, texts = zip(*part, strict=True)
        places = known.places(texts)
        known.take(lines, places)
        yield from compress(part, [place < 0 for place in places])
