"""Addresses in a text: IP, hardware (MAC) and mail addresses."""

import ipaddress
from collections.abc import Iterator

import re2

from leaks.folding import Folded
from leaks.hits import Finding
from leaks.lists import word_set
from leaks.search import has_letter, matches

IP = "{} looks like an IP address."
MAC = "{} looks like the hardware (MAC) address of a device."
MAIL = "{} looks like a mail address."

OCTET = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
DOT = r"(?:\.|\[\.\]|\(\.\))"
TAIL = r"(?:/\d{1,2}\b|:\d{1,5}\b|-\d{1,3}(?:\.\d{1,3}){0,3}\b)?"  # a mask, a port, the end of a range
IPV4 = re2.compile(rf"{OCTET}{DOT}{OCTET}{DOT}{OCTET}{DOT}(?:{OCTET}|[xX*]){TAIL}")
IPV6 = re2.compile(r"[0-9A-Fa-f:]*:[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*(?:%[0-9A-Za-z]{1,15})?(?:/\d{1,3})?")
LONGEST_IPV6 = len("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255%0123456789abcde/128")
MAC_FORMS = (
    re2.compile(r"\b[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}\b"),
    re2.compile(r"\b[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\b"),
)
MAC_PLAIN = re2.compile(r"\b[0-9A-Fa-f]{12}\b")
MAIL_FORMS = (
    re2.compile(r"[A-Za-z0-9._%+'-]{1,64}@[A-Za-z][A-Za-z0-9-]*(?:\.[A-Za-z0-9-]+)*"),
    re2.compile(
        r"(?i)[a-z0-9._%+-]{1,64} ?[(\[] ?at ?[)\]] ?[a-z0-9-]+(?:(?:\.| ?[(\[] ?dot ?[)\]] ?)[a-z0-9-]+)+"
    ),
)

VERSION_WORDS = word_set("version versions ver v firmware fw release build revision rev")
WEAK_VERSION_WORDS = word_set("update upgrade upgraded updated driver patch os client agent app treiber")
VERSION_REACH = 3  # words back
LOOK_BACK = 40  # characters


def find_addresses(text: Folded) -> Iterator[Finding]:
    plain = text.plain
    if "." in plain and text.has_digit:
        yield from ipv4_addresses(text)
    if ":" in plain:
        yield from ipv6_addresses(plain)
    if text.has_digit:
        yield from mac_addresses(plain)
    if "@" in plain or "at)" in text.lower or "at]" in text.lower:
        yield from mail_addresses(plain)


def ipv4_addresses(text: Folded) -> Iterator[Finding]:
    version_end = -LOOK_BACK
    for match in IPV4.finditer(text.plain):
        start, end = match.span()
        if not is_alone(text.plain, start, end):
            continue
        from_version_to = text.lower[version_end:start].strip(" .") in (
            "to",
            "auf",
            "->",
            "v",
            "to v",
            "-",
            "and",
        )
        if is_version(text, start, end) or from_version_to:
            version_end = end
        else:
            yield Finding("ip", IP, start, end)


def is_alone(plain: str, start: int, end: int) -> bool:
    """Whether neither side goes on: no letter, digit, or dot with a digit behind."""
    before, after = plain[max(0, start - 2) : start], plain[end : end + 2]
    if (before[-1:].isalnum() and before[-1:] not in "vV") or after[:1].isalnum():
        return False
    goes_on = after[:1] == "." and after[1:].isdigit()
    came_from = before[-1:] == "." and before[:1].isdigit()
    return not goes_on and not came_from


def is_version(text: Folded, start: int, end: int) -> bool:
    """Whether it is said to be one: "firmware 7.2.4.1", "v9.1.0.3"."""
    if text.plain.startswith("192.168.", start) or not text.plain[start:end].replace(".", "").isdigit():
        return False
    before = text.lower[max(0, start - LOOK_BACK) : start].split()[-VERSION_REACH:]
    close = [word.strip(".:,()") for word in before]
    return not VERSION_WORDS.isdisjoint(close) or (bool(close) and close[-1] in WEAK_VERSION_WORDS)


def ipv6_addresses(plain: str) -> Iterator[Finding]:
    for match in IPV6.finditer(plain):
        found = match.group().rstrip(".")
        found = found if found.endswith("::") else found.rstrip(":")
        if is_ipv6(found) and is_alone(plain, match.start(), match.start() + len(found)):
            yield Finding("ip", IP, match.start(), match.start() + len(found))


def is_ipv6(text: str) -> bool:
    if not len("fe::1") <= len(text) <= LONGEST_IPV6:
        return False
    try:
        ipaddress.IPv6Interface(text)
    except ValueError:
        return False
    return True


def mac_addresses(plain: str) -> Iterator[Finding]:
    for match in matches(MAC_FORMS, plain):
        if plain[match.start() - 1 : match.start()] not in ("-", ":"):
            yield Finding("mac", MAC, *match.span())
    for match in MAC_PLAIN.finditer(plain):
        found = match.group()
        named = plain[max(0, match.start() - 5) : match.start()].lower().strip(" :") == "mac"
        if named or not (found.isdigit() or found.isalpha()):
            yield Finding("mac", MAC, *match.span())


def mail_addresses(plain: str) -> Iterator[Finding]:
    for match in matches(MAIL_FORMS, plain):
        if has_letter(match.group().partition("@")[0]):
            yield Finding("mail", MAIL, *match.span())
