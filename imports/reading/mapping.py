"""Mapping a header by hand: how it is found again, and what of it may face a client.

What is proposed for a header is the business of `proposals`, reading by a mapping that of `parse`; `first_look`
shows what there is to map.
"""

import re
from collections.abc import Sequence

from imports.reading.formats.table import header_keys, key

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
