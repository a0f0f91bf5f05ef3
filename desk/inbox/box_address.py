"""Where the mailbox of the inbox is, as one setting says it: `imaps://user:password@mail.example.com/INBOX`. Pure."""

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

PORTS = {"imaps": 993, "imap+tls": 143, "imap": 143}
AT_HOME = ("localhost", "127.0.0.1", "::1")
FOLDER = "INBOX"


@dataclass(frozen=True, slots=True)
class BoxAddress:
    """`way` is how it is encrypted: from the first word (imaps), after a word (imap+tls), or not (imap, at home)."""

    way: str
    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = FOLDER


def read_box_address(text: str) -> BoxAddress | None:
    """None where nothing is set. ValueError says what is wrong, without the password.

    >>> read_box_address("imaps://hours%40msp.example:pw@mail.msp.example/Reports").folder
    'Reports'
    """
    if not text.strip():
        return None
    parts = urlsplit(text.strip())
    try:
        port = parts.port
    except ValueError as error:
        raise ValueError("INBOX_IMAP: the port isn't a number.") from error
    if parts.scheme not in PORTS or not parts.hostname or not parts.username or not parts.password:
        raise ValueError(
            "INBOX_IMAP: write imaps://user:password@host/FOLDER, with %40 for an @ in the user."
        )
    if parts.scheme == "imap" and parts.hostname not in AT_HOME:
        raise ValueError("INBOX_IMAP: imap:// sends the password in clear: write imaps:// or imap+tls://.")
    folder = unquote(parts.path.strip("/")) or FOLDER
    if not folder.isascii() or not folder.isprintable():
        raise ValueError(
            "INBOX_IMAP: the folder’s name has letters that IMAP spells otherwise: use plain ones."
        )
    user, password = unquote(parts.username), unquote(parts.password)
    return BoxAddress(parts.scheme, parts.hostname, port or PORTS[parts.scheme], user, password, folder)
