"""What a client reads of a closed cycle that was restated: when, why, and what it said before."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from presentation.days import dated
from presentation.phrases import hours, money
from retainers.hours import ZERO

Said = Mapping[str, Any]  # a cycle, or an account of it, as `wire` writes them

WHY = {
    "import": gettext_lazy("Time entries came in or were corrected late."),
    "undo": gettext_lazy("An update was taken back."),
    "entry": gettext_lazy("A time entry was corrected."),
    "terms": gettext_lazy("The agreement was changed."),
    "grant": gettext_lazy("Hours granted were added, corrected or taken back."),
    "approval": gettext_lazy("An approval was withdrawn."),
    "rules": gettext_lazy("The rules by which work is counted were changed."),
    "hours": gettext_lazy("Business hours or holidays were changed."),
    "names": gettext_lazy("Work was moved to the agreement that it belongs to."),
    "law": gettext_lazy("Balances are calculated by new rules."),
}


@dataclass(frozen=True, slots=True)
class Restated:
    """`before` and `after` are the cycle as it was and as it became; None where there was no such cycle."""

    on: date
    cause: str
    reason: str
    before: Said | None
    after: Said | None


@dataclass(frozen=True, slots=True)
class RestatedWords:
    when: str
    before: str


def restated_lines(
    found: Sequence[Restated], pools: Mapping[str, str], *, is_block: bool
) -> tuple[RestatedWords, ...]:
    """Each restatement of what is shown, the newest first; of a prepaid block its months' ends together."""
    if not is_block:
        return tuple(restated_words(each, pools) for each in reversed(found))
    acts: dict[tuple[date, str, str], list[Restated]] = {}
    for each in found:
        acts.setdefault((each.on, each.cause, each.reason), []).append(each)
    newest_first = sorted(acts.items(), key=lambda act: act[0][0], reverse=True)
    return tuple(_of_block(own, pools) for _act, own in newest_first)


def _of_block(own: Sequence[Restated], pools: Mapping[str, str]) -> RestatedWords:
    """What was left at each month's end, before."""
    words = [restated_words(own[0], pools).when]
    said = [
        _("%(figures)s on %(day)s")
        % {"figures": "; ".join(_before(each.before, each.after, pools)), "day": _last_day(each.before)}
        for each in own
        if each.before is not None and each.before != each.after
    ]
    return RestatedWords(words[0], _("Before: %(figures)s.") % {"figures": "; ".join(said)} if said else "")


def _last_day(said: Said) -> str:
    return dated(date.fromisoformat(said["ends"]))


def restated_words(restated: Restated, pools: Mapping[str, str]) -> RestatedWords:
    """`pools` names the pools by key."""
    why = restated.reason or WHY[restated.cause]
    when = _("Restated on %(day)s: %(why)s") % {"day": dated(restated.on), "why": why}
    if restated.before is None:
        return RestatedWords(when, "")
    said = tuple(_before(restated.before, restated.after, pools))
    if not said:
        return RestatedWords(when, _("Only lines changed; the figures are the same."))
    return RestatedWords(when, _("Before: %(figures)s.") % {"figures": "; ".join(said)})


def _before(before: Said, after: Said | None, pools: Mapping[str, str]) -> Iterator[str]:
    """The accounts and amounts that became others, as they were."""
    was, became = _accounts(before), _accounts(after or {})
    for key, account in was.items():
        if account != became.get(key):
            name = pools.get(key, "") if len(was) > 1 else ""
            figures = ", ".join(_figures(account))
            yield _("%(pool)s: %(figures)s") % {"pool": name, "figures": figures} if name else figures
    billed = before["overage_amount"], before["currency"]
    if after is None or billed != (after["overage_amount"], after["currency"]):
        amount = money(Decimal(billed[0]), billed[1])
        yield _("%(amount)s for hours past the cap") % {"amount": amount}


def _accounts(said: Said) -> dict[str, Said]:
    if not said:
        return {}
    if said["sharing"] == "shared":
        return {"": said["total"]}
    return {pool["pool"]: {name: pool[name] for name in pool if name != "pool"} for pool in said["pools"]}


def _figures(account: Said) -> Iterator[str]:
    used, left, over = (Decimal(account[name]) for name in ("used", "remaining", "overage"))
    yield _("%(used)s used") % {"used": hours(used)}
    if over > ZERO:
        yield _("%(over)s over") % {"over": hours(over)}
    else:
        yield _("%(left)s left") % {"left": hours(left)}
