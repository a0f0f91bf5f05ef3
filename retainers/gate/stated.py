"""A statement's document as its client may read it: neutral words stand wherever a text of it leaks.

The document itself is left as it was written; its figures pass untouched.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from retainers.gate.known import Gate
from retainers.spoken import spoken_document
from retainers.terms import NEUTRAL_TEXT


def outgoing_document(document: Mapping[str, Any], gate: Gate, slug: str) -> dict[str, Any]:
    """A whole document (`retainers.issued`) with what may leave the house, in the reader's language."""
    document = spoken_document(document, get_language() or "")
    return {
        **document,
        "client": gate.out(document.get("client", ""), slug),
        "agreement": gate.out(document["agreement"], slug, _("Support")),
        "pools": _pools(document, gate, slug),
        "log": [_line(line, gate, slug) for line in document["log"]],
    }


def _pools(document: Mapping[str, Any], gate: Gate, slug: str) -> dict[str, str]:
    """The names by key, in the order of the cycle: a database may keep those of an object in another one."""
    names, keys = document["pools"], [each["pool"] for each in document["cycle"]["pools"]]
    return {
        key: gate.out(names[key], slug, _("Pool %(number)d") % {"number": number})
        for number, key in enumerate(keys, 1)
        if key in names
    }


def _line(line: Mapping[str, Any], gate: Gate, slug: str) -> dict[str, Any]:
    said = gate.out(line["description"], slug, NEUTRAL_TEXT)
    return {
        **line,
        "description": _(NEUTRAL_TEXT) if said == NEUTRAL_TEXT else said,
        "multipliers": [gate.out(name, slug, _("Special rate")) for name in line["multipliers"]],
    }
