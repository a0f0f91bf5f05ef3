"""Up to three drafts of terms as the address of the page says them: read, judged by the rules of the file.

A draft names only what differs from the terms it begins with, so that a link stays short; the form says all.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.http import QueryDict

from desk.agreements.draft import AgreementDraft, TermsDraft, draft_of
from desk.agreements.tables import input_of, table_of
from retainers.agreements.problems import Place
from retainers.agreements.retainer_tables import read_retainer
from retainers.agreements.tables import Table
from retainers.terms import Agreement, Terms

MOST = 3
LONGEST = 40
KEPT, NONE = "kept", "none"  # what becomes of the hours bought in the time that is looked back on
PLAIN = (
    "sharing",
    "increment",
    "minimum",
    "overage",
    "overage_rate",
    "rollover",
    "rollover_hours",
    "rollover_cycles",
    "fee",
    "currency",
)
IN_FORM = "terms-0-"


@dataclass(frozen=True, slots=True)
class TrialDraft:
    """A draft as it was typed; with no `errors` (by the name of the input), `terms` are what it says."""

    number: int
    typed: TermsDraft
    bought: str
    terms: Terms
    errors: Mapping[str, Sequence[str]]

    @property
    def prefix(self) -> str:
        return prefix_of(self.number)


def prefix_of(number: int) -> str:
    return f"d{number}-"


def form_of(agreement: Agreement, terms: Terms, since: date) -> AgreementDraft:
    """The form of an agreement that has had these terms alone, from that day on."""
    alone = replace(terms, starts=since, months=None, anchor_day=None, anchor_month=None)
    return draft_of(Agreement(agreement.key, agreement.name, since, (alone,)))


def drafts_in(query: QueryDict, form: AgreementDraft) -> tuple[TrialDraft, ...]:
    """The drafts that the address names, each with what is wrong with it."""
    return tuple(_draft(query, form, number) for number in range(1, MOST + 1) if f"d{number}" in query)


def _draft(query: QueryDict, form: AgreementDraft, number: int) -> TrialDraft:
    typed = _typed(query, form.terms[0], prefix_of(number))
    bought = NONE if query.get(f"{prefix_of(number)}bought") == NONE else KEPT
    terms, errors = _judged(replace(form, terms=(typed,)), prefix_of(number))
    return TrialDraft(number, typed, bought, terms, errors)


def _typed(query: QueryDict, base: TermsDraft, prefix: str) -> TermsDraft:
    """The base with what was typed in its place."""

    def text(name: str, otherwise: str) -> str:
        return query.get(prefix + name, otherwise).strip()[:LONGEST]

    pools = (
        pool.saying(hours=text(f"pools-{row}-hours", pool["hours"])) for row, pool in enumerate(base.pools)
    )
    kinds = (
        kind.saying(factor=text(f"kinds-{row}-factor", kind["factor"])) for row, kind in enumerate(base.kinds)
    )
    said = base.saying(**{name: text(name, base[name]) for name in PLAIN})
    return replace(said, pools=tuple(pools), kinds=tuple(kinds))


def _judged(draft: AgreementDraft, prefix: str) -> tuple[Terms, dict[str, list[str]]]:
    """What the file would hold, read by the file's reader."""
    table = Table(table_of(draft), Place(), [])
    terms = read_retainer(table, has_business_hours=True).agreement.terms[0]
    errors: dict[str, list[str]] = defaultdict(list)
    for found, message in table.findings:
        name = input_of(found.path, draft)
        errors[prefix + name.removeprefix(IN_FORM)].append(f"{message[:1].upper()}{message[1:]}.")
    return terms, dict(errors)
