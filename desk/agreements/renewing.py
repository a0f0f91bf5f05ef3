"""Renewing: the retainer ends on a day, a new one with its newest terms begins on the next.

The client's links are the client's, so the bookmark goes on working; rows of the PSA go to whichever of the two is
alive on their date. What is left does not pass over by itself, nor does what is owed: each pool's hours are brought
along as a top-up, hours owed as a charge, if at all; the form says of each what would lapse, before it is saved.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.agreements.draft import AgreementDraft, draft_of
from desk.agreements.judging import JudgedDraft, judge
from desk.agreements.usual_agreements import copied
from desk.doors import OpenedRetainer
from presentation.accounts import cycle_accounts
from presentation.days import dated
from presentation.phrases import h, listed
from retainers.agreements.readers import key_of
from retainers.cycles import begun_anew, cycle_of
from retainers.hours import ZERO
from retainers.ledger import balance
from retainers.renewals import Beginning, beginning, brought_note
from retainers.selectors import Standing
from retainers.terms import Adjustment, Agreement, Terms, TopUp

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RenewalWish:
    """`brought` and `owed` are the hours brought along, by account ("" where all pools share one)."""

    last_day: date
    key: str
    name: str
    brought: Mapping[str, Decimal]
    owed: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class AccountAtTheEnd:
    """An account of the old agreement as it closes on its last day, by what is published today."""

    key: str
    name: str
    left: Decimal
    owed: Decimal


@dataclass(frozen=True, slots=True)
class Renewal:
    old: Agreement
    draft: AgreementDraft
    judged: JudgedDraft
    top_ups: tuple[TopUp, ...]
    charges: tuple[Adjustment, ...]
    lines: tuple[str, ...]


class RenewForm(forms.Form):
    last_day = forms.DateField(
        label=gettext_lazy("Last day of the old agreement"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("The new one begins on the next day."),
    )
    name = forms.CharField(label=gettext_lazy("Name of the new agreement"), max_length=120)

    def __init__(self, *args: Any, standing: Standing, today: date, **kwargs: Any) -> None:
        agreement = standing.agreement
        cycle = cycle_of(agreement, max(today, agreement.starts))
        last = agreement.ends or (cycle.ends if cycle else today)
        initial = {"last_day": last, "name": agreement.name}
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.agreement = agreement
        self.accounts = at_the_end(standing, last)
        for each in self.accounts:
            self._offer(each)

    def _offer(self, account: AccountAtTheEnd) -> None:
        """A field for what is brought along of that account, and one for what it owes."""
        of = f" of {account.name}" if account.name else ""
        self.fields[f"brought-{account.key}"] = _hours_field(
            f"Hours{of} to move to the new agreement (optional)",
            "Added as a top-up on the first day, and kept until used. Hours you don’t move lapse.",
        )
        if account.owed:
            self.fields[f"owed-{account.key}"] = _hours_field(
                f"Hours{of} owed to move to the new agreement (optional)",
                "Charged on the first day. If empty, they are settled with the old agreement.",
            )
            self.initial[f"owed-{account.key}"] = account.owed

    def clean_last_day(self) -> date:
        day: date = self.cleaned_data["last_day"]
        if day < self.agreement.starts:
            raise forms.ValidationError(_("That’s before the agreement began."))
        return day

    def asked(self) -> RenewalWish:
        said = self.cleaned_data
        last: date = said["last_day"]
        key = f"{self.agreement.key[:48]}_{last + ONE_DAY:%Y_%m}"
        return RenewalWish(last, key, said["name"], self._typed("brought-"), self._typed("owed-"))

    def _typed(self, prefix: str) -> dict[str, Decimal]:
        said = self.cleaned_data.items()
        return {name.removeprefix(prefix): value for name, value in said if name.startswith(prefix) and value}


def _hours_field(label: str, help_text: str) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=Decimal("0.01"),
        max_value=99999,
        decimal_places=2,
        help_text=help_text,
    )


def at_the_end(standing: Standing, last_day: date) -> tuple[AccountAtTheEnd, ...]:
    """Each account of the agreement as it would close with that last day, were nothing more to come."""
    old = _ended(standing.agreement, last_day)
    cycles = balance(
        old, standing.works, standing.top_ups, standing.adjustments, last_day + ONE_DAY, standing.approvals
    )
    return tuple(
        AccountAtTheEnd(each.key, each.name, each.figures.expired or ZERO, each.figures.queued_out or ZERO)
        for cycle in cycles[-1:]
        for each in cycle_accounts(cycle)
    )


def _ended(agreement: Agreement, last_day: date) -> Agreement:
    kept = tuple(terms for terms in agreement.terms if terms.starts <= last_day)
    return replace(agreement, ends=last_day, terms=kept or agreement.terms[:1])


def _said(number: int | None) -> str:
    return "" if number is None else str(number)


def renewal(opened: OpenedRetainer, asked: RenewalWish) -> Renewal:
    """The two agreements, judged together."""
    before = opened.standing.agreement
    starts = asked.last_day + ONE_DAY
    old = _ended(before, asked.last_day)
    changed = any(terms.changes_cycle for terms in before.terms)
    cycle = begun_anew(before, starts) if changed else before  # the anchors as said, or as they are by now
    draft = copied(before, starts).saying(
        key=key_of(asked.key) if not asked.key else asked.key,
        name=asked.name,
        psa_agreements=draft_of(before)["psa_agreements"],
        anchor_day=_said(cycle.anchor_day),
        anchor_month=_said(cycle.anchor_month),
    )
    top_ups, charges = _brought_along(before, asked, starts)
    judged = judge(
        opened.member.provider,
        opened.client,
        draft,
        standing=None,
        today=opened.today,
        others=[old],
        top_ups=top_ups,
        charges=charges,
        rules=before.rules,
    )
    lines = _lines(at_the_end(opened.standing, asked.last_day), asked)
    if not judged.errors:
        lines += _begins(beginning(judged.agreement, top_ups, charges))
    return Renewal(old, draft, judged, top_ups, charges, lines)


def _brought_along(
    before: Agreement, asked: RenewalWish, starts: date
) -> tuple[tuple[TopUp, ...], tuple[Adjustment, ...]]:
    """What the new agreement is granted and charged on its first day."""
    note, terms = brought_note(before.name), before.terms[-1]
    return (
        tuple(TopUp(starts, given, _pool(terms, key), "never", note) for key, given in asked.brought.items()),
        tuple(Adjustment(starts, -owed, _pool(terms, key), None, note) for key, owed in asked.owed.items()),
    )


def _pool(terms: Terms, key: str) -> str | None:
    """Where an account of the old agreement goes on in the new one: what it doesn't have, in its first pool."""
    return None if terms.sharing == "shared" else terms.pool(key).key


def _lines(found: Sequence[AccountAtTheEnd], asked: RenewalWish) -> tuple[str, ...]:
    """Of each account what is left, brought along and lapses; and what it owes."""
    lines = []
    for each in found:
        name = f"{each.name}: " if each.name else ""
        brought, owed = asked.brought.get(each.key, ZERO), asked.owed.get(each.key, ZERO)
        lapses = max(each.left - brought, ZERO)
        said = f"{name}{h(each.left)} left, {h(brought)} moved, {h(lapses)} lapse on {dated(asked.last_day)}."
        lines.append(said)
        if brought > each.left:
            lines.append(f"{name}{h(brought - each.left)} more are moved than are left.")
        if each.owed:
            rest = max(each.owed - owed, ZERO)
            lines.append(f"{name}{h(each.owed)} owed, {h(owed)} moved, {h(rest)} still to be settled.")
    return tuple(lines)


def _begins(new: Beginning) -> tuple[str, ...]:
    """What the new agreement begins with."""
    caps = [f"{h(hours)} of {name}" if len(new.pools) > 1 else h(hours) for name, hours in new.pools]
    parts = ["a prepaid block"] if new.is_block else caps
    parts += [f"{h(new.brought)} moved over"] if new.brought else []
    less = f", less {h(new.owed)} owed" if new.owed else ""
    return (f"Begins on {dated(new.starts)} with {listed(parts)}{less}.",)
