"""Paths, links and login names in a text."""

from collections.abc import Iterator

import re2

from leaks.folding import Folded
from leaks.hits import Finding
from leaks.lists import read_lists
from leaks.machines import is_internal_name
from leaks.search import matches

LISTS = read_lists("paths")

SHARE = "{} looks like the path of a network share."
USER_PATH = "{} looks like a file path with somebody's user name in it."
LINK = "{} is a link that shows an internal address."
LINK_TOKEN = "{} is a link with an access code in it."  # noqa: S105 (a sentence)
LOGIN = "{} looks like a login name."

LINKED = re2.compile(r"""(?i)\b(?:https?|ftps?|sftp|smb|afp|nfs|rdp|ssh|vnc|file|ldaps?)://[^\s<>"']+""")
SHARES = (
    re2.compile(r"""(\\\\[A-Za-z0-9._$-]+(?:\\[^\s\\,;"<>|]*)*)"""),
    re2.compile(r"(?:^|[\s(])(//[A-Za-z0-9][A-Za-z0-9._-]*/[^\s,;]+)"),
)
USER_PATHS = (
    re2.compile(r"""(?i)\b([a-z]:\\(?:users|benutzer|documents and settings|profiles?)\\[^\s,;"<>|]+)"""),
    re2.compile(r"(?:^|[\s(:=\"'])((?:/home/|/Users/|/root/|/export/home/|~[a-z]+/)[^\s,;]+)"),
)
DOMAIN_LOGIN = re2.compile(r"(?:\b[A-Za-z][A-Za-z0-9.-]{1,20}|\.)\\[A-Za-z][A-Za-z0-9._$-]{1,40}")
SERVICE_LOGINS = (
    re2.compile(r"(?i)\b((?:svc[-_.]|sa_|adm_|admin_|srvc[-_])[a-z][a-z0-9._-]*)"),
    re2.compile(r"\b((?:adm|sys)-[a-z][a-z0-9._]*)"),
)
NAMED_LOGINS = (
    re2.compile(
        r"(?i)\b(?:user ?name|user ?id|un|benutzername|anmeldename|upn|sam ?account(?: ?name)?)"
        r"\s?[:=]\s?([a-z][a-z0-9._-]+)"
    ),
)
LOGINS_BEFORE_PASSWORD = (
    re2.compile(r"(?i)\b(?:user|login|benutzer) ([a-z][a-z0-9._-]+),? (?:pw|pwd|pass)[a-z]{0,6}\b"),
)
# where none of these is in the text, none of the patterns can match
LOGINS = (
    (("_", "-", "svc"), SERVICE_LOGINS),
    ((":", "="), NAMED_LOGINS),
    ((" p",), LOGINS_BEFORE_PASSWORD),
)

OPEN_SCHEMES = ("http", "ftp:", "ftps", "sftp")
ACCESS_MARKS = ("token=", "sig=", "key=", "pwd=", "password=", "secret=", "code=", "auth=")
NO_LOGIN = LISTS["no_login"]
CLOSING = ".,;:!?)]}'\""


def find_paths(text: Folded) -> Iterator[Finding]:
    plain, lower = text.plain, text.lower
    if "\\" in plain or "/" in plain:
        yield from shares(plain)
        yield from links(plain)
        yield from domain_logins(plain)
    for marks, patterns in LOGINS:
        if any(mark in lower for mark in marks):
            yield from logins(plain, patterns)


def logins(plain: str, patterns: tuple[re2._Regexp, ...]) -> Iterator[Finding]:
    for match in matches(patterns, plain):
        if match.group(1).lower().rstrip(".") not in NO_LOGIN:
            yield Finding("account", LOGIN, *trimmed(plain, *match.span(1)))


def shares(plain: str) -> Iterator[Finding]:
    for patterns, reason in ((SHARES, SHARE), (USER_PATHS, USER_PATH)):
        for match in matches(patterns, plain):
            yield Finding("path", reason, *trimmed(plain, *match.span(1)))


def links(plain: str) -> Iterator[Finding]:
    for match in LINKED.finditer(plain):
        start, end = trimmed(plain, *match.span())
        reason = link_reason(plain[start:end])
        if reason:
            yield Finding("path", reason, start, end)


def trimmed(plain: str, start: int, end: int) -> tuple[int, int]:
    """The span without the sentence's marks at its end."""
    while end > start + 1 and plain[end - 1] in CLOSING:
        end -= 1
    return start, end


def link_reason(link: str) -> str:
    """Why a link is no public page, "" where it is one."""
    scheme, _, rest = link.partition("://")
    if not scheme.lower().startswith(OPEN_SCHEMES):
        return SHARE
    place, _, query = rest.partition("/")
    if any(mark in query.lower() for mark in ACCESS_MARKS):
        return LINK_TOKEN
    return "" if is_public(place) else LINK


def is_public(place: str) -> bool:
    """Whether it is a site's name alone: no login, no port, no address, no internal name."""
    name, _, port = place.rpartition("@")[2].partition(":")
    if "@" in place or port or name.replace(".", "").isdigit():
        return False
    return "." in name and not is_internal_name(name.lower())


def domain_logins(plain: str) -> Iterator[Finding]:
    r"""Logins like ACME\jlowe or .\admin, which are no part of a path."""
    for match in DOMAIN_LOGIN.finditer(plain):
        start, end = match.span()
        domain, _, user = match.group().lower().partition("\\")
        in_path = plain[start - 1 : start] in ("\\", ":", ".") or plain[end : end + 1] == "\\"
        if not in_path and not NO_LOGIN.issuperset((domain, user)):
            yield Finding("account", LOGIN, *trimmed(plain, start, end))
