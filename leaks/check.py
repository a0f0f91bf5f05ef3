"""The leak check itself: every family of rules over one text, put together into hits."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from leaks.client_names import find_clients, words_of_client
from leaks.codes import find_codes, find_serials
from leaks.credentials import find_credentials
from leaks.folding import Folded, fold, key_of
from leaks.hits import KINDS, Finding, Hit, LeakContext, sentence
from leaks.hosts import find_hosts
from leaks.machines import find_machines
from leaks.money import find_money
from leaks.names import find_names
from leaks.network_addresses import find_addresses
from leaks.passwords import find_passwords
from leaks.paths import find_paths
from leaks.remarks import find_remarks
from leaks.secret_keys import find_keys
from leaks.tickets import find_tickets

RANK = {kind: rank for rank, kind in enumerate(KINDS)}


def find_leaks(text: str, context: LeakContext) -> tuple[Hit, ...]:
    """Everything in `text` that a client should not read, in order of place; () lets the text through.

    `text` may be an export's note or what a person typed; it takes time in proportion to its length and never
    raises. A hit inside a longer one is not told again. What `context.allowed` names is left out, and so is
    what lies inside it.

    >>> [hit.why for hit in find_leaks("Replaced the fan in edge01.", LeakContext())]
    ['“edge01” looks like a host name.']
    """
    folded = fold(text)
    found = without_inner(list(findings(folded, context)))
    found = without_allowed(folded, found, context.allowed)
    return tuple(hit_of(folded, each) for each in found)


def findings(text: Folded, context: LeakContext) -> Iterator[Finding]:
    masked = words_of_client(text, context.this_client)
    yield from find_passwords(text)
    yield from find_codes(text)
    yield from find_credentials(text)
    yield from find_keys(text)
    yield from find_paths(text)
    yield from find_addresses(text)
    yield from find_tickets(text, context)
    yield from find_money(text)
    yield from find_clients(text, context, masked)
    yield from find_names(text, context, masked)
    yield from find_hosts(text)
    yield from find_machines(text)
    yield from find_serials(text)
    yield from find_remarks(text)


def without_inner(found: list[Finding]) -> list[Finding]:
    """In order of place, without those that lie within another one; of one kind, overlapping ones are one."""
    kept: list[Finding] = []
    reached = -1
    for each in sorted(found, key=lambda one: (one.start, -one.end, RANK[one.kind])):
        if each.end <= reached:
            continue
        if each.start < reached and kept[-1].kind == each.kind:
            kept[-1] = replace(kept[-1], end=each.end)
        else:
            kept.append(each)
        reached = each.end
    return kept


def without_allowed(text: Folded, found: list[Finding], allowed: frozenset[str]) -> list[Finding]:
    """Without those that are an allowed text, or a part of one that stands in the text."""
    keys = allowed_keys(allowed)
    if not found or not keys:
        return found
    ends = allowed_ends(text.lower, keys)
    kept = []
    for each in found:
        key = " ".join(text.lower[each.start : each.end].split())
        if key not in keys and ends[each.start] < each.end:
            kept.append(each)
    return kept


@lru_cache(maxsize=64)
def allowed_keys(allowed: frozenset[str]) -> frozenset[str]:
    return frozenset(key_of(text) for text in allowed) - {""}


def allowed_ends(lower: str, keys: frozenset[str]) -> list[int]:
    """For each place, how far an allowed text that began at or before it reaches; 0 where none does."""
    ends = [0] * (len(lower) + 1)
    for key in keys:
        start = lower.find(key)
        while start >= 0:
            ends[start] = max(ends[start], start + len(key))
            start = lower.find(key, start + len(key))
    reached = 0
    for place, end in enumerate(ends):
        reached = max(reached, end)
        ends[place] = reached
    return ends


def hit_of(text: Folded, found: Finding) -> Hit:
    start, end = text.place(found.start, found.end)
    quoted = text.original[start:end]
    return Hit(found.kind, start, end, quoted, sentence(found.reason, quoted))
