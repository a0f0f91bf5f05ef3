"""A cycle as it was stated to the client, for paper: made from the statements' own documents alone.

Where a cycle was stated again, the first and the newest figures stand side by side, with every reason. What
the balance page says today is compared with the newest statement, never put in its place.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.utils.formats import time_format
from django.utils.translation import gettext as _

from portal.letterhead import Letterhead, letterhead
from portal.statement_log import StatedLog, covered_words, stated_log
from presentation.days import dated, span
from presentation.facts import ProviderFacts
from presentation.phrases import column, money, price
from retainers.models import Statement

FIGURES = (
    "allocated",
    "carried_in",
    "topped_up",
    "credited",
    "queued_in",
    "used",
    "charged",
    "lapsed",
    "remaining",
    "overage",
    "carried_out",
    "expired",
    "queued_out",
)
BLOCK_FIGURES = tuple(name for name in FIGURES if name not in ("allocated", "carried_out"))
ALWAYS = ("allocated", "used", "remaining")
RESULTS = ("remaining", "overage")
MARKS = ("entry", "incident", "person")


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One figure in each of the columns, hours or money; `is_result` marks what was left or over."""

    words: str
    figures: tuple[str, ...]
    columns: tuple[str, ...]
    is_result: bool = False

    @property
    def by_column(self) -> list[tuple[str, str]]:
        """The figures, each with the head of its column."""
        return list(zip(self.columns, self.figures, strict=True))


@dataclass(frozen=True, slots=True)
class AccountTable:
    name: str
    lines: tuple[StatementLine, ...]


@dataclass(frozen=True, slots=True)
class StatementPage(Letterhead):
    """`columns` head the figures; `logs` are those of the columns, the newest first, and one where they are alike;
    `history` says when what was stated, oldest first. `number` names the newest statement among all of the client.
    """

    client: str
    agreement: str
    cycle: str
    provisional: str
    columns: tuple[str, ...]
    accounts: tuple[AccountTable, ...]
    money: tuple[StatementLine, ...]
    logs: tuple[StatedLog, ...]
    history: tuple[str, ...]
    differs: str
    back_href: str
    number: str
    pdf_href: str


def statement_page(
    *,
    provider: ProviderFacts,
    client_name: str,
    statements: Sequence[Statement],
    documents: Sequence[Mapping[str, Any]],
    today: dict[str, Any] | None,
    back_href: str,
    key: str,
    zone: ZoneInfo,
    reasons: Mapping[int, str],
) -> StatementPage:
    """`statements`: those of one cycle, oldest first; `documents`: theirs, fit to leave the house; `client_name`: where
    none is written down; `key`: the retainer's; `today`: the `cycle_json` of now; `reasons` a client may read."""
    ends = sorted({0, len(statements) - 1})
    columns = _columns([statements[index] for index in ends], zone)
    own, newest = [documents[index] for index in ends], documents[-1]
    return StatementPage(
        **letterhead(provider),
        **_head(newest, client_name),
        columns=columns,
        accounts=_accounts([each["cycle"] for each in own], newest["pools"], columns),
        money=tuple(_money(own, columns, with_fee=provider.states_fee)),
        logs=_logs(own, columns),
        history=tuple(_stated(each, zone, reasons.get(each.pk, "")) for each in statements),
        differs=_differs(newest["cycle"], today),
        back_href=back_href,
        number=f"{key}-{newest['cycle']['starts']}-{statements[-1].number}",
        pdf_href=f"statement.pdf?{urlencode({'retainer': key})}",
    )


def _head(newest: Mapping[str, Any], client_name: str) -> dict[str, Any]:
    """Whose statement it is, and of which cycle."""
    cycle = newest["cycle"]
    return {
        "client": newest["client"] or client_name,
        "agreement": newest["agreement"],
        "cycle": span(_day(cycle["starts"]), _day(cycle["ends"])),
        "provisional": covered_words(newest["through"]) if cycle["provisional"] else "",
    }


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _issued_on(statement: Statement, zone: ZoneInfo) -> str:
    return dated(statement.issued_at.astimezone(zone).date())


def _columns(shown: Sequence[Statement], zone: ZoneInfo) -> tuple[str, ...]:
    """The days on which they were stated, with the time where two of them are one."""
    days = [_issued_on(each, zone) for each in shown]
    at = [time_format(each.issued_at.astimezone(zone).time()) for each in shown]
    is_one = len(days) > len(set(days))
    said = [f"{day}, {time}" if is_one else day for day, time in zip(days, at, strict=True)]
    return tuple(_column(each, day) for each, day in zip(shown, said, strict=True))


def _column(statement: Statement, day: str) -> str:
    on = {"day": day}
    return _("Stated on %(day)s") % on if statement.number == 1 else _("Restated on %(day)s") % on


def _stated(statement: Statement, zone: ZoneInfo, reason: str) -> str:
    on = _issued_on(statement, zone)
    if statement.number == 1:
        return _("As first stated on %(day)s.") % {"day": on}
    if not reason:
        return _("As restated on %(day)s.") % {"day": on}
    return _("As restated on %(day)s: %(reason)s") % {"day": on, "reason": reason}


def _differs(stated: dict[str, Any], today: dict[str, Any] | None) -> str:
    if today is None or today == stated:
        return ""
    if {**today, "provisional": None} == {**stated, "provisional": None}:
        return _("All work of this cycle has since come in; no figure has changed.")
    return _("The balance page now shows different figures from the last statement.")


def _accounts(
    cycles: Sequence[dict[str, Any]], pools: Mapping[str, str], columns: tuple[str, ...]
) -> tuple[AccountTable, ...]:
    """A table for each account of any of the cycles, in their order."""
    parts = [_figures_by_account(cycle) for cycle in cycles]
    block = not any(Decimal(cycle["total"]["allocated"]) for cycle in cycles)
    keys = list(dict.fromkeys(key for part in parts for key in part))
    return tuple(
        AccountTable(
            pools.get(key, key) if len(keys) > 1 else "",
            _lines([part.get(key, {}) for part in parts], columns, block=block),
        )
        for key in keys
    )


def _figures_by_account(cycle: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The pools that have an account each, else the one account of a shared balance."""
    if cycle["sharing"] == "shared":
        return {"": cycle["total"]}
    return {pool["pool"]: pool for pool in cycle["pools"]}


def _lines(
    stated: Sequence[dict[str, Any]], columns: tuple[str, ...], *, block: bool
) -> tuple[StatementLine, ...]:
    """`block`: the hours of a prepaid block, of which no cycle has any of its own and nothing is left at a close."""
    words = {**_figure_words(), **(_block_words() if block else {})}
    lines = []
    for name in FIGURES if not block else BLOCK_FIGURES:
        found = [_figure(each, name) for each in stated]
        if any(found) or _is_always_told(name, stated):
            cells = tuple(map(_cell, found))
            lines.append(StatementLine(words[name], cells, columns, is_result=name in RESULTS))
    return tuple(lines)


def _cell(figure: Decimal | None) -> str:
    return "–" if figure is None else column(figure)


def _figure(stated: Mapping[str, Any], name: str) -> Decimal | None:
    return None if stated.get(name) is None else Decimal(stated[name])


def _is_always_told(name: str, stated: Sequence[Mapping[str, Any]]) -> bool:
    """Whether it is told where it is nothing, too: that nothing is left isn't, where hours are over."""
    return name in ALWAYS and not (name == "remaining" and any(_figure(each, "overage") for each in stated))


def _figure_words() -> dict[str, str]:
    return {
        "allocated": _("Hours of this cycle"),
        "carried_in": _("Carried over from before"),
        "topped_up": _("Bought on top"),
        "credited": _("Credited"),
        "queued_in": _("Owed from before"),
        "used": _("Used"),
        "charged": _("Charged"),
        "lapsed": _("Lapsed on its last day"),
        "remaining": _("Left at the close"),
        "overage": _("Over the cap"),
        "carried_out": _("of it carried over"),
        "expired": _("of it lapsed"),
        "queued_out": _("taken from the next cycle"),
    }


def _block_words() -> dict[str, str]:
    return {
        "carried_in": _("In hand before"),
        "topped_up": _("Bought"),
        "remaining": _("Left on the last day"),
        "overage": _("Past the block"),
        "queued_out": _("owed to the next block"),
    }


def _money(
    documents: Sequence[Mapping[str, Any]], columns: tuple[str, ...], *, with_fee: bool
) -> list[StatementLine]:
    """What hours past the cap cost an hour and in all; no line for what none of the columns has.

    The fee is typed for the provider's own people: it stays in the document, unless statements are to name it.
    """
    currencies = [each["cycle"]["currency"] for each in documents]
    fees = [each.get("fee") if with_fee else None for each in documents]
    found = (
        (_("Fee of the cycle"), fees, money),
        (_("An hour past the cap"), [each.get("overage_rate") for each in documents], price),
        (_("Price of the hours past the cap"), [_overage(each["cycle"]) for each in documents], money),
    )
    return [
        StatementLine(words, _amounts(amounts, currencies, written), columns)
        for words, amounts, written in found
        if any(amount is not None for amount in amounts)
    ]


def _overage(cycle: Mapping[str, Any]) -> str | None:
    return cycle["overage_amount"] if Decimal(cycle["overage_amount"]) else None


def _amounts(
    amounts: Sequence[str | None], currencies: Sequence[str], written: Callable[[Decimal, str], str]
) -> tuple[str, ...]:
    pairs = zip(amounts, currencies, strict=True)
    return tuple("–" if amount is None else written(Decimal(amount), currency) for amount, currency in pairs)


def _logs(documents: Sequence[Mapping[str, Any]], names: Sequence[str]) -> tuple[StatedLog, ...]:
    logs = [([_read(line) for line in each["log"]], each["pools"]) for each in documents]
    if len(documents) == 1 or logs[0] == logs[1]:
        return (stated_log(documents[-1], "log", ""),)
    first, newest = documents
    return (stated_log(newest, "log", names[1]), stated_log(first, "log-first", names[0]))


def _read(line: Mapping[str, Any]) -> dict[str, Any]:
    """What is read of a line: an older statement lacks the marks that tell which lines are of one ticket."""
    return {name: said for name, said in line.items() if name not in MARKS}
