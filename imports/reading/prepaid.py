"""Ledgers of prepaid hours: which rows grant hours, and which use them (trap T13).

Exports tell them apart by a word in a column, by the sign, or by a plus; the format's table says which.
"""

from collections.abc import Sequence
from decimal import Decimal

from imports.reading.columns import Columns

_TOP_UP_WORDS = ("topup", "toppedup", "prepay", "prepaid", "purchase", "added")


def is_top_up(hours: Decimal, cells: Sequence[str], columns: Columns) -> bool:
    """Whether a ledger's row, whose figure is `hours`, grants hours."""
    if columns.shape.top_ups:
        return _letters(columns.under(columns.shape.top_ups, cells)).startswith(_TOP_UP_WORDS)
    if columns.shape.ledger_sign < 0:
        return hours > 0
    found = columns.figure("deducted", cells)
    return found is not None and found[1].strip().startswith("+")


def _letters(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalpha())
