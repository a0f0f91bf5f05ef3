"""Sign-in by allauth, with sign-up closed: accounts come from invitations and agreement files only.

Whatever address asks for a new password, the request does the same; the sender looks who has it. So neither the
answer nor its time tells which addresses have an account, and the link is made only when it is sent: the database
never holds it.
"""

import secrets
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm, ResetPasswordForm, default_token_generator
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.utils import user_pk_to_url_str
from django.contrib.sites.shortcuts import get_current_site
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, gettext_noop

from accounts import outbox
from accounts.models import OutboxMail, User
from accounts.security import note
from accounts.services import find_user

CHANGES = {
    "account/email/password_changed": gettext_noop("Your password was changed."),
    "account/email/password_reset": gettext_noop("Your password was set again, with a link from a mail."),
    "account/email/password_set": gettext_noop("A password was set."),
    "mfa/email/totp_activated": gettext_noop("An authenticator app was set up as your second step."),
    "mfa/email/totp_deactivated": gettext_noop("The authenticator app is no longer your second step."),
    "mfa/email/recovery_codes_generated": gettext_noop(
        "New recovery codes were made; the old ones no longer work."
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


KIND = "new_password"


ADDRESS = gettext_lazy("Your e-mail address")


class SignIn(LoginForm):  # type: ignore[misc]  # allauth is untyped
    """allauth's form in the desk's words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = ADDRESS
        for name in ("login", "password"):
            self.fields[name].widget.attrs.pop("placeholder", None)


class AskForNewPassword(ResetPasswordForm):  # type: ignore[misc]  # allauth is untyped
    """allauth's form, without its look-up and without its mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = ADDRESS
        self.fields["email"].widget.attrs.pop("placeholder", None)

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        email: str = self.cleaned_data["email"]
        outbox.post(
            provider=None, key=f"{KIND}:{secrets.token_hex(16)}", kind=KIND, recipient=email, context={}
        )
        return email


def message(mail: OutboxMail) -> EmailMultiAlternatives | None:
    """The mail with its link, to the account's own spelling of the address; None without an account."""
    person = find_user(mail.recipient)
    if person is None or not person.is_active:
        return None
    mail.recipient = person.email
    return outbox.rendered(mail, _path(person))


def _path(person: User) -> str:
    names = {"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)}
    return reverse("account_reset_password_from_key", kwargs=names)
