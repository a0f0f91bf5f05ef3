"""Whether a client's links ask for a code by mail: switched on and off by a manager."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import manager, the_member, theirs
from portal import second_step
from retainers.models import Client


@require_POST
@manager
def link_second_step(request: HttpRequest, slug: str) -> HttpResponse:
    """`wanted` is "on" or "off"; anything else changes nothing."""
    client: Client = theirs(Client.objects.all(), slug=slug)
    by, wanted = the_member(request).user, request.POST.get("wanted", "")
    if wanted == "on":
        _switch_on(request, client)
    elif wanted == "off":
        second_step.ask_no_more(client=client, by=by)
        messages.success(request, _("Links of %(client)s open without a code again.") % {"client": client})
    return redirect("client_sharing", slug)


def _switch_on(request: HttpRequest, client: Client) -> None:
    try:
        second_step.ask_for_it(client=client, by=the_member(request).user, at=timezone.now())
    except second_step.NobodyError:
        text = _("%(client)s has no contact to whom a code could be mailed: add one first.")
        messages.error(request, text % {"client": client})
        return
    text = _("From now on links of %(client)s ask for a code that is mailed to a contact.")
    messages.success(request, text % {"client": client})
