"""Secrets that have to be shown again are kept sealed, with a key that is not in the database."""

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


def seal(text: str) -> bytes:
    return Fernet(settings.HOURTAB_LINK_KEY).encrypt(text.encode())


def unseal(sealed: bytes | memoryview) -> str | None:
    """The text; None where it was sealed with another key."""
    try:
        return Fernet(settings.HOURTAB_LINK_KEY).decrypt(bytes(sealed)).decode()
    except InvalidToken:
        return None
