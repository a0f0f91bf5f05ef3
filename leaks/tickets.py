"""Ticket numbers in a text: the provider's own, and those of vendors."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import re2

from leaks.folding import Folded, Word, fold
from leaks.hits import Finding, LeakContext
from leaks.lists import read_lists, word_set
from leaks.search import Index, Phrase, is_year, last_words, next_word, simple

LISTS = read_lists("tickets")

TICKET = "{} looks like a ticket number."
IN_FILE = "{} is the number of a ticket in this file."

NUMBER = r"(?:[a-z]{1,4}-?)?\d[\d-]{0,20}(?:\.\d{3,6})?"
CUE = (
    r"(?:tickets?|tix|tkts?|incidents?|inc|cases?|requests?|service ?requests?|sr|req|rma|vorgangs?"
    r"|anfragen?|fall"
    r"|storung(?:en)?|meldung(?:en)?|jobs?|work ?orders?|wo|chg|changes?|prb|problems?|support ?id)"
)
CUED = re2.compile(
    rf"(?i)\b({CUE})(?:[- ]?(?:no|nr|num|number|id|ref|nummer)\b\.?)?[ :#-]{{0,3}}({NUMBER})"
    rf"((?:(?:,| and| &| und| \+|,? #) ?#?\d{{4,12}}\b){{0,8}})"
)
DATE = re2.compile(r"20\d\d-\d\d(?:-\d\d)?")
HASHED = re2.compile(r"(?i)#\s?(?:[a-z]{1,4}-?)?\d{4,14}(?:\.\d{3,6})?")
SHAPES = (
    re2.compile(r"\b[Tt]\d{8}\.\d{3,6}\b"),
    re2.compile(
        r"\b(?:INC|REQ|RITM|CHG|PRB|TASK|SCTASK|CS|SR|TKT|HD|WO|ITSM|SUP|HELP|TT|SD|DESK|CASE|TICKET"
        r"|IR|CR|SVC)"
        r"[-_]?\d{4,12}\b"
    ),
    re2.compile(r"\b(?:inc|req|ritm|chg|prb|sctask)\d{6,12}\b"),
    re2.compile(r"\b(?:T|TK|TKT|TIC|TICK|TICKET|HD|CS|SR|INC|REQ|SD|IT|SUP)-20\d\d-\d{2,6}\b"),
)
STRONG_CUES = word_set("ticket tickets tix tkt tkts incident incidents inc req rma chg prb sr wo")
NOT_A_TICKET = LISTS["not_a_ticket"]
NOT_A_NUMBER = LISTS["not_a_number"]
QUANTITIES = LISTS["quantities"]
REFERRING = word_set("of see dup duplicate re per from with ticket siehe zu vgl merged into")
LOOK_BACK = 20  # characters
MOST_WORDS = 16  # of a ticket's id; of a longer one its first words give it away
SHORT_ID, CERTAIN_ID = 4, 5  # digits: fewer are never a ticket by themselves, as many need no second look


class KnownTickets(NamedTuple):
    """The file's ticket ids: numbers without leading zeros, and the others by their words."""

    numbers: frozenset[str]
    others: Index


def find_tickets(text: Folded, context: LeakContext) -> Iterator[Finding]:
    plain = text.plain
    if not text.has_digit:
        return
    yield from known(text, known_tickets(context.tickets))
    for match in CUED.finditer(plain):
        lead = plain[match.start() : match.start(2)]
        counts = next_word(plain, match.end()) in QUANTITIES
        if not counts and is_ticket(match.group(1).lower(), match.group(2), lead):
            yield Finding("ticket", TICKET, *match.span())
    for match in HASHED.finditer(plain):
        if word_before(text, match.start()) not in NOT_A_TICKET:
            yield Finding("ticket", TICKET, *match.span())
    yield from simple("ticket", TICKET, SHAPES, plain)


@lru_cache(maxsize=8)  # a file of 30,000 tickets takes 8 MB, and a thirtieth of a second
def known_tickets(tickets: frozenset[str]) -> KnownTickets:
    plain = [fold(ticket).lower.strip(" #") for ticket in tickets]
    numbers = frozenset(each.lstrip("0") for each in plain if each.isdigit())
    others = (fold(each) for each in plain if not each.isdigit())
    phrases = (
        Phrase(tuple(word.lower for word in found.words[:MOST_WORDS]), "sure")
        for found in others
        if found.words and found.has_digit
    )
    return KnownTickets(numbers, Index(phrases))


def known(text: Folded, tickets: KnownTickets) -> Iterator[Finding]:
    """The file's own ticket ids, where they stand by themselves."""
    for number, word in enumerate(text.words):
        if word.lower.isdigit():
            if word.lower.lstrip("0") in tickets.numbers and may_be_ticket(text, number):
                yield Finding("ticket", IN_FILE, word.start, word.end)
            continue
        for phrase in tickets.others.at(text, number)[:1]:
            yield Finding("ticket", IN_FILE, word.start, text.words[number + len(phrase.words) - 1].end)


def may_be_ticket(text: Folded, number: int) -> bool:
    """Whether a bare number is long enough and is no year, no quantity, no part of a longer number."""
    word = text.words[number]
    digits = len(word.lower)
    if digits < SHORT_ID:
        hashed = "#" in text.plain[max(0, word.start - 2) : word.start]
        return hashed and word_before(text, word.start) in REFERRING
    if is_part_of_number(text.plain, word) or is_quantity(text, number):
        return False
    if digits >= CERTAIN_ID:
        return True
    return not is_year(word.lower) and word_before(text, word.start) not in NOT_A_NUMBER


def is_part_of_number(plain: str, word: Word) -> bool:
    """Whether another digit stands before it or after it, with one mark between."""
    before, after = plain[max(0, word.start - 2) : word.start], plain[word.end : word.end + 2]
    goes_on = after[:1] in ".,:/-%" and after[1:].isdigit()
    return goes_on or (before[-1:] in ".,:/-$" and before[:1].isdigit())


def is_quantity(text: Folded, number: int) -> bool:
    """Whether what it counts comes after it: "4711 users"."""
    following = text.words[number + 1 : number + 2]
    return bool(following) and following[0].lower in QUANTITIES


def word_before(text: Folded, start: int) -> str:
    return "".join(last_words(text.lower, start, LOOK_BACK)[-1:])


def is_ticket(cue: str, number: str, lead: str) -> bool:
    """Whether a cue and a number make a ticket: "case 2 of 3" and "changes 2026" don't."""
    digits = sum(char.isdigit() for char in number)
    if DATE.fullmatch(number):
        return False
    if "#" in lead:
        return digits >= SHORT_ID or cue in STRONG_CUES
    if cue in STRONG_CUES:
        return digits >= SHORT_ID - 1 and not is_year(number)
    return digits >= SHORT_ID and not is_year(number)
