"""Merges one client into another: which one, what it does, and the deed under the locks of all that it touches.

What was looked at is done once. Addresses of the client that is no more lead to the other one's page.
"""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import manager, member_of, the_member, theirs
from accounts.audit import record
from accounts.models import Provider, User
from accounts.providers import lock_provider
from accounts.seen import StaleError
from accounts.tenancy import tenant_scope
from imports.judging.merging import Merge, find_merge
from portal.badges import standing_badges
from portal.links import open_links
from presentation.phrases import one_stop
from retainers import publishing
from retainers.hours import write_hours
from retainers.merging import former_client, join
from retainers.models import Client, Publication, Retainer
from retainers.selectors import client_of_key


class MergeRefusedError(Exception):
    """Something speaks against the merge; nothing is changed. `reasons` are sentences."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


@transaction.atomic
def merge_clients(
    *, provider: Provider, gone: str, goes_on: str, form: str, by: User | None, at: datetime
) -> Client:
    """What is `gone`'s (its key) is `goes_on`'s from now on; the client that goes on. Sent twice merges once.

    No figure changes. Agreements whose key the other has too get another one, in a publication of their own.
    Raises `MergeRefusedError`, and `StaleError` where something else stands by now than what was in view
    (`form`, its mark).
    """
    lock_provider(provider)
    former = former_client(gone)
    if former is not None and former.client.slug == goes_on:
        already: Client = former.client
        return already
    locked = publishing.lock(
        Retainer.objects.filter(client__slug__in=[gone, goes_on]).values_list("pk", flat=True)
    )
    both = _locked(gone, goes_on)
    found = find_merge(provider, both[gone], both[goes_on])
    if not found.seen.is_in(form):
        raise StaleError(found.seen.differing(form))
    if found.refusals:
        raise MergeRefusedError(found.refusals)
    _rename(found, locked, publishing.Press(Publication.Kind.AGREEMENT, at, by, f"Merged from {gone}"))
    # The dashboard's stored days are sealed as that client's; those of the one that goes on are worked out again.
    both[gone].days.all().delete()
    join(gone=both[gone], goes_on=both[goes_on], keys=found.keys, at=at, by=by)
    _note(found, by)
    return both[goes_on]


def _locked(gone: str, goes_on: str) -> dict[str, Client]:
    """Both clients, locked after their agreements: an import that holds these still names its clients."""
    rows: dict[str, Client] = {
        each.slug: each for each in Client.objects.select_for_update().filter(slug__in=[gone, goes_on])
    }
    if rows.keys() != {gone, goes_on} or gone == goes_on:
        raise StaleError(("clients",))
    return rows


def _rename(found: Merge, locked: dict[int, Retainer], press: publishing.Press) -> None:
    """Agreements of a key that the other client has already are called otherwise, each in a new version."""
    for each in found.passing:
        if each.is_renamed:
            retainer = locked[each.retainer.pk]
            publishing.save_version(retainer=retainer, agreement=each.agreement, at=press.at, by=press.by)
            retainer.key = each.key
            retainer.save(update_fields=["key"])
            press.publication(retainer)


def _note(found: Merge, by: User | None) -> None:
    record(
        by,
        "clients merged",
        found.gone.name,
        clients=[found.goes_on.slug, found.gone.slug],
        to=found.goes_on.slug,
        agreements=found.keys,
        lines=found.lines,
        hours=write_hours(found.hours),
    )


def _others(gone: Client) -> QuerySet[Client]:
    """Those that it can become a part of."""
    rows: QuerySet[Client] = Client.objects.exclude(pk=gone.pk)
    return rows.order_by("name", "slug")


INVALID = 422
STALE = 409


@require_http_methods(["GET", "HEAD", "POST"])
@manager
def client_merge(request: HttpRequest, slug: str) -> HttpResponse:
    gone = client_of_key(slug)
    if gone is None:
        return _done_already(request, slug)
    into = request.POST.get("into") or request.GET.get("into", "")
    if not into:
        return _page(request, gone, None)
    goes_on = theirs(_others(gone), slug=into)
    if request.method != "POST":
        return _page(request, gone, goes_on)
    if "merge" not in request.POST:
        return _page(request, gone, goes_on, INVALID, [_("Please tick the box to confirm the merge.")])
    return _merged(request, gone, goes_on)


def _merged(request: HttpRequest, gone: Client, goes_on: Client) -> HttpResponse:
    member = the_member(request)
    try:
        client = merge_clients(
            provider=member.provider,
            gone=gone.slug,
            goes_on=goes_on.slug,
            form=request.POST.get("seen", ""),
            by=member.user,
            at=timezone.now(),
        )
    except StaleError:
        changed = [_("Something has changed since you looked, so nothing was merged. Please check again.")]
        return _page(request, gone, goes_on, STALE, changed)
    except MergeRefusedError:
        return _page(request, gone, goes_on, INVALID)  # the page says why
    said = {"gone": gone.name, "name": client.name}
    messages.success(request, one_stop(_("%(gone)s is now part of %(name)s. All links lead here.") % said))
    return redirect("client", client.slug)


def _done_already(request: HttpRequest, slug: str) -> HttpResponse:
    former = former_client(slug)
    if former is None:
        raise Http404
    messages.info(request, _("Already merged; nothing was done twice."))
    return redirect("client", former.client.slug)


def _page(
    request: HttpRequest,
    gone: Client,
    goes_on: Client | None,
    status: int = 200,
    errors: list[str] | None = None,
) -> HttpResponse:
    context = {
        "client": gone,
        "into": goes_on,
        "others": _others(gone),
        "found": find_merge(the_member(request).provider, gone, goes_on) if goes_on else None,
        "links": open_links(gone).count(),
        "badges": standing_badges(gone.slug).count(),
        "errors": errors or (),
    }
    return render(request, "agreements/merge.html", context, status=status)


NOT_FOUND = 404


def moved_on(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Where the desk finds no client of that key, the one that it was merged into is looked for."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if response.status_code == NOT_FOUND and request.method in ("GET", "HEAD"):
            return _onwards(request) or response
        return response

    return answer


def _onwards(request: HttpRequest) -> HttpResponseBase | None:
    match = request.resolver_match
    if match is None or "slug" not in match.kwargs:
        return None
    member = member_of(request)
    if member is None:
        return None
    with tenant_scope(member.provider):
        former = former_client(match.kwargs["slug"])
    if former is None:
        return None
    named = {**match.kwargs, "slug": former.client.slug}
    if "key" in named:
        named["key"] = former.keys.get(named["key"], named["key"])
    query = request.META.get("QUERY_STRING", "")
    return redirect(reverse(match.view_name, kwargs=named) + (f"?{query}" if query else ""))
