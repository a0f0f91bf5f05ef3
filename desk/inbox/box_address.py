"""Where the mailbox of the inbox is, as one setting says it: `imaps://user:password@mail.example.com/INBOX`. Pure."""

from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit

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


def read_box_address(text: str, setting: str = "INBOX_IMAP") -> BoxAddress | None:
    """None where nothing is set. ValueError says what is wrong, without the password.

    >>> read_box_address("imaps://hours%40msp.example:pw@mail.msp.example/Reports").folder
    'Reports'
    """
    if not text.strip():
        return None
    parts = urlsplit(text.strip())
    host, user, password = parts.hostname, parts.username, parts.password
    if parts.scheme not in PORTS or not (host and user and password):
        raise ValueError(
            f"{setting}: write imaps://user:password@host/FOLDER, with %40 for an @ in the user."
        )
    if parts.scheme == "imap" and host not in AT_HOME:
        raise ValueError(f"{setting}: imap:// sends the password in clear: write imaps:// or imap+tls://.")
    way, folder = parts.scheme, _folder(parts, setting)
    return BoxAddress(way, host, _port(parts, setting), unquote(user), unquote(password), folder)


def _port(parts: SplitResult, setting: str) -> int:
    try:
        return parts.port or PORTS[parts.scheme]
    except ValueError as error:
        raise ValueError(f"{setting}: the port isn't a number.") from error


def _folder(parts: SplitResult, setting: str) -> str:
    folder = unquote(parts.path.strip("/")) or FOLDER
    if not folder.isascii() or not folder.isprintable():
        raise ValueError(
            f"{setting}: the folder’s name has letters that IMAP spells otherwise: use plain ones."
        )
    return folder
