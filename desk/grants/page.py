"""Hours added to the cap, or taken off: the list, the form, and what saving it would change."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import actors as account_words
from desk.doors import OpenedRetainer
from desk.grants.grant_fields import GrantFields, expiry_words, pool_choices, wrong_with
from desk.grants.standing import KINDS, standing_approvals, standing_grants, taken_keys
from presentation import days
from presentation.phrases import column, signed
from retainers.agreements.readers import KEY_WANTED, MAX_KEY_LENGTH, is_key
from retainers.effects import BalanceChange, change_of
from retainers.granting import seen_of, terms_of
from retainers.hours import from_units
from retainers.lots import credit_expires
from retainers.models import Adjustment as AdjustmentRow
from retainers.models import Approval
from retainers.models import TopUp as TopUpRow
from retainers.row_values import adjustment_terms, top_up_terms
from retainers.terms import Adjustment, Agreement, TopUp

READ_WHERE = "The client sees it if a closed cycle changes."
TOP_UP, CREDIT, CHARGE = "top_up", "credit", "charge"


class GrantForm(GrantFields):
    """`checked` carries the mark of what was in view: only that is saved (`accounts.seen`)."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What"),
        choices=[
            (TOP_UP, gettext_lazy("Top-up: hours bought on top")),
            (CREDIT, gettext_lazy("Credit: hours given back")),
            (CHARGE, gettext_lazy("Charge: hours taken off")),
        ],
    )
    hours = forms.DecimalField(
        label=gettext_lazy("Hours"),
        min_value=Decimal("0.01"),
        max_value=99999,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01"}),
    )
    date = forms.DateField(
        label=gettext_lazy("Dated"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    note = forms.CharField(
        label=gettext_lazy("Note or reason"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("The client sees it next to the hours. Credits and charges need one."),
    )
    key = forms.CharField(
        label="Your reference (optional)",
        max_length=MAX_KEY_LENGTH,
        required=False,
        help_text="Such as po-4711. A file can correct the hours under it.",
    )
    checked = forms.CharField(required=False, widget=forms.HiddenInput)

    field_order = ("kind", "hours", "date", "pool", "expires", "ends_on", "note", "key", "why", "checked")

    def __init__(self, *args: Any, agreement: Agreement, taken: Collection[str] = (), **kwargs: Any) -> None:
        """`taken` are the keys of the other grants that stand."""
        super().__init__(*args, **kwargs)
        self.agreement, self.taken = agreement, taken
        self.offer(agreement)
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("kind") in (CREDIT, CHARGE) and not said.get("note", "").strip():
            self.add_error("note", _("Say why: the reason stays with the hours."))
        if not self.errors:
            wrong = wrong_with(self.agreement, self.top_ups(), self.adjustments())
            if wrong:
                self.add_error(None, wrong)
        return said

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        if key and not is_key(key):
            raise forms.ValidationError(f"{KEY_WANTED[:1].upper()}{KEY_WANTED[1:]}.")
        if key in self.taken:
            raise forms.ValidationError(
                "Other hours already have this reference. Correct those, or choose another one."
            )
        return key

    def top_ups(self) -> tuple[TopUp, ...]:
        said = self.cleaned_data
        if said["kind"] != TOP_UP:
            return ()
        pool, expires = self.pool_and_expiry()
        return (
            TopUp(said["date"], said["hours"], pool, expires or "never", said["note"].strip(), said["key"]),
        )

    def adjustments(self) -> tuple[Adjustment, ...]:
        said = self.cleaned_data
        if said["kind"] == TOP_UP:
            return ()
        pool, expires = self.pool_and_expiry()
        hours = -said["hours"] if said["kind"] == CHARGE else said["hours"]
        return (Adjustment(said["date"], hours, pool, expires, said["note"].strip(), said["key"]),)


class TakeBackForm(forms.Form):
    """`checked` carries the mark of what was in view."""

    reason = forms.CharField(label="Why it is taken back", max_length=180, help_text=READ_WHERE)
    checked = forms.CharField(required=False, widget=forms.HiddenInput)


@dataclass(frozen=True, slots=True)
class GrantLine:
    """`kind` and `pk` name the grant in the address at which it is taken back."""

    kind: str
    pk: int
    day: str
    what: str
    hours: str
    pool: str
    expires: str
    note: str
    key: str
    when: str
    who: str


def grant_lines(opened: OpenedRetainer) -> tuple[GrantLine, ...]:
    """Everything granted that stands, the newest day first."""
    rows = standing_grants(opened)
    names = dict(pool_choices(opened.standing.agreement))
    newest_first = sorted(rows, key=lambda row: (row.day, row.added_in.number), reverse=True)
    return tuple(_line(row, names, opened) for row in newest_first)


def grant_line(row: TopUpRow | AdjustmentRow, opened: OpenedRetainer) -> GrantLine:
    """The one that is about to be taken back."""
    return _line(row, dict(pool_choices(opened.standing.agreement)), opened)


def change_without(opened: OpenedRetainer, row: TopUpRow | AdjustmentRow) -> BalanceChange:
    """What becomes of the balances once that grant is taken back."""
    return change_of(opened.standing, retired=[terms_of(row)])


@dataclass(frozen=True, slots=True)
class ApprovalLine:
    """Hours past the cap that a contact has agreed to."""

    pk: int
    cycle: str
    hours: str
    who: str
    when: str


def approval_lines(opened: OpenedRetainer) -> tuple[ApprovalLine, ...]:
    """The approvals that count, the newest first."""
    return tuple(approval_line(row, opened) for row in standing_approvals(opened))


def approval_line(row: Approval, opened: OpenedRetainer) -> ApprovalLine:
    return ApprovalLine(
        pk=row.pk,
        cycle=days.plain_day(row.cycle, opened.today),
        hours=column(from_units(row.hours_units)),
        who=row.name,
        when=days.moment(row.confirmed_at, opened.zone),
    )


def change_of_withdrawing(opened: OpenedRetainer, row: Approval) -> BalanceChange:
    return change_of(opened.standing, withdrawn={row.pk})


def _line(row: TopUpRow | AdjustmentRow, names: Mapping[str, str], opened: OpenedRetainer) -> GrantLine:
    return GrantLine(
        kind=KINDS[type(row)],
        pk=row.pk,
        day=days.plain_day(row.day, opened.today),
        what=_what(row),
        hours=signed(from_units(row.hours_units)),
        pool=names.get(row.pool, row.pool) if len(names) > 1 else "",
        expires=_expires(row, opened),
        note=row.note if isinstance(row, TopUpRow) else row.reason,
        key=row.key,
        when=days.moment(row.added_in.made_at, opened.zone),
        who=account_words.person(row.added_in.made_by, row.added_in.made_with),
    )


def _expires(row: TopUpRow | AdjustmentRow, opened: OpenedRetainer) -> str:
    """Until when the hours are there; a charge takes hours, so nothing of it ends."""
    if isinstance(row, TopUpRow):
        return expiry_words(top_up_terms(row).expires)
    credit = adjustment_terms(row)
    terms = opened.standing.agreement.terms_on(credit.date)
    return expiry_words(credit_expires(credit, terms)) if credit.hours > 0 else ""


def _what(row: TopUpRow | AdjustmentRow) -> str:
    if isinstance(row, TopUpRow):
        return _("Top-up")
    return _("Credit") if row.hours_units > 0 else _("Charge")


def change_by(opened: OpenedRetainer, form: GrantForm) -> BalanceChange:
    """What becomes of the balances by saving."""
    return change_of(opened.standing, top_ups=form.top_ups(), adjustments=form.adjustments())


def mark_of(opened: OpenedRetainer, form: GrantForm) -> str:
    """The mark of what is in view while these hours are looked at."""
    return seen_of(opened.retainer, top_ups=form.top_ups(), adjustments=form.adjustments()).mark


def new_grant(opened: OpenedRetainer) -> GrantForm:
    return grant_form(opened, initial={"date": _first_day(opened)})


def grant_form(opened: OpenedRetainer, data: Mapping[str, Any] | None = None, **said: Any) -> GrantForm:
    return GrantForm(data, agreement=opened.standing.agreement, taken=taken_keys(opened), **said)


def _first_day(opened: OpenedRetainer) -> date:
    """Today, or the nearest day of the retainer's life."""
    agreement = opened.standing.agreement
    day = max(opened.today, agreement.starts)
    return min(day, agreement.ends) if agreement.ends else day
