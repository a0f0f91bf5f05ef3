"""The text that goes out with a link: the address, and how often the page behind it is brought up to date."""

from django.utils.translation import gettext as _

from portal.welcoming import promised_days
from presentation.days import cadence
from retainers.models import Client


def text_to_send(client: Client, address: str) -> str:
    """Ready to paste into a mail to the client."""
    said = [_("Here you see at any time what is left of your hours: %(address)s") % {"address": address}]
    days = promised_days(client)
    if days:
        said.append(_("The page is brought up to date %(days)s.") % {"days": cadence(days)})
    said.append(_("Nobody needs to sign in, so please keep the address to yourselves."))
    return "\n".join(said)
