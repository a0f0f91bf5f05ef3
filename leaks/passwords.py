"""Secrets that a word announces: "pw: Hunter2!", "temp pass is Bluebird", "psk kX9vTq2LwZ".

After the announcing word come linking words ("is", "set to", ":", "lautet"), then the secret. How plain it
may look depends on how clearly it is announced: "password reset" and "password policy" announce nothing.
"""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

import re2

from leaks.folding import Folded
from leaks.hits import Finding
from leaks.lists import read_lists, word_set

LISTS = read_lists("passwords")

PASSWORD = "{} looks like a password or another access code."  # noqa: S105 (a sentence)

ANNOUNCING = (
    r"pw|pwd|p/w|pws|passwd|pass|(?:[a-z]{1,15}-?)?(?:passwords?|passwort|passworter|kennwort)"
    r"|passphrase|passcode|psk"
    r"|pre-?shared[- ]?key|(?:wi-?fi|wlan|wireless|wpa2?|ssid|guest)[- ]?(?:key|pass|code|schlussel)"
    r"|netzwerkschlussel"
)
KEY_WORDS = (
    r"(?:api|access|secret|private|auth|account|storage|shared|client)[- _]?(?:key|secret|token)|token|secret"
)
COMMUNITY_WORDS = r"snmp(?:v?[123])?(?: ?(?:community|string|ro|rw)){0,3}|community(?: ?string)?"
CUE = re2.compile(rf"(?i)\b(?:({ANNOUNCING})|({KEY_WORDS})|({COMMUNITY_WORDS}))\b")
PIECE = re2.compile(r"[:=]|->|[^\s:=]\S*")
PRODUCT = re2.compile(
    r"(?i)(?:m|o|office|win(?:dows)?|sql|exchange|sage|iphone|ipad|outlook|wpa|wifi|ws|server)\d+\w{0,2}"
)
REVERSED = re2.compile(
    r"(?i)(\S{5,60}) (?:as|is|was|als|ist) (?:the |an? |new |her |his |their |my |our |neues |das |old ){0,2}"
    rf"(?:{ANNOUNCING})\b"
)
WINDOW = 200  # characters after a cue
LINKS = LISTS["links"]
SAYING = word_set("is was now ist war jetzt lautet lautete : = ->")
TARGETS = word_set("for of von fur")  # "password for the guests is …"
TARGET_WORDS = 4
CLEAR_LINKS = frozenset({":", "=", "->", "lautet", "lautete"})
LOOSE_LINKS = word_set("is was still to ist auf war now jetzt")
MOST_PIECES = 12
FRESH = word_set("temp temporary new initial default temporares neues initiales tmp old")
SHORT_CUES = word_set("pw pwd passwd psk p/w pass")
BARE_CUES = word_set("pw pwd passwd psk")
RARE_LENGTH = 6
STRONG_LENGTH = 4
ENDS = word_set("and for on to und fur so in with mit until bis")
SIGNS = "!@#$%^&*+=?"
COMMON_ENDINGS = ("ing", "ed", "ion", "ions", "s", "t", "ung")
COUNTED_DIGITS = range(4, 10)
UNITS = LISTS["units"]
NO_SECRET = LISTS["no_secret"]


class PasswordPiece(NamedTuple):
    """A word or a mark at `[start:end]` of the folded text."""

    start: int
    end: int
    text: str


class Announced(NamedTuple):
    """A cue, the linking words after it, and the first word that is none."""

    cue: str
    cue_start: int
    cue_end: int
    links: frozenset[str]
    value: PasswordPiece


def find_passwords(text: Folded) -> Iterator[Finding]:
    for match in CUE.finditer(text.plain):
        links, value = what_follows(text.plain, match.end())
        if value is None or value.text.lower() in NO_SECRET or PRODUCT.fullmatch(value.text):
            continue
        announced = Announced(match.group().lower(), match.start(), match.end(), links, value)
        if JUDGES[1 if match.group(1) else 2 if match.group(2) else 3](text, announced):
            yield Finding("credential", PASSWORD, match.start(), value.end)
    yield from secrets_before(text.plain)


def secrets_before(plain: str) -> Iterator[Finding]:
    """The secret first: "abc12345 as their password"."""
    for match in REVERSED.finditer(plain):
        if is_strong(match.group(1)) and not PRODUCT.fullmatch(match.group(1)):
            yield Finding("credential", PASSWORD, *match.span())


def what_follows(plain: str, start: int) -> tuple[frozenset[str], PasswordPiece | None]:
    """The linking words after a cue, and the first word that is none. "For the guests" is stepped over."""
    links: set[str] = set()
    steps = 0
    for match in islice(PIECE.finditer(plain[start : start + WINDOW]), MOST_PIECES):
        bare = match.group().lower().strip("\"'(),")
        if steps and bare not in SAYING:
            steps -= 1
            if not steps:
                break
        elif bare in TARGETS:
            steps = TARGET_WORDS
        elif bare in LINKS:
            links.add(bare)
            steps = 0
        elif bare:
            return frozenset(links), stripped(
                PasswordPiece(start + match.start(), start + match.end(), match.group())
            )
    return frozenset(links), None


def stripped(piece: PasswordPiece) -> PasswordPiece | None:
    """Without the quotes and the sentence's marks around it."""
    text = piece.text
    left = len(text) - len(text.lstrip("\"'(["))
    right = len(text.rstrip(".,;:\"')]"))
    return PasswordPiece(piece.start + left, piece.start + right, text[left:right]) if left < right else None


def is_password(text: Folded, said: Announced) -> bool:
    word = said.value.text
    if is_strong(word):
        return is_key(text, said)
    if word.isdigit():
        return len(word) in COUNTED_DIGITS and bool(said.links) and not is_counted(text.plain, said.value)
    return word.replace("-", "").replace("_", "").isalnum() and is_plain_password(text, said)


def is_key(text: Folded, said: Announced) -> bool:
    return (
        is_strong(said.value.text)
        and len(said.value.text) >= STRONG_LENGTH
        and not is_counted(text.plain, said.value)
    )


def is_community(text: Folded, said: Announced) -> bool:
    return not CLEAR_LINKS.isdisjoint(said.links) and said.value.text.isalnum()


JUDGES = {1: is_password, 2: is_key, 3: is_community}


def is_plain_password(text: Folded, said: Announced) -> bool:
    """A word as a password: clearly announced, or with a capital after "temp pass is", "new pw"."""
    if not ends_there(text.plain, said.value):
        return False
    if is_clearly_announced(text.plain, said):
        return True
    capital = said.value.text[0].isupper() and text.case_tells
    if not LOOSE_LINKS.isdisjoint(said.links):
        return capital
    return not said.links and follows_cue_alone(text, said, capital)


def is_clearly_announced(plain: str, said: Announced) -> bool:
    if not CLEAR_LINKS.isdisjoint(said.links):
        return True
    return is_bracketed(plain, said) or is_quoted(plain, said)


def follows_cue_alone(text: Folded, said: Announced, capital: bool) -> bool:
    """Right after "pw" or "new password", where its capital or its look says that it is one."""
    if capital and (said.cue in SHORT_CUES or is_fresh(text, said)):
        return True
    return said.cue in BARE_CUES and is_rare(said.value.text)


def is_fresh(text: Folded, said: Announced) -> bool:
    """Whether "temp", "new" or the like stands before the cue."""
    before = text.lower[max(0, said.cue_start - 16) : said.cue_start].split()
    return bool(before) and before[-1].strip("(") in FRESH


def is_bracketed(plain: str, said: Announced) -> bool:
    """In brackets right after its cue: "her password (bluewhale)"."""
    opened = plain[said.cue_end : said.cue_end + 2] == " ("
    return opened and plain[said.value.end : said.value.end + 1] == ")" and is_rare(said.value.text)


def is_quoted(plain: str, said: Announced) -> bool:
    """In quotes of its own: kennwort "kellermeister"."""
    around = plain[said.value.start - 1 : said.value.start] + plain[said.value.end : said.value.end + 1]
    return around in ('""', "''") and len(said.value.text) >= STRONG_LENGTH


def is_rare(word: str) -> bool:
    """Long enough for a password, and without the ending of a verb or a noun of action."""
    return len(word) >= RARE_LENGTH and not word.lower().endswith(COMMON_ENDINGS)


def is_counted(plain: str, value: PasswordPiece) -> bool:
    """Whether the next word is a unit: "password 14 characters"."""
    following = plain[value.end : value.end + 20].split()
    return bool(following) and following[0].lower().strip(".,") in UNITS


def is_strong(word: str) -> bool:
    """Letters with digits or signs: nothing that people write in a sentence."""
    letters = any(char.isalpha() for char in word)
    digits = any(char.isdigit() for char in word)
    return (letters or digits) and ((letters and digits) or any(char in SIGNS for char in word))


def ends_there(plain: str, value: PasswordPiece) -> bool:
    """Whether a mark, the end or a linking word follows, so that the value stands by itself."""
    after = plain[value.end : value.end + 20]
    following = after.split()
    return not following or after[0] in ".,;:)!'\"/\n" or following[0].lower().strip(".,") in ENDS
