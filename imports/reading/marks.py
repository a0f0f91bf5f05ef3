"""What a cell says of its whole row: that its notes are internal, or that it does not stand. Pure."""

import re
from functools import lru_cache

_INTERNAL = (
    r"internal(?:ly)?|private|hidden|confidential|secret|invisible|not visible|staff|technicians?|agents?|"
    r"intern|privat|vertraulich|nur intern|interne|priv[ée]e?|confidentiel(?:le)?|interno|interna|privad[oa]|"
    r"confidencial|vertrouwelijk|priv[ée]"
)
_KIND = (
    r"notes?|comments?|memo|only|users?|use|visibility|discussion|(?:&|and|und|et|y|en) .*|notiz|notitie|nota"
)
_MARK = re.compile(
    rf"(?:(?:notes?|commentaires?|notas?|comentarios?) )?(?:{_INTERNAL})(?:[ -]+(?:{_KIND}))*", re.I
)
_BETWEEN_KINDS = re.compile(r"[,;|/]")
_BARE_PERSON = re.compile(r"(?:staff|technicians?|agents?)", re.I)


def marks_internal(cell: str) -> bool:
    """Whether a cell that tells kinds of rows apart says that its row is internal.

    >>> [marks_internal(cell) for cell in ("Private Note", "Internal Users Only", "Remote", "Staff", "Internal audit")]
    [True, True, False, False, False]
    """
    text = " ".join(cell.split())
    return bool(_MARK.fullmatch(text)) and not _BARE_PERSON.fullmatch(text)


@lru_cache(maxsize=2_000)
def names_internal_kind(cell: str) -> bool:
    """Whether one of the kinds of work or ticket that a cell names says so.

    >>> names_internal_kind("Remote; Private Note"), names_internal_kind("Remote")
    (True, False)
    """
    return any(map(marks_internal, _BETWEEN_KINDS.split(cell)))


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
