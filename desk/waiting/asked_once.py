"""What waits, gathered once a request: the page and the navigation around it say the same."""

from django.http import HttpRequest
from django.utils.timezone import now

from accounts.access import the_member
from desk.waiting.things import Thing, things_waiting

KEPT = "hourtab_waiting"


def things_of(request: HttpRequest) -> list[Thing]:
    """Everything that waits at the member's provider."""
    found: list[Thing] | None = getattr(request, KEPT, None)
    if found is None:
        found = things_waiting(the_member(request).provider, now())
        setattr(request, KEPT, found)
    return found
