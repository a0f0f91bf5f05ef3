"""Geometry for the page's pictures, as finished numbers for SVG: meters, and the hours by day of what is shown.

A picture never says more than the words beside it: each carries its text alternative. Days that the number
does not cover are drawn as not known, never as zero.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from presentation.accounts import Account, is_block
from presentation.days import long_date, plain_day, short_date
from presentation.phrases import agreed, hours
from retainers.balance import CycleBalance, Draw
from retainers.hours import ZERO

LEFT, RIGHT, TOP, BOTTOM = Decimal(2), Decimal(398), Decimal(28), Decimal(150)
FULL = Decimal(100)
TEXT_ABOVE = Decimal(8)
HEADROOM = Decimal("1.12")  # above the work, where it passes what was granted


@dataclass(frozen=True, slots=True)
class Meter:
    """A bar in per cent of its width. `cap` is where the granted hours end, "" unless they are exceeded.

    `label` is its text alternative, "" where it only repeats the words beside it.
    """

    used: str
    cap: str
    pace: str
    tone: str
    label: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A text and where it stands; `side` is the end of the text that stands at `x`."""

    x: str
    y: str
    text: str
    side: str
    text_y: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Hours used by day against what there is to use; all numbers in the drawing's own units.

    `unknown` is where the covered days end, "" if the cycle is covered or has not run further.
    """

    name: str
    label: str
    line: str
    area: str
    dot: Mark
    cap: Mark
    even: str
    days: tuple[Mark, ...]
    unknown_x: str
    unknown_width: str
    tone: str

    @property
    def key(self) -> list[tuple[str, str]]:
        """What is drawn, each by the look of its sign and in words."""
        drawn = (
            ("line", _("used"), True),
            ("even", _("even pace"), self.even),
            ("cap", _("hours to use"), True),
            ("unknown", _("not in yet"), self.unknown_x),
        )
        return [(look, words) for look, words, is_drawn in drawn if is_drawn]


def meter(account: Account, tone: str, pace: Decimal | None = None, *, spoken: bool = True) -> Meter:
    """What is gone of the whole; past the cap the bar is all that is gone, with a mark where the cap lies.

    Where the same figures stand beside it in words, it is not `spoken` and has no label.
    """
    over = bool(account.overage)
    granted = max(account.whole, ZERO)
    whole = max(granted, account.spent, account.overage)
    return Meter(
        used=_per_cent(granted if over else account.spent, whole),
        cap=_per_cent(granted, whole) if over else "",
        pace=_per_cent(pace, whole) if pace is not None and not over else "",
        tone=tone,
        label=_meter_label(account, pace) if spoken else "",
    )


def _meter_label(account: Account, pace: Decimal | None) -> str:
    words = {
        "taken": hours(max(account.spent, ZERO)),
        "granted": agreed(max(account.whole, ZERO)),
        "pace": hours(pace or ZERO),
    }
    if pace is None:
        return _("%(taken)s of %(granted)s hours taken") % words
    return _("%(taken)s of %(granted)s hours taken; an even pace would be %(pace)s") % words


def plain_meter(part: Decimal, whole: Decimal, tone: str = "") -> Meter:
    """A bar of one figure against another, beside words that say the same."""
    over = part > whole
    used = _per_cent(min(part, whole), max(part, whole))
    return Meter(used, used if over else "", "", tone, "")


def _per_cent(part: Decimal, whole: Decimal) -> str:
    share = FULL * max(part, ZERO) / whole if whole > 0 else ZERO
    return f"{share:.2f}%"


def even_pace(granted: Decimal, cycle: CycleBalance, day: date) -> Decimal:
    """What an even pace would have used by the end of `day`, in hours.

    >>> even_pace(Decimal(12), NOVEMBER, date(2026, 11, 15))  # doctest: +SKIP
    Decimal('6')
    """
    length = (cycle.ends - cycle.starts).days + 1
    passed = min(max((day - cycle.starts).days + 1, 0), length)
    return granted * passed / length


def chart(account: Account, run: Sequence[CycleBalance], *, covered: date, today: date, tone: str) -> Chart:
    """The picture of one account in one cycle, or over a prepaid block's life; `covered` is the last day that is in."""
    cycle, starts = run[-1], run[0].starts
    used = _used_by_day(draw for each in run for draw in each.draws if account.key in ("", draw.pool))
    total, to_use = _added(used, date.max), _to_use(account, cycle)
    scale = _Scale(starts, _ends(run, today), max(to_use, total * HEADROOM, Decimal(1)))
    last = min(max(covered, starts), scale.ends)
    drawn_to = max([last, *dict(used)])
    line = _steps(used, scale, drawn_to)
    unknown_x, unknown_width = _unknown(scale, last, min(today, scale.ends))
    return Chart(
        name=account.name,
        label=_label(cycle, _added(used, covered), total, to_use, last if covered >= starts else None),
        line=line,
        area=f"{line}V{_number(BOTTOM)}H{_number(scale.x(starts))}Z",
        dot=_dot(scale.x_after(drawn_to), scale.y(total), total),
        cap=_mark(LEFT, scale.y(to_use), agreed(to_use), "start"),
        even="" if is_block(cycle.terms) else _even(scale.y(to_use)),
        days=_day_marks(scale),
        unknown_x=unknown_x,
        unknown_width=unknown_width,
        tone=tone,
    )


def _ends(run: Sequence[CycleBalance], today: date) -> date:
    """The last day of the picture: of a block, which has no reset, today."""
    cycle = run[-1]
    if not is_block(cycle.terms):
        return cycle.ends
    return min(cycle.ends, max(today, run[0].starts + timedelta(days=1)))


def _to_use(account: Account, cycle: CycleBalance) -> Decimal:
    lapsed = account.lapsed if is_block(cycle.terms) else ZERO
    return max(account.granted - account.taken + account.used + lapsed, ZERO)


def _added(used: Iterable[tuple[date, Decimal]], until: date) -> Decimal:
    return sum((amount for day, amount in used if day <= until), ZERO)


def _dot(x: Decimal, y: Decimal, total: Decimal) -> Mark:
    """The end of the line, with what was used by then on the side that has room."""
    return _mark(x, y, hours(max(total, ZERO)), "end" if x > RIGHT * 3 / 4 else "start")


def _unknown(scale: "_Scale", last: date, until: date) -> tuple[str, str]:
    """Where the days that aren't covered yet begin, and how wide they are; nothing where there are none."""
    if until <= last:
        return "", ""
    known_x = scale.x_after(last)
    return _number(known_x), _number(scale.x_after(until) - known_x)


def _even(cap_y: Decimal) -> str:
    return f"M{_number(LEFT)} {_number(BOTTOM)}L{_number(RIGHT)} {_number(cap_y)}"


def _label(cycle: CycleBalance, by_then: Decimal, total: Decimal, to_use: Decimal, last: date | None) -> str:
    """The picture in one sentence; `last` is the last covered day, None before any day of it is."""
    words = {"used": hours(max(by_then, ZERO)), "cap": agreed(to_use), "all": hours(max(total, ZERO))}
    if last is None and not total:
        return _("No work is in yet; there are %(cap)s hours to use") % words
    if last is None:
        return _("%(all)s of %(cap)s hours used, on days that are not covered yet") % words
    words["day"] = long_date(last)
    if is_block(cycle.terms):
        said = _("%(used)s hours used from %(cap)s at hand, by %(day)s") % words
    else:
        said = _("%(used)s of %(cap)s hours used by %(day)s") % words
    if by_then < 0:
        back = _("%(hours)s given back by corrections") % {"hours": hours(-by_then)}
        said = f"{said}; {back}"
    return said if by_then == total else said + _("; with work of later days %(all)s") % words


@dataclass(frozen=True, slots=True)
class _Scale:
    starts: date
    ends: date
    top: Decimal

    def x(self, day: date) -> Decimal:
        length = (self.ends - self.starts).days + 1
        return LEFT + (RIGHT - LEFT) * (day - self.starts).days / length

    def x_after(self, day: date) -> Decimal:
        return self.x(date.fromordinal(day.toordinal() + 1))

    def y(self, amount: Decimal) -> Decimal:
        return BOTTOM - (BOTTOM - TOP) * max(amount, ZERO) / self.top


def _used_by_day(draws: Iterable[Draw]) -> list[tuple[date, Decimal]]:
    days: dict[date, Decimal] = {}
    for draw in draws:
        days[draw.work.day] = days.get(draw.work.day, ZERO) + draw.hours
    return sorted(days.items())


def _steps(used: Iterable[tuple[date, Decimal]], scale: _Scale, last: date) -> str:
    """A line that climbs on each day's morning, up to the last day known."""
    total, path = ZERO, f"M{_number(LEFT)} {_number(BOTTOM)}"
    for day, amount in used:
        total += amount
        path += f"H{_number(scale.x(day))}V{_number(scale.y(total))}"
    return f"{path}H{_number(scale.x_after(last))}"


def _mark(x: Decimal, y: Decimal, amount: str, side: str) -> Mark:
    return Mark(_number(x), _number(y), f"{amount} h", side, _number(y - TEXT_ABOVE))


def _day_marks(scale: _Scale) -> tuple[Mark, ...]:
    """The first day, the last, and one between; with their years where these differ."""
    middle = date.fromordinal((scale.starts.toordinal() + scale.ends.toordinal() + 1) // 2)
    y, one_year = _number(BOTTOM + 20), scale.starts.year == scale.ends.year
    first, between, last = (
        short_date(day) if one_year else plain_day(day, date.min)
        for day in (scale.starts, middle, scale.ends)
    )
    return (
        Mark(_number(LEFT), y, first, "start"),
        Mark(_number((scale.x(middle) + scale.x_after(middle)) / 2), y, between, "middle"),
        Mark(_number(RIGHT), y, last, "end"),
    )


def _number(value: Decimal) -> str:
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text
