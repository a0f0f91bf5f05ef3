"""What the environment names, as Django's settings: database, mail server, issuer of single sign-on, TLS; and headers.

The headers are the same everywhere: pages and static files load the host's own, run nothing else, and are never
framed. WhiteNoise answers static files before the middlewares that say so of pages.
"""

from collections.abc import MutableMapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environ import Env

from hourtab.keys import SMTP, require_mail_server

SQLITE = "django.db.backends.sqlite3"
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
    " PRAGMA temp_store=MEMORY;",  # each row that a trigger guards is journaled apart: not in a file
}


REPLICA_WAIT_SECONDS = 2  # for a connection; then the first database answers


def databases(env: Env, var: Path) -> dict[str, dict[str, Any]]:
    """The database of `DATABASE_URL`, and the replica of `REPLICA_DATABASE_URL` where there is one."""
    keep_open = env.int("CONN_MAX_AGE", default=60)
    named = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{var / 'hourtab.sqlite3'}")}
    if env.str("REPLICA_DATABASE_URL", default=""):
        named["replica"] = env.db_url("REPLICA_DATABASE_URL")
        if SQLITE in (one["ENGINE"] for one in named.values()):
            raise ImproperlyConfigured("REPLICA_DATABASE_URL names a PostgreSQL that follows a PostgreSQL.")
    made = {name: database(one, var, keep_open) for name, one in named.items()}
    if "replica" in made:
        made["replica"].setdefault("OPTIONS", {}).setdefault("connect_timeout", REPLICA_WAIT_SECONDS)
    return made


def database(named: dict[str, Any], var: Path, keep_open: int) -> dict[str, Any]:
    """Django's settings of one database; the folder `var` is made for a SQLite file directly in it.

    :param named: what django-environ reads from the address
    :param keep_open: seconds that a connection is kept between requests
    """
    if named["ENGINE"] != SQLITE:
        return named | {"ENGINE": "accounts.postgres", "CONN_HEALTH_CHECKS": True, "CONN_MAX_AGE": keep_open}
    if Path(named["NAME"]).parent == var:
        var.mkdir(exist_ok=True)
    return named | {"OPTIONS": SQLITE_OPTIONS, "CONN_MAX_AGE": keep_open}


HOW_TO_NAME = "Write smtp+tls://user:password@host:587"


OF_A_MAIL_SERVER: dict[str, Any] = {
    "EMAIL_HOST": "localhost",
    "EMAIL_PORT": 25,
    "EMAIL_HOST_USER": "",
    "EMAIL_HOST_PASSWORD": "",
    "EMAIL_USE_TLS": False,
    "EMAIL_USE_SSL": False,
}


def mail_settings(env: Env, is_production: bool) -> dict[str, Any]:
    """The `EMAIL_…` settings; mails go to the console where no server is named, which production refuses."""
    try:
        named = env.email_url_config(env.str("EMAIL_URL", default="") or "consolemail://")
    except ImproperlyConfigured as error:
        raise ImproperlyConfigured(f"EMAIL_URL: {error}. {HOW_TO_NAME}") from error
    backend = named["EMAIL_BACKEND"]
    if is_production:
        require_mail_server(backend)
    said = {name: named.get(name) or unsaid for name, unsaid in OF_A_MAIL_SERVER.items()}
    return {**said, "EMAIL_BACKEND": "accounts.sending.Backend" if backend == SMTP else backend}


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


DAY = 24 * 3600  # seconds: a mistake with TLS ends within a day


def tls_settings(env: Env, hosts: list[str]) -> dict[str, Any]:
    """Django's settings of TLS, cookies and trusted origins, for the hosts that are allowed."""
    proxied = env.bool("BEHIND_PROXY", default=True)
    return {
        "SECURE_SSL_REDIRECT": env.bool("SECURE_SSL_REDIRECT", default=True),
        "SECURE_REDIRECT_EXEMPT": [r"^healthz$", r"^readyz$"],
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https") if proxied else None,
        "SECURE_HSTS_SECONDS": env.int("HSTS_SECONDS", default=DAY),
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": env.bool("HSTS_SUBDOMAINS", default=False),
        "SECURE_HSTS_PRELOAD": env.bool("HSTS_PRELOAD", default=False),
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SESSION_COOKIE_NAME": "__Host-session",
        "CSRF_COOKIE_NAME": "__Host-csrf",
        "CSRF_TRUSTED_ORIGINS": env.list(
            "CSRF_TRUSTED_ORIGINS", default=[f"https://{host}" for host in hosts]
        ),
    }


POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}


NOTHING_RUNS = "default-src 'none'; frame-ancestors 'none'"


def add(headers: MutableMapping[str, str], path: str, url: str) -> None:
    headers["Content-Security-Policy"] = NOTHING_RUNS
    headers["X-Frame-Options"] = "DENY"
