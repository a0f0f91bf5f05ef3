"""Secrets that have to be shown again, and second factors, are kept sealed, with a key that is not in the database.

Names of rows in addresses say nothing of the row: they are sealed with the installation's own secret, so that an
address in a mail still holds where that key was lost.
"""

import base64
import secrets
from datetime import timedelta
from hashlib import sha256

import qrcode
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core import signing
from django.utils.encoding import force_bytes
from django.utils.html import format_html
from django.utils.translation import gettext as _

from accounts.models import User


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


NAME = "HourTab"


class SealedFactors(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is untyped
    def encrypt(self, text: str) -> str:
        return seal(text).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; one that nobody has where it was sealed with another key, so that no code fits it."""
        opened = unseal(encrypted_text.encode("ascii"))
        return base64.b32encode(secrets.token_bytes(20)).decode("ascii") if opened is None else opened

    def get_totp_issuer(self) -> str:
        return NAME

    def build_totp_svg(self, url: str) -> str:
        """The picture for an app's camera: dark on white in every look, by attributes alone (no inline style)."""
        code = qrcode.QRCode(border=4)
        code.add_data(url)
        rows = code.get_matrix()
        squares = "".join(
            f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
        )
        return format_html(
            '<svg class="qr" viewBox="0 0 {size} {size}" role="img" aria-label="{label}">'
            '<rect width="{size}" height="{size}" fill="#fff"/><path fill="#000" d="{squares}"/></svg>',
            size=len(rows),
            label=_("QR code for your authenticator app"),
            squares=squares,
        )

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002  # allauth's name
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("Passkey %(number)s") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": context.request.get_host().partition(":")[0], "name": NAME}
