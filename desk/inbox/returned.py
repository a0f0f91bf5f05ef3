"""A mail that says of another that it could not be delivered (RFC 3464): which one, and why. Pure.

Only what a mail server says in its own fields counts, never a sentence: who is on holiday writes "undeliverable" too.
That a mail is only late (`Action: delayed`) is no return, nor that it arrived. What the report is about is told by the
Message-ID alone, in the headers that came back or in what it answers; it may name several, and none of ours.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email import message_from_bytes, message_from_string
from email.message import Message
from typing import Any

from desk.inbox.attached import UNREADABLE, BadMailError, ShortHeaders, refuse_by_size

A_REPORT = "multipart/report"
OF_DELIVERY = "delivery-status"
MOST_BLOCKS = 5000  # of a report: one for each recipient; each is a small mail to Python's reader
LONGEST = 200  # of what a server says
_SAYS_SO = re.compile(rb"delivery-status", re.IGNORECASE)
_BLOCK = re.compile(rb"(?:\r?\n){2}|\r{2}")
_NAMES = re.compile(r"<([^<>@\s]{1,100})@[^<>\s]{1,255}>")


@dataclass(frozen=True, slots=True)
class Returned:
    """`names` are the local parts of the Message-IDs that it may be about; `why` is "" where nothing failed."""

    names: tuple[str, ...]
    why: str


def read_returned(mail: bytes) -> Returned | None:
    """None for any other mail. Raises `BadMailError` for a report with too much in it, or that can't be read."""
    if _SAYS_SO.search(mail) is None:
        return None
    refuse_by_size(mail)
    if sum(1 for _ in _BLOCK.finditer(mail)) > MOST_BLOCKS:
        raise BadMailError(f"it reports a delivery in more than {MOST_BLOCKS} pieces")
    try:
        read = message_from_bytes(mail, policy=ShortHeaders())
        return _returned(read) if _is_report(read) else None
    except UNREADABLE as error:
        raise BadMailError("it can't be read as a mail") from error


def _is_report(mail: "Message[Any, Any]") -> bool:
    kind = str(mail.get_param("report-type") or "")
    return mail.get_content_type() == A_REPORT and kind.lower() == OF_DELIVERY


def _returned(report: "Message[Any, Any]") -> Returned:
    parts = [part for part in report.get_payload() if isinstance(part, Message)]
    failed = [block for block in _of_recipients(parts) if _has_failed(block)]
    names = _names([report, *_came_back(parts)])
    return Returned(names, _why(failed[0]) if failed else "")


def _of_recipients(parts: Iterable["Message[Any, Any]"]) -> Iterator["Message[Any, Any]"]:
    """What the server says of each recipient: a block of fields each, after the one about the mail as a whole."""
    for part in parts:
        if part.get_content_type() == f"message/{OF_DELIVERY}" and part.is_multipart():
            yield from (block for block in part.get_payload() if isinstance(block, Message))


def _has_failed(block: "Message[Any, Any]") -> bool:
    """`failed` is the server's last word, also after days of trying (its status is then 4.x.x)."""
    if not (block["Final-Recipient"] or block["Original-Recipient"]):
        return False
    return _said(block, "Action").lower().partition(" ")[0] == "failed" and not _said(
        block, "Status"
    ).startswith("2")


def _why(block: "Message[Any, Any]") -> str:
    """In the server's words: "550 5.1.1 no such mailbox"; else its code."""
    words = _said(block, "Diagnostic-Code").partition(";")[2].strip() or _said(block, "Status")
    address = (
        (_said(block, "Original-Recipient") or _said(block, "Final-Recipient")).partition(";")[2].strip()
    )
    return f"{address}: {words or 'undeliverable'}"[:LONGEST]


def _said(block: "Message[Any, Any]", name: str) -> str:
    """A field in one line, without signs that can't be printed."""
    line = " ".join(str(block[name] or "").split())
    return "".join(sign for sign in line if sign.isprintable())


def _came_back(parts: Iterable["Message[Any, Any]"]) -> Iterator["Message[Any, Any]"]:
    """The mail that was not delivered, whole or its headers alone."""
    for part in parts:
        kind = part.get_content_type()
        if kind in ("message/rfc822", "message/global") and part.is_multipart():
            yield from (inner for inner in part.get_payload() if isinstance(inner, Message))
        elif kind == "text/rfc822-headers":
            data = part.get_payload(decode=True)
            if isinstance(data, bytes):
                yield message_from_string(data.decode("latin-1"), policy=ShortHeaders())


def _names(mails: Iterable["Message[Any, Any]"]) -> tuple[str, ...]:
    """Ids of the returned headers, and what the report says it answers; its own Message-ID is the server's."""
    report, *returned = mails
    fields = [str(report[name] or "") for name in ("In-Reply-To", "References")]
    fields += [str(mail["Message-ID"] or "") for mail in returned]
    return tuple(dict.fromkeys(name for text in fields for name in _NAMES.findall(text)))[:20]
