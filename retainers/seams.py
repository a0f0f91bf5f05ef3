"""Agreements that follow each other without a seam, as one past; pure.

For a client nothing began when its agreement was renewed. So what is looked back on goes on before the seam, and
drafts of terms hold across it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import TypeVar

from retainers.renewals import follower, is_brought_along, life_of
from retainers.replay import Past
from retainers.terms import Adjustment, Agreement, Terms, TopUp

G = TypeVar("G", TopUp, Adjustment)


def goes_on_from(key: str, agreements: Mapping[str, Agreement]) -> tuple[str, ...]:
    """The keys of the agreements that the one with that key renews, the oldest first, itself last.

    >>> from datetime import date
    >>> old = Agreement("old", "IT", date(2026, 1, 1), (), ends=date(2026, 3, 31))
    >>> new = Agreement("new", "IT", date(2026, 4, 1), ())
    >>> goes_on_from("new", {"new": new, "old": old})
    ('old', 'new')
    """
    found = [key]
    while (before := _before(found[0], agreements)) and before not in found:
        found.insert(0, before)
    return tuple(found)


def _before(key: str, agreements: Mapping[str, Agreement]) -> str | None:
    life = {key: life_of(agreements[key])}
    return next(
        (each for each, its in agreements.items() if follower(life_of(its), life.items()) == key), None
    )


def joined(parts: Sequence[Past]) -> Past:
    """The pasts of such agreements as one, the oldest first.

    The last one's terms change the cycle on its first day, as one version among others. What was brought along from
    one to the next is left out: within one agreement hours pass on by its terms.
    """
    first, last = parts[0], parts[-1]
    terms = chain.from_iterable(_terms(part.agreement, part is not first) for part in parts)
    return Past(
        agreement=replace(first.agreement, ends=last.agreement.ends, terms=tuple(terms)),
        works=tuple(chain.from_iterable(part.works for part in parts)),
        top_ups=tuple(chain.from_iterable(_own(part.top_ups, part, first) for part in parts)),
        adjustments=tuple(chain.from_iterable(_own(part.adjustments, part, first) for part in parts)),
        approvals=tuple(chain.from_iterable(part.approvals for part in parts)),
        on=last.on,
    )


def _own(grants: Iterable[G], part: Past, first: Past) -> Iterator[G]:
    """Those that were granted in this part, and not brought along from the one before."""
    return (each for each in grants if part is first or not is_brought_along(each, part.agreement))


def _terms(agreement: Agreement, is_renewal: bool) -> tuple[Terms, ...]:
    """Its versions as far as it lived; a renewal's first one begins its cycle."""
    lived = [each for each in agreement.terms if agreement.ends is None or each.starts <= agreement.ends]
    if not is_renewal:
        return tuple(lived)
    first, *others = lived
    begun = replace(
        first,
        starts=agreement.starts,
        months=agreement.months,
        anchor_day=agreement.anchor_day or agreement.starts.day,
        anchor_month=agreement.anchor_month or agreement.starts.month,
    )
    return (begun, *others)
