"""How much the XML inside of a workbook is, counted before anything is made of it. Pure.

Some hundred kilobytes unpack to the millions of elements that keep openpyxl busy for minutes and fill the memory: it
keeps what stands outside of a row until the sheet is read, a row until its end, and the styles as objects. Here every
part runs once through the parser alone, which costs a fifteenth of reading it, and stops at the first limit.
"""

import re
from contextlib import suppress
from xml.parsers import expat

MOST_ELEMENTS = 5_000_000  # of all parts: 200,000 rows of a dozen cells
MOST_IN_A_ROW = 100_000  # a sheet has 16,384 columns
MOST_OUTSIDE = 300_000  # of any row: columns, links, styles
DEEPEST = 50
LONGEST_TAG = 100_000
_LONG_TAG = re.compile(rb"<[^<>]{%d}" % LONGEST_TAG)
_TEXTS = ("v", "t")  # of a cell: its value, and a text that stands in it
_REPEATED = {"worksheet": "row", "sst": "si"}  # what is thrown away as soon as it is read, by the root


class TooMuchError(Exception):
    """The workbook holds more than any export does."""


class _DeclaredError(Exception):
    """An entity: what reads the part for good refuses it with a sentence of its own."""


class Count:
    """What the parts that were looked at hold in all."""

    def __init__(self) -> None:
        self.elements = 0

    def add(self, part: bytes) -> int:
        """How many of the part's rows hold anything. Raises `TooMuchError`.

        What is no XML ends the count where it ends the reading.
        """
        if _LONG_TAG.search(part):
            raise TooMuchError
        looking = _Looking(self)
        with suppress(expat.ExpatError, _DeclaredError):
            looking.parser.Parse(part, True)
        return looking.filled


class _Looking:
    """One part on its way through the parser."""

    def __init__(self, count: Count) -> None:
        self._count = count
        self._depth = self._row_depth = self._in_row = self._outside = 0
        self._repeated: str | None = None
        self.filled, self._is_filled = 0, False
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._starts
        self.parser.EndElementHandler = self._ends
        self.parser.EntityDeclHandler = self._declares

    def _starts(self, name: str, _attributes: dict[str, str]) -> None:
        self._count.elements += 1
        self._depth += 1
        if self._depth == 1:
            self._repeated = _REPEATED.get(name.rpartition(":")[2])
        if self._row_depth:
            self._in_row += 1
            self._listens(name)
        elif name.rpartition(":")[2] == self._repeated:
            self._row_depth, self._in_row, self._is_filled = self._depth, 0, False
        else:
            self._outside += 1
        if (
            self._count.elements > MOST_ELEMENTS
            or self._in_row > MOST_IN_A_ROW
            or self._outside > MOST_OUTSIDE
            or self._depth > DEEPEST
        ):
            raise TooMuchError

    def _ends(self, _name: str) -> None:
        self.parser.CharacterDataHandler = None
        if self._depth == self._row_depth:
            self._row_depth = 0
            self.filled += self._is_filled
        self._depth -= 1

    def _listens(self, name: str) -> None:
        if not self._is_filled and name.rpartition(":")[2] in _TEXTS:
            self.parser.CharacterDataHandler = self._fills

    def _fills(self, text: str) -> None:
        self._is_filled = self._is_filled or bool(text.strip())

    def _declares(self, *_told: object) -> None:
        raise _DeclaredError
