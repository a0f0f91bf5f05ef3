"""The page's own links, relative to the share link, so that no token ever stands in a page object.

Those to the forms open each with the hours that the page has just worked out.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from portal.log_days import Placed
from portal.what_if import Answer, WhatIf
from presentation.accounts import accounts
from presentation.facts import Asked, RetainerFacts
from presentation.headlines import account_of
from retainers.balance import CycleBalance
from retainers.hours import ZERO, write_hours
from retainers.terms import Agreement


@dataclass(frozen=True, slots=True)
class RequestLink:
    """A form behind the same link: what the client may ask for."""

    kind: str
    name: str
    href: str


def request_links(facts: RetainerFacts, asked: Asked, form: WhatIf | None) -> tuple[RequestLink, ...]:
    """The forms that the agreement allows, each beginning with the hours that the question before comes to."""
    names = {
        "overage": _("Approve extra hours in advance"),
        "top_up": _("Ask for a top-up"),
        "planned": _("Ask about planned work"),
    }
    wanted = _wanted(facts, form.answer if form and _is_asked(facts, asked) else None)
    return tuple(
        RequestLink(
            kind, name, f"ask/{kind}/?{urlencode({'retainer': facts.agreement.key, **wanted.get(kind, {})})}"
        )
        for kind, name in names.items()
        if kind in facts.agreement.requests
    )


def offered_kinds(agreement: Agreement) -> tuple[str, ...]:
    """What may be asked for: whoever takes requests takes questions about a line of the log too."""
    return (*agreement.requests, "question") if agreement.requests else ()


def _is_asked(facts: RetainerFacts, asked: Asked) -> bool:
    return bool(asked.hours) and asked.chooses(facts.agreement)


def _wanted(facts: RetainerFacts, answer: Answer | None) -> dict[str, dict[str, str]]:
    """The hours that each form begins with: to approve and to buy what is over, to plan what the work takes."""
    if facts.shown is None:
        return {}
    over = Decimal(answer.past) if answer else _over(facts, facts.shown)
    hours = {
        "overage": max(over - facts.shown.approved, ZERO),
        "top_up": over,
        "planned": Decimal(answer.taken) if answer else ZERO,
    }
    return {kind: {"hours": write_hours(each)} for kind, each in hours.items() if each}


def _over(facts: RetainerFacts, shown: CycleBalance) -> Decimal:
    """The hours over, with those of a notice that are not in yet."""
    found = accounts(facts.cycles, shown)
    if facts.notice is None or facts.notice.pending_hours is None or not found:
        return shown.total.overage
    past = facts.notice.pending_hours - account_of(facts.notice, found).remaining
    return shown.total.overage + max(past, ZERO)


def query(facts: RetainerFacts, several: bool, **more: str) -> str:
    """`?retainer=…&cycle=…` for what is shown: the current cycle needs no date, a single retainer no key."""
    earlier = facts.shown if not facts.is_current else None
    parts = {
        "retainer": facts.agreement.key if several or earlier else "",
        "cycle": earlier.starts.isoformat() if earlier else "",
    }
    chosen = {key: value for key, value in (parts | more).items() if value}
    return f"?{urlencode(chosen)}" if chosen else ""


def address(path: str, asked: str, part: str = "") -> str:
    """A link on the page: the page itself is `./`, a part of it `#part`."""
    return f"{path or './'}{asked}{'#' + part if part else ''}"


def cycle_address(key: str, starts: date) -> str:
    """The page of an earlier cycle of one retainer."""
    return address("", f"?{_of(key)}&cycle={starts.isoformat()}")


@lru_cache(maxsize=256)
def _of(key: str) -> str:
    return urlencode({"retainer": key})


def statement_address(key: str, starts: date) -> str:
    """What was stated of a closed cycle of one retainer."""
    return address(f"statement/{starts.isoformat()}/", f"?{urlencode({'retainer': key})}")


def questions_address(key: str) -> str:
    """The form with a question about a line of one retainer's log, as far as it is the same for all of them."""
    return f"ask/question/?{_of(key)}&line="


def line_address(questions: str, line: Placed) -> str:
    """The same about that line; `questions` as above."""
    return f"{questions}{line.day.isoformat()}.{line.place}"
