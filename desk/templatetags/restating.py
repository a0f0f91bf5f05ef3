"""The question whether closed cycles may be restated, with the reason as it was typed and what of it leaks."""

from collections.abc import Sequence
from typing import Any

from django import template

from desk.restating import RestatingPart, agreed_in
from retainers.restating.writing import leaks_in

register = template.Library()


@register.inclusion_tag("desk/restating.html", takes_context=True)
def restating_question(
    context: dict[str, Any], part: RestatingPart | None, *, has_reason: bool = False
) -> dict[str, Any]:
    """Nothing where none would be restated. `has_reason`: the form asks for the reason of the deed itself, which the
    client reads.
    """
    if not part:
        return {}
    reason = agreed_in(context["request"]).reason
    whys = tuple(dict.fromkeys(hit.why for hit in leaks_in(reason, part.restated)))
    return {
        "restating": part,
        "refused": part.missing or bool(whys),
        "says": _says(part, whys),
        "reason": reason,
        "whys": whys,
        "has_reason": has_reason,
    }


def _says(part: RestatingPart, whys: Sequence[str]) -> str:
    if whys:
        return "Nothing was changed: the reason can’t be shown on the client’s page."
    if part.missing:
        return "Nothing was changed: confirm first that these closed cycles may be restated."
    return "Closed cycles would be restated."
