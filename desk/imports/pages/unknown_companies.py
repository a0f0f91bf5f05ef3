"""The unknown companies of a preview: those that may be clients, those that are like none, and what was left out.

What a company may have agreed to is only proposed, from the names of its agreements in the file, in a row that a
person looks at: "Prepaid Block 40h" is a prepaid block of 40 hours.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.agreements.usual_agreements import TEMPLATES, USUAL_TERMS, Template
from desk.imports.pages.typed_companies import NOTHING_TYPED, TypedTable
from desk.imports.selectors import clients_to_choose
from imports.publishing.plan import Plan
from imports.publishing.plan_marks import ClientMark, Unknown
from presentation import counts, phrases
from retainers.agreements import agreement_from_document
from retainers.company_names import is_garbled
from retainers.selectors import retainers_of
from retainers.terms import WEEKDAYS

HOURS = re.compile(
    r"(?<![\d.,])(\d{1,3}(?:[.,]\d{1,2})?)\s*-?\s*(?:h|hrs?|hours?|std|stunden)\b", re.IGNORECASE
)
BLOCKS = re.compile(r"\b(?:block|prepaid|pre-paid|kontingent)", re.IGNORECASE)
FIXED_FEES = re.compile(r"\b(?:managed|flat|fixed|all[- ]?in|unlimited|ayce)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Proposal:
    """`template` is a key of `TEMPLATES`; `hours` as an input holds them, "" where no name says any."""

    template: str = "bank"
    hours: str = ""


def proposed(agreements: Iterable[str]) -> Proposal:
    """The first name that says hours decides; else the first that says a kind of agreement; else a time bank.

    >>> proposed(["Prepaid Block 40h"])
    Proposal(template='block', hours='40')
    >>> proposed(["Managed Services", "Support 12,5 hours"])
    Proposal(template='bank', hours='12.5')
    """
    names = list(agreements)
    for name in names:
        found = HOURS.search(name)
        if found:
            return Proposal(_kind(name), found[1].replace(",", "."))
    kinds = [kind for kind in map(_kind, names) if kind != "bank"]
    return Proposal(kinds[0] if kinds else "bank")


def _kind(name: str) -> str:
    if BLOCKS.search(name):
        return "block"
    return "hybrid" if FIXED_FEES.search(name) else "bank"


AT_ONCE = 12  # answered, they make room for the next ones
STRANGERS_AT_ONCE = 100  # folded: any of them may be the one that is a client
IN_VIEW = 12  # of them, once they are unfolded; the rest unfolds below


@dataclass(frozen=True, slots=True)
class Company:
    """A company that is no client yet; `index` names it in the form, `sign` is what is left out with it.
    `may_learn`: its letters can be a name's.

    `agreements` are what the file calls its agreements, `proposal` the agreement that they make likely. `is_known`:
    it is a client, and none of its agreements here (`takers`, key and name) names this one of the PSA. `wrong`: why
    it can't become a client as it was typed; the first such row `comes_first`.
    """

    index: int
    name: str
    rows: str
    near: tuple[ClientMark, ...]
    may_learn: bool
    agreements: str
    proposal: Proposal
    sign: str
    is_known: bool = False
    takers: tuple[tuple[str, str], ...] = ()
    ticked: bool = False
    wrong: str = ""
    comes_first: bool = False


@dataclass(frozen=True, slots=True)
class Companies:
    """`likely`: with a client's name that is like theirs, and rows without a name; `strangers`: all others.

    `choices` are the names of all clients, `templates` the agreements that a new client can begin with, `days`
    the weekdays on which new clients' pages may be brought up to date, and whether each is ticked; `hours` stand
    for those that have none of their own.
    """

    likely: tuple[Company, ...]
    more_likely: str
    strangers: tuple[Company, ...]
    strangers_words: str
    more_strangers: str
    many_strangers: bool
    left_out: str
    choices: tuple[str, ...]
    templates: tuple[Template, ...]
    days: tuple[tuple[str, str, bool], ...]
    hours: str

    @property
    def is_first_day(self) -> bool:
        """Nobody is a client yet: so these are, until a tick is taken away."""
        return not self.choices and bool(self.strangers)

    @property
    def usual(self) -> str:
        return str(USUAL_TERMS)

    @property
    def strangers_in_view(self) -> tuple[Company, ...]:
        """All of them on the first day, when each becomes a client; later the first ones."""
        return self.strangers if self.is_first_day else self.strangers[:IN_VIEW]

    @property
    def strangers_folded(self) -> tuple[Company, ...]:
        return self.strangers[len(self.strangers_in_view) :]

    @property
    def folded_words(self) -> str:
        return f"{len(self.strangers_folded)} more"

    @property
    def is_empty(self) -> bool:
        return not (self.likely or self.strangers or self.left_out)


def companies(plan: Plan, typed: TypedTable = NOTHING_TYPED) -> Companies:
    """`typed` is what stands in their table already."""
    found = open_companies(plan)
    likely = [each for each in found if each.near or not each.name]
    strangers = [each for each in found if each not in likely]
    names = tuple(dict(clients_to_choose()).values()) if found else ()
    return Companies(
        likely=_with_takers(likely[:AT_ONCE], plan),
        more_likely=_more(len(likely) - AT_ONCE),
        strangers=tuple(_as_typed(each, typed, usually=not names) for each in strangers[:STRANGERS_AT_ONCE]),
        strangers_words=_strangers_words(strangers, any_client=bool(names)),
        more_strangers=_more(len(strangers) - STRANGERS_AT_ONCE),
        many_strangers=len(strangers) > 1,
        left_out=_left_out(plan),
        choices=names,
        templates=tuple(TEMPLATES.values()) if found else (),
        days=tuple((day, str(WEEKDAYS_ABBR[at]), day in typed.days) for at, day in enumerate(WEEKDAYS)),
        hours=typed.hours,
    )


def _as_typed(company: Company, typed: TypedTable, *, usually: bool) -> Company:
    """With what was typed of it. Until then the tick is what it `usually` is."""
    row = typed.rows.get(company.name)
    if row is None:
        return replace(company, ticked=usually)
    return replace(
        company,
        ticked=row.ticked,
        proposal=Proposal(row.template, row.hours),
        wrong=typed.wrong.get(company.name, ""),
        comes_first=company.name == typed.first_wrong,
    )


def open_companies(plan: Plan) -> list[Company]:
    """Every unknown company that nobody has left out of this import, the likeliest clients first."""
    asked = (each for each in plan.unknown if each.sign not in plan.options.left_out)
    return [_company(index, each) for index, each in enumerate(asked)]


def _company(index: int, unknown: Unknown) -> Company:
    words = f"{counts.rows(unknown.rows)}, {phrases.h(unknown.hours)}"
    return Company(
        index=index,
        name=unknown.company,
        rows=words,
        near=unknown.near,
        may_learn=not is_garbled(unknown.company),
        agreements=phrases.some(unknown.agreements, 2),
        proposal=proposed(unknown.agreements),
        sign=unknown.sign,
        is_known=unknown.of is not None,
    )


def _with_takers(companies: Sequence[Company], plan: Plan) -> tuple[Company, ...]:
    """With the agreements of their clients to which a PSA's agreement that nobody names can be given."""
    slugs = {each.sign: each.of.slug for each in plan.unknown if each.of}
    rows = retainers_of([slugs[each.sign] for each in companies if each.is_known]) if slugs else ()
    names: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in rows:
        if row.publication is not None:
            agreement = agreement_from_document(row.publication.version.document)
            names[row.client.slug].append((agreement.key, agreement.name))
    return tuple(
        replace(each, takers=tuple(names[slugs[each.sign]])) if each.is_known else each for each in companies
    )


def _more(count: int) -> str:
    if count <= 0:
        return ""
    text = ngettext(
        "%(count)d more appears once these are answered.",
        "%(count)d more appear once these are answered.",
        count,
    )
    return text % {"count": count}


def _strangers_words(strangers: Sequence[Company], *, any_client: bool) -> str:
    """How many companies there are that are like no client, in words."""
    if not strangers:
        return ""
    text = (
        ngettext(
            "%(count)d company isn’t like any of your clients",
            "%(count)d companies aren’t like any of your clients",
            len(strangers),
        )
        if any_client
        else ngettext(
            "%(count)d company, not a client yet: make it one",
            "%(count)d companies, none of them a client yet: make them",
            len(strangers),
        )
    )
    return text % {"count": len(strangers)}


def _left_out_name(unknown: Unknown) -> str:
    if unknown.of is not None:
        return f"{unknown.company}: {unknown.agreement or _('no agreement')}"
    return unknown.company or _("no company")


def _left_out(plan: Plan) -> str:
    names = [_left_out_name(each) for each in plan.unknown if each.sign in plan.options.left_out]
    return _("Left out: %(names)s") % {"names": phrases.some(names, 10)} if names else ""
