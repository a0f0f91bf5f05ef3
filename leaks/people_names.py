"""From the technicians' names as a file writes them to every form in which a note may name them.

Sorts of a form: "sure" (full names, logins), "initials" ("M. Webb": needs capitals), "name" (a name that is
no word), "verb", "given", "noun", "proper", "place" (such a word too; `names` looks for signs).
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from leaks import known_names
from leaks.folding import fold
from leaks.search import Index, Phrase

SHORT_NAME = 2  # letters; "Al", "Jo" and "Ed" are judged like words
SHORTEST_PREFIX = 4  # letters
SHORT_LOGIN = 5  # letters; shorter logins made up from names would be words too often
SPELLINGS = (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ø", "oe"), ("å", "aa"))
PLAIN_VOWELS = (("ae", "a"), ("oe", "o"), ("ue", "u"))


class Person(NamedTuple):
    """The words of a name, folded: given names and family names."""

    given: tuple[str, ...]
    family: tuple[str, ...]


@lru_cache(maxsize=64)
def people_index(technicians: frozenset[str]) -> Index:
    """Every form of every technician's name."""
    return Index(phrase for name in sorted(technicians) for phrase in phrases_of(name))


@lru_cache(maxsize=64)
def initials_of(technicians: frozenset[str]) -> frozenset[str]:
    """Two or three letters with which a technician may sign: "mw" for Marcus Webb."""
    people = [person for name in technicians for person in persons(name) if person.family]
    return frozenset("".join(word[0] for word in person.given + person.family) for person in people)


def phrases_of(name: str) -> Iterator[Phrase]:
    login = login_of(name)
    if login:
        yield Phrase(tuple(word.lower for word in fold(login).words), sort_of(login, "sure"))
    for person in persons(name):
        yield from full_forms(person)
        yield from short_forms(person)


def login_of(name: str) -> str:
    """The login in a mail address, in "DOMAIN\\name" or in a single word; "" for a name of several words."""
    login = name.partition("@")[0].rpartition("\\")[2].strip()
    found = [word.lower for word in fold(login).words]
    if not found or " " in login or known_names.NO_PERSON.issuperset(found):
        return ""
    return login


def persons(name: str) -> Iterator[Person]:
    """The person in a name, in each spelling: "Müller, Anna" is also Anna Mueller."""
    for spelled in spellings(name):
        family, comma, given = without_brackets(spelled).partition(",")
        person = split_name(family, given) if comma else split_plain(family)
        if person.given and not known_names.NO_PERSON.issuperset(person.given + person.family):
            yield person


def spellings(name: str) -> set[str]:
    name = name.partition("@")[0].rpartition("\\")[2].replace("_", " ").replace(".", " ").lower()
    spelled_out = plain = name
    for mark, letters in SPELLINGS:
        spelled_out = spelled_out.replace(mark, letters)
    for letters, vowel in PLAIN_VOWELS:
        plain = plain.replace(letters, vowel)
    return {name, spelled_out, plain} | {
        each.replace("'", "").replace("’", "") for each in (name, spelled_out)
    }


def without_brackets(name: str) -> str:
    return name.partition("(")[0].partition("[")[0]


def split_name(family: str, given: str) -> Person:
    return Person(name_words(given), name_words(family))


def split_plain(name: str) -> Person:
    """Given names first; the family name is the last word with the particles before it ("van der Berg")."""
    found = name.split()
    found = [word for word in found if word.strip(".,") not in known_names.NAME_SUFFIXES] or found
    cut = max(1, len(found) - 1)
    while cut > 1 and found[cut - 1] in known_names.PARTICLES:
        cut -= 1
    return split_name(" ".join(found[cut:]), " ".join(found[:cut]))


def name_words(part: str) -> tuple[str, ...]:
    return tuple(word.lower for word in fold(part).words if word.lower not in known_names.NAME_SUFFIXES)


def full_forms(person: Person) -> Iterator[Phrase]:
    """Full names in both orders, with an initial, and the logins that people make of them."""
    given, family = person
    if not family:
        return
    first, last = given[0], "".join(family)
    for whole in {given, given[:1]}:
        yield Phrase(whole + family, "sure")
        yield Phrase(family + whole, "sure")
    for short in known_names.NICKNAMES.get(first, ()):
        yield Phrase((short, *family), "sure")
    yield Phrase((first[0], *family), "initials")
    yield Phrase((*family, first[0]), "initials")
    yield Phrase((first, family[-1][0]), "initials")
    for login in (
        first[0] + last,
        first + last,
        first + last[0],
        last + first[0],
        first[0] + last[0] + last[1:],
    ):
        if len(login) >= SHORT_LOGIN:
            yield Phrase((login,), sort_of(login, "sure"))


def short_forms(person: Person) -> Iterator[Phrase]:
    """Given and family names by themselves, and what people make of a given name."""
    given, family = person
    for words in person:
        if len(words) > 1:
            yield Phrase(words, "sure")
    called = [*given, *known_names.NICKNAMES.get(given[0], ()), *long_forms(given[0])]
    for word in filter(can_name, [*called, *family]):
        sort = sort_of(word, "name")
        yield Phrase((word,), "given" if sort == "noun" and word in called else sort)
    for word in prefixes(given[0]):
        yield Phrase((word,), sort_of(word, "verb"))


def can_name(word: str) -> bool:
    """Whether a word of a name stands for the person: no initial, no "van", no "admin"."""
    return len(word) > 1 and word not in known_names.PARTICLES and word not in known_names.NO_PERSON


def prefixes(given: str) -> list[str]:
    """Beginnings of a given name that may stand for it: "Theo" for Theodora."""
    return [given[:length] for length in range(SHORTEST_PREFIX, len(given) - 1)]


def long_forms(short: str) -> list[str]:
    return [name for name, made in known_names.NICKNAMES.items() if short in made]


def sort_of(word: str, otherwise: str) -> str:
    """What else the name is, a `verb` where it is too short to tell."""
    word = word.lower()
    if word in known_names.NAME_PROPER:
        return "proper"
    if word in known_names.PLACES:
        return "place"
    if word in known_names.NAME_NOUNS:
        return "noun"
    return "verb" if word in known_names.NAME_VERBS or len(word) <= SHORT_NAME else otherwise
