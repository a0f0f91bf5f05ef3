"""The file’s totals: its rows and its hours, each in one place, and what is no row of anybody."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from imports.publishing.hour_sums import Sums
from imports.publishing.plan import Plan
from presentation import counts, phrases
from retainers.hours import ZERO, round_half_up


@dataclass(frozen=True, slots=True)
class SumPart:
    """One summand."""

    figure: str
    words: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """A sum: `total` of something = its parts. `beside`: what is no part of it."""

    total: str
    of: str
    parts: tuple[SumPart, ...]
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lines:
    """Rows left out for one reason, by their lines."""

    words: str
    lines: str


def rows_tally(plan: Plan) -> Tally:
    """The file's rows by what becomes of them."""
    kinds = [(plan.count("new"), _("new"), "")]
    kinds += [(plan.count("changed"), _("changed"), ""), (plan.count("unchanged"), _("unchanged"), "")]
    kinds += [(plan.excluded_rows, _("excluded"), ""), (len(plan.refused), _("refused"), "red")]
    kinds += [(plan.unknown_rows, _("of unknown companies"), "amber")]
    parts = tuple(SumPart(f"{count:,}", words, tone) for count, words, tone in kinds if count)
    none = (SumPart("0", _("new")),)
    return Tally(f"{plan.total:,}", ngettext("row", "rows", plan.total), parts or none, tuple(_beside(plan)))


def hours_tally(plan: Plan, sums: Sums) -> Tally:
    """The file's worked hours by whose they become: what clients get, and what nobody gets (yet)."""
    given, excluded = _sum(sums.given.values()), _sum(sums.excluded.values())
    kinds = [(given, _("for clients"), ""), (excluded, _("excluded"), "")]
    kinds += [(sums.refused, _("refused"), "red"), (sums.unknown, _("of unknown companies"), "amber")]
    kinds += [(_sum(sums.held.values()), _("waiting or held back"), "amber")]
    parts = tuple(SumPart(phrases.column(hours), words, tone) for hours, words, tone in kinds if hours)
    none = (SumPart(phrases.column(ZERO), _("for clients")),)
    beside = [_("%(hours)s h counted") % {"hours": phrases.column(_sum(sums.counted.values()))}]
    if plan.parsed.stated is not None:
        beside.append(_stated(round_half_up(plan.parsed.stated), sums.worked))
    return Tally(phrases.column(sums.worked), _("worked hours"), parts or none, tuple(beside))


def _stated(stated: Decimal, worked: Decimal) -> str:
    values = {"hours": phrases.column(stated)}
    if stated == worked:
        return _("the file’s own total agrees")
    return _("the file’s own total says %(hours)s h") % values


def _beside(plan: Plan) -> list[str]:
    found = []
    aside = len(plan.parsed.set_aside)
    if aside:
        text = ngettext("%(count)d line set aside", "%(count)d lines set aside", aside)
        found.append(text % {"count": aside})
    if plan.removed:
        text = ngettext(
            "%(count)d published entry is missing from the file",
            "%(count)d published entries are missing from the file",
            plan.removed,
        )
        found.append(text % {"count": plan.removed})
    return found


def excluded_lines(plan: Plan) -> tuple[Lines, ...]:
    """The excluded rows by reason, the most first."""
    return tuple(
        Lines(f"{reason}: {counts.rows(len(numbers))}", counts.lines(numbers))
        for reason, numbers in sorted(plan.excluded.items(), key=lambda item: (-len(item[1]), item[0]))
    )


def aside_lines(plan: Plan) -> tuple[Lines, ...]:
    """The lines that are no entries, by what they are."""
    by_kind: dict[str, list[int]] = defaultdict(list)
    for aside in plan.parsed.set_aside:
        by_kind[aside.what].append(aside.line)
    known = {
        "heading": _("headings"),
        "subtotal": _("subtotals"),
        "total": _("totals"),
        "preamble": _("above the table"),
        "table": _("lines of a second table"),
    }
    return tuple(
        Lines(f"{known.get(what, what)}: {len(numbers)}", counts.lines(numbers))
        for what, numbers in sorted(by_kind.items())
    )


def aside_words(plan: Plan) -> str:
    """In one line: what is excluded, what was set aside, and how many columns are not read."""
    parts = []
    if plan.excluded:
        parts.append(_("%(rows)s excluded") % {"rows": counts.rows(plan.excluded_rows)})
    if plan.parsed.set_aside:
        parts.append(_("%(lines)s set aside") % {"lines": counts.counted(len(plan.parsed.set_aside), "line")})
    if plan.parsed.unread_columns:
        columns = counts.counted(len(plan.parsed.unread_columns), "column")
        parts.append(_("%(columns)s not read") % {"columns": columns})
    return ", ".join(parts)


def _sum(values: Iterable[Decimal]) -> Decimal:
    return sum(values, ZERO)
