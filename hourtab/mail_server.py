"""The mail server that `EMAIL_URL` names, as Django's settings."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from environ import Env

from hourtab.strong_keys import SMTP, require_mail_server

HOW_TO_NAME = "Write smtp+tls://user:password@host:587"


def mail_settings(env: Env, is_production: bool) -> dict[str, Any]:
    """The `EMAIL_…` settings; mails go to the console where no server is named, which production refuses."""
    try:
        named = env.email_url_config(env.str("EMAIL_URL", default="") or "consolemail://")
    except ImproperlyConfigured as error:
        raise ImproperlyConfigured(f"EMAIL_URL: {error}. {HOW_TO_NAME}") from error
    backend = named["EMAIL_BACKEND"]
    if is_production:
        require_mail_server(backend)
    return {
        "EMAIL_BACKEND": "accounts.sending.Backend" if backend == SMTP else backend,
        "EMAIL_HOST": named.get("EMAIL_HOST") or "localhost",
        "EMAIL_PORT": named.get("EMAIL_PORT") or 25,
        "EMAIL_HOST_USER": named.get("EMAIL_HOST_USER") or "",
        "EMAIL_HOST_PASSWORD": named.get("EMAIL_HOST_PASSWORD") or "",
        "EMAIL_USE_TLS": bool(named.get("EMAIL_USE_TLS")),
        "EMAIL_USE_SSL": bool(named.get("EMAIL_USE_SSL")),
    }
