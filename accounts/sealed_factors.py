"""Second factors as allauth keeps them, with their secrets sealed: the database alone signs nobody in."""

import base64
import secrets

import qrcode
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.utils.html import format_html
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.seal import seal, unseal

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
