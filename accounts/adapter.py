"""Sign-in by allauth, with sign-up closed: accounts come from invitations and agreement files only."""

import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest

from accounts import outbox


class ClosedSignup(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
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
