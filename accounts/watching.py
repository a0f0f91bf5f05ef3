"""Django's and allauth's own signals about signing in, as security events; and what a change of it ends."""

from typing import Any

from allauth.account import signals as account
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa import signals as factors
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from accounts import sessions
from accounts.models import OpenSession, User
from accounts.security import note


def watch() -> None:
    """Connect all that follows; called once, when the app is ready."""
    for signal, receiver in (
        (user_logged_in, signed_in),
        (user_logged_out, signed_out),
        (user_login_failed, failed),
        (account.password_changed, password_changed),
        (account.password_set, password_set),
        (account.password_reset, password_reset),
        (factors.authenticator_added, factor_added),
        (factors.authenticator_removed, factor_removed),
        (factors.authenticator_reset, codes_made),
        (factors.authentication_failed, second_step_failed),
    ):
        signal.connect(receiver, dispatch_uid=f"hourtab-{receiver.__name__}")


def signed_in(sender: Any, request: HttpRequest, user: User, **more: Any) -> None:
    sessions.begin(request, user)
    how = [record.get("type") or record["method"] for record in get_authentication_records(request, user)]
    note("signed in", person=user.email, how=how)


def signed_out(sender: Any, request: HttpRequest, user: User | None, **more: Any) -> None:
    if user is not None:
        note("signed out", person=user.email)
        OpenSession.objects.filter(session_key=request.session.session_key or "").delete()


def failed(sender: Any, credentials: dict[str, Any], **more: Any) -> None:
    note("sign-in failed", person=str(credentials.get("email") or "")[:254], step="first")


def second_step_failed(sender: Any, user: User, authenticator: Authenticator, **more: Any) -> None:
    note("sign-in failed", person=user.email, step="second", factor=authenticator.type)


def password_changed(sender: Any, request: HttpRequest, user: User, **more: Any) -> None:
    note("password changed", person=user.email)
    sessions.end_others(request, user)


def password_set(sender: Any, request: HttpRequest, user: User, **more: Any) -> None:
    note("password set", person=user.email)
    sessions.end_others(request, user)


def password_reset(sender: Any, request: HttpRequest, user: User, **more: Any) -> None:
    password_set(sender, request, user)


def factor_added(
    sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **more: Any
) -> None:
    note("second factor added", person=user.email, factor=authenticator.type)
    sessions.end_others(request, user)


def factor_removed(
    sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **more: Any
) -> None:
    note("second factor removed", person=user.email, factor=authenticator.type)
    sessions.end_others(request, user)


def codes_made(sender: Any, request: HttpRequest, user: User, **more: Any) -> None:
    note("recovery codes made", person=user.email)
