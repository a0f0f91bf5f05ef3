"""The formats HourTab knows, and which of them a header belongs to.

A new one takes a table: a module here with `DISPLAY_NAME`, `FORMATS` (and `REFUSALS` for look-alikes), a line in
`_MODULES`, a sample and its expected result. Formats are told apart by their set of headers, never by order or count.
"""

from collections.abc import Sequence

from imports.reading.formats import (
    alga,
    autotask,
    by_hand,
    clickup,
    clockify,
    connectwise,
    freshbooks,
    generic,
    halopsa,
    harvest,
    jetpack,
    kimai,
    solidtime,
    syncro,
    teamwork,
    toggl,
)
from imports.reading.formats.table import Format, RefusedShape, header_keys

_MODULES = (
    connectwise,
    autotask,
    syncro,
    halopsa,
    toggl,
    harvest,
    clockify,
    kimai,
    solidtime,
    alga,
    teamwork,
    freshbooks,
    clickup,
    jetpack,
    by_hand,
    generic,
)
FORMATS: tuple[Format, ...] = tuple(shape for module in _MODULES for shape in module.FORMATS)
REFUSALS: tuple[RefusedShape, ...] = tuple(shape for module in _MODULES for shape in module.REFUSALS)
DISPLAY_NAMES: dict[str, str] = {
    shape.name: module.DISPLAY_NAME for module in _MODULES for shape in module.FORMATS
}
NAMES: tuple[str, ...] = tuple(DISPLAY_NAMES)


def display_name(name: str) -> str:
    """A format as people call it; of a tool or a mapping the name that it is read by."""
    return DISPLAY_NAMES.get(name, name)


def recognise(header: Sequence[str]) -> Format | RefusedShape | None:
    """The shape that a header gives away; None for none, or for two formats that fit equally well.

    >>> recognise(["Hours", "Date", "Client"]).name
    'generic'
    """
    keys = header_keys(header)
    entries = best_of([shape for shape in FORMATS if not shape.is_template], keys)
    if entries is None and (template := _template_of(keys)):
        return template
    return entries or refusal_of(header)


def _template_of(keys: frozenset[str]) -> Format | None:
    """HourTab's own template: all headers are its own, and none is another's (domain.md, "What a file is")."""
    return next(
        (
            shape
            for shape in FORMATS
            if shape.is_template and shape.score(keys) and keys <= shape.known_keys()
        ),
        None,
    )


def refusal_of(header: Sequence[str]) -> RefusedShape | None:
    """The look-alike that a header gives away: a summary, a pivot, an export without dates."""
    keys = header_keys(header)
    best = max(REFUSALS, key=lambda shape: shape.score(keys))
    return best if best.score(keys) else None


def best_of(shapes: Sequence[Format], keys: frozenset[str]) -> Format | None:
    """The clear winner among `shapes`; None where two of different names are level."""
    scored = [(shape.score(keys), shape) for shape in shapes]
    best = max((score for score, _ in scored), default=0)
    winners = [shape for score, shape in scored if score == best and score]
    return winners[0] if len({shape.name for shape in winners}) == 1 else None


def shapes_named(name: str) -> tuple[Format, ...]:
    """Every shape of one reported format."""
    return tuple(shape for shape in FORMATS if shape.name == name)
