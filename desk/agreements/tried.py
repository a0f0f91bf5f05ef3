"""A version of the terms put to the ledger with an example: the pages print what the ledger answers, and nothing else.

Each example runs in a whole cycle under these terms alone, so that a first month cut short or an older version
doesn't blur what a choice means.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from retainers.balance import CycleBalance, Figures, Work
from retainers.cycles import cycles_until
from retainers.hours import round_half_up
from retainers.ledger import balance
from retainers.terms import Agreement, Approval, Terms

A_YEAR = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Tried:
    """The agreement with one version of its terms alone, from the first of a month on."""

    agreement: Agreement

    @property
    def terms(self) -> Terms:
        return self.agreement.terms[0]

    @property
    def first_day(self) -> date:
        return self.agreement.starts

    def cycles(
        self, works: Sequence[Work] = (), approvals: Sequence[Approval] = (), *, most: int = 2
    ) -> tuple[CycleBalance, ...]:
        """The first cycles with that work in them, on the first day of the last one of them."""
        begun = cycles_until(
            self.agreement, self.first_day + self.agreement.months * most * timedelta(days=31)
        )
        return balance(self.agreement, works, (), (), begun[most - 1].starts, approvals)

    def drawn(
        self,
        worked: Decimal,
        categories: frozenset[str] = frozenset(),
        *,
        billable: Decimal | None = None,
        deducted: Decimal | None = None,
        is_billable: bool = True,
    ) -> Decimal:
        """The hours that one entry takes; what isn't counted takes none."""
        hours = round_half_up(worked, 4)
        work = Work(
            self.first_day,
            worked=hours,
            billable=hours if billable is None else billable,
            deducted=deducted,
            is_billable=is_billable,
            categories=categories,
        )
        return self.cycles([work])[0].draws[0].hours

    def using(self, hours: Decimal, *, approved: Decimal | None = None) -> tuple[CycleBalance, CycleBalance]:
        """A cycle in which the first pool's work takes just so many hours, and the cycle after it."""
        work = Work(self.first_day, hours, deducted=hours, pool=self.terms.pools[0].key)
        plain = Tried(replace(self.agreement, terms=(replace(self.terms, hours_from="deducted"),)))
        closed, following = plain.cycles([work], [Approval(self.first_day, approved)] if approved else [])
        return closed, following


def account(cycle: CycleBalance) -> Figures:
    """The first pool's account, or the one that all pools share."""
    return cycle.pools[0].account or cycle.total


def tried(agreement: Agreement, terms: Terms) -> Tried:
    """That version of the agreement's terms, ready for examples."""
    day = terms.starts.replace(day=1)
    alone = replace(terms, starts=day, months=None, anchor_day=None, anchor_month=None)
    months = terms.months or agreement.months
    return Tried(
        replace(
            agreement,
            starts=day,
            ends=None,
            months=months,
            anchor_day=None,
            anchor_month=None,
            terms=(alone,),
            rules=(),
        )
    )
