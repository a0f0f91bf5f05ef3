"""Saved views: a member names the dashboard's question of the moment and finds it again as a tab.

A member sees their own and those that others share; a view is changed and taken away by who made it, and a
shared one by every owner too.
"""

from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import Member, the_member, viewer
from desk.dashboard.query import DashboardQuery
from desk.models import SavedView

MOST = 30


@dataclass(frozen=True, slots=True)
class ViewTab:
    """`pk` is None where the member may not take it away."""

    name: str
    href: str
    chosen: bool
    pk: int | None
    shared_by: str


def views_for(member: Member) -> QuerySet[SavedView]:
    rows: QuerySet[SavedView] = SavedView.objects.filter(Q(user=member.user) | Q(shared=True))
    return rows.select_related("user")


def view_tabs(member: Member, asked: DashboardQuery) -> tuple[ViewTab, ...]:
    return tuple(_tab(row, member, asked) for row in views_for(member)[:MOST])


def question_of(row: SavedView) -> DashboardQuery:
    """The question as it is read today: a state or an order that is no longer known falls away."""
    return DashboardQuery.read({"q": row.words, "state": row.state, "sort": row.order})


def _tab(row: SavedView, member: Member, asked: DashboardQuery) -> ViewTab:
    question = question_of(row)
    mine = row.user_id == member.user.pk
    return ViewTab(
        name=row.name,
        href=question.address(),
        chosen=question.address() == asked.address(),
        pk=row.pk if mine or (row.shared and member.owns) else None,
        shared_by="" if mine else str(row.user),
    )


@transaction.atomic
def save_view(*, member: Member, name: str, question: DashboardQuery, shared: bool) -> SavedView:
    """Keep the question under that name; one of the member's own with the same name becomes this one."""
    row: SavedView
    row, _created = SavedView.objects.update_or_create(
        user=member.user,
        name=name,
        defaults={
            "words": question.words[:100],
            "state": question.state,
            "order": question.order,
            "shared": shared and member.writes,
        },
    )
    return row


def may_drop(member: Member) -> QuerySet[SavedView]:
    """The views that the member may take away."""
    mine = Q(user=member.user)
    rows: QuerySet[SavedView] = SavedView.objects.filter(mine | Q(shared=True) if member.owns else mine)
    return rows


@require_POST
@viewer
def save_view_as(request: HttpRequest) -> HttpResponse:
    question = DashboardQuery.read(request.POST)
    name = " ".join(request.POST.get("name", "").split())[:40]
    if not name:
        messages.error(request, _("Give the view a name."))
        return redirect(f"/{question.address().removeprefix('./')}")
    row = save_view(member=the_member(request), name=name, question=question, shared="shared" in request.POST)
    messages.success(request, _("The view “%(name)s” is saved.") % {"name": name})
    return redirect(f"/{question_of(row).address().removeprefix('./')}")


@require_POST
@viewer
def drop_view(request: HttpRequest, pk: int) -> HttpResponse:
    row = may_drop(the_member(request)).filter(pk=pk).first()
    if row is None:
        messages.info(request, _("That view was already deleted."))
        return redirect("dashboard")
    row.delete()
    messages.success(request, _("The view “%(name)s” is deleted.") % {"name": row.name})
    return redirect("dashboard")
