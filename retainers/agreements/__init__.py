"""Agreements as files and documents: read, checked, written. The values are in `retainers/terms`.

- from a file: `reading` is the way in; `tables` takes a table's keys, `readers` their single values, `file_lines` says
  on which line they stand, `retainer_tables` puts one retainer together
- what there is to read: `fields` has every field of an agreement once, each row as `rows` define it; apart stand what
  is `granted`, `rules` with their `patterns`, `business_hours`, and the provider's `words` in other languages
- what is wrong: `checks` for one retainer, `hiding` for its hidden pools, `claims` for what two would both have; each
  is one of the `problems`, with its place
- back to a file: `writing`
"""

from retainers.agreements.business_hours import (
    opening_times_document,
    opening_times_from_document,
    with_past_holidays,
)
from retainers.agreements.checks import check_agreement, check_rules
from retainers.agreements.claims import check_claims, check_companies, find_clashes
from retainers.agreements.fields import agreement_document, agreement_from_document
from retainers.agreements.problems import AgreementError, AgreementProblem
from retainers.agreements.rules import DEFAULT_RULES, rules_document, rules_from_document

__all__ = [
    "DEFAULT_RULES",
    "AgreementError",
    "AgreementProblem",
    "agreement_document",
    "agreement_from_document",
    "check_agreement",
    "check_claims",
    "check_companies",
    "check_rules",
    "find_clashes",
    "opening_times_document",
    "opening_times_from_document",
    "rules_document",
    "rules_from_document",
    "with_past_holidays",
]
