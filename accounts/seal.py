"""Secrets that have to be shown again are kept sealed, with a key that is not in the database.

Names of rows in addresses say nothing of the row: they are sealed with the installation's own secret, so that an
address in a mail still holds where that key was lost.
"""

import base64
from datetime import timedelta
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core import signing
from django.utils.encoding import force_bytes


def seal(text: str) -> bytes:
    return Fernet(settings.HOURTAB_LINK_KEY).encrypt(text.encode())


def unseal(sealed: bytes | memoryview) -> str | None:
    """The text; None where it was sealed with another key."""
    try:
        return Fernet(settings.HOURTAB_LINK_KEY).decrypt(bytes(sealed)).decode()
    except InvalidToken:
        return None


def name_of(pk: int, purpose: str) -> str:
    """A name for that row in an address, good for this purpose alone. Each time another one, and none tells the key."""
    return _namer(purpose).encrypt(str(pk).encode()).decode().rstrip("=")


def named(name: str, purpose: str, within: timedelta | None = None) -> int | None:
    """The key that the name stands for; None for a name that is not ours, of another purpose, or older than that.

    Addresses in mails of earlier releases bear a signed key instead: they hold as long.
    """
    seconds = int(within.total_seconds()) if within else None
    try:
        if ":" in name:
            return int(signing.loads(name, salt=purpose, max_age=seconds))
        return int(_namer(purpose).decrypt(name + "=" * (-len(name) % 4), ttl=seconds))
    except (signing.BadSignature, InvalidToken, ValueError):
        return None


def _namer(purpose: str) -> MultiFernet:
    """New names are made with the newest secret; those of the ones before it still hold."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet(
        [
            Fernet(base64.urlsafe_b64encode(sha256(purpose.encode() + b"\n" + force_bytes(key)).digest()))
            for key in keys
        ]
    )
