"""The button “Always allow”: a find of the leak check passes from now on, wherever it stands."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import the_member
from retainers.gate.letting import NotAllowableError, allow_find


def allow_for_good(request: HttpRequest, text: str) -> None:
    """Allow it and say so, or say why it can't be."""
    member = the_member(request)
    try:
        allow_find(provider=member.provider, text=text, by=member.user, at=timezone.now())
    except NotAllowableError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("“%(text)s” passes the leak check from now on.") % {"text": text})
