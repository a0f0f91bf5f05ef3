"""One plain form of a text to search in, with the way back to the places in the original.

Folding undoes what hides a word from a search: full-width and other compatibility forms (NFKD), accents,
zero-width marks, look-alike letters of other alphabets, typographic dashes and quotes. Nothing here judges.
"""

import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from leaks.lists import read_lists

LISTS = read_lists("folding")

LOOK_ALIKES = str.maketrans(
    "аеорсхуіјѕһԁԛԝӏАВЕКМНОРСТХУІЈЅԌԚԜҮΑΒΕΖΗΙΚΜΝΟΡΤΥΧοανιρυϲℓıɡɩ",
    "aeopcxyijshdqwlABEKMHOPCTXYIJSGQWYABEZHIKMNOPTYXoavipucligi",
)
SPELLED_OUT = {
    "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O",
    "đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "þ": "th", "Þ": "Th", "ð": "d", "Ð": "D",
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-",
    "⁄": "/", "∕": "/", "。": ".", "․": ".", "\u2028": "\n", "\u2029": "\n",
    "‘": "'", "’": "'", "‚": "'", "‛": "'", "ʼ": "'", "`": "'", "´": "'",
    "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"',
}  # fmt: skip
DROPPED = {"Cf", "Mn", "Me"}  # invisible format marks, accents and enclosing marks
LONG_WORD = 4  # letters; shorter words are small even in a title
ENOUGH_WORDS = 3
MOSTLY = 0.6
GERMAN = LISTS["german"]


class Word(NamedTuple):
    """A run of letters and digits at `[start:end]` of the folded text; `lower` is it in small letters."""

    start: int
    end: int
    lower: str


@dataclass(frozen=True)
class Folded:
    """A text in plain form. `starts[i]` is where `plain[i]` stood in the original; None: at `i` itself."""

    original: str
    plain: str
    lower: str
    starts: list[int] | None

    def place(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that `plain[start:end]` came from, marks on its last letter included."""
        if self.starts is None:
            return start, end
        following = self.starts[end] if end < len(self.starts) else len(self.original)
        return self.starts[start], max(following, self.starts[end - 1] + 1)

    @cached_property
    def words(self) -> list[Word]:
        """The text's words in order."""
        blanked = "".join([char if char.isalnum() else " " for char in self.lower])
        found = []
        position = 0
        for piece in blanked.split():
            start = blanked.index(piece, position)
            position = start + len(piece)
            found.append(Word(start, position, piece))
        return found

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The words that occur, to ask quickly whether a rule has anything to look for."""
        return frozenset(word.lower for word in self.words)

    @cached_property
    def has_digit(self) -> bool:
        return any(char.isdigit() for char in self.plain)

    @cached_property
    def case_tells(self) -> bool:
        """Whether a capital letter says anything: not in a text all in capitals, nor in Title Case."""
        tested = [word for word in self.words if len(word.lower) >= LONG_WORD and word.lower.isalpha()]
        capital = sum(self.is_capital(word) for word in tested)
        return not self.shouts and (len(tested) < ENOUGH_WORDS or capital <= MOSTLY * len(tested))

    @cached_property
    def shouts(self) -> bool:
        """Whether the text is all in capitals."""
        upper = sum(char.isupper() for char in self.plain)
        return upper > MOSTLY * max(1, sum(char.isalpha() for char in self.plain))

    @cached_property
    def is_german(self) -> bool:
        """Whether every noun has a capital here, so that one in mid-sentence says nothing."""
        return not GERMAN.isdisjoint(self.vocabulary)

    def is_capital(self, word: Word) -> bool:
        return self.plain[word.start].isupper()

    def gap(self, index: int) -> str:
        """What stands before the word of that number, after the word in front of it."""
        before = self.words[index - 1].end if index else 0
        return self.plain[before : self.words[index].start]

    def opens_sentence(self, index: int) -> bool:
        """Whether the word of that number is the first of a sentence, a line or a bullet."""
        if index == 0:
            return True
        gap = self.gap(index)
        return any(char in ".!?:;\n•*>|" for char in gap) or " - " in gap


def fold(text: str) -> Folded:
    """The plain form of `text`.

    >>> fold("Zoë’s １０.0.0.1").plain
    "Zoe's 10.0.0.1"
    """
    if is_plain(text):
        return Folded(text, text, text.lower(), None)
    table = {ord(char): fold_char(char) for char in set(text)}
    plain = text.translate(table)
    if all(len(each) == 1 for each in table.values()):
        return Folded(text, plain, lowered(plain), None)
    starts = [place for place, char in enumerate(text) for _ in table[ord(char)]]
    return Folded(text, plain, lowered(plain), starts)


def is_plain(text: str) -> bool:
    """Whether nothing in it is ever written another way."""
    return text.isascii() and text.isprintable() and "`" not in text


@lru_cache(maxsize=4096)
def fold_char(char: str) -> str:
    """What one character becomes: mostly one, sometimes several, nothing for an invisible mark."""
    if char in SPELLED_OUT:
        return SPELLED_OUT[char]
    if "\ud800" <= char <= "\udfff":  # half of a pair, which no UTF-8 can hold
        return "\ufffd"
    if unicodedata.category(char) == "Cc":
        return "\n" if char in "\n\v\f\x85" else " "
    if unicodedata.category(char) == "Nd":
        return str(unicodedata.digit(char))
    decomposed = unicodedata.normalize("NFKD", char)
    kept = "".join(part for part in decomposed if unicodedata.category(part) not in DROPPED)
    return "".join(SPELLED_OUT.get(part, part) for part in kept.translate(LOOK_ALIKES))


def lowered(plain: str) -> str:
    """Small letters, in as many characters as there were."""
    lower = plain.lower()
    if len(lower) == len(plain):
        return lower
    return "".join([char.lower() if len(char.lower()) == 1 else char for char in plain])


def key_of(text: str) -> str:
    """The form in which two texts count as the same: folded, in small letters, white space collapsed."""
    return " ".join(fold(text).lower.split())
