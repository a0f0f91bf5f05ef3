"""A grant corrected in one step: the old one is retired, another stands in its place, and a reason says why."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import manager
from desk.doors import OpenedRetainer, open_retainer
from desk.gate import Looked, look
from desk.grants.grant_fields import CYCLES, expiry_choices, expiry_words
from desk.grants.page import (
    CHARGE,
    CREDIT,
    READ_WHERE,
    TOP_UP,
    GrantForm,
    grant_line,
)
from desk.grants.standing import done_before, find_grant, taken_keys
from desk.restating import agreed_in
from desk.since import Attempt, try_saving
from retainers.effects import change_of
from retainers.granting import correct, seen_correcting, terms_of
from retainers.models import Adjustment as AdjustmentRow
from retainers.models import TopUp as TopUpRow
from retainers.row_values import write_expiry
from retainers.terms import Adjustment, Expiry, TopUp

INVALID = 422
WHY = "Why it is corrected"


class CorrectionForm(GrantForm):
    """Everything of a grant, preset with what stands, and why it becomes something else."""

    why = forms.CharField(label=WHY, max_length=180, help_text=READ_WHERE)

    def __init__(
        self, data: Mapping[str, Any] | None, *, opened: OpenedRetainer, row: TopUpRow | AdjustmentRow
    ) -> None:
        self.standing = terms_of(row)
        super().__init__(
            data,
            agreement=opened.standing.agreement,
            taken=taken_keys(opened, row),
            initial=_said_of(self.standing),
        )
        self._offer_end_of(self.standing.expires)

    def _offer_end_of(self, expires: Expiry | None) -> None:
        """A number of cycles that the form doesn't offer by itself."""
        if isinstance(expires, int) and expires not in CYCLES:
            choices = [*expiry_choices(), (str(expires), expiry_words(expires))]
            self.fields["expires"] = forms.ChoiceField(label="Unused hours", required=False, choices=choices)
            self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if not self.errors and self.becomes() == self.standing:
            self.add_error(None, "You haven’t changed anything yet.")
        return said

    def becomes(self) -> TopUp | Adjustment:
        grants: list[TopUp | Adjustment] = [*self.top_ups(), *self.adjustments()]
        return grants[0]


def _said_of(grant: TopUp | Adjustment) -> dict[str, Any]:
    """The fields that say what stands."""
    ends_on = grant.expires if isinstance(grant.expires, date) else None
    return {
        "kind": TOP_UP if isinstance(grant, TopUp) else (CREDIT if grant.hours > 0 else CHARGE),
        "hours": abs(grant.hours),
        "date": grant.date,
        "pool": grant.pool or "",
        "expires": "" if ends_on else write_expiry(grant.expires),
        "ends_on": ends_on,
        "note": grant.note if isinstance(grant, TopUp) else grant.reason,
        "key": grant.key,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@manager
def correct_grant(request: HttpRequest, slug: str, key: str, kind: str, pk: int) -> HttpResponse:
    """Show what another grant in the place of one would change; put it there once that was in view."""
    opened = open_retainer(request, slug, key)
    row = find_grant(opened, kind, pk)
    if answer := done_before(request, opened, row):
        return answer
    form = CorrectionForm(request.POST if request.method == "POST" else None, opened=opened, row=row)
    if not form.is_valid():
        return _page(request, opened, row, form, INVALID if form.is_bound else 200)
    texts = [("Note or reason", form.cleaned_data["note"]), (WHY, form.cleaned_data["why"])]
    looked = look(request, opened.client, texts)
    if looked.found:
        return _page(request, opened, row, form, INVALID, looked=looked)
    if "save" not in request.POST:
        return _checked(request, Attempt(opened), row, form, looked)
    return _saved(request, opened, row, form, looked)


def _saved(
    request: HttpRequest,
    opened: OpenedRetainer,
    row: TopUpRow | AdjustmentRow,
    form: CorrectionForm,
    looked: Looked,
) -> HttpResponse:
    @looked.letting_through()
    def save() -> None:
        correct(
            grant=row,
            becomes=form.becomes(),
            reason=form.cleaned_data["why"],
            form=form.cleaned_data["checked"],
            by=opened.member.user,
            at=timezone.now(),
            agreed=agreed_in(request),
        )

    said = "Corrected. The client’s page now counts the new hours."
    failed = try_saving(request, opened, save, said=said)
    if failed:
        return _checked(request, failed, row, form, looked)
    return redirect("grants", opened.client.slug, opened.retainer.key)


def _checked(
    request: HttpRequest,
    attempt: Attempt,
    row: TopUpRow | AdjustmentRow,
    form: CorrectionForm,
    looked: Looked,
) -> HttpResponse:
    opened = attempt.opened
    marked = {**request.POST.dict(), "checked": seen_correcting(opened.retainer, row, form.becomes()).mark}
    again = CorrectionForm(marked, opened=opened, row=row)
    again.is_valid()
    change = change_of(
        opened.standing, top_ups=form.top_ups(), adjustments=form.adjustments(), retired=[form.standing]
    )
    shown = {"checked": True, "looked": looked, **attempt.shown(change)}
    return _page(request, opened, row, again, attempt.status, **shown)


def _page(
    request: HttpRequest,
    opened: OpenedRetainer,
    row: TopUpRow | AdjustmentRow,
    form: CorrectionForm,
    status: int,
    **shown: Any,
) -> HttpResponse:
    context = {"opened": opened, "form": form, "line": grant_line(row, opened), **shown}
    return render(request, "desk/grant_corrected.html", context, status=status)
