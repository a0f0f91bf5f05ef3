"""What somebody has typed into the table of companies that are no clients yet, kept until they become clients.

The table goes with every button of the preview's form. So a company that is left out, or hours that can't be read, cost
nobody what stands in the other rows. It is kept in the person's session: nobody else has agreed to anything by it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, QueryDict

from imports.models import Import
from retainers.terms import WEEKDAYS

SESSION_KEY = "companies"
MOST_IMPORTS = 5  # the newest ones
LONGEST = 200
USUAL_DAYS = ("mon",)


@dataclass(frozen=True, slots=True)
class TypedRow:
    """`template` and `hours` as the form sends them."""

    ticked: bool
    template: str
    hours: str


@dataclass(frozen=True, slots=True)
class TypedTable:
    """By company what its row says; `hours` for those that have none of their own, `days` of updates.

    `wrong`: by company, why it can't become a client as it was typed.
    """

    rows: Mapping[str, TypedRow] = field(default_factory=dict)
    hours: str = ""
    days: tuple[str, ...] = USUAL_DAYS
    wrong: Mapping[str, str] = field(default_factory=dict)

    @property
    def first_wrong(self) -> str:
        return next(iter(self.wrong), "")


NOTHING_TYPED = TypedTable()


def keep_typed(request: HttpRequest, source: Import) -> None:
    """Keep the table that stands in the form; a form without one leaves what is kept."""
    if "cap-all" not in request.POST:
        return
    kept = dict(request.session.get(SESSION_KEY, {}))
    kept.pop(str(source.pk), None)
    kept[str(source.pk)] = _sent(request.POST)
    request.session[SESSION_KEY] = dict(list(kept.items())[-MOST_IMPORTS:])


def _sent(post: QueryDict) -> dict[str, Any]:
    rows = {}
    ticked = post.getlist("make")
    for name, company in post.items():
        what, _sign, number = name.partition("-")
        if what == "company" and f"template-{number}" in post:
            said = (post.get(f"template-{number}", ""), post.get(f"cap-{number}", ""))
            rows[str(company)[:LONGEST]] = [number in ticked, *(text[:LONGEST] for text in said)]
    days = [day for day in WEEKDAYS if day in post.getlist("updates_on")]
    return {"rows": rows, "hours": post["cap-all"][:LONGEST], "days": days}


def typed_for(request: HttpRequest, source: Import, wrong: Mapping[str, str] | None = None) -> TypedTable:
    """What this person has typed for that import."""
    kept = request.session.get(SESSION_KEY, {}).get(str(source.pk))
    if kept is None:
        return NOTHING_TYPED
    rows = {company: TypedRow(*said) for company, said in kept["rows"].items()}
    return TypedTable(rows, kept["hours"], tuple(kept["days"]), wrong or {})
