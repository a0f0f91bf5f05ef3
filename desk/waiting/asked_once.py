"""What waits, gathered once a request: the page and the navigation around it say the same."""

from django.http import HttpRequest
from django.utils.timezone import now

from accounts.access import the_member
from accounts.models import Role
from desk.waiting.things import Thing, things_waiting

KEPT = "hourtab_waiting"


def things_of(request: HttpRequest) -> list[Thing]:
    """Everything that waits at the member's provider."""
    found: list[Thing] | None = getattr(request, KEPT, None)
    if found is None:
        member = the_member(request)
        things = things_waiting(member.provider, now())
        found = [thing for thing in things if member.role == Role.OWNER or not thing.for_owners]
        setattr(request, KEPT, found)
    return found
