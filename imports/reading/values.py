"""What one cell says: numbers, yes or no, hidden or not (formats.md, section 7).

Nothing is guessed: a cell that could mean two things raises `BadValueError`, whose text says what was
seen and what to write instead. Hours are the business of `durations`, dates of `dates`.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from typing import NamedTuple


def is_e_notation(text: str) -> bool:
    """Whether a spreadsheet has turned a long number into one like 4.82E+04 (trap T18)."""
    whole, exponent, power = text.strip().upper().partition("E+")
    return bool(exponent) and power.isdigit() and whole.replace(".", "").replace(",", "").isdigit()


MAX_VALUE_CHARS = 60


class BadValueError(ValueError):
    """A cell that doesn't say what its column needs; the text is the sentence for a manager."""


_SPACES = str.maketrans(
    {"\u00a0": " ", "\u202f": " ", "\u2007": " ", "\u2009": " ", "\t": " ", "\u2212": "-"}
)
_GUARDED = frozenset("-+=.0123456789(")
NUMBER = re.compile(r"([+-]?) ?([0-9.,' ’]*[0-9][.,]?)", re.ASCII)
_GROUPED = re.compile(r"[0-9]{1,3}(?:[.,' ’][0-9]{3})+", re.ASCII)
_CURRENCY = re.compile(r"(?:[A-Z]{3} |[$€£¥] ?)?(.*?)(?: [A-Z]{3}| ?[$€£¥])?", re.ASCII | re.DOTALL)
_YES_WORDS = """
yes y true t 1 x on ja j wahr oui o s vrai si sí verdadero waar sim ✓ ✔
billable b chargeable billed unbilled invoiceable
abrechenbar verrechenbar fakturierbar facturable factureerbaar declarabel
"""
_NO_WORDS = """
no n false f 0 off nein falsch non faux nee onwaar falso não ✗ nb nc donotbill nocharge nodefault nonbillable unbillable
notbillable nonchargeable notchargeable unchargeable nichtabrechenbar nichtverrechenbar nonfacturable nofacturable
nietfactureerbaar nietdeclarabel
"""
_HIDDEN_WORDS = """
hidden private internal internalonly confidential staffonly notvisible invisible intern privat vertraulich unsichtbar
interne privé prive confidentiel caché interno privado oculto confidencial verborgen vertrouwelijk
"""
_SHOWN_WORDS = """
public visible external shared everyone client customer öffentlich sichtbar extern kunde publique externe partagé
público publico externo openbaar zichtbaar klant
"""
_YES = frozenset(_YES_WORDS.split())
_NO = frozenset(_NO_WORDS.split())
_HIDDEN = frozenset(_HIDDEN_WORDS.split())
_SHOWN = frozenset(_SHOWN_WORDS.split())
_WORDS_OF_A_MARK = 3
_REMARK = re.compile(r"\(|\[| [-–—/|] |[:;,] ")  # what follows says why


def plain(text: str) -> str:
    """A cell for the number grammar: every kind of space a space, outer ones and quotes off, the minus a hyphen.

    >>> plain("'-0.5"), plain('"30 min."')
    ('-0.5', '30 min.')
    """
    value = text.translate(_SPACES).strip().lstrip("\ufeff")
    if value[:1] == '"' and value[-1:] == '"' and len(value) > 1:
        value = value[1:-1].strip()
    return value[1:].lstrip() if value[:1] == "'" and value[1:].lstrip()[:1] in _GUARDED else value


def decimal_mark(cells: Iterable[str]) -> str:
    """The decimal mark that a column's cells give away: "." or ",", "" where they don't or disagree.

    >>> decimal_mark(["1,250", "0,75"]), decimal_mark(["1,250"])
    (',', '')
    """
    seen = {mark for mark in (_mark_of(plain(cell)) for cell in set(cells)) if mark}
    return seen.pop() if len(seen) == 1 else ""


def _mark_of(text: str) -> str:
    marks = _marks_in(text)
    if not marks or len(text) > MAX_VALUE_CHARS or not NUMBER.fullmatch(text.strip("(+-) ")):
        return ""
    last = marks[-1]
    if len(set(marks)) == 2:
        return last
    if len(marks) > 1:
        return _OTHER_MARK[last]
    whole, _, part = text.rstrip(") ").rpartition(last)
    return last if len(part) != 3 or whole.strip("(+- ") in ("", "0") else ""


_OTHER_MARK = {".": ",", ",": "."}


def _marks_in(text: str) -> list[str]:
    return [sign for sign in text if sign in ".,"]


def parse_number(text: str, mark: str = "") -> Decimal:
    """An exact number; `mark` is the file's decimal mark where one is known ("." or ",").

    A currency before or after it is passed over. Raises `BadValueError`.

    >>> parse_number("1.050,00"), parse_number("(0.50)"), parse_number("1 234,5")
    (Decimal('1050.00'), Decimal('-0.50'), Decimal('1234.5'))
    """
    value = plain(text)
    if len(value) > MAX_VALUE_CHARS:
        raise BadValueError("far too long for a number")
    negative = value.startswith("(") and value.endswith(")")
    inner = value[1:-1].strip() if negative else value
    stripped = _CURRENCY.fullmatch(inner)
    number = NUMBER.fullmatch(stripped[1].strip() if stripped else inner)
    if not number:
        raise BadValueError("not a number; wanted one like 1.25")
    amount = Decimal(_undressed(number[2].strip(), mark))
    return -amount if negative or number[1] == "-" else amount


def _undressed(body: str, mark: str) -> str:
    """The digits with a dot as decimal mark and no marks of thousands."""
    decimal = _decimal_in(body, mark)
    whole, _, part = body.rpartition(decimal) if decimal else (body, "", "")
    if not _is_whole(whole) or not (part or "0").isdigit():
        raise BadValueError("not a number; wanted one like 1.25")
    digits = "".join(filter(str.isdigit, whole))
    return f"{digits or '0'}.{part or '0'}" if decimal else digits


def _is_whole(text: str) -> bool:
    """Digits, with or without marks of thousands; or nothing before a decimal mark."""
    return not text or text.isdigit() or _GROUPED.fullmatch(text) is not None


def _decimal_in(body: str, mark: str) -> str:
    """Which sign of a number is its decimal mark; "" where it has none."""
    marks = _marks_in(body)
    if not marks:
        return ""
    last = marks[-1]
    if len(marks) > 1:
        return last if marks.count(last) == 1 else ""
    whole, _, part = body.rpartition(last)
    if len(part) != 3 or whole.lstrip("0") == "" or len(whole) > 3:
        return last
    return _before_three_digits(last, mark)


def _before_three_digits(sign: str, mark: str) -> str:
    """A point or a comma that could stand before thousands: the file's own mark says what it is."""
    if mark:
        return sign if mark == sign else ""
    if sign == ",":
        raise BadValueError(
            "could be a thousand or a decimal comma; write it with a decimal point, like 1.25"
        )
    return sign


def parse_flag(text: str) -> bool:
    """Yes or no in any of the exports' spellings; ConnectWise's B is yes, NB and NC are no.

    >>> parse_flag("Yes"), parse_flag("DoNotBill"), parse_flag("Non-Billable (internal)")
    (True, False, False)
    """
    for said in (text, _REMARK.split(text[: MAX_VALUE_CHARS + 1], 1)[0]):
        value = _pressed(said)
        if value in _YES:
            return True
        if value in _NO:
            return False
    raise BadValueError("neither yes nor no; wanted Yes or No")


def parse_hidden(text: str, *, yes_shows: bool = False) -> bool:
    """Whether a cell marks its row as internal; what nobody can read is: nothing internal is ever shown.

    `yes_shows`: the header asks whether clients may see the row.

    >>> parse_hidden("True"), parse_hidden("Public"), parse_hidden("Yes", yes_shows=True), parse_hidden("?")
    (True, False, False, True)
    """
    value = _pressed(text)
    if value in _HIDDEN or value in _SHOWN:
        return value in _HIDDEN
    if value in _YES or value in _NO:
        return (value in _YES) is not yes_shows
    return True


def is_remark(text: str) -> bool:
    """Whether a cell of a column that is called “internal” is itself the note, and no mark of its row.

    >>> is_remark("Ja"), is_remark("nur intern"), is_remark("Kunde war verärgert, Rabatt prüfen")
    (False, False, True)
    """
    value = _pressed(text)
    return value not in _HIDDEN | _SHOWN | _YES | _NO and len(text.split()) > _WORDS_OF_A_MARK


def _pressed(text: str) -> str:
    return "".join(sign for sign in plain(text[: MAX_VALUE_CHARS + 1]).casefold() if sign not in " -_")


def parse_rate_name(text: str) -> bool:
    """Whether a charge rate's name bills: any name does, but for those that say they don't.

    >>> parse_rate_name("Remote Support"), parse_rate_name("No Charge")
    (True, False)
    """
    value = "".join(sign for sign in plain(text).casefold() if sign.isalpha())
    return value not in _NO | {"free", "freeofcharge", "foc", "none", "dontbill", "dontinvoice", "na"}


class Moment(NamedTuple):
    """A day, a time of day, or both, in the provider's zone.

    `instant`: where a zone was stated. `is_halved`: AM or PM stood beside the time.
    """

    day: date | None = None
    at: time | None = None
    instant: datetime | None = None
    is_halved: bool = False
