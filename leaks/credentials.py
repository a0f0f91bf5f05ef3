"""Logins with their passwords, and passwords that give themselves away by their look."""

from collections.abc import Iterator

import re2

from leaks.folding import Folded
from leaks.hits import Finding
from leaks.lists import read_lists
from leaks.passwords import is_strong
from leaks.search import char_before, has_letter, matches, simple

LISTS = read_lists("credentials")

PASSWORD = "{} looks like a password."  # noqa: S105 (a sentence)
PAIR = "{} looks like a login with its password."

PAIRS = (
    re2.compile(
        r"(?i)\b(?:creds?|credentials|log-?in|logon|sign-?in|anmeldung|zugang|zugangsdaten|access"
        r"|user|u/p|user/pass)\b"
        r"(?: with| is| mit)?[ :=]{1,3}(\S{2,40}?) ?[/:|] ?(\S{4,60})"
    ),
    re2.compile(
        r"(?i)\b(?:log(?:ged|ging)?|sign(?:ed|ing)?|angemeldet|anmeldung)\b[^/"
        r"|\n]{1,40}\b(\S{2,30}) ?[/|] ?(\S{4,60})"
    ),
    re2.compile(r"(\\[A-Za-z][\w.$-]{1,40}|@[\w.-]{3,60}) ?[/:|] ?(\S{4,60})"),
    re2.compile(r"(?i)\b(admin|administrator|root|sa|guest|user|pi|ubnt|cisco) ?[/:] ?(\S{4,60})"),
)
FACTORY_LOGIN = re2.compile(
    r"(?i)\b(admin|administrator|root|sa|guest|user|pi|ubnt|cisco) ?[/:] ?([A-Za-z0-9]{2,20})\b"
)
FACTORY = LISTS["factory"]
MIXED = re2.compile(r"[A-Za-z0-9]+[!@#$%^&*+=?][A-Za-z0-9!@#$%^&*+=?_-]{2,40}")
LEAST_MIXED = 8  # signs
COMMON = (
    re2.compile(
        r"(?i)\b(?:pa[s5$]{2}(?:w[o0]rd)?|p@[s$]{2}(?:w[o0]rd)?|welcome|willkommen|changeme|letmein"
        r"|qwertz?y?|hunter|geheim"
        r"|kennwort|passwort|secret)[-_#@!]?\d{1,6}[!#$%*?]*"
    ),
    re2.compile(
        r"(?i)\b(?:summer|winter|spring|autumn|fall|sommer|herbst|fruhling|monday"
        r"|january)[-_#@]?\d{2,4}[!#$%*?]"
    ),
)
CLOSING = ".,;:)"


def find_credentials(text: Folded) -> Iterator[Finding]:
    plain = text.plain
    if text.has_digit:
        yield from telling_passwords(plain)
    if "/" in plain or ":" in plain or "|" in plain:
        yield from pairs(plain)
        yield from factory_logins(plain)


def telling_passwords(plain: str) -> Iterator[Finding]:
    """Passwords that everybody uses, and words that mix letters, digits and signs as only passwords do."""
    yield from simple("credential", PASSWORD, COMMON, plain)
    for match in MIXED.finditer(plain):
        if is_mixed(match.group()) and char_before(plain, match.start()) not in ("/", "?", "&", ".", "="):
            yield Finding("credential", PASSWORD, *match.span())


def is_mixed(token: str) -> bool:
    """Small and capital letters, a digit and a sign inside: no word of any language."""
    inner_signs = any(not char.isalnum() and char not in "_-" for char in token.rstrip("!?"))
    kinds = (str.islower, str.isupper, str.isdigit)
    return len(token) >= LEAST_MIXED and inner_signs and all(any(map(kind, token)) for kind in kinds)


def pairs(plain: str) -> Iterator[Finding]:
    """A login and its password, with a slash or a colon between."""
    for match in matches(PAIRS, plain):
        password = match.group(2).rstrip(CLOSING)
        if is_strong(password) and has_letter(password) and "://" not in password:
            yield Finding("credential", PAIR, match.start(1), match.start(2) + len(password))


def factory_logins(plain: str) -> Iterator[Finding]:
    """What a device comes with: "admin/admin", "root: default"."""
    for match in FACTORY_LOGIN.finditer(plain):
        login, password = match.group(1).lower(), match.group(2).lower()
        if (password in FACTORY and login != "user") or login == password:
            yield Finding("credential", PAIR, *match.span())
