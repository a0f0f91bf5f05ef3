"""Texts of cells, cleaned: no mark-up, no guard prefix, no invisible marks, no PowerShell wrapping.

What comes out is plain text, not safe HTML: pages escape it like any other text.
"""

import html
import re
from collections.abc import Collection, Set
from operator import itemgetter

_GUARDED = re.compile(r"'(?: |(?=[=+\-@\t\r＝＋－＠]))")
_KNOWN_TAGS = """
a abbr article aside audio b base big blockquote body br button caption center cite code col colgroup dd del
div dl dt em embed fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr
html i iframe img input ins kbd label legend li link main mark math meta nav noscript object ol option p param
picture pre q s samp script section select small source span strike strong style sub sup svg table tbody td
template textarea tfoot th thead title tr tt u ul var video wbr o:p
"""
_BREAKING_TAGS = "blockquote br dd div dl dt h1 h2 h3 h4 h5 h6 hr li ol p pre section table td th tr ul"
_TAG_NAMES = frozenset(_KNOWN_TAGS.split())
_BREAKING = frozenset(_BREAKING_TAGS.split())
_TO_CLEAN, _AT_FIRST = ("<", "&", "  "), {"'", "@"}  # what needs a look: anywhere, or at the beginning
_PRINTABLE = bytes(range(32, 127))  # of ASCII
_TAG = re.compile(r"<(?:(/?)([A-Za-z][A-Za-z0-9:]{0,15})(?=[\s/>])|!--)")
_SKIPPED = ("script", "style")
_PASSES = 4
_INVISIBLE = {
    **dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127, *range(128, 160)], None),
    **dict.fromkeys([0x00AD, 0x061C, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F)], None),
    **dict.fromkeys([*range(0x2060, 0x2070), 0xFEFF, *range(0xFFF9, 0xFFFC)], None),
    **dict.fromkeys([0x00A0, 0x2007, 0x202F, 0x2028, 0x2029], " "),
    9: " ",
}


def clean_line(text: str) -> str:
    """A text on one line.

    >>> clean_line("<p>Birch &amp; Lowe</p>"), clean_line("@{id=19; name=Acme Dental; _info=}")
    ('Birch & Lowe', 'Acme Dental')
    """
    if _is_simple(text):
        return " ".join(text.split())
    return " ".join(_cleaned(text).split())


def clean_block(text: str) -> str:
    """A text that may have several lines; runs of blank lines become one.

    >>> clean_block("' - Printers<br>back online")
    '- Printers\\nback online'
    """
    if _is_simple(text):
        return " ".join(text.split())
    if are_clean([text], is_block=True):
        return text
    found: list[str] = []
    for line in _cleaned(text).replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        words = " ".join(line.split())
        if words or (found and found[-1]):
            found.append(words)
    return "\n".join(found).strip()


def _is_simple(text: str) -> bool:
    return (
        text.isprintable() and text.isascii() and not ("<" in text or "&" in text or text[:1] in ("'", "@"))
    )


def are_clean(texts: Collection[str], nothing: Set[str] = frozenset(), *, is_block: bool = False) -> bool:
    """Whether cleaning would leave each of these texts as it is, to a line or (`is_block`) to several, and each says
    something; a doubt is a no. `nothing`: words that say nothing, in small letters.

    >>> are_clean(["Birch & Lowe"]), are_clean(["Birch Lowe", "Acme Dental"]), are_clean(["Acme "]), are_clean([""])
    (False, True, False, False)
    >>> are_clean(["Birch Lowe", "Null"], {"null"})
    False
    >>> are_clean(["Birch\\nLowe"], is_block=True), are_clean(["Birch\\n\\nLowe"], is_block=True)
    (True, False)
    """
    together = f" {' '.join(texts)} "  # two blanks are one too many, or there is no text between
    if is_block:  # of lines that each begin and end with a word
        together = together.replace("\n", " ")
    if not together.isascii() or together.encode().translate(None, _PRINTABLE):
        return False
    if any(sign in together for sign in _TO_CLEAN) or not _AT_FIRST.isdisjoint(map(itemgetter(0), texts)):
        return False
    longest = max(map(len, nothing), default=0)
    return nothing.isdisjoint([text.lower() for text in texts if len(text) <= longest])


def _cleaned(text: str) -> str:
    unwrapped = _unwrapped(text.translate(_INVISIBLE).strip())
    guard = _GUARDED.match(unwrapped)
    return _without_markup(unwrapped[guard.end() :] if guard else unwrapped)


def _unwrapped(text: str) -> str:
    """The name (or identifier) of an object that PowerShell wrote as `@{id=19; name=Acme Dental}`."""
    if not (text.startswith("@{") and text.endswith("}")):
        return text
    parts = dict(part.split("=", 1) for part in text[2:-1].split("; ") if "=" in part)
    return next((parts[key] for key in ("name", "identifier", "summary", "id") if parts.get(key)), "")


def _without_markup(text: str) -> str:
    """Plain text of HTML; unknown tags such as `<server>` are words and stay."""
    text = html.unescape(text) if "&" in text else text
    for _ in range(_PASSES):
        if "<" not in text:
            return text
        stripped = _tags_removed(text)
        if stripped == text:
            return text
        text = stripped
    return text.replace("<", "")


def _tags_removed(text: str) -> str:
    """One linear pass; what is no known tag, or is never closed, is text."""
    kept: list[str] = []
    lowered = text.lower() if "<s" in text.casefold() else text
    position = 0
    while found := _TAG.search(text, position):
        name = (found[2] or "!--").lower()
        if name != "!--" and name not in _TAG_NAMES:
            kept.append(text[position : found.end()])
            position = found.end()
            continue
        end = _end_of_tag(lowered, name, found)
        if end < 0:
            break
        kept.append(text[position : found.start()] + ("\n" if name in _BREAKING else ""))
        position = end
    kept.append(text[position:])
    return "".join(kept)


def _end_of_tag(lowered: str, name: str, found: re.Match[str]) -> int:
    """Where the text goes on after a tag, its content too where that is no text; -1 where it never does."""
    closing = "-->" if name == "!--" else ">"
    end = lowered.find(closing, found.end())
    if end < 0:
        return -1
    if name in _SKIPPED and not found[1]:
        close = lowered.find(f"</{name}", end)
        return len(lowered) if close < 0 else close
    return end + len(closing)
