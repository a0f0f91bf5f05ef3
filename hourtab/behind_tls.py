"""The settings that production adds: everything by TLS, and cookies that only this host sees."""

from typing import Any

from environ import Env

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
