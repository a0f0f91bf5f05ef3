"""Merging a client into another: which one, what it does, and the deed once that was looked at."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import manager, the_member, theirs
from accounts.seen import StaleError
from desk.clients.merging import MergeRefusedError, merge_clients
from imports.judging.merging import find_merge
from portal.models import Badge, ShareLink
from retainers.merging import former_client
from retainers.models import Client

INVALID = 422
STALE = 409


@require_http_methods(["GET", "HEAD", "POST"])
@manager
def client_merge(request: HttpRequest, slug: str) -> HttpResponse:
    gone = Client.objects.filter(slug=slug).first()
    if gone is None:
        return _done_already(request, slug)
    into = request.POST.get("into") or request.GET.get("into", "")
    if not into:
        return _page(request, gone, None)
    goes_on = theirs(Client.objects.exclude(pk=gone.pk), slug=into)
    if request.method != "POST":
        return _page(request, gone, goes_on)
    if "merge" not in request.POST:
        return _page(request, gone, goes_on, INVALID, [_("Tick that the two are to be one client.")])
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
        changed = [_("Something has changed since you looked. Nothing is merged: look once more.")]
        return _page(request, gone, goes_on, STALE, changed)
    except MergeRefusedError:
        return _page(request, gone, goes_on, INVALID)  # the page says why
    said = {"gone": gone.name, "name": client.name}
    messages.success(request, _("%(gone)s is a part of %(name)s now. All links lead here.") % said)
    return redirect("client", client.slug)


def _done_already(request: HttpRequest, slug: str) -> HttpResponse:
    former = former_client(slug)
    if former is None:
        raise Http404
    messages.info(request, _("Merged already: nothing was done twice."))
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
        "others": Client.objects.exclude(pk=gone.pk).order_by("name", "slug"),
        "found": find_merge(the_member(request).provider, gone, goes_on) if goes_on else None,
        "links": ShareLink.objects.filter(client=gone, revoked_at=None, replaced_at=None).count(),
        "badges": Badge.objects.filter(client=gone, revoked_at=None).count(),
        "errors": errors or (),
    }
    return render(request, "agreements/merge.html", context, status=status)
