"""Who signs in has a second factor, where the installation asks for one (`REQUIRE_SECOND_FACTOR`, on in production).

A signed-in person without one is led to the page where it is set up, whatever they ask for; what is open to
everybody stays open to them.
"""

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.models import User


class BeforeViews:
    """A middleware: `process_view` answers in the view's place, or with None lets it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], *arguments: Any
    ) -> HttpResponse | None:
        raise NotImplementedError


FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
ENROLMENT = frozenset(
    {
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_view_recovery_codes",
        "mfa_download_recovery_codes",
        "mfa_authenticate",
        "mfa_login_webauthn",
        "account_login",
        "account_logout",
        "account_inactive",
        "account_reauthenticate",
        "account_set_password",
    }
)
BEHIND_LINKS = "/b/"
FOR_EVERYBODY = frozenset(
    {
        "healthz",
        "readyz",
        "favicon",
        "setup",
        "security_txt",
        "look",
        "logo",
        "icon",
        "link_protection",
        "accept_invitation",
        "agree_to_alerts",
        "leave_alerts",
        "confirm_watch",
        "stop_watch",
        "openapi",
        "api_nothing",
        "api_clients",
        "api_balances",
        "api_log",
        "api_imports",
        "api_incidents",
    }
)


def name_of(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def is_for_everybody(request: HttpRequest) -> bool:
    """Whether the page asks nobody who they are: then nothing here looks into a session for it."""
    return request.path_info.startswith(BEHIND_LINKS) or name_of(request) in FOR_EVERYBODY


def has_second_factor(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type__in=FACTORS).exists())


class Required(BeforeViews):
    """Everything that is not named above is closed: a new address is too."""

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], *arguments: Any
    ) -> HttpResponse | None:
        if not settings.REQUIRE_SECOND_FACTOR or is_for_everybody(request) or name_of(request) in ENROLMENT:
            return None
        user = request.user
        if not isinstance(user, User) or has_second_factor(user):
            return None
        messages.info(request, _("Set up a second step first: HourTab asks for one here."))
        return redirect("mfa_index")
