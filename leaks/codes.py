"""PINs and other access codes in a text ("PIN 4471", "code for the gate is 4471"), serial numbers, inventory tags."""

from collections.abc import Iterator
from itertools import chain

import re2

from leaks.folding import Folded
from leaks.hits import Finding
from leaks.lists import read_lists, word_set
from leaks.search import has_digit, matches

LISTS = read_lists("codes")

CODE = "{} looks like a PIN or an access code."

OPENED = (
    r"alarm|gate|door|access|entry|mfa|2fa|otp|sms|verification|security|safe|unlock|log-?in"
    r"|authenticator|backup|lock"
    r"|tur|zugangs|bestatigungs|sicherheits|voice ?mail|key ?safe|pairing|one[- ]?time|recovery|reset"
)
LINKS = r"(?: (?:is|was|now|to|set|reset|changed|of|ist|war|lautet|jetzt|auf|still|=|->)| ?[:=#]| ?->){0,4}"
DIGITS = r"(\d{3}[ -]\d{3}|\d{4,8})[#*]?"
PIN = re2.compile(
    rf"(?i)\b(?:pins?|pin-?code|otp|tan|totp|(?:{OPENED})[- ]?(?:codes?|pin)){LINKS} {{0,2}}{DIGITS}"
)
CODE_IS = re2.compile(
    r"(?i)\b(?:(\w{1,20}) )?(?:codes?|combo|combination|kombination)"
    r"(?: (?:for|to|of|vom|von|fur|zur|zum)(?: \w{1,20}){1,4}?)?"
    rf"(?: (?:is|was|now|ist|war|lautet|jetzt)| ?[:=]){{1,2}} {{0,2}}{DIGITS}"
)
GROUPED_CODE = re2.compile(r"(?i)\b(\w{2,20}) codes? (?:\d{3}[ -]\d{3}|\d{6})")
COMBINATION = re2.compile(rf"(?i)\b(?:combo|combination|kombination|zahlenschloss){LINKS} {{0,2}}{DIGITS}")
HYPHEN_CODE = re2.compile(rf"(?i)\b(\w{{2,20}})-codes?(?: ?:)? {DIGITS}")
CODE_GIVEN = re2.compile(
    r"(?i)\b(?:text(?:ed)?|sent|read|gave|given|entered|told|used?|typed|got|approved|with|via)"
    rf"(?: (?:the|him|her|user|them|a|over|sms)){{0,3}} codes? {DIGITS}"
)
OTHER_CODES = LISTS["other_codes"]
UNITS = word_set("characters chars zeichen digits digit users attempts stellig pads pins")


def find_codes(text: Folded) -> Iterator[Finding]:
    if text.has_digit:
        for match in chain(announced(text.plain), named(text.plain)):
            if ends_well(text.plain, match.end()):
                yield Finding("credential", CODE, *match.span())


def announced(plain: str) -> Iterator[re2._Match]:
    """Numbers after what can only be the words for a secret."""
    return matches((PIN, COMBINATION, CODE_GIVEN), plain)


def named(plain: str) -> Iterator[re2._Match]:
    """Numbers after "code", unless the word before it makes it another thing: "zip code", "error code"."""
    for match in matches((CODE_IS, HYPHEN_CODE, GROUPED_CODE), plain):
        if (match.group(1) or "").lower() not in OTHER_CODES:
            yield match


def ends_well(plain: str, end: int) -> bool:
    """Whether the number ends there and counts nothing."""
    if plain[end : end + 1].isalnum():
        return False
    following = plain[end : end + 20].split()
    return not following or following[0].lower().strip(".,") not in UNITS


SERIAL = "{} looks like a serial number or an inventory tag."

CUED = re2.compile(
    r"(?i)(?:\bs/n|\bsn[:# ]|\bserial(?: ?(?:no\.?|nr\.?|number|num|#))?|\b(?:service|dell|lenovo|hp"
    r"|inventory)[- ]?tags?"
    r"|\bexpress ?service ?code|\basset(?: ?(?:tag|no\.?|nr\.?|number|id))?|\bimei|\bseriennummer"
    r"|\binventar(?:nummer|nr\.?)|\bsnr\.?)[ :#=]{0,4}([A-Za-z0-9][A-Za-z0-9-]{3,30})"
)
BARE = re2.compile(r"\b[A-Z]{1,3}-?[0-9][A-Z0-9]{4,12}\b")
WARRANTY = frozenset({"warranty", "garantie", "rma", "recall", "gewahrleistung", "serial"})


def find_serials(text: Folded) -> Iterator[Finding]:
    if not text.has_digit:
        return
    for match in CUED.finditer(text.plain):
        if has_digit(match.group(1)) and not is_grouped(match.group(1)):
            yield Finding("host", SERIAL, *match.span())
    if not WARRANTY.isdisjoint(text.vocabulary):
        yield from bare_serials(text.plain)


def is_grouped(number: str) -> bool:
    """Three groups of four signs or more: a licence key, which `licences` finds."""
    groups = number.split("-")
    return len(groups) > 2 and all(len(group) >= len("ABCD") for group in groups)


def bare_serials(plain: str) -> Iterator[Finding]:
    """Serial numbers that nothing announces, where a text is about warranty or repair."""
    for match in BARE.finditer(plain):
        digits = sum(char.isdigit() for char in match.group())
        if 1 < digits < len(match.group()) - 1:
            yield Finding("host", SERIAL, *match.span())
