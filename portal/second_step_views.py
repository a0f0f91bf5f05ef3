"""The page of a link's second step: first the address to which a code goes, then the code.

It says who the provider is, as the page of an ended link does, and nothing of the client. Both answers are the same
whoever asks: nobody learns from it who a contact is.
"""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.tenancy import tenant_scope
from portal import second_step
from portal.access import Visit
from portal.doors import NO_STORE, entered, from_this_page
from portal.letterhead import contact_of
from portal.selectors import provider_facts

MARK = re.compile(r"[A-Za-z0-9_-]{22}")
NOT_DIGITS = re.compile(r"\D")
INVALID = 422
WRONG = gettext_lazy("That code isn’t right, or it has expired. After five tries, ask for a new one.")


class AddressForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("The code from the mail"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
    )

    def clean_code(self) -> str:
        return NOT_DIGITS.sub("", self.cleaned_data["code"])


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def link_code(request: HttpRequest, token: str) -> HttpResponse:
    visit = entered(request, token)
    if not isinstance(visit, Visit):
        return visit
    with tenant_scope(visit.provider):
        if second_step.step_of(visit.client) is None:
            return _to_the_page(token)
        mark = _mark(request)
        form: forms.Form = (CodeForm if mark else AddressForm)(request.POST or None)
        if request.method != "POST":
            return _page(visit, form, mark)
        return _sent(request, visit, token, form, mark)


def _sent(request: HttpRequest, visit: Visit, token: str, form: forms.Form, mark: str) -> HttpResponse:
    if not from_this_page(request):
        form.add_error(None, _("This form was sent from another page. Please send it from here."))
        return _page(visit, form, mark, 403)
    if not form.is_valid():
        return _page(visit, form, mark, INVALID)
    if not mark:
        mark = second_step.fresh_mark()
        second_step.send_code(link=visit.link, address=form.cleaned_data["email"], mark=mark, at=now())
        return HttpResponseRedirect(f"?sent={mark}", status=303, headers=NO_STORE)
    cookie = second_step.passed(link=visit.link, mark=mark, code=form.cleaned_data["code"], at=now())
    if not cookie:
        form.add_error("code", WRONG)
        return _page(visit, form, mark, INVALID)
    return _with(cookie, _to_the_page(token), token)


def _mark(request: HttpRequest) -> str:
    """The code that the form is about, "" where none was asked for yet."""
    mark = request.GET.get("sent", "")
    return mark if MARK.fullmatch(mark) else ""


def _to_the_page(token: str) -> HttpResponse:
    return HttpResponseRedirect(second_step.path_of(token), status=303, headers=NO_STORE)


def _with(cookie: str, answer: HttpResponse, token: str) -> HttpResponse:
    """The one cookie of a token's pages: sent to this link's pages alone."""
    answer.set_cookie(
        second_step.COOKIE,
        cookie,
        max_age=int(second_step.PASSED_FOR.total_seconds()),
        path=second_step.path_of(token),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",  # a link is opened from a mail
    )
    return answer


def _page(visit: Visit, form: forms.Form, mark: str, status: int = 200) -> HttpResponse:
    facts = provider_facts(visit.provider, visit.gate)
    context: dict[str, Any] = {
        "form": form,
        "is_sent": bool(mark),
        "asks_for_a_code": True,
        "provider": facts.name,
        "brand": facts,
        "contact": contact_of(facts),
        "minutes": second_step.GOOD_FOR.seconds // 60,
    }
    return HttpResponse(render_to_string("portal/link_code.html", context), status=status, headers=NO_STORE)
