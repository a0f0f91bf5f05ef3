"""What the leak check takes in and gives out: immutable values, and the kinds of leak in words."""

from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal[
    "credential",
    "licence",
    "path",
    "mail",
    "ip",
    "mac",
    "account",
    "ticket",
    "money",
    "client",
    "technician",
    "host",
    "remark",
]
KINDS: tuple[Kind, ...] = get_args(Kind)  # of two hits on the very same words, the kind named first is kept

SHOWN_LENGTH = 60  # a sentence quotes no more than this many characters


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing in a text that a client should not read.

    `text` is `source[start:end]` of the text as it was given; `why` is a sentence for a manager.
    """

    kind: Kind
    start: int
    end: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class LeakContext:
    """What the provider's own data knows: without it, names and bare ticket numbers can't be told.

    `technicians`: full names in either order ("Webb, Marcus", "Marcus Webb"), logins or mail addresses.
    `other_clients`: names of the provider's other clients; `this_client`: whose page it is, never a leak.
    `tickets`: ticket ids in the file. `allowed`: texts of hits that the provider lets through for good.
    """

    technicians: frozenset[str] = frozenset()
    other_clients: frozenset[str] = frozenset()
    this_client: str = ""
    tickets: frozenset[str] = frozenset()
    allowed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Finding:
    """A hit in the making: places are those of the folded text, `reason` is a sentence with a gap, `{}`."""

    kind: Kind
    reason: str
    start: int
    end: int


def sentence(reason: str, text: str) -> str:
    """The reason with the words it is about, shortened where they are long.

    >>> sentence("{} looks like a host name.", "edge01")
    '“edge01” looks like a host name.'
    """
    shown = " ".join(text.split())
    if len(shown) > SHOWN_LENGTH:
        shown = shown[: SHOWN_LENGTH - 1] + "…"
    return reason.replace("{}", f"“{shown}”", 1)
