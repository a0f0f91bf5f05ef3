"""Marks that group the entries of one ticket, and mean nothing outside: no ticket number can be read from them."""

import hashlib
import hmac

from django.conf import settings

from imports.models import SourceRow


def incident_of(source: SourceRow) -> str:
    """16 hex digits for the row's ticket at its client; empty where it has no ticket."""
    ticket = source.ticket.strip().lstrip("0")
    if not ticket:
        return ""
    said = f"{source.client_id}|{ticket.casefold()}"
    return hmac.new(settings.SECRET_KEY.encode(), said.encode(), hashlib.sha256).hexdigest()[:16]
