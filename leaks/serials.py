"""Serial numbers and inventory tags in a text."""

from collections.abc import Iterator

import re2

from leaks.folding import Folded
from leaks.hits import Finding
from leaks.search import has_digit

SERIAL = "{} looks like a serial number or an inventory tag."

CUED = re2.compile(
    r"(?i)(?:\bs/n|\bsn[:# ]|\bserial(?: ?(?:no\.?|nr\.?|number|num|#))?|\b(?:service|dell|lenovo|hp"
    r"|inventory)[- ]?tags?"
    r"|\bexpress ?service ?code|\basset(?: ?(?:tag|no\.?|nr\.?|number|id))?|\bimei|\bseriennummer"
    r"|\binventar(?:nummer|nr\.?)|\bsnr\.?)[ :#=]{0,4}([A-Za-z0-9][A-Za-z0-9-]{3,30})"
)
BARE = re2.compile(r"\b[A-Z]{1,3}-?[0-9][A-Z0-9]{4,12}\b")
WARRANTY = frozenset({"warranty", "garantie", "rma", "recall", "gewahrleistung", "serial"})


def find_serials(text: Folded) -> Iterator[Finding]:
    if not text.has_digit:
        return
    for match in CUED.finditer(text.plain):
        if has_digit(match.group(1)) and not is_grouped(match.group(1)):
            yield Finding("host", SERIAL, *match.span())
    if not WARRANTY.isdisjoint(text.vocabulary):
        yield from bare_serials(text.plain)


def is_grouped(number: str) -> bool:
    """Three groups of four signs or more: a licence key, which `licences` finds."""
    groups = number.split("-")
    return len(groups) > 2 and all(len(group) >= len("ABCD") for group in groups)


def bare_serials(plain: str) -> Iterator[Finding]:
    """Serial numbers that nothing announces, where a text is about warranty or repair."""
    for match in BARE.finditer(plain):
        digits = sum(char.isdigit() for char in match.group())
        if 1 < digits < len(match.group()) - 1:
            yield Finding("host", SERIAL, *match.span())
