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
    rest = len(asked) - SHOWN
    more = ngettext("and %(count)s more", "and %(count)s more", rest) % {"count": rest} if rest > 0 else ""
    return RequestedList(tuple(_one(each, today) for each in asked[:SHOWN]), more)


def _one(asked: Requested, today: date) -> RequestedWords:
    return RequestedWords(_what(asked), _status(asked, today), asked.answer)


def _what(asked: Requested) -> str:
    hours = {"hours": agreed_hours(asked.hours) if asked.hours else ""}
    if asked.kind == "overage":
        return _("%(hours)s past the agreed ones") % hours
    if asked.kind == "top_up":
        return _("A top-up of %(hours)s") % hours
    if asked.kind == "question":
        return _("A question about a line of the log")
    return _("Planned work of %(hours)s") % hours if asked.hours else _("Planned work")


def _status(asked: Requested, today: date) -> str:
    days = {"day": day_month(asked.on, today)}
    if asked.answered_on is not None:
        days["answered"] = day_month(asked.answered_on, today)
        words = _("Asked for on %(day)s, answered on %(answered)s.") % days
        if asked.granted is None:
            return words
        return f"{words} {_('%(hours)s were added.') % {'hours': agreed_hours(asked.granted)}}"
    if asked.kind == "overage":
        return (
            _(
                "Asked for on %(day)s. It counts once a person who may approve has confirmed it from their mail."
            )
            % days
        )
    return _("Asked for on %(day)s. It has arrived and will be answered.") % days
