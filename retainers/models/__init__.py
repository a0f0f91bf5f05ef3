"""Clients, their retainers, and everything that was ever published about them.

`clients` and `agreements` say who is published about and by which terms, `published` what is, `acts` what is recorded
of closed cycles, `gate` what no client may read.
"""

from retainers.models.acts import ClosedMonth, InvoicedCycle, KeptFigures, Restatement, Statement
from retainers.models.agreements import AgreementVersion, Publication, Retainer, RuleBook
from retainers.models.clients import Client, CompanyName, Contact, MergedClient
from retainers.models.gate import LetThrough, StaffName
from retainers.models.published import (
    MAY_COUNT,
    Adjustment,
    Approval,
    Entry,
    LiveEntry,
    Notice,
    Published,
    TopUp,
)

__all__ = [
    "MAY_COUNT",
    "Adjustment",
    "AgreementVersion",
    "Approval",
    "Client",
    "ClosedMonth",
    "CompanyName",
    "Contact",
    "Entry",
    "InvoicedCycle",
    "KeptFigures",
    "LetThrough",
    "LiveEntry",
    "MergedClient",
    "Notice",
    "Publication",
    "Published",
    "Restatement",
    "Retainer",
    "RuleBook",
    "StaffName",
    "Statement",
    "TopUp",
]
