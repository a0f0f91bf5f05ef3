"""Which code page a file without a mark is in, where it is not UTF-8: plainly Windows-1252, or asked.

A reading is doubted where it puts a sign inside a word, a capital after a small letter, or a word of nothing
but accented letters: no language does.
"""

import codecs
import re
from functools import cache
from typing import NamedTuple

CANDIDATES = ("cp1252", "cp850", "mac_roman", "cp1250", "cp1251", "cp437", "iso8859_2", "cp1253", "cp1254")
NAMES = {
    "cp1252": "Windows-1252 (Western Europe)",
    "cp850": "CP850 (DOS, Western Europe)",
    "cp437": "CP437 (DOS, US)",
    "mac_roman": "Mac Roman",
    "cp1250": "Windows-1250 (Central Europe)",
    "cp1251": "Windows-1251 (Cyrillic)",
    "cp1253": "Windows-1253 (Greek)",
    "cp1254": "Windows-1254 (Turkish)",
    "iso8859_2": "ISO 8859-2 (Central Europe)",
    "utf-16-le": "UTF-16 without its mark",
    "utf-16-be": "UTF-16 without its mark",
}
_SAMPLE_LINES = 2_000
_SHOWN_ROWS = 3
_WORD = r"\S*[^\x00-\x7f]\S*"
_DOUBTS = (
    r"[\x80-\x9f\ufffd\u2500-\u259f]",  # no sign at all, or a frame of DOS
    r"[^\W\d_][^\w\s'’‘\-–—./&@:,;()\"“”+*|\\=\[\]{}<>!?#%·_`´…®©™\x00-\x7f][^\W\d_]",  # a sign inside
    r"[A-Za-z][¹²³¼½¾][A-Za-z]",
    r"[a-zß-ÿ][“”„‚][a-zß-ÿ]",
    r"[^\W\d_][„‚†‡ˆ‰‹](?:\W|$)|(?:^|\W)[™˜][^\W\d_]",  # a sign at the wrong end
    r"[a-zß-öø-ÿ][À-ÖØ-ÞŠŽŸŒ]",  # a capital after a small letter
    r"[A-Z][à-ÿšžœ][A-Z]",
    r"[à-öø-ÿÀ-ÖØ-Þ\u0100-\u017f]{4,}",  # a word of nothing but accented letters
    r"[A-Za-z][\u0370-\u04ff]|[\u0370-\u04ff][A-Za-z]",  # two scripts in one word
)


class Guess(NamedTuple):
    """The likeliest code page, and whether the others are plainly worse."""

    encoding: str
    is_plain: bool


def guess(data: bytes) -> Guess:
    """The code page of bytes that are no UTF-8.

    >>> guess("Müller; Café – “x”".encode("cp1252")), guess("Sühne; Gerät".encode("cp850")).encoding
    (Guess(encoding='cp1252', is_plain=True), 'cp850')
    """
    sample = _lines_with_letters(data)
    doubts = {name: _doubts(sample, name) for name in CANDIDATES}
    best = min(CANDIDATES, key=lambda name: (doubts[name], CANDIDATES.index(name)))
    others = min(doubts[name] for name in CANDIDATES if name != best)
    return Guess(best, is_plain=best == "cp1252" and (doubts[best] == 0 or doubts[best] < others))


def shown_rows(data: bytes, encoding: str) -> tuple[tuple[str, ...], ...]:
    """A few lines that hold letters beyond ASCII, as a code page reads them."""
    lines = _lines_with_letters(data).splitlines()[:_SHOWN_ROWS]
    return tuple((line.decode(encoding, errors="replace").strip()[:200],) for line in lines)


def is_known(encoding: str) -> bool:
    """Whether a name is that of an encoding of text.

    >>> is_known("cp850"), is_known("rot13"), is_known("flurb")
    (True, False, False)
    """
    try:
        found = codecs.lookup(encoding)
    except (LookupError, ValueError):
        return False
    return bool(found._is_text_encoding)


def _lines_with_letters(data: bytes) -> bytes:
    found: list[bytes] = []
    for line in data.splitlines():
        if not line.isascii():
            found.append(line)
            if len(found) == _SAMPLE_LINES:
                break
    return b"\n".join(found)


def _doubts(sample: bytes, encoding: str) -> int:
    """How many words of a reading no language has."""
    text = sample.decode(encoding, errors="replace")
    doubts = _compiled()
    return sum(any(doubt.search(word) for doubt in doubts) for word in re.findall(_WORD, text))


@cache
def _compiled() -> tuple[re.Pattern[str], ...]:
    """What words are doubted by, with the first file that is no UTF-8: hardly any is."""
    return tuple(map(re.compile, _DOUBTS))
