"""What a reader's wish to be told says, and what the mail says when it has come: the page's own figures and names."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from alerts.models import Watch
from portal.tell_me_form import SHARES
from presentation.accounts import Account, accounts
from presentation.days import long_date
from presentation.headlines import Number, numbers
from presentation.phrases import agreed_hours
from retainers.agreements import agreement_from_document
from retainers.balance import CycleBalance
from retainers.gate.known import Gate
from retainers.gate.outgoing import outgoing
from retainers.hours import from_units
from retainers.selectors import Standing
from retainers.terms import Agreement


def watch_words(watch: Watch, gate: Gate) -> str:
    """The wish, as it stands in a list: what it is about, and what is waited for."""
    publication = watch.retainer.publication
    if publication is None:
        return ""
    agreement = agreement_from_document(publication.version.document)
    name = name_of(outgoing(agreement, gate, watch.retainer.client.slug), watch.account)
    if watch.when == Watch.When.HOURS:
        hours = agreed_hours(from_units(watch.amount))
        return _("%(name)s: no more than %(hours)s are left") % {"name": name, "hours": hours}
    if watch.when == Watch.When.SHARE:
        return f"{name}: {SHARES[watch.amount]}"
    if watch.when == Watch.When.RESET:
        return _("%(name)s: a new cycle begins") % {"name": name}
    return _("%(name)s: the page is updated") % {"name": name}


def name_of(agreement: Agreement, account: str) -> str:
    """The agreement, and of several pools that the client sees the one that it is about."""
    pools = agreement.terms[-1].pools
    pool = next((each.name for each in pools if each.key == account), "") if len(pools) > 1 else ""
    return f"{agreement.name} · {pool}" if pool and pool != agreement.name else agreement.name


def names_of(found: Sequence[Account], name: str) -> dict[str, str]:
    """The same for the form, where the accounts are at hand; by their keys."""
    several = len(found) > 1
    return {
        each.key: f"{name} · {each.name}" if several and each.name not in ("", name) else name
        for each in found
    }


def updated_said(standing: Standing, cycle: CycleBalance) -> dict[str, Any]:
    """The page was brought up to date."""
    through = standing.freshness.through
    subject = _("Support hours: updated")
    if through is not None:
        subject = _("Support hours: up to date through %(day)s") % {"day": long_date(through)}
    return _said(standing, cycle, subject)


def reset_said(standing: Standing, cycle: CycleBalance) -> dict[str, Any]:
    """A new cycle has begun."""
    return _said(standing, cycle, _("Support hours: a new cycle has begun"))


def _said(standing: Standing, cycle: CycleBalance, subject: str) -> dict[str, Any]:
    through = standing.freshness.through
    found = numbers(accounts(standing.cycles, cycle), cycle, through, standing.on)
    words = _("The figures cover work through %(through)s.")
    covered = words % {"through": long_date(through)} if through else ""
    return {
        "agreement": standing.agreement.name,
        "account": "",
        "subject": subject,
        "big": found[0].left if len(found) == 1 else "",
        "lead": _number_words(found[0]),
        "lines": [*map(_number_words, found[1:]), *([covered] if covered else [])],
    }


def _number_words(number: Number) -> str:
    """One account's number as the page says it, in one line."""
    over = f", {number.over}" if number.over else ""
    name = f"{number.name}: " if number.name else ""
    return f"{name}{number.left} {number.unit} {number.of}{over}"
