"""The text that goes out with a link: the address, and how often the page behind it is brought up to date."""

from django.utils.translation import gettext as _

from presentation.days import cadence
from retainers.models import Client
from retainers.selectors import retainers_of
from retainers.terms import WEEKDAYS, Weekday


def text_to_send(client: Client, address: str) -> str:
    """Ready to paste into a mail to the client."""
    said = [_("Here you see at any time what is left of your hours: %(address)s") % {"address": address}]
    days = _days(client)
    if days:
        said.append(_("The page is brought up to date %(days)s.") % {"days": cadence(days)})
    said.append(_("Nobody needs to sign in, so please keep the address to yourselves."))
    return "\n".join(said)


def _days(client: Client) -> list[Weekday]:
    """The weekdays on which an agreement of the client promises an update."""
    rows = retainers_of([client.slug]).select_related("version")
    promised = {day for row in rows if row.version for day in row.version.document["updates_on"]}
    return [day for day in WEEKDAYS if day in promised]
