"""What an entry's own status says, in the words of many systems: whether it stands. Pure."""

import re

_REJECTED = (
    "rejected|reject|void|voided|declined|denied|cancelled|canceled|deleted|disapproved|"
    "abgelehnt|storniert|ungültig|zurückgewiesen|refusé|refusée|annulé|annulée|rejeté|rejetée|"
    "rechazado|rechazada|anulado|anulada|afgewezen|geannuleerd|afgekeurd"
)
_OTHERS = (
    "approved|unapproved|not approved|submitted|pending|pending approval|awaiting approval|draft|"
    "genehmigt|freigegeben|eingereicht|offen|approuvé|approuvée|soumis|soumise|en attente|"
    "aprobado|aprobada|enviado|pendiente|goedgekeurd|ingediend|concept"
)
_IS_REJECTED = re.compile(rf"(?:{_REJECTED})(?!\w)", re.I)
_IS_STATUS = re.compile(rf"(?:{_REJECTED}|{_OTHERS})(?!\w).*", re.I)


def is_rejected(status: str) -> bool:
    """Whether the entry is none by its own status; what stands behind the word says why.

    >>> is_rejected("Rejected"), is_rejected("  void (duplicate)"), is_rejected("Voiding soon"), is_rejected("")
    (True, True, False, False)
    """
    return bool(_IS_REJECTED.match(status.strip()))


def is_status(cell: str) -> bool:
    """Whether a cell looks like the status of an entry.

    >>> is_status("Approved by Jo"), is_status("Printer")
    (True, False)
    """
    return bool(_IS_STATUS.fullmatch(cell.strip()))
