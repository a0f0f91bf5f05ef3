"""What was granted to a retainer and stands: top-ups, adjustments, and the approvals that a contact has given."""

from collections.abc import Mapping

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.access import theirs
from desk.doors import OpenedRetainer
from desk.since import told_already
from retainers.models import Adjustment, Approval, TopUp

KINDS: Mapping[type[TopUp | Adjustment], str] = {TopUp: "top_up", Adjustment: "adjustment"}


def standing_grants(opened: OpenedRetainer) -> list[TopUp | Adjustment]:
    """Each with the publication that added it, and who made that."""
    found: list[TopUp | Adjustment] = []
    for model in KINDS:
        rows = model.objects.filter(retainer=opened.retainer, retired_in=None)
        found += rows.select_related("added_in__made_by", "added_in__made_with")
    return found


def taken_keys(opened: OpenedRetainer, but: TopUp | Adjustment | None = None) -> frozenset[str]:
    """The keys of the grants that stand, but for one that is about to be corrected."""
    return frozenset(row.key for row in standing_grants(opened) if row.key and row != but)


def find_grant(opened: OpenedRetainer, kind: str, pk: int) -> TopUp | Adjustment:
    """A grant of the retainer, standing or not; 404 for any other."""
    model = next((model for model, name in KINDS.items() if name == kind), None)
    if model is None:
        raise Http404
    found: TopUp | Adjustment = theirs(model.objects.filter(retainer=opened.retainer), pk=pk)
    return found


def done_before(
    request: HttpRequest, opened: OpenedRetainer, row: TopUp | Adjustment | Approval
) -> HttpResponse | None:
    """The way back to the grants, told why, where this form was sent before or somebody else was faster."""
    said = told_already(request.POST.get("checked", ""), opened, row.retired_in)
    if not said:
        return None
    messages.info(request, said)
    return redirect("grants", opened.client.slug, opened.retainer.key)


def standing_approvals(opened: OpenedRetainer) -> QuerySet[Approval]:
    """The approvals that count, the newest first."""
    return Approval.objects.filter(retainer=opened.retainer, retired_in=None).order_by("-confirmed_at")


def find_approval(opened: OpenedRetainer, pk: int) -> Approval:
    """An approval of the retainer, standing or not; 404 for any other."""
    rows = Approval.objects.filter(retainer=opened.retainer).select_related("retainer")
    found: Approval = theirs(rows, pk=pk)
    return found
