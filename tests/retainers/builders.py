"""Short ways to write agreements and entries down; hours are text, as a person would write them."""

from datetime import date
from decimal import Decimal
from typing import Any

from retainers.balance import CycleBalance, Work
from retainers.ledger import balance
from retainers.terms import Adjustment, Agreement, Approval, Multiplier, Pool, Terms, TopUp

JAN_1 = date(2026, 1, 1)
AFTER_HOURS = Multiplier("after_hours", "After hours", Decimal(2))
ONSITE = Multiplier("onsite", "On site", Decimal("1.5"))


def pools(**caps: str) -> tuple[Pool, ...]:
    return tuple(Pool(key, key.capitalize(), Decimal(hours)) for key, hours in caps.items())


def terms(cap: str = "8", *, starts: date = JAN_1, **words: Any) -> Terms:
    """Terms with one pool of `cap` hours, unless `pools` are given."""
    words.setdefault("pools", pools(main=cap))
    return Terms(starts=starts, **words)


def agreement(*versions: Terms, **words: Any) -> Agreement:
    """A monthly retainer that begins with its first terms."""
    versions = versions or (terms(),)
    words.setdefault("starts", versions[0].starts)
    return Agreement(key="support", name="Support", terms=versions, **words)


def work(day: date, worked: str | None, **words: Any) -> Work:
    """An entry; hours in the other columns and `categories` may be written as text."""
    for column in ("billable", "deducted"):
        if column in words:
            words[column] = Decimal(words[column])
    words["categories"] = frozenset(words.get("categories", "").split())
    return Work(day, None if worked is None else Decimal(worked), **words)


def top_up(day: date, hours: str, **words: Any) -> TopUp:
    return TopUp(day, Decimal(hours), **words)


def adjustment(day: date, hours: str, **words: Any) -> Adjustment:
    return Adjustment(day, Decimal(hours), **words)


def approval(cycle: date, hours: str) -> Approval:
    return Approval(cycle, Decimal(hours))


def cycles(
    agreed: Agreement, *dated: Work | TopUp | Adjustment | Approval, on: date
) -> tuple[CycleBalance, ...]:
    """The balance on a date, with what is dated in any order."""
    return balance(
        agreed,
        [it for it in dated if isinstance(it, Work)],
        [it for it in dated if isinstance(it, TopUp)],
        [it for it in dated if isinstance(it, Adjustment)],
        on,
        [it for it in dated if isinstance(it, Approval)],
    )


def shown(balance_: CycleBalance, *names: str, pool: str | None = None) -> dict[str, str]:
    """Figures of the total, or of one pool's account, as text."""
    accounts = {each.key: each.account for each in balance_.pools}
    figures = balance_.total if pool is None else accounts[pool]
    return {name: f"{getattr(figures, name):.2f}" for name in names}
