"""Cells that can't be read: one that refuses its row, and those that are named and left empty.

Only client, day and hours can refuse a row (domain.md, "What a file is").
"""

from collections import Counter
from collections.abc import Iterator

from imports.reading.rows import Problem

SHOWN_CHARS = 200
_NAMED_CELLS = 20


class CellError(Exception):
    """One cell that refuses its row."""

    def __init__(self, column: str, value: str, message: str) -> None:
        super().__init__(message)
        self.column = column
        self.value = value


class UnreadableCells:
    """Cells that could not be read and refuse nothing: named, and left empty. Of each column the first few."""

    def __init__(self) -> None:
        self._by_column: dict[str, list[Problem]] = {}
        self._counts: Counter[str] = Counter()
        self.lines: set[int] = set()  # of the rows

    def note(self, line: int, *errors: CellError) -> None:
        """Cells of one row, which is read without them."""
        self.lines.add(line)
        for error in errors:
            self._counts[error.column] += 1
            found = self._by_column.setdefault(error.column, [])
            if len(found) < _NAMED_CELLS:
                message = f"{error}; the cell is left empty"
                found.append(Problem(line, error.column, error.value[:SHOWN_CHARS], message))

    def problems(self) -> Iterator[Problem]:
        """What was noted, and how many more there were."""
        for column, found in self._by_column.items():
            yield from found
            if more := self._counts[column] - len(found):
                message = f"{more} more cells of this column can’t be read; they are left empty"
                yield Problem(found[-1].line, column, "", message)
