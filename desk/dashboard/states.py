"""The states that a client can be in, in the order in which to act on them. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ClientState(StrEnum):
    """Why a client stands where it stands, in the order in which to act."""

    OVER = "over"
    EMPTY = "empty"
    RUNS_OUT = "runs-out"
    LOW = "low"
    ENDING = "ending"
    INCIDENT = "incident"
    CLOSED_OVER = "closed-over"
    LATE = "late"
    ASKED = "asked"
    APPROVED = "approved"
    DUE = "due"
    GAP = "gap"
    WORDING = "wording"
    NEVER_OPENED = "never-opened"
    NO_LINK = "no-link"
    NO_WORK = "no-work"
    NOT_STARTED = "not-started"
    NO_AGREEMENT = "no-agreement"
    FINE = "fine"
    ENDED = "ended"


URGENCY = {state: place for place, state in enumerate(ClientState)}


@dataclass(frozen=True, slots=True)
class LinkUse:
    """How the links that open today were used, all together; the moments are the newest ones."""

    count: int = 0
    opened_count: int = 0
    opened_at: datetime | None = None
    made_at: datetime | None = None


def all_states(
    of_agreements: Collection[ClientState], *, has_agreements: bool, links: LinkUse, asked: int
) -> frozenset[ClientState]:
    """Those of its agreements, and those of its links and requests."""
    states = set(of_agreements)
    if not has_agreements:
        states.add(ClientState.NO_AGREEMENT)
    elif wants_link(states):
        states |= _states_of_links(links)
    if asked:
        states.add(ClientState.ASKED)
    return frozenset(states or {ClientState.FINE})


def wants_link(of_agreements: Collection[ClientState]) -> bool:
    """A client whose agreements are over needs none."""
    return set(of_agreements) != {ClientState.ENDED}


def _states_of_links(links: LinkUse) -> set[ClientState]:
    if not links.count:
        return {ClientState.NO_LINK}
    return set() if links.opened_at else {ClientState.NEVER_OPENED}
