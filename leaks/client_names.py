"""Names of the provider's other clients in a text: no client reads about another one.

Sorts of a form: "sure" (several words, one of them unusual, or a whole name of one such word), "ampersand"
("B&L"), "words" (several words, all ordinary ones), "single" (one unusual word), "common" (one ordinary
word), "product" (a product too).
"""

from collections.abc import Callable, Iterator
from functools import lru_cache, partial

from leaks import known_names, signs
from leaks.folding import Folded, fold
from leaks.hits import Finding, LeakContext
from leaks.lists import read_lists
from leaks.search import Index, Phrase

LISTS = read_lists("client_names")

NAMED = "{} is the name of another client."
COULD_BE = "{} could be the name of another client: it is also a word, so please read the line."
UNCERTAIN = frozenset({"common", "product", "words"})
SHORT_HEAD = 4  # letters; the first word of a longer name stands for it only if it has as many
LINKS = frozenset({"and", "und", "the", "of"})
OPENERS = frozenset({"st", "saint", "mt", "san", "santa", "los", "las", "la", "el", "new", "old"})
AT_COMPANY = LISTS["at_company"]
ANY_WORD = (
    known_names.COMPANY_WORDS
    | known_names.TRADES
    | known_names.PRODUCT_WORDS
    | known_names.PLACES
    | signs.WEEKDAYS_AND_MONTHS
)
ORDINARY = ANY_WORD | known_names.NAME_VERBS | known_names.NAME_NOUNS | known_names.NAME_PROPER


def find_clients(text: Folded, context: LeakContext, masked: frozenset[int]) -> Iterator[Finding]:
    """Other clients' names; `masked` are the numbers of words that name the client whose page it is."""
    index = clients_index(context.other_clients, context.this_client)
    if not index.touches(text):
        return
    for phrase, first, last in index.names_in(text, masked, partial(is_name, text)):
        reason = COULD_BE if phrase.sort in UNCERTAIN else NAMED
        yield Finding("client", reason, text.words[first].start, text.words[last].end)


def words_of_client(text: Folded, this_client: str) -> frozenset[int]:
    """The numbers of the words that name the client whose page it is."""
    index = own_index(this_client)
    if not index.touches(text):
        return frozenset()
    found: set[int] = set()
    for number in range(len(text.words)):
        for phrase in index.at(text, number)[:1]:
            found.update(range(number, number + len(phrase.words)))
    return frozenset(found)


@lru_cache(maxsize=512)
def own_index(this_client: str) -> Index:
    core = core_of(this_client)
    return Index(
        Phrase(core[:length], "sure") for length in range(len(core), 0, -1) if length > 1 or core == core[:1]
    )


@lru_cache(maxsize=64)
def clients_index(others: frozenset[str], this_client: str) -> Index:
    """Every form of every other client's name that is not made of this client's own words."""
    own = set(core_of(this_client))
    phrases = (phrase for name in sorted(others) for phrase in phrases_of(name))
    return Index(phrase for phrase in phrases if not own.issuperset(phrase.words))


def core_of(name: str) -> tuple[str, ...]:
    """The words of a name without legal form, article and "and"."""
    found = [word.lower for word in fold(name).words if word.lower not in LINKS]
    while len(found) > 1 and found[-1] in known_names.LEGAL_FORMS:
        found.pop()
    return tuple(found)


@lru_cache(maxsize=4096)
def phrases_of(name: str) -> tuple[Phrase, ...]:
    return tuple(forms_of(name))


def forms_of(name: str) -> Iterator[Phrase]:
    for core in {core_of(name), core_of(spelled_out(name))} - {()}:
        yield from beginnings(core)
        yield from first_word(core)
        if "&" in name and len(core) > 1:
            yield Phrase((core[0][0], core[1][0]), "ampersand")


def beginnings(core: tuple[str, ...]) -> Iterator[Phrase]:
    """The whole name and its first words, unless those only say a trade."""
    for length in range(len(core), 1, -1):
        words = core[:length]
        if words == core or not known_names.TRADES.issuperset(words):
            yield from linked(words, "words" if ORDINARY.issuperset(words) else "sure")


def first_word(core: tuple[str, ...]) -> Iterator[Phrase]:
    """The only word of a name, or the first one where it can stand for the name."""
    word = core[0]
    sort = sort_of(word)
    if len(core) == 1:
        yield Phrase(core, "sure" if sort == "single" and len(word) > SHORT_HEAD else sort)
    elif len(word) >= SHORT_HEAD and word not in known_names.TRADES | OPENERS:
        yield Phrase((word,), sort)


def spelled_out(name: str) -> str:
    lower = name.lower()
    for mark, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ø", "oe")):
        lower = lower.replace(mark, letters)
    return lower


def linked(core: tuple[str, ...], sort: str) -> Iterator[Phrase]:
    """The words in a row, and with "and" between the first two."""
    yield Phrase(core, sort)
    for link in ("and", "und"):
        yield Phrase((core[0], link, *core[1:]), sort)


def sort_of(word: str) -> str:
    if word in known_names.PRODUCT_WORDS or word in known_names.NAME_PROPER:
        return "product"
    return "common" if word in ORDINARY or len(word) < SHORT_HEAD else "single"


def any_case(text: Folded, first: int, last: int) -> bool:
    return True


def with_ampersand(text: Folded, first: int, last: int) -> bool:
    return text.gap(last).strip(" ") == "&" and text.is_capital(text.words[first])


def all_capital(text: Folded, first: int, last: int) -> bool:
    """Several ordinary words: a name where all have capitals, or where the writer uses none at all."""
    named = text.words[first : last + 1]
    if text.plain == text.lower:
        return named[0].lower not in known_names.PRODUCT_WORDS
    return all(text.is_capital(word) for word in named if word.lower not in LINKS)


def as_single(text: Folded, first: int, last: int) -> bool:
    return text.is_capital(text.words[first]) or signs.word_before(text, first) in AT_COMPANY


def as_common(text: Folded, first: int, last: int) -> bool:
    """An ordinary word: with a capital after "at", "for" or "like", in mid-sentence, or where it acts."""
    if not text.is_capital(text.words[first]):
        return False
    if signs.word_before(text, first) in AT_COMPANY and not signs.leads_name(text, last):
        return True
    return text.case_tells and (has_or_does(text, last) or signs.stands_out(text, first, last))


def has_or_does(text: Folded, last: int) -> bool:
    """Before what somebody has or did: "Target's server", "Target had", "Target called the vendor"."""
    owns = signs.is_possessive(text, last) or signs.word_after(text, last) in ("had", "has")
    return owns or signs.acts(text, last)


def as_product(text: Folded, first: int, last: int) -> bool:
    before = signs.word_before(text, first)
    return text.is_capital(text.words[first]) and before in ("at", "client", "customer", "bei", "kunde")


JUDGES: dict[str, Callable[[Folded, int, int], bool]] = {
    "sure": any_case,
    "ampersand": with_ampersand,
    "words": all_capital,
    "single": as_single,
    "common": as_common,
    "product": as_product,
}


def is_name(text: Folded, phrase: Phrase, first: int, last: int) -> bool:
    return JUDGES[phrase.sort](text, first, last)
