"""Agreements as files and documents: read, checked, written. The values are in `retainers.terms`."""

from retainers.agreements.business_hours import (
    opening_times_document,
    opening_times_from_document,
    with_past_holidays,
)
from retainers.agreements.checks import check_agreement, check_rules
from retainers.agreements.claims import check_claims, check_companies
from retainers.agreements.fields import agreement_document, agreement_from_document
from retainers.agreements.problems import AgreementError, AgreementProblem
from retainers.agreements.reading import read_client, read_file
from retainers.agreements.rules import DEFAULT_RULES, rules_document, rules_from_document
from retainers.agreements.writing import write_file

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
    "opening_times_document",
    "opening_times_from_document",
    "read_client",
    "read_file",
    "rules_document",
    "rules_from_document",
    "with_past_holidays",
    "write_file",
]
