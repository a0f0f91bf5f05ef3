"""Machines in a text by the words around their names: "hostname zeus", "Server ATHENE", fw1.acme.local."""

from collections.abc import Iterator

import re2

from leaks import hosts as known
from leaks import signs
from leaks.folding import Folded
from leaks.hits import Finding
from leaks.lists import read_lists
from leaks.search import char_before

LISTS = read_lists("machines")

HOST = "{} looks like a host name."
NAMED = "{} is called a host name here."

CALLED = re2.compile(
    r"(?i)\b(?:host ?name|computer ?name|machine ?name|rechnername|server (?:named|called))(?: is"
    r"| ist)?[ :=]{1,3}"
    r"([a-z][a-z0-9._-]{1,62})"
)
SAID_OF = re2.compile(
    r"(?i)\b(?:host|vm|node) ([a-z][a-z0-9]{3,20}) (?:out of|is|was|has|had|went|ran|crashed|unreachable"
    r"|hung|froze|rebooted|restarted|nicht|ist|war|hat)\b"
)
IN_CAPITALS = re2.compile(
    r"(?:[Ss]erver|[Hh]ost|VM|NAS|[Rr]echner|[Ll]aptop|[Nn]otebook|[Mm]achine) ([A-Z][A-Z_]{3,15})\b"
)
DOTTED = re2.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}(?:\.[A-Za-z0-9][A-Za-z0-9_-]{0,62}){1,8}")
NO_NAME = known.NO_HOST | known.NO_NAME | known.MAKERS | known.NO_CODE | known.ROLES | known.NO_NUMBERED
CUES = LISTS["cues"]
NEAR = 3  # words


def find_machines(text: Folded) -> Iterator[Finding]:
    if not CUES.isdisjoint(text.vocabulary):
        yield from announced(text)
    yield from server_names(text)
    if "." in text.plain:
        yield from dotted_names(text.plain)


def announced(text: Folded) -> Iterator[Finding]:
    """Names after a word for a machine, or after "host name"."""
    for match in CALLED.finditer(text.plain):
        yield Finding("host", NAMED, *match.span(1))
    for match in SAID_OF.finditer(text.plain):
        if match.group(1).lower() not in known.NO_HOST:
            yield Finding("host", NAMED, *match.span(1))
    for match in IN_CAPITALS.finditer(text.plain):
        if not text.shouts and match.group(1).lower() not in NO_NAME:
            yield Finding("host", HOST, *match.span(1))


def server_names(text: Folded) -> Iterator[Finding]:
    """Names that people like to give to servers, near a word for a machine."""
    if known.SERVER_NAMES.isdisjoint(text.vocabulary):
        return
    for number, word in enumerate(text.words):
        if word.lower not in known.SERVER_NAMES:
            continue
        near = {signs.word_at(text, other) for other in range(number - NEAR, number + NEAR + 1)}
        if not near.isdisjoint(known.MACHINES):
            yield Finding("host", HOST, word.start, word.end)


def dotted_names(plain: str) -> Iterator[Finding]:
    for match in DOTTED.finditer(plain):
        before = char_before(plain, match.start())
        if before not in ("@", "\\") and is_internal_name(match.group().lower()):
            yield Finding("host", HOST, *match.span())


def is_internal_name(name: str) -> bool:
    """Whether a dotted name is a machine's, and no public website's or domain's.

    >>> [is_internal_name(name) for name in ("fw1.acme.local", "www.acme.example", "acme.example")]
    [True, False, False]
    """
    labels = name.split(".")
    if labels[-1] in known.INTERNAL_ENDS:
        return True
    if len(labels) <= len(("name", "tld")) or labels[-1] not in known.TOP_LEVELS:
        return False
    if labels[0] in known.PUBLIC_STARTS or is_domain_under_country(labels):
        return False
    return not any(".".join(labels[cut:]) in known.PUBLIC_SITES for cut in range(len(labels) - 1))


def is_domain_under_country(labels: list[str]) -> bool:
    """name.co.uk and the like."""
    return len(labels) == len(("name", "co", "uk")) and labels[1] in ("co", "com", "org", "ac", "gov")
