"""What the grants of a file change of those that stand: which are new, and which are replaced under their key.

Nothing is overwritten: the caller retires what is replaced and adds what is new, in one publication.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from retainers.agreements import AgreementError, AgreementProblem, check_agreement
from retainers.terms import Adjustment, Agreement, TopUp

G = TypeVar("G", TopUp, Adjustment)


@dataclass(frozen=True, slots=True)
class Regrant(Generic[G]):
    """Grants to add, and grants that stand and are to be retired."""

    added: tuple[G, ...] = ()
    retired: tuple[G, ...] = ()


def regrant(wanted: Sequence[G], standing: Sequence[G]) -> Regrant[G]:
    """Of `wanted`, what `standing` does not hold yet, each of several equals counted (contract.md).

    A row with a key replaces what stands under it; where nothing does, one that says the same without a key.
    A row that leaves out its key or its expiry says nothing of them.

    >>> from datetime import date
    >>> from decimal import Decimal
    >>> before = TopUp(date(2026, 1, 10), Decimal(5), note="PO 4711", key="po")
    >>> found = regrant([replace(before, note="PO 4712")], [before])
    >>> [one.note for one in found.added], [one.note for one in found.retired]
    (['PO 4712'], ['PO 4711'])
    """
    left = list(standing)
    pending = [grant for grant in wanted if not _took(grant, left)]
    added: list[G] = []
    retired: list[G] = []
    for grant in pending:
        old = _under_key(grant, left) or _alike(grant, left)
        if old is not None:
            left.remove(old)
        if old is None or grant.key:
            added.append(grant)
            retired += [old] if old is not None else []
    return Regrant(tuple(added), tuple(retired))


def _took(grant: G, left: list[G]) -> bool:
    if grant not in left:
        return False
    left.remove(grant)
    return True


def _under_key(grant: G, left: Sequence[G]) -> G | None:
    return next((old for old in left if grant.key and old.key == grant.key), None)


def _alike(grant: G, left: Sequence[G]) -> G | None:
    return next((old for old in left if not (grant.key and old.key) and _says_the_same(grant, old)), None)


def _says_the_same(one: G, other: G) -> bool:
    expiries = {one.expires, other.expires} - {None}
    return len(expiries) < 2 and _unmarked(one) == _unmarked(other)


def _unmarked(grant: G) -> G:
    return replace(grant, key="", expires="never")


def still_standing(standing: Sequence[G], change: Regrant[G]) -> list[G]:
    """What stands of grants after some are retired, each of several equals counted."""
    return list((Counter(standing) - Counter(change.retired)).elements())


def check_recorded(
    at: str,
    agreement: Agreement,
    top_ups: Sequence[TopUp],
    adjustments: Sequence[Adjustment],
) -> None:
    """Hours on record must still have a day and a pool: they would be gone from the page without a word."""
    problems = check_agreement(agreement, top_ups, adjustments, has_business_hours=True)
    if problems:
        raise AgreementError(
            tuple(AgreementProblem(at, f"{p.place} is on record and must fit: {p.message}") for p in problems)
        )
