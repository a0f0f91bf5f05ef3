"""Device codes and host names in a text by how they are built: edge01, SRV-DC01, LT-014, DESKTOP-4F7K2L.

A token counts when its parts say what a machine is for ("srv", "fw", "lt") and number it, or when it is built
like an inventory code; product names, models, standards and places in a building are built alike and are not.
Names that are told by the words around them are found by `machines`, serial numbers by `codes`.
"""

from collections.abc import Iterator
from typing import NamedTuple

import re2

from leaks.folding import Folded
from leaks.hits import Finding
from leaks.lists import read_lists, word_set
from leaks.search import char_before, has_digit, is_year, last_words

LISTS = read_lists("hosts")

ROLES = LISTS["roles"]
STRICT = LISTS["strict"]
NAMELIKE = STRICT - word_set("pc vm nas sw fw")
# Roles that no word ends with.
SERVER = ("srv", "svr")
UNMISTAKABLE = word_set("srv svr dc rodc prn esx rtr nas bkp wks sql rds")
CAPITAL_ENDS = tuple(UNMISTAKABLE)
LONG_ENDS = (*CAPITAL_ENDS, *STRICT)
PLAIN_SERVERS = LISTS["plain_servers"]
# Roles that make a name of "vm-print" and of "acme-dc", without any number.
FIRST_ROLES = word_set("srv svr esx esxi vm mbp prn prt rtr wks vmhost")
LAST_ROLES = word_set("srv svr dc rodc fs fw nas prn prt")
NO_ROLE_AFTER = LISTS["no_role_after"]
NO_NUMBERED = LISTS["no_numbered"]
NO_CODE = LISTS["no_code"]
MAKERS = LISTS["makers"]
NO_HOST = LISTS["no_host"]
NO_NAME = LISTS["no_name"]
SERVER_NAMES = LISTS["server_names"]
MACHINES = LISTS["machines"]
PUBLIC_STARTS = LISTS["public_starts"]
INTERNAL_ENDS = word_set("local lan corp internal intranet intra intern localdomain arpa localhost")
TOP_LEVELS = LISTS["top_levels"]
PUBLIC_SITES = LISTS["public_sites"]

HOST = "{} looks like a host name."
CODE = "{} looks like a device or inventory code."

TOKEN = re2.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{1,62}[A-Za-z0-9]")
NUMBERED = re2.compile(r"([a-z]+)(\d{1,4})([a-z]?)")
INVENTORY = re2.compile(r"([A-Z]{1,4})\d{5,9}")
CODED = re2.compile(r"(?:[A-Z]{1,8}|[A-Z][A-Z0-9]{1,7}-[A-Z]{2,8})(?:[-_][A-Z0-9]{1,12}){1,4}")
SITE_CODE = re2.compile(r"[A-Z]{2,8}-[A-Z]{2,8}\d{1,2}")  # LX-MON1, HQ-PRINT2
WINDOWS_NAME = re2.compile(r"(?i)(?:desktop|laptop|win)-[a-z0-9]{5,15}")

SIGNS = ("-", "_", *SERVER)  # a name has a digit or one of these
LONGEST_WORD = 11  # letters before a number, where the word is no role
SHORT_PREFIX = 4  # letters before "-server"
LOOK_BACK = 24  # characters


class Token(NamedTuple):
    """What may be a name, from `start` in the text; `parts` is what "-" and "_" join in it, in small letters."""

    text: Folded
    start: int
    name: str
    parts: list[str]


def find_hosts(text: Folded) -> Iterator[Finding]:
    if not text.has_digit and not any(sign in text.lower for sign in SIGNS):
        return
    for match in TOKEN.finditer(text.plain):
        if stands_alone(text.plain, *match.span()):
            parts = match.group().lower().replace("_", "-").split("-")
            reason = token_reason(Token(text, match.start(), match.group(), parts))
            if reason:
                yield Finding("host", reason, *match.span())


def stands_alone(plain: str, start: int, end: int) -> bool:
    """Whether the token is whole, no "#4711" and no part of a number with a point."""
    before, after = char_before(plain, start), plain[end : end + 2]
    if before.isalnum() or before in (".", "#", "$") or after[:1].isalnum():
        return False
    return not (after[:1] == "." and after[1:].isdigit())


def token_reason(token: Token) -> str:
    """Why the token is a machine's name, "" where it is not."""
    if token.name.isdigit():
        return ""
    return word_reason(token.name) if len(token.parts) == 1 else parts_reason(token)


def word_reason(word: str) -> str:
    if word.isalpha():
        return HOST if is_server(word.lower()) else ""
    return HOST if is_numbered(word) else CODE if is_inventory(word) else ""


def parts_reason(token: Token) -> str:
    if is_windows_name(token) or is_composed(token):
        return HOST
    return CODE if is_code(token) else ""


def is_server(word: str) -> bool:
    """ordersrv, srvfile: no word of any language has these letters at its end or its beginning."""
    return len(word) > len("srvs") and (word.endswith(SERVER) or word.startswith(SERVER))


def is_windows_name(token: Token) -> bool:
    return WINDOWS_NAME.fullmatch(token.name) is not None and has_digit(token.parts[-1])


def is_inventory(token: str) -> bool:
    """CW48211, NB004711: a few capitals and five digits or more, unless they are known for other things."""
    match = INVENTORY.fullmatch(token)
    return match is not None and match.group(1).lower() not in NO_CODE


def is_numbered(token: str) -> bool:
    """edge01, dc1, VETAPP01: one word and a number."""
    match = NUMBERED.fullmatch(token.lower())
    if match is None or is_known_otherwise(match.group(1), match.group(2)):
        return False
    word, number, letter = match.groups()
    if word in ROLES:
        return numbers_role(word, number)
    if is_padded(number):
        return not letter
    if token.islower() and not letter:
        return len("ab") < len(word) <= LONGEST_WORD and len(number) <= len("999")
    return ends_in_role(token, word, number)


def numbers_role(word: str, number: str) -> bool:
    """Whether the number is one of a machine: srv1, sql0001, but not vm2000."""
    return len(number) <= len("999") or number.startswith("0") or word in STRICT


def is_known_otherwise(word: str, number: str) -> bool:
    """A product, a standard, a year: "windows11", "ipv6", "q2", "office365"."""
    return word in NO_NUMBERED or len(word) == 1 or is_year(number) or number == "365"


def is_padded(number: str) -> bool:
    return number.startswith("0") and len(number) > 1


def ends_in_role(token: str, word: str, number: str) -> bool:
    """KFMSRV1, VETDC12, mailgw1b: a word that ends with a role, or is made of two."""
    if word.endswith(telling_ends(token, word, number)):
        return True
    return any(word[:cut] in ROLES and word[cut:] in ROLES for cut in range(2, len(word) - 1))


def telling_ends(token: str, word: str, number: str) -> tuple[str, ...]:
    """The roles that give a word away by its end: in capitals more of them, and most where it is long."""
    if not token.isupper():
        return SERVER
    return LONG_ENDS if len(number) > 1 and len(word) > len("abc") else CAPITAL_ENDS


def is_role(part: str) -> bool:
    """Whether a part names a role, with or without a number: "srv", "srv4"."""
    word = part.rstrip("0123456789")
    return word in ROLES and not is_year(part[len(word) :])


def is_composed(token: Token) -> bool:
    """srv-sql-02, LVG-PRN-07, BKP-SRV, vm-print: several parts, one of which is a role."""
    if not has_role(token.parts):
        return False
    if has_digit(token.name):
        return not is_version(token.parts[-1])
    if token.name.isupper():
        return is_named_in_capitals(token.parts) and not token.text.shouts
    return token.name.islower() and is_named_in_small_letters(token.parts)


def has_role(parts: list[str]) -> bool:
    """Whether a part is a role, and neither the first nor the last one makes it another thing."""
    first, last = parts[0], parts[-1]
    if first.isdigit() or "" in parts or last in NO_ROLE_AFTER or is_year(last):
        return False
    return any(map(is_role, parts))


def is_version(part: str) -> bool:
    return part[0] == "v" and part[1:].isdigit()


def is_named_in_capitals(parts: list[str]) -> bool:
    """BKP-SRV: no number, but a role that no product's name has, or three parts."""
    return parts[0] != "vpn" and (len(parts) > 2 or not NAMELIKE.isdisjoint(parts))


def is_named_in_small_letters(parts: list[str]) -> bool:
    """vm-print, acme-dc, bo-server: no number and no capitals, but a role where a name has it."""
    if parts[-1] == "server":
        return len(parts) == 2 and len(parts[0]) <= SHORT_PREFIX and parts[0] not in PLAIN_SERVERS
    return parts[0] in FIRST_ROLES or parts[-1] in LAST_ROLES


def is_code(token: Token) -> bool:
    """LT-014, P-118, KEY-ENC-2: capitals and a number, unless it is known for other things."""
    if not CODED.fullmatch(token.name) or token.parts[0] in NO_CODE or is_year(token.parts[-1]):
        return False
    if is_long_code(token.parts) or is_site_code(token):
        return True
    return is_numbered_code(token.parts) and not follows_maker(token)


def is_long_code(parts: list[str]) -> bool:
    """KEY-ENC-2: three parts or more, with a digit and a word among them."""
    has_word = any(len(part) > 1 and part.isalpha() for part in parts)
    return len(parts) > 2 and has_word and any(map(has_digit, parts))


def is_site_code(token: Token) -> bool:
    return SITE_CODE.fullmatch(token.name) is not None and token.parts[0] not in MAKERS


def is_numbered_code(parts: list[str]) -> bool:
    """LT-014: two digits, or more of them where letters stand among them."""
    last = parts[-1]
    digits = sum(char.isdigit() for char in last)
    return digits > 2 or (digits == 2 and (len(parts) > 2 or last.isdigit()))


def follows_maker(token: Token) -> bool:
    """Whether the words before it make it a model: "HP LaserJet M-404"."""
    before = last_words(token.text.lower, token.start, LOOK_BACK)[-2:]
    return not MAKERS.isdisjoint(part for word in before for part in word.split("-"))
