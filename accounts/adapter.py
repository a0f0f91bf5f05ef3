"""Sign-in by allauth, with sign-up closed: accounts come from invitations and agreement files only."""

import secrets
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from django.contrib.sites.shortcuts import get_current_site
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from accounts import outbox
from accounts.models import User
from accounts.security import note

CHANGES = {
    "account/email/password_changed": gettext_noop("Your password was changed."),
    "account/email/password_reset": gettext_noop("Your password was set anew, by a link from a mail."),
    "account/email/password_set": gettext_noop("A password was set."),
    "mfa/email/totp_activated": gettext_noop("An authenticator app was set up as your second step."),
    "mfa/email/totp_deactivated": gettext_noop("The authenticator app is no longer your second step."),
    "mfa/email/recovery_codes_generated": gettext_noop(
        "New recovery codes were made; the old ones are of no use."
    ),
    "mfa/email/webauthn_added": gettext_noop("A passkey was added."),
    "mfa/email/webauthn_removed": gettext_noop("A passkey was removed."),
}


class ClosedSignup(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """allauth's limit of failed sign-ins; that it was reached is told to who watches."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            note("limit reached", person=str(credentials.get("email", "")), page="account_login")
            raise

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Sign-in's own mails go through the outbox too, their text sealed: it may hold a secret."""
        around = {"request": self.request, "email": email, "current_site": get_current_site(self.request)}
        made = self.render_mail(template_prefix, email, {**around, **context})
        outbox.post(
            provider=None,
            key=f"account:{secrets.token_hex(16)}",
            kind="account",
            recipient=email,
            context={"subject": made.subject},
            secret=made.body,
        )

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who has just signed in sets up a second factor without proving themselves twice."""
        if app == "allauth.mfa" and self._signed_in_just_now():
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def _signed_in_just_now(self) -> bool:
        records = get_authentication_records(self.request, self.request.user)
        newest = max((record["at"] for record in records), default=0.0)
        return bool(timezone.now().timestamp() - newest < app_settings.REAUTHENTICATION_TIMEOUT)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """What was changed of how somebody signs in, to that person: in case that it was not them."""
        what = CHANGES.get(template_prefix)
        if what is None:
            return
        tell_of_change(user, gettext(what))


def tell_of_change(person: User, what: str) -> None:
    """A mail to them; a change has no key of its own, so each is told."""
    outbox.post(
        provider=None,
        key=f"sign-in-change:{secrets.token_hex(16)}",
        kind="sign_in_change",
        recipient=person.email,
        context={"what": what, "at": f"{timezone.now():%Y-%m-%d %H:%M} UTC"},
    )
