"""What was not charged, below the log: a sum for each reason, and the days behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import ngettext

from presentation.days import short_date
from presentation.phrases import column
from presentation.uncharged import Uncharged
from retainers.hours import ZERO


@dataclass(frozen=True, slots=True)
class UnchargedLine:
    day: str
    hours: str


@dataclass(frozen=True, slots=True)
class UnchargedReason:
    """Why hours were not charged, how many, and on which days."""

    name: str
    count: str
    hours: str
    lines: tuple[UnchargedLine, ...]


def uncharged_reasons(found: Sequence[Uncharged]) -> tuple[UnchargedReason, ...]:
    """By reason, in the order in which they first occur."""
    by_reason: dict[str, list[Uncharged]] = {}
    for each in found:
        by_reason.setdefault(each.reason, []).append(each)
    return tuple(_reason(name, own) for name, own in by_reason.items())


def _reason(name: str, own: Sequence[Uncharged]) -> UnchargedReason:
    total: Decimal = sum((each.hours for each in own), ZERO)
    return UnchargedReason(
        name=name,
        count=ngettext("%(count)s entry", "%(count)s entries", len(own)) % {"count": len(own)},
        hours=column(total),
        lines=tuple(UnchargedLine(short_date(each.day), column(each.hours)) for each in own),
    )
