"""Keys of the settings: strong enough to start with, else the start is refused; or made once, on one's own machine.

A key that was made is kept below `var/keys`, readable by its owner only. Production never makes one: there the
settings ask for the value.
"""

import base64
import binascii
import fcntl
import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from environ import Env

SMTP = "django.core.mail.backends.smtp.EmailBackend"
LINK_KEY_BYTES = 32
SIGNS = 50  # of SECRET_KEY, as Django's own check asks
DIFFERENT = 8
HOW_TO_SIGN = "Make one: python -c 'import secrets; print(secrets.token_urlsafe(50))'"
HOW_TO_SEAL = (
    "It seals the share links so that they can be copied again. Make one: "
    "python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'"
)


def require_secret_key(value: str, hint: str) -> None:
    """Refuse a SECRET_KEY that can be guessed.

    >>> require_secret_key("x", "Make one.")
    Traceback (most recent call last):
    django.core.exceptions.ImproperlyConfigured: SECRET_KEY is too weak: it needs 50 signs, of many kinds. Make one.
    """
    if len(value) < SIGNS or len(set(value)) < DIFFERENT:
        raise ImproperlyConfigured(f"SECRET_KEY is too weak: it needs {SIGNS} signs, of many kinds. {hint}")


def require_link_key(value: str, hint: str) -> None:
    """Refuse a HOURTAB_LINK_KEY that no link can be sealed with, or that is no random one.

    >>> require_link_key("changeme", "Make one.")
    Traceback (most recent call last):
    django.core.exceptions.ImproperlyConfigured: HOURTAB_LINK_KEY is not 32 random bytes in URL-safe base64. Make one.
    """
    try:
        key = base64.b64decode(value, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != LINK_KEY_BYTES or len(set(key)) < DIFFERENT:
        raise ImproperlyConfigured(
            f"HOURTAB_LINK_KEY is not {LINK_KEY_BYTES} random bytes in URL-safe base64. {hint}"
        )


def require_mail_server(backend: str) -> None:
    """Refuse mails that go to the console, or nowhere: they hold the addresses of links and invitations."""
    if backend != SMTP:
        raise ImproperlyConfigured(
            "EMAIL_URL names no mail server, so mails and the secrets in them would end in a log. "
            "Name one: EMAIL_URL=smtp+tls://user:password@mail.example.com:587"
        )


def require_contact(address: str) -> None:
    """Refuse a SECURITY_CONTACT without its scheme, or of several lines (RFC 9116).

    >>> require_contact("security@msp.example")
    Traceback (most recent call last):
    django.core.exceptions.ImproperlyConfigured: SECURITY_CONTACT needs a scheme: mailto:security@msp.example or https://…
    """
    if address and (not address.startswith(("mailto:", "https://", "tel:")) or len(address.split()) != 1):
        raise ImproperlyConfigured(
            "SECURITY_CONTACT needs a scheme: mailto:security@msp.example or https://…"
        )


def key_of(env: Env, name: str, folder: Path | None, hint: str) -> str:
    """The value of `name`; without one a key made in `folder`, or without a folder a refusal with the hint."""
    value: str = env.str(name, default="")
    if value:
        return value
    if folder is None:
        raise ImproperlyConfigured(f"{name} is not set. {hint}")
    return local_key(folder, name.lower())


def local_key(folder: Path, name: str) -> str:
    """The key of that name, made on first use (256 random bits, URL-safe base64 as Fernet wants it).

    Of several processes that begin at once all take the one that was there first, and none reads half of it.
    """
    path = folder / name
    if path.exists() and (made := path.read_text(encoding="ascii").strip()):
        return made
    folder.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        key = file.read().strip()
        if not key:
            key = secrets.token_urlsafe(32) + "="
            file.write(key)
    return key
