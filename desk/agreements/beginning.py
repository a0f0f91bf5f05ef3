"""Where a new agreement begins: a template and its three figures; what differs comes afterwards, in the form.

A prepaid block's first purchase is a figure of it too: it is granted with the agreement, in one publication.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.agreements.draft import AgreementDraft, PoolDraft
from desk.agreements.fields import Field
from desk.agreements.usual_agreements import TEMPLATES, Template, from_template
from retainers.terms import TopUp

HOURS, FURTHER, FEE, RATE, BOUGHT, ENDS = "hours", "further", "fee", "rate", "bought", "ends"
LABELS: Mapping[str, object] = {
    HOURS: gettext_lazy("Hours per month"),
    FEE: gettext_lazy("Fee per month (optional)"),
    RATE: gettext_lazy("Overage rate per hour (optional)"),
    BOUGHT: gettext_lazy("Hours bought to begin with (optional)"),
    ENDS: gettext_lazy("Last day (optional)"),
}
FIGURES: Mapping[str, tuple[str, ...]] = {
    "bank": (HOURS, FEE, RATE),
    "pools": (HOURS, FURTHER, RATE),
    "hybrid": (FEE, HOURS, RATE),
    "block": (BOUGHT, RATE, ENDS),
}


@dataclass(frozen=True, slots=True)
class Beginning:
    """A template with the inputs of its figures."""

    template: Template
    fields: tuple[Field, ...]
    is_first: bool


def beginnings(today: date) -> tuple[Beginning, ...]:
    """Each template as a form of its own."""
    return tuple(
        Beginning(template, tuple(_fields(template, today)), at == 0)
        for at, template in enumerate(TEMPLATES.values())
    )


def _fields(template: Template, today: date) -> list[Field]:
    draft = from_template(template.key, today)
    given = [
        Field(f"{template.key}-name", _("Name, as the client reads it"), draft["name"]),
        Field(f"{template.key}-starts", _("Starts on"), draft["starts"], "date"),
    ]
    figures = [
        Field(f"{template.key}-{name}", _label(name, draft), kind="date" if name == ENDS else "number")
        for name in FIGURES[template.key]
    ]
    return [*figures, *given]


def _label(name: str, draft: AgreementDraft) -> str:
    pools = draft.terms[0].pools
    if name == FURTHER or (name == HOURS and len(pools) > 1):
        return _("%(pool)s, hours per month") % {"pool": pools[int(name == FURTHER)]["name"]}
    return str(LABELS[name])


def draft_begun(post: QueryDict, today: date) -> AgreementDraft:
    """The draft that a template and its figures make; what was left empty is for the form to ask about."""
    key = post.get("template", "")
    key = key if key in TEMPLATES else "bank"
    said = {name: post.get(f"{key}-{name}", "").strip() for name in (*FIGURES[key], "name", "starts")}
    draft = from_template(key, today)
    terms = draft.terms[0]
    rate = said.get(RATE, "")
    pools = tuple(_pool(pool, name, said) for pool, name in zip(terms.pools, (HOURS, FURTHER), strict=False))
    terms = terms.saying(
        fee=said.get(FEE, ""), overage_rate=rate, overage=_overage(key, terms["overage"], rate)
    )
    draft = draft.saying(
        key="",
        name=said["name"] or draft["name"],
        starts=said["starts"],
        ends=said.get(ENDS, ""),
        first_block=said.get(BOUGHT, ""),
    )
    return replace(draft, terms=(replace(terms, pools=pools),))


def _overage(key: str, usual: str, rate: str) -> str:
    """Who names a price has it billed; past a block's hours the next block pays, unless there is one."""
    return "bill" if rate else usual if key == "block" else "decline"


def _pool(pool: PoolDraft, name: str, said: Mapping[str, str]) -> PoolDraft:
    return pool.saying(hours=said[name]) if name in said else pool


def first_purchase(draft: AgreementDraft) -> tuple[tuple[TopUp, ...], str]:
    """What is granted with a new block on its first day, and what is wrong with the figure."""
    if not draft["first_block"]:
        return (), ""
    if not re.fullmatch(r"\d{1,5}(\.\d{1,2})?", draft["first_block"]) or not Decimal(draft["first_block"]):
        return (), _("Write the hours as a number above zero, like 40.")
    try:
        starts = date.fromisoformat(draft["starts"])
    except ValueError:
        return (), ""
    return (TopUp(starts, Decimal(draft["first_block"]), None, "never", _("First block")),), ""
