"""A forgotten password: whatever address asks, the request does the same; the sender looks who has it.

So neither the answer nor its time tells which addresses have an account, and the link is made only when it
is sent: the database never holds it.
"""

import secrets
from typing import Any

from allauth.account.forms import ResetPasswordForm, default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest
from django.urls import reverse

from accounts import outbox
from accounts.models import OutboxMail, User
from accounts.services import find_user

KIND = "new_password"


class AskForNewPassword(ResetPasswordForm):  # type: ignore[misc]  # allauth is untyped
    """allauth's form, without its look-up and without its mail."""

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
