"""Device codes and host names in a text by how they are built: edge01, SRV-DC01, LT-014, DESKTOP-4F7K2L.

A token counts when its parts say what a machine is for ("srv", "fw", "lt") and number it, or when it is built
like an inventory code; product names, models, standards and places in a building are built alike and are not.
Names that are told by the words around them are found by `machines`, serial numbers by `codes`.
"""

from collections.abc import Iterator

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
UNMISTAKABLE = word_set("srv svr dc rodc prn esx rtr nas bkp wks sql rds")
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

SIGNS = ("-", "_", "srv", "svr")  # a name has a digit or one of these
LONGEST_WORD = 11  # letters before a number, where the word is no role
SHORT_PREFIX = 4  # letters before "-server"
LOOK_BACK = 24  # characters


def find_hosts(text: Folded) -> Iterator[Finding]:
    if not text.has_digit and not any(sign in text.lower for sign in SIGNS):
        return
    for match in TOKEN.finditer(text.plain):
        if stands_alone(text.plain, *match.span()):
            reason = token_reason(text, match.group(), match.start())
            if reason:
                yield Finding("host", reason, *match.span())


def stands_alone(plain: str, start: int, end: int) -> bool:
    """Whether the token is whole, no "#4711" and no part of a number with a point."""
    before, after = char_before(plain, start), plain[end : end + 2]
    if before.isalnum() or before in (".", "#", "$") or after[:1].isalnum():
        return False
    return not (after[:1] == "." and after[1:].isdigit())


def token_reason(text: Folded, token: str, start: int) -> str:
    """Why the token is a machine's name, "" where it is not."""
    if token.isdigit():
        return ""
    if token.isalpha():
        return HOST if is_server(token.lower()) else ""
    parts = token.lower().replace("_", "-").split("-")
    if len(parts) == 1:
        return HOST if is_numbered(token) else CODE if is_inventory(token) else ""
    if is_windows_name(token, parts) or is_composed(text, token, parts):
        return HOST
    return CODE if is_code(text, token, parts, start) else ""


def is_server(word: str) -> bool:
    """ordersrv, srvfile: no word of any language has these letters at its end or its beginning."""
    return len(word) > len("srvs") and (word.endswith(("srv", "svr")) or word.startswith(("srv", "svr")))


def is_windows_name(token: str, parts: list[str]) -> bool:
    return WINDOWS_NAME.fullmatch(token) is not None and has_digit(parts[-1])


def is_inventory(token: str) -> bool:
    """CW48211, NB004711: a few capitals and five digits or more, unless they are known for other things."""
    match = INVENTORY.fullmatch(token)
    return match is not None and match.group(1).lower() not in NO_CODE


def is_numbered(token: str) -> bool:
    """edge01, dc1, VETAPP01: one word and a number."""
    match = NUMBERED.fullmatch(token.lower())
    if match is None:
        return False
    word, number, letter = match.groups()
    if word in NO_NUMBERED or is_year(number) or number == "365" or len(word) == 1:
        return False
    if word in ROLES:
        return len(number) <= len("999") or number.startswith("0") or word in STRICT
    if number.startswith("0") and len(number) > 1:
        return not letter
    if token.islower() and not letter:
        return len("ab") < len(word) <= LONGEST_WORD and len(number) <= len("999")
    return ends_in_role(token, word, number)


def ends_in_role(token: str, word: str, number: str) -> bool:
    """KFMSRV1, VETDC12, mailgw1b: a word that ends with a role."""
    if word.endswith(("srv", "svr")):
        return True
    if token.isupper() and word.endswith(tuple(UNMISTAKABLE)):
        return True
    if token.isupper() and len(number) > 1 and len(word) > len("abc") and word.endswith(tuple(STRICT)):
        return True
    return any(word[:cut] in ROLES and word[cut:] in ROLES for cut in range(2, len(word) - 1))


def is_role(part: str) -> bool:
    """Whether a part names a role, with or without a number: "srv", "srv4"."""
    word = part.rstrip("0123456789")
    return word in ROLES and not is_year(part[len(word) :])


def is_composed(text: Folded, token: str, parts: list[str]) -> bool:
    """srv-sql-02, LVG-PRN-07, BKP-SRV, vm-print: several parts, one of which is a role."""
    last = parts[-1]
    if parts[0].isdigit() or "" in parts or last in NO_ROLE_AFTER or is_year(last):
        return False
    if not any(is_role(part) for part in parts):
        return False
    if has_digit(token):
        return not (last[0] == "v" and last[1:].isdigit())
    if token.isupper():
        named = len(parts) > 2 or not NAMELIKE.isdisjoint(parts)
        return named and not text.shouts and parts[0] != "vpn"
    return token.islower() and is_named_in_small_letters(parts)


def is_named_in_small_letters(parts: list[str]) -> bool:
    """vm-print, acme-dc, bo-server: no number and no capitals, but a role where a name has it."""
    if parts[-1] == "server":
        return len(parts) == 2 and len(parts[0]) <= SHORT_PREFIX and parts[0] not in PLAIN_SERVERS
    return parts[0] in FIRST_ROLES or parts[-1] in LAST_ROLES


def is_code(text: Folded, token: str, parts: list[str], start: int) -> bool:
    """LT-014, P-118, KEY-ENC-2: capitals and a number, unless it is known for other things."""
    if not CODED.fullmatch(token) or parts[0] in NO_CODE or is_year(parts[-1]):
        return False
    digits = sum(char.isdigit() for char in parts[-1])
    if len(parts) > 2 and has_digit(token) and any(len(part) > 1 and part.isalpha() for part in parts):
        return True
    if SITE_CODE.fullmatch(token) and parts[0] not in MAKERS:
        return True
    if digits < 2 or (len(parts) == 2 and not parts[-1].isdigit() and digits == 2):
        return False
    before = last_words(text.lower, start, LOOK_BACK)[-2:]
    return MAKERS.isdisjoint(part for word in before for part in word.split("-"))
