"""The issuer of single sign-on, out of the settings: all of it or nothing, and never in clear over a network."""

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

PROVIDER = "sso"
OWN_MACHINE = ("localhost", "127.0.0.1", "::1")


def read_issuer(issuer: str, client: str, secret: str, name: str) -> dict[str, Any]:
    """allauth's setting for that issuer; empty where none is named.

    The address has to be https: HourTab believes the token because it fetched it there itself.
    """
    if not any((issuer, client, secret)):
        return {}
    if not all((issuer, client, secret)):
        raise ImproperlyConfigured("OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET belong together.")
    address = urlsplit(issuer)
    is_own = address.scheme == "http" and address.hostname in OWN_MACHINE
    if not address.hostname or (address.scheme != "https" and not is_own):
        raise ImproperlyConfigured("OIDC_ISSUER isn't an https address. Write https://id.example.com")
    app = {
        "provider_id": PROVIDER,
        "name": name or address.hostname,
        "client_id": client,
        "secret": secret,
        "settings": {"server_url": issuer},
    }
    return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}
