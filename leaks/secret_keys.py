"""Access keys, ids and licence keys in a text, by their own look."""

from collections.abc import Callable, Iterator
from itertools import pairwise

import re2

from leaks.folding import Folded
from leaks.hits import Finding
from leaks.search import has_digit, simple

TOKEN = "{} looks like an access key or token."  # noqa: S105 (a sentence)
ID = "{} looks like the id of an account or a system."
RECOVERY = "{} looks like a recovery key."
REMOTE = "{} looks like an id for remote access."
CARD = "{} looks like a payment card number."
LICENCE = "{} looks like a licence key."

TOKENS = (
    re2.compile(r"\b(?:AKIA|ASIA|AROA|AIDA)[0-9A-Z]{12,20}\b"),
    re2.compile(
        r"\b(?:gh[pousr]_|github_pat_|glpat-|xox[abeoprs]-|[sprw]k_(?:live|test)_|whsec_|npm_|pypi-"
        r"|dop_v1_|hvs\.|SG\."
        r"|sk-|AIza|ya29\.)[A-Za-z0-9_.-]{8,}"
    ),
    re2.compile(r"\beyJ[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]+){0,2}"),
    re2.compile(r"-----BEGIN [A-Z ]{3,40}-----"),
    re2.compile(r"(?i)\bbearer [a-z0-9._~+/-]{12,}=*"),
    re2.compile(r"\b[0-9a-fA-F]{32,128}\b"),
)
GUIDS = (re2.compile(r"\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b"),)
RECOVERY_KEYS = (re2.compile(r"\b\d{6}(?:-\d{6}){5,7}\b"),)
REMOTE_IDS = (
    re2.compile(
        r"(?i)\b(?:team ?viewer|any ?desk|rust ?desk|splashtop|quick ?support)(?:[- ]?(?:id|session"
        r"|code))?[ :#=]{1,3}"
        r"\d{3}[ -]?\d{3}[ -]?\d{3,4}\b"
    ),
)
CARD_NUMBER = re2.compile(r"\b\d{4}[ -]?\d{4}[ -]?\d{4}[ -]?\d{1,7}\b")
LONG_MIX = re2.compile(r"[A-Za-z0-9+_-]{24,}={0,2}")
LEAST_CHANGES = 5  # between letters and digits: a long name has fewer
KEY_GROUPS = re2.compile(r"\b[A-Z0-9]{4,8}(?:-[A-Z0-9]{4,8}){2,9}\b")
KEY_CUE = re2.compile(
    r"(?i)\b(?:licen[cs]e|licen[cs]ing|product|activation|cd|volume|lizenz|produkt|aktivierungs"
    r"|serial|seriennummer|key)"
    r"(?:[- ]?(?:key|code|number|no\.?|nr\.?|schlussel|nummer|id))?[ :#=]{1,3}"
    r"([A-Za-z0-9]{3,10}(?:-[A-Za-z0-9]{3,10}){1,9})\b"
)
LEAST_KEY = 9  # signs
LICENCE_WORDS = ("serial", "licen", "lizenz", "key", "activat", "aktivier", "product", "schlussel", "serie")
LOOK_BACK = 40  # characters


def find_keys(text: Folded) -> Iterator[Finding]:
    plain = text.plain
    if not text.has_digit and "-----" not in plain:
        return
    for patterns, reason in ((TOKENS, TOKEN), (GUIDS, ID), (RECOVERY_KEYS, RECOVERY), (REMOTE_IDS, REMOTE)):
        yield from simple("credential", reason, patterns, plain)
    yield from where(is_mixed, LONG_MIX, TOKEN, plain)
    yield from where(is_card, CARD_NUMBER, CARD, plain)
    yield from licences(text)


def where(fits: Callable[[str], bool], pattern: re2._Regexp, reason: str, plain: str) -> Iterator[Finding]:
    """The matches that fit, as findings."""
    for match in pattern.finditer(plain):
        if fits(match.group()):
            yield Finding("credential", reason, *match.span())


def is_mixed(token: str) -> bool:
    """Whether letters and digits take turns as in no word, and not all letters are capitals."""
    return changes(token) >= LEAST_CHANGES and not token.isupper()


def changes(token: str) -> int:
    """How often letters and digits take turns."""
    marks = [char.isdigit() for char in token if char.isalnum()]
    return sum(one != other for one, other in pairwise(marks))


def is_card(number: str) -> bool:
    """Whether the check digit of a payment card (Luhn) is right."""
    digits = [int(char) for char in number if char.isdigit()]
    if len(digits) not in (15, 16) or digits[0] not in (3, 4, 5, 6):
        return False
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return (sum(doubled) + sum(digits[-1::-2])) % 10 == 0


def licences(text: Folded) -> Iterator[Finding]:
    for match in KEY_GROUPS.finditer(text.plain):
        if is_licence(text, match.group(), match.start()):
            yield Finding("licence", LICENCE, *match.span())
    for match in KEY_CUE.finditer(text.plain):
        if has_digit(match.group(1)) and len(match.group(1)) >= LEAST_KEY:
            yield Finding("licence", LICENCE, *match.span(1))


def is_licence(text: Folded, key: str, start: int) -> bool:
    """Groups of capitals and digits; digits alone only after a word for a licence."""
    groups = key.split("-")
    mixed = sum(has_digit(group) for group in groups)
    if key.replace("-", "").isdigit():
        before = text.lower[max(0, start - LOOK_BACK) : start]
        return any(word in before for word in LICENCE_WORDS)
    return mixed > 1 or (mixed == 1 and len({len(group) for group in groups}) == 1)
