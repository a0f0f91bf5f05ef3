"""Single sign-on by OpenID Connect: off until an issuer is named, and only for people who were invited.

Whoever comes from the issuer is the account with the address that the issuer says is verified, each time anew;
nothing of the account there is kept here, and no account is made. The second step stays HourTab's own.
An id token counts only with a signature by one of the issuer's own keys. OpenID Connect lets it pass unsigned
where it came straight from the issuer over TLS; whoever stands in between (a proxy that ends TLS) could then say
who signs in.
"""

from collections.abc import Mapping
from typing import Any

import jwt
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthError, AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.models import User
from accounts.security import note
from accounts.services import find_user, is_member


class NotInvitedError(PermissionDenied):
    """Why somebody whom the issuer knows is not let in; the page does not say it, the event does."""


class InvitedPeopleOnly(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Say whose account it is, or refuse."""
        if sociallogin.state.get("process") != AuthProcess.LOGIN:
            raise NotInvitedError("not asked for as a sign-in")
        sociallogin.user = invited(verified_address(sociallogin.account.extra_data))

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, exception: Exception | None = None, **more: Any
    ) -> None:
        if more.get("error") == AuthError.CANCELLED:
            raise ImmediateHttpResponse(redirect("account_login"))
        note("sign-in failed", step="issuer", why=str(exception or more.get("error") or "")[:200])


def verified_address(said: Mapping[str, Any]) -> str:
    """The address that the named issuer vouches for, out of its token and what it tells besides."""
    claims = _claims(said.get("id_token") or {}, said.get("userinfo") or {})
    if claims.get("email_verified") is not True:
        raise NotInvitedError("the address is not verified")
    return str(claims.get("email") or "")


def _claims(token: Mapping[str, Any], more: Mapping[str, Any]) -> Mapping[str, Any]:
    """The one of both that has an address: the token, if it has one.

    What the issuer tells besides counts only where it is about the same person (OpenID Connect Core 5.3.2).
    """
    if token.get("iss") != settings.OIDC_ISSUER:
        raise NotInvitedError("another issuer")
    if more and more.get("sub") != token.get("sub"):
        raise NotInvitedError("told about somebody else")
    return token if token.get("email") else more


def invited(address: str) -> User:
    person = find_user(address) if address else None
    if person is None or not person.is_active or not is_member(person):
        raise NotInvitedError("nobody here has that address")
    return person


def name_of_issuer() -> str:
    """As the button of the sign-in page calls it; empty where there is none."""
    if not settings.OIDC_ISSUER:
        return ""
    return str(settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["name"])


ALGORITHMS = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}


class SignedTokens(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth is untyped
    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        try:
            if jwt.get_unverified_header(id_token).get("alg") not in ALGORITHMS:
                raise OAuth2Error("The id token is not signed by a key of the issuer's")
            said: dict[str, Any] = jwtkit.verify_and_decode(
                credential=id_token,
                keys_url=self.openid_config["jwks_uri"],
                issuer=self.openid_config["issuer"],
                audience=app.client_id,
                lookup_kid=jwtkit.lookup_kid_jwk,
                verify_signature=True,
            )
        except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
            raise OAuth2Error("The id token, or the issuer's list of keys, makes no sense") from error
        return said


def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Where the issuer sends people back to."""
    try:
        answer: HttpResponse = OAuth2CallbackView.adapter_view(SignedTokens(request, provider_id))(request)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    return answer
