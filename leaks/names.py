"""Technicians' names in a text: the client reads what was done, never who did it."""

from collections.abc import Callable, Iterator
from functools import partial

from leaks import signs
from leaks.folding import Folded, fold
from leaks.hits import Finding, LeakContext
from leaks.lists import read_lists, word_set
from leaks.people_names import initials_of, people_index
from leaks.search import Phrase

LISTS = read_lists("names")

NAMED = "{} is the name of a technician."
COULD_BE = "{} could be a technician's name: it is also a word, so please read the line."
SIGNED = "{} looks like the initials of a technician."
UNCERTAIN = frozenset({"verb", "given", "noun", "proper", "place"})
NO_INITIALS = LISTS["no_initials"]
LIKES_TO = frozenset({"hope", "long", "win", "may", "rush"})  # verbs that "to" may follow
IN_A_PLACE = word_set("in from at to the near for between of and via nach bei aus")
OF_A_PLACE = word_set("office branch site clinic store warehouse location airport team street road and")


def find_names(text: Folded, context: LeakContext, masked: frozenset[int]) -> Iterator[Finding]:
    """Technicians' names; `masked` are the numbers of words that name the client whose page it is."""
    index = people_index(context.technicians)
    if index.touches(text):
        own = frozenset(word.lower for word in fold(context.this_client).words)
        for phrase, first, last in index.names_in(text, masked, partial(is_name, text, own)):
            reason = COULD_BE if phrase.sort in UNCERTAIN else NAMED
            yield Finding("technician", reason, text.words[first].start, text.words[last].end)
    yield from signature(text, context)


def is_name(text: Folded, own: frozenset[str], phrase: Phrase, first: int, last: int) -> bool:
    """`own` are the words of this client's name: where they are ordinary words too, they stay ordinary."""
    ordinary = phrase.sort in UNCERTAIN and text.words[first].lower in own
    return not ordinary and JUDGES[phrase.sort](text, first, last)


def signature(text: Folded, context: LeakContext) -> Iterator[Finding]:
    """Initials where people sign, or are named by them."""
    initials = initials_of(context.technicians) - NO_INITIALS
    if text.vocabulary.isdisjoint(initials):
        return
    for number, word in enumerate(text.words):
        if word.lower in initials and text.plain[word.start : word.end].isupper() and is_signed(text, number):
            yield Finding("technician", SIGNED, word.start, word.end)


def is_signed(text: Folded, number: int) -> bool:
    """At the end after a dash, at the head of a line, in brackets, or after "w/" or "per"."""
    if signs.signs_off(text, number, number) or signs.is_enclosed(text, number, number):
        return True
    if signs.always_person(text, number) or (signs.follows_person_word(text, number) and not text.shouts):
        return True
    return text.opens_sentence(number) and signs.heads_line(text, number)


def any_case(text: Folded, first: int, last: int) -> bool:
    return True


def in_capitals(text: Folded, first: int, last: int) -> bool:
    """An initial and a name: both with a capital, in one breath; or a login with a dot, "m.webb"."""
    if text.gap(last) in (".", "_"):
        return True
    return all(text.is_capital(word) for word in text.words[first : last + 1]) and "," not in text.gap(last)


def as_verb(text: Folded, first: int, last: int) -> bool:
    """A name that is also a verb, an adverb or an adjective: Will, Mark, Rob, Frank, Young."""
    return as_noun(text, first, last) or (opens_with_capital(text, first) and has_verb(text, first, last))


def opens_with_capital(text: Folded, first: int) -> bool:
    """The first word of a sentence, in a text in which its capital says little but something."""
    return text.case_tells and text.is_capital(text.words[first]) and text.opens_sentence(first)


def has_verb(text: Folded, first: int, last: int) -> bool:
    """Before "is", "replaced" or a colon: what follows makes a person of the word."""
    after = signs.word_after(text, last)
    if after == "to" and text.words[first].lower in LIKES_TO:
        return False
    return after in signs.STATES or signs.is_past(after) or signs.heads_line(text, last)


def as_given(text: Folded, first: int, last: int) -> bool:
    """A given name that is also a thing: Grace, Rose, Bill. It may well open a sentence."""
    return as_noun(text, first, last) or (opens_with_capital(text, first) and signs.did(text, last))


def as_noun(text: Folded, first: int, last: int) -> bool:
    """A name that is also a thing: Page, Stone."""
    if signs.always_person(text, first):
        return True
    if not text.is_capital(text.words[first]):
        return False
    if signs.is_enclosed(text, first, last) or signs.signs_off(text, first, last):
        return True
    if signs.follows_person_word(text, first) and not signs.leads_name(text, last):
        return True
    return text.case_tells and stands_out(text, first, last)


def stands_out(text: Folded, first: int, last: int) -> bool:
    """Where capitals say something: in mid-sentence, or at its start before what a person does or has."""
    if signs.acts(text, last) or signs.is_present(text, last):
        return True
    if text.opens_sentence(first):
        return signs.is_possessive(text, last) or signs.is_joined(text, last)
    return signs.stands_out(text, first, last)


def as_proper(text: Folded, first: int, last: int) -> bool:
    """A name that is also a month or a maker: May, April, Dell. A capital says nothing."""
    if not text.is_capital(text.words[first]):
        return False
    if signs.always_person(text, first) or signs.acts(text, last):
        return True
    if opens_with_capital(text, first) and signs.did(text, last):
        return True
    before = signs.word_before(text, first)
    return before in signs.NARROW_PERSON and not text.shouts and not signs.leads_name(text, last)


def as_place(text: Folded, first: int, last: int) -> bool:
    """A name that is also a town: Austin, Jordan."""
    if signs.word_before(text, first) in IN_A_PLACE or signs.word_after(text, last) in OF_A_PLACE:
        return False
    return as_given(text, first, last)


JUDGES: dict[str, Callable[[Folded, int, int], bool]] = {
    "sure": any_case,
    "name": any_case,
    "initials": in_capitals,
    "verb": as_verb,
    "given": as_given,
    "noun": as_noun,
    "proper": as_proper,
    "place": as_place,
}
