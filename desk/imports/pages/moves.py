"""Before → after in the preview and in the result: of an agreement, or of each pool that stands on its own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from imports.publishing.plan import ClientPlan
from imports.publishing.plan_effects import Effect, PoolEffect
from presentation import phrases
from retainers.terms import Agreement


@dataclass(frozen=True, slots=True)
class Move:
    """What one account's page says before and after: a retainer's, or a pool's that stands on its own."""

    name: str
    before: str
    after: str
    moves: bool
    is_over: bool


def moves_of(client: ClientPlan) -> tuple[Move, ...]:
    return tuple(move for effect in client.effects for move in _moves(effect, client))


def _moves(effect: Effect, client: ClientPlan) -> list[Move]:
    """What is left, account by account: pools that stand on their own are never added up. Of these only the ones
    that change, unless none does.
    """
    several = len(client.effects) > 1
    if effect.shared or len(effect.pools) < 2:
        return [_move(effect.name if several else "", effect)]
    name = f"{effect.name}, " if several else ""
    found = [_move(f"{name}{pool.name}", pool) for pool in effect.pools]
    return [move for move in found if move.moves] or found


def _move(name: str, account: Effect | PoolEffect) -> Move:
    return _told(name, (account.before, account.after), (account.over_before, account.over_after))


def moves_of_result(balance: dict[str, Any], agreement: Agreement | None, *, several: bool) -> list[Move]:
    """The same from the result that was stored: one for an agreement, or one for each of its separate pools, which are
    never added up. Results of older imports don't say which pool was over: then it is said of the agreement.

    `several`: the client has other agreements to tell this one from.
    """
    name = agreement.name if agreement and several else ""
    over = _stored(balance, "over_before", "over_after")
    by_pool = _over_by_pool(balance)
    found = [
        _told(", ".join(filter(None, (name, pool))), _hours(balance["pools"][key]), _hours(by_pool[key]))
        for key, pool in _separate_pools(balance, agreement, by_pool).items()
    ]
    moved = [move for move in found if move.moves] or found
    return moved or [_told(name, _stored(balance, "before", "after"), over)]


def _over_by_pool(balance: dict[str, Any]) -> Mapping[str, Sequence[str]]:
    """How far each pool was over before and after. An older result that doesn't say it speaks of nobody who was."""
    if "pools_over" in balance:
        return dict(balance["pools_over"])
    if any(_stored(balance, "over_before", "over_after")):
        return {}
    return dict.fromkeys(balance.get("pools", ()), ("0", "0"))


def _stored(balance: dict[str, Any], *names: str) -> list[Decimal]:
    return _hours(balance.get(name, "0") for name in names)


def _hours(texts: Iterable[str]) -> list[Decimal]:
    return list(map(Decimal, texts))


def _separate_pools(
    balance: dict[str, Any], agreement: Agreement | None, over: Mapping[str, Sequence[str]]
) -> dict[str, str]:
    """The names of the agreement's pools, where they are separate and those of the result, which says how far each is
    `over`; none otherwise.
    """
    terms = agreement.terms[-1] if agreement else None
    if terms is None or terms.sharing != "separate" or len(terms.pools) < 2:
        return {}
    names = {pool.key: pool.name for pool in terms.pools}
    return names if names.keys() == balance.get("pools", {}).keys() == over.keys() else {}


def _told(name: str, left: Sequence[Decimal], over: Sequence[Decimal]) -> Move:
    """`left` and `over`: before and after."""
    before, after = map(phrases.left, left, over)
    return Move(name, before, after, before != after, over[-1] > 0)
