"""What a cell says that keeps its row's notes from clients: "Private Note", "Internal Users Only". Pure."""

import re

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
_BARE_PERSON = re.compile(r"(?:staff|technicians?|agents?)", re.I)


def marks_internal(cell: str) -> bool:
    """Whether a cell that tells kinds of rows apart says that its row is internal.

    >>> [marks_internal(cell) for cell in ("Private Note", "Internal Users Only", "Remote", "Staff", "Internal audit")]
    [True, True, False, False, False]
    """
    text = " ".join(cell.split())
    return bool(_MARK.fullmatch(text)) and not _BARE_PERSON.fullmatch(text)
