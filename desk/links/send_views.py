"""Sending a client's link: one click, one mail in the provider's name."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.access import manager, the_member, theirs
from portal.links import EndedError
from portal.models import ShareLink
from portal.welcoming import KeyGoneError, send_link


class SendForm(forms.Form):
    email = forms.EmailField(label=gettext_lazy("Send to"))
    language = forms.ChoiceField(choices=settings.LANGUAGES)


@require_POST
@manager
def send_link_by_mail(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    rows = ShareLink.objects.filter(client__slug=slug).select_related("client", "provider")
    link: ShareLink = theirs(rows, pk=pk)
    form = SendForm(request.POST)
    if form.is_valid():
        _send(request, link, form.cleaned_data["email"], form.cleaned_data["language"])
    else:
        messages.error(request, _("Nothing was sent: choose an address and a language."))
    return redirect(f"{reverse('client_sharing', args=[slug])}#links")


def _send(request: HttpRequest, link: ShareLink, to: str, language: str) -> None:
    try:
        sent = send_link(link=link, to=to, language=language, by=the_member(request).user, at=timezone.now())
    except EndedError:
        messages.error(request, _("Nothing was sent: this link was replaced or revoked meanwhile."))
    except KeyGoneError:
        messages.error(request, _("The key that sealed this link is gone: replace the link instead."))
    else:
        words = (
            _("The link is on its way to %(to)s.") if sent else _("%(to)s was sent this link today already.")
        )
        messages.success(request, words % {"to": to})
