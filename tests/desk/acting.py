"""Acts on the retainer that the tests of the desk's actions start from, and reads what came of them."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import urljoin
from uuid import uuid4

from accounts.tenancy import tenant_scope
from portal.selectors import page_facts, page_retainers
from presentation.facts import Asked
from retainers import publishing
from retainers.hours import to_units
from retainers.models import Client, Entry, Publication, Retainer
from tests.factories import covered

NOW = datetime(2026, 6, 22, 12, tzinfo=UTC)
HOME = "/clients/acme/retainers/support"


def publish(retainer, day, hours, *, at, through, retires=(), origin=None):
    """An import's publication with one line, as the pipeline makes it; the line."""
    with tenant_scope(retainer.provider):
        locked = Retainer.objects.select_related("publication", "version").get(pk=retainer.pk)
        press = publishing.Press(Publication.Kind.IMPORT, at, None)
        made = press.publication(locked, **covered(locked, through), updated_at=at)
        publishing.retire_entries(made, [each.pk for each in retires])
        if hours is None:
            return None
        units = to_units(Decimal(hours), 4)
        line = Entry(
            origin=origin or uuid4(), day=day, worked_units=units, billable_units=units, wording="Work"
        )
        publishing.add_entries(made, [line])
        return line


def remaining(retainer, today=None):
    """What the client's page has left in the current cycle."""
    with tenant_scope(retainer.provider):
        acme = Client.objects.get(pk=retainer.client_id)
        (facts,) = page_facts(retainer.provider, page_retainers(acme), today or NOW.date(), Asked())
        return facts.shown.total.remaining


def turns_of(answer):
    """Where the links to other pages of a list lead, from the address that gave this answer."""
    path = answer.wsgi_request.path
    return [urljoin(path, href) for href in re.findall(r'href="([^"]*)" rel="(?:prev|next)"', answer.text)]
