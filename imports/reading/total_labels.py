"""Labels of totals and subtotals in English, German, French, Spanish and Dutch.

A label is a text cell's whole content (domain.md, "What a file is"). Around rows without a date it may name
its group as well ("Total for Acme Dental", "Summe Acme:").
"""

import re
from collections.abc import Iterable

from imports.reading.header_words import plain_header

MAX_LABEL_CHARS = 120
_EXACT_CHARS = 40
_TOTAL_WORDS = """
total|totals|grand total|report total|overall total|final total|total hours worked|total time spent|total worked|
total billable|total billable hours|billable total|total hours|total time|total duration|hours total|
sum|sum total|total h|total hrs
gesamt|gesamtsumme|gesamtaufwand|gesamtstunden|gesamtzeit|gesamtdauer|summe|endsumme|insgesamt|stunden gesamt|
summe stunden|gesamt stunden
total general|totaux|total generale|somme|total heures|total des heures|total d'heures|somme totale
suma|suma de horas|suma total de horas|totales|total horas|total de horas|horas totales|suma total
totaal|eindtotaal|totaal uren|totale uren|totaal aantal uren|totale tijd|som van uren|algemeen totaal|totaal generaal
"""
_SUBTOTAL_WORDS = """
subtotal|sub total|subtotals|group total|page total|day total|daily total|week total|weekly total|month total|
monthly total|zwischensumme|teilsumme|zwischenergebnis|tagessumme|wochensumme|monatssumme
sous total|total partiel|total du jour|total semaine|sub totales|total parcial
subtotaal|sub totaal|tussentotaal|dagtotaal|weektotaal|maandtotaal
"""
_TOTALS = frozenset(_TOTAL_WORDS.replace("\n", "|").split("|")) - {""}
_SUBTOTALS = frozenset(_SUBTOTAL_WORDS.replace("\n", "|").split("|")) - {""}
_STEMS = re.compile("tot|sum|som|gesamt|zwischen", re.IGNORECASE)  # each label has one of them
_NUMBERED = re.compile(r"[^(]*\d")  # no label has a digit, but for the unit in brackets behind it
_TAIL = r"(?: hours?| time| duration)?(?::| for\b| of\b| by\b| \(| -|$).{0,80}"
_WORD = (
    r"(?:totals?|sum|gesamt|gesamtsumme|gesamtaufwand|gesamtstunden|summe|total général|totaux|somme|total general|"
    r"totales|suma|totaal|eindtotaal|som)"
)
_GRAND = re.compile(rf"(?:grand |report |overall |final )?{_WORD}{_TAIL}")
_SUB = re.compile(rf"(?:(?:sub|group|zwischen|sous|tussen) ?-?(?:totals?|sum|summe|totaal|total)){_TAIL}")
_OF_GROUP = re.compile(r".{1,80}[ :–-](?:sub-?)?(?:total|summe|gesamt|totaal)s?:?")
_OF_ONE = ("total for ", "total: ", "totals for ", "sum of ", "summe für ", "total pour ", "total de ")


def labels_among(cells: Iterable[str]) -> dict[str, str]:
    """The cells that are nothing but a label, with what each is: nearly none is, and the others cost one look.

    >>> labels_among(["Total:", "Something else", "Sub total", "7"])
    {'Total:': 'total', 'Sub total': 'subtotal'}
    """
    return {
        cell: label
        for cell in cells
        if (len(cell) <= _EXACT_CHARS or len(cell.strip()) <= _EXACT_CHARS)
        and (not cell[-1:].isdigit() or "(" in cell)
        and _STEMS.search(cell)
        and (label := exact_label(cell.strip()))
    }


def exact_label(text: str) -> str:
    """ "total" or "subtotal" where a cell is nothing but such a label, else "".

    >>> exact_label("Total général"), exact_label("Zwischensumme:"), exact_label("Total recall")
    ('total', 'subtotal', '')
    """
    if len(text) > _EXACT_CHARS or _NUMBERED.match(text):
        return ""
    folded = plain_header(text).replace("-", " ").strip(" =")
    if folded in _TOTALS:
        return "total"
    return "subtotal" if folded in _SUBTOTALS else ""


def is_exact_label(text: str) -> bool:
    """Whether a cell is a label and names no group beside it."""
    return bool(exact_label(text.strip()))


def loose_label(text: str) -> str:
    """ "total" or "subtotal" for a label that may name its group, else ""; for rows without a date.

    >>> loose_label("Total for Acme Dental"), loose_label("Acme Dental Total"), loose_label("Backup")
    ('subtotal', 'subtotal', '')
    """
    if len(text) > MAX_LABEL_CHARS:
        return ""
    if exact := exact_label(text):
        return exact
    folded = " ".join(text.split()).casefold()
    if _SUB.fullmatch(folded):
        return "subtotal"
    if _GRAND.fullmatch(folded):
        names_group = folded.startswith(_OF_ONE) and bool(folded.split(":", 1)[-1].strip(" 0123456789.,h"))
        return "subtotal" if names_group else "total"
    return "subtotal" if _OF_GROUP.fullmatch(folded) else ""
