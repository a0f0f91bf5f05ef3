"""Why a cycle is restated, from what of an agreement has changed."""

from dataclasses import replace

from retainers.restating.models import Restatement
from retainers.terms import Agreement


def cause_of(before: Agreement | None, after: Agreement) -> str:
    """Terms, where more than the retainer's own rules and business hours differs; grants, where nothing does."""
    if before is None or _agreed(before) != _agreed(after):
        return Restatement.Cause.TERMS
    if before.business_hours != after.business_hours:
        return Restatement.Cause.HOURS
    return Restatement.Cause.RULES if before.rules != after.rules else Restatement.Cause.GRANT


def _agreed(agreement: Agreement) -> Agreement:
    return replace(agreement, rules=(), business_hours=())
