"""Signs in a sentence that a word is a name: capitals, and what stands before and after it.

"Will replaced the switch" speaks of a person, "Will replace the switch" does not. Places of words are their
numbers in `Folded.words`; `first` and `last` are those of the words that may be a name.
"""

from leaks.folding import Folded
from leaks.lists import read_lists, word_set

LISTS = read_lists("signs")

ALWAYS_PERSON = word_set("cc thanks thx tks danke merci")
PERSON = LISTS["person"]
ADDRESSED = {  # a preposition that only speaks of a person after certain words
    "to": LISTS["addressed_to"],
    "from": word_set(
        "handover help opinion call message email mail notes note request taken info advice tip over back"
    ),
    "for": word_set("waiting cover covering covered asked stand standing filling"),
    "an": word_set("weitergabe ubergabe ubergeben weitergegeben weitergeleitet eskaliert"),
}
NARROW_PERSON = word_set("with asked told met mit spoke called texted paged")
ACTED = LISTS["acted"]
OBJECTS = LISTS["objects"]
STATES = word_set("is was has had and isn wasn hasn ist to will can should needs")
PRESENCE = LISTS["presence"]
PASSIVE = word_set("by twice again fine correctly well wrong incorrectly wrongly properly automatically")
MYSELF = word_set("i me myself he she ich er sie self")
LABELS = LISTS["labels"]
WEEKDAYS_AND_MONTHS = LISTS["weekdays_and_months"]
FIXED = frozenset({("grace", "period"), ("bill", "of"), ("pat", "on"), ("mark", "as"), ("rose", "gold")})


def word_at(text: Folded, index: int) -> str:
    """The word of that number in small letters, "" outside the text."""
    return text.words[index].lower if 0 <= index < len(text.words) else ""


def word_before(text: Folded, first: int) -> str:
    """The word before, in the same sentence."""
    return "" if text.opens_sentence(first) else word_at(text, first - 1)


def word_after(text: Folded, last: int) -> str:
    """The word right after, with nothing but a space between."""
    return word_at(text, last + 1) if last + 1 < len(text.words) and text.gap(last + 1) == " " else ""


def always_person(text: Folded, first: int) -> bool:
    """After "w/", "cc" or "thanks", whatever the capitals."""
    before = word_before(text, first)
    if before in ALWAYS_PERSON or "@" in text.gap(first):
        return True
    return is_labelled(text, first) or (before == "w" and text.gap(first).startswith("/"))


def is_labelled(text: Folded, first: int) -> bool:
    """After "Tech:", "Engineer:" or the like."""
    return text.gap(first).strip(" ") == ":" and word_at(text, first - 1) in LABELS


def follows_person_word(text: Folded, first: int) -> bool:
    """After "with", "per", "asked", "escalated to", …"""
    before = word_before(text, first)
    if before in ADDRESSED:
        return word_at(text, first - 2) in ADDRESSED[before]
    return before in PERSON


def acts(text: Folded, last: int) -> bool:
    """Before a verb in the past that has an object: "called the vendor", "went", "fixed it"."""
    verb = word_after(text, last)
    if verb in ACTED:
        return True
    return is_past(verb) and (word_at(text, last + 2) in OBJECTS or word_at(text, last + 2).isdigit())


def did(text: Folded, last: int) -> bool:
    """Before a verb in the past that goes on and is no passive: "remoted in", "replaced SSD"."""
    if not is_past(word_after(text, last)):
        return False
    after = word_after(text, last + 1)
    return bool(after) and after not in PASSIVE


def is_past(verb: str) -> bool:
    return verb.endswith("ed") and len(verb) > len("need")


def is_present(text: Folded, last: int) -> bool:
    """Before "is on site", "will be back", "on site", "onsite"."""
    after = word_after(text, last)
    if after in {"is", "was", "ist", "war"}:
        return word_at(text, last + 2) in PRESENCE
    if after == "will":
        return word_at(text, last + 2) == "be" and word_at(text, last + 3) in PRESENCE
    return after == "onsite" or (after == "on" and word_at(text, last + 2) in {"site", "call", "phone"})


def is_enclosed(text: Folded, first: int, last: int) -> bool:
    """Alone in brackets."""
    start, end = text.words[first].start, text.words[last].end
    return text.plain[start - 1 : start] in ("(", "[") and text.plain[end : end + 1] in (")", "]")


def signs_off(text: Folded, first: int, last: int) -> bool:
    """The last words of the text, after a dash or a slash."""
    gap = text.gap(first).rstrip(" ")
    return last == len(text.words) - 1 and first > 0 and gap.endswith(("-", "/", "~"))


def is_possessive(text: Folded, last: int) -> bool:
    return word_at(text, last + 1) == "s" and text.gap(last + 1) == "'"


def is_joined(text: Folded, last: int) -> bool:
    """Before "and I", "and she", "and" with another name."""
    if last + 1 < len(text.words) and text.gap(last + 1).strip(" ") in ("/", "&", "+"):
        return word_at(text, last + 1) in MYSELF or text.is_capital(text.words[last + 1])
    if word_after(text, last) not in ("and", "und") or last + 2 >= len(text.words):
        return False
    other = text.words[last + 2]
    return other.lower in MYSELF or text.is_capital(other)


def heads_line(text: Folded, last: int) -> bool:
    """Before a colon: "Will: called the vendor"."""
    end = text.words[last].end
    return text.plain[end : end + 1] == ":"


def stands_out(text: Folded, first: int, last: int) -> bool:
    """A capital in mid-sentence that no noun, no longer name and no new sentence explains."""
    explained = text.opens_sentence(first) or text.is_german
    return not explained and not is_part_of_name(text, first, last)


def is_part_of_name(text: Folded, first: int, last: int) -> bool:
    """Next to another word with a capital, a number or a hyphen: "Chase Bank", "Page 2", "Joy-Con"."""
    if (word_at(text, last), word_at(text, last + 1)) in FIXED:
        return True
    return leads_name(text, last) or trails_name(text, first)


def leads_name(text: Folded, last: int) -> bool:
    if last + 1 >= len(text.words) or text.gap(last + 1) not in (" ", "-"):
        return False
    after = text.words[last + 1]
    if after.lower in WEEKDAYS_AND_MONTHS:
        return False
    return text.is_capital(after) or after.lower[0].isdigit() or text.gap(last + 1) == "-"


def trails_name(text: Folded, first: int) -> bool:
    if first == 0 or text.gap(first) not in (" ", "-"):
        return False
    before = text.words[first - 1]
    return text.gap(first) == "-" or (text.is_capital(before) and not text.opens_sentence(first - 1))
