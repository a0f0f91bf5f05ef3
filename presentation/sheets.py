"""What leaves as a file: its name, and texts in CSV files so written that no spreadsheet takes one for a formula.

A spreadsheet may be told to split at semicolons or tabs, and then a cell begins where our text has one of these.
So a mark (an apostrophe) stands before every place at which a cell could begin with a formula, and comes off
again without loss. Pure.
"""

import re
import unicodedata

LONGEST_NAME = 40  # signs of each part
_SPLITS = r";|\t|\r|\n"
_SKIPPED = "\\s'\"\u200b-\u200f\u2028\u2029\u2060\ufeff"  # what stands before a formula and does not stop it
_STARTS = "=+\\-@＝＋－＠"  # the wide forms are read like the narrow ones
_FORMULA = rf"[{_SKIPPED}]*[{_STARTS}]"
_BEFORE_A_FORMULA = re.compile(rf"({_SPLITS})(?={_FORMULA})|^(?={_FORMULA}|'*[\t\r])")
_MARK = re.compile(rf"({_SPLITS})'(?={_FORMULA})|^'(?={_FORMULA}|'*[\t\r])")


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula.

    >>> guarded("=1+1"), guarded("x;=1+1"), guarded("Replaced a disk; rebooted")
    ("'=1+1", "x;'=1+1", 'Replaced a disk; rebooted')
    """
    return _BEFORE_A_FORMULA.sub(r"\g<1>'", text)


def unguarded(text: str) -> str:
    """The text that was guarded.

    >>> unguarded("'=1+1"), unguarded("x;'=1+1"), unguarded("it's")
    ('=1+1', 'x;=1+1', "it's")
    """
    return _MARK.sub(lambda found: found[1] or "", text)


def file_name(*parts: str, ending: str) -> str:
    """A name that every file system takes, of parts in the reader's words; what it can't bear becomes a space.

    >>> file_name("Work log", "Acme: Dental/West\u202e", "", "2026-06-01", ending="csv")
    'Work log - Acme Dental West - 2026-06-01.csv'
    """
    plain = (_plain(part)[:LONGEST_NAME].strip(" .-") for part in parts)
    return f"{' - '.join(part for part in plain if part)}.{ending}"


def _plain(text: str) -> str:
    """Letters, figures and a few signs; no controls, no marks of direction."""
    composed = unicodedata.normalize("NFC", text)
    kept = (
        sign if sign in " -_.&()+’'," or unicodedata.category(sign)[0] in "LMN" else " " for sign in composed
    )
    return " ".join("".join(kept).split())
