"""What the report of every import promises: hours and rows of the file add up, whatever became of them."""

from decimal import Decimal
from typing import Any

SUMMED = ("excluded", "refused", "unknown", "held")
KINDS = ("new", "changed", "unchanged", "excluded", "refused", "unknown")


def adds_up(result: dict[str, Any], rows: int) -> None:
    said, entries = result["hours"], result["entries"]
    parts = [Decimal(each["hours"]["worked"]) for each in result["balances"]]
    for name in SUMMED:
        part = said[name]
        parts += [Decimal(hours) for hours in (part.values() if isinstance(part, dict) else (part,))]
    assert Decimal(said["worked"]) == sum(parts)
    assert result["rows"] == rows == sum(entries[kind] for kind in KINDS)
