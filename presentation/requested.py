"""What a client has asked for, as the page says it to everybody with the link: what, when, and what became of it.

No name, no address and nothing that was typed: who asked has those by mail. A confirmed approval is told in
`approvals`, with its use.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from presentation.days import day_month
from presentation.phrases import agreed_hours

SHOWN = 5
FOR_HOURS = ("overage", "top_up")  # said in full by kind and hours; the others have words of their own


@dataclass(frozen=True, slots=True)
class Requested:
    """One request on the provider's local days; `answer` are a manager's words, `granted` the hours given with them."""

    kind: str
    hours: Decimal | None
    on: date
    answered_on: date | None = None
    answer: str = ""
    granted: Decimal | None = None


@dataclass(frozen=True, slots=True)
class RequestedWords:
    """`what` was asked for, its `status` in a sentence, and the words of the `answer`, "" for none."""

    what: str
    status: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class RequestedList:
    lines: tuple[RequestedWords, ...]
    more: str


def requested_words(asked: Sequence[Requested], today: date) -> RequestedList:
    """The newest requests, each with its status."""
    alike = _alike(asked)
    rest = len(asked) - sum(len(each) for each in alike[:SHOWN])
    more = ngettext("and %(count)s more", "and %(count)s more", rest) % {"count": rest} if rest > 0 else ""
    return RequestedList(tuple(_one(each[0], len(each), today) for each in alike[:SHOWN]), more)


def _alike(asked: Sequence[Requested]) -> list[list[Requested]]:
    """Those that wait and ask for the same hours stand together, where the newest of them stands."""
    found: dict[object, list[Requested]] = {}
    for place, each in enumerate(asked):
        is_alike = each.kind in FOR_HOURS and each.answered_on is None
        found.setdefault((each.kind, each.hours) if is_alike else place, []).append(each)
    return list(found.values())


def _one(asked: Requested, times: int, today: date) -> RequestedWords:
    return RequestedWords(_what(asked), _status(asked, times, today), asked.answer)


def _what(asked: Requested) -> str:
    hours = {"hours": agreed_hours(asked.hours) if asked.hours else ""}
    if asked.kind == "overage":
        return _("%(hours)s beyond the agreed ones") % hours
    if asked.kind == "top_up":
        return _("A top-up of %(hours)s") % hours
    if asked.kind == "question":
        return _("A question about a line of the log")
    return _("Planned work of %(hours)s") % hours if asked.hours else _("Planned work")


def _status(asked: Requested, times: int, today: date) -> str:
    days = {"day": day_month(asked.on, today), "times": times}
    if asked.answered_on is not None:
        days["answered"] = day_month(asked.answered_on, today)
        words = _("Asked for on %(day)s, answered on %(answered)s.") % days
        if asked.granted is None:
            return words
        return f"{words} {_('%(hours)s were added.') % {'hours': agreed_hours(asked.granted)}}"
    first = _("Asked for on %(day)s.") if times == 1 else _("Asked for %(times)s times, last on %(day)s.")
    return f"{first % days} {_waits(asked.kind)}"


def _waits(kind: str) -> str:
    """What becomes of it; the same whoever asked, so that nobody learns who may approve."""
    if kind != "overage":
        return _("We have received it and will answer.")
    return _(
        "Not approved yet. If it came from someone who may approve, they have a mail from us to "
        "confirm it; otherwise we will answer."
    )
