"""The forms behind a client's link, each opened with the hours that the page has just worked out."""

from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.utils.translation import gettext as _

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
