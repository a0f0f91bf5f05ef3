"""The register of deeds: each write service by its name, with the two deeds and what must be so afterwards."""

from collections.abc import Callable

from accounts.models import AuditEvent
from tests.at_once.conftest import House
from tests.at_once.two import Do

Check = Callable[[object, object], None]
Pair = tuple[Do, Do, Check]
DEEDS: dict[str, Callable[[House], Pair]] = {}


def service(name: str) -> Callable[[Callable[[House], Pair]], Callable[[House], Pair]]:
    def note(pair: Callable[[House], Pair]) -> Callable[[House], Pair]:
        DEEDS[name] = pair
        return pair

    return note


def refused(outcome: object, error: type[Exception]) -> None:
    assert isinstance(outcome, error), repr(outcome)


def trail(action: str) -> int:
    return AuditEvent.objects.filter(action=action).count()
