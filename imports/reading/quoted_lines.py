"""The records of a text, of whole lines: cells that stand in quotation marks may go on over several.

A line without a quotation mark is a record by itself, and a record of which one cell stands in marks, as its notes may,
is cut at these. All others, and what is broken, are for the `csv` module, which looks at every sign.
"""

import csv
from collections.abc import Iterator, Sequence
from itertools import chain

from imports.reading.rows import MAX_FILE_BYTES, Problem, UnreadableFileError

QUOTE = '"'
_AT_ONCE = 250_000  # characters

# One cell may be as long as the file: the row is refused by name later, not the file by a library's limit.
csv.field_size_limit(MAX_FILE_BYTES)

# of a record the line at which it starts, its cells, and its text, "" where that isn't known
Split = tuple[int, Sequence[str], str]


def line_by_line(text: str, line: int, delimiter: str) -> Iterator[Split]:
    """The records of a text that begins at that line, and in which no line ends in a mere CR."""
    lines = chain.from_iterable(part.split("\n") for part in _parts_of(text))
    first, taken = [""], [""]  # lines that the module is to begin with, and all of a record's lines
    reader = csv.reader(_ended(first, lines, taken), delimiter=delimiter, strict=True)
    for whole in lines:
        cells, number = [], 1
        if QUOTE in whole:
            taken[:] = [whole]
            cells = _cut(taken, lines, delimiter) or _next_of(reader, first, taken, line)
            whole, number = "\n".join(taken), len(taken)
        bare = whole.removesuffix("\r")
        yield line, cells or (bare.split(delimiter) if bare else []), bare
        line += number


def _cut(taken: list[str], lines: Iterator[str], delimiter: str) -> list[str] | None:
    """The cells of a record of which one stands in marks; it begins with the line taken, and takes the others that it
    goes on over. None where that is for the module to say, which takes the same lines then.
    """
    text = taken[0]
    if text.count(QUOTE) == 1:
        if text[: text.index(QUOTE)][-1:] not in ("", delimiter) or not _take(taken, lines):
            return None
        text = "\n".join(taken)
    parts = text.removesuffix("\r").split(QUOTE)
    if len(parts) != 3:
        return None
    before, after = parts[0].split(delimiter), parts[2].split(delimiter)
    if before[-1] or after[0]:  # a mark within a cell
        return None
    return [*before[:-1], parts[1], *after[1:]]


def _take(taken: list[str], lines: Iterator[str]) -> bool:
    """Take the lines up to the next one with a quotation mark; whether there is one."""
    for text in lines:
        taken.append(text)
        if QUOTE in text:
            return True
    return False


def sign_by_sign(lines: Iterator[str], line: int, delimiter: str) -> Iterator[Split]:
    """The same of any text, each line with its end."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    offset = line
    try:
        for cells in reader:
            yield line, cells, ""
            line = reader.line_num + offset
    except csv.Error as error:
        raise _broken_quotes(line, str(error)) from error


def _ended(first: list[str], lines: Iterator[str], taken: list[str]) -> Iterator[str]:
    """The first lines, and as many of the others as are asked for, each with its end; they are `taken`."""
    while True:
        text = first.pop() if first else next(lines, None)
        if text is None:
            return
        taken.append(text)
        yield f"{text}\n"


def _next_of(reader: Iterator[list[str]], first: list[str], taken: list[str], line: int) -> list[str]:
    """What the module makes of the lines taken, and of as many more as it asks for."""
    first[:], taken[:] = taken[::-1], []
    try:
        return next(reader)
    except csv.Error as error:
        raise _broken_quotes(line, str(error)) from error


def _parts_of(text: str) -> Iterator[str]:
    """The text in parts of whole lines, each without its last end of a line."""
    start = 0
    while start < len(text):
        part = part_from(text, start)
        yield part
        start += len(part) + 1


def part_from(text: str, start: int) -> str:
    """Whole lines from there on, without the last one's end."""
    found = text.find("\n", start + _AT_ONCE)
    return text[start : found if found >= 0 else len(text) - text.endswith("\n")]


def _broken_quotes(line: int, said: str) -> UnreadableFileError:
    if "end of data" in said:
        sentence = (
            f"A quotation mark in the row that starts at line {line} is never closed, so nothing after it "
            "can be trusted. The file may have been cut off: export again, or close the quotation mark."
        )
    else:
        sentence = (
            f"In the row that starts at line {line} there is a quotation mark in the middle of a cell. "
            "Quotation marks inside a cell are written twice; export again, or correct that row."
        )
    return UnreadableFileError(Problem(line, "", "", sentence))
