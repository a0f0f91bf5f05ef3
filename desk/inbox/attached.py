"""What is attached to a mail, as far as it can be an export: CSV files and workbooks. Pure.

Whoever wrote the mail may mean ill: what can't be read is no attachment, names lose their folders, archives are not
opened, and of too much nothing is taken. Python's reader of mails looks a header through once for each of its signs,
and every line once for each multipart that it stands in: a mail of some hundred kilobytes could keep it busy for hours.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.policy import Compat32, Policy
from itertools import count
from typing import Any

from imports.reading.rows import MAX_FILE_BYTES

ENDINGS = (".csv", ".xlsx")
CSV_TYPES = ("text/csv", "application/csv", "text/comma-separated-values")
MOST_FILES = 20
MOST_PARTS = 500
MOST_MULTIPARTS = 30
MOST_LINES = 2_000_000  # 50 MB as a mail carries them are 900,000
LONGEST_HEADER = 4096  # of those that say what a part is
UNNAMED = "mail.csv"
UNREADABLE = (ValueError, TypeError, RecursionError)  # of Python's reader, where a mail is malformed


class BadMailError(Exception):
    """The mail is put aside; the sentence says why."""


_MULTIPART = re.compile(rb"(?:^|[\r\n])content-type:\s*multipart", re.IGNORECASE)


class ShortHeaders(Compat32):
    """Refuses a part whose own headers would keep the reader busy."""

    def header_source_parse(self, sourcelines: Sequence[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(list(sourcelines))
        if name.lower().startswith("content-") and len(value) > LONGEST_HEADER:
            raise BadMailError(f"its header {name} has more than {LONGEST_HEADER} signs")
        return name, value


@dataclass(frozen=True, slots=True)
class Attached:
    file_name: str
    data: bytes


def attached_to(mail: bytes) -> tuple[Attached, ...]:
    """Its CSV files and workbooks, in their order. Raises `BadMailError` for a mail without any, or with too much."""
    refuse_by_size(mail)
    try:
        found = tuple(_files(_read(mail)))
    except UNREADABLE as error:
        raise BadMailError("it can't be read as a mail") from error
    if not found:
        raise BadMailError("no CSV file and no workbook is attached to it")
    if len(found) > MOST_FILES:
        raise BadMailError(f"it has more than {MOST_FILES} files")
    return found


def refuse_by_size(mail: bytes) -> None:
    """Before anything is read: `BadMailError` for a mail of too many lines or multiparts."""
    if max(mail.count(b"\n"), mail.count(b"\r")) > MOST_LINES:
        raise BadMailError(f"it has more than {MOST_LINES} lines")
    if sum(1 for _ in _MULTIPART.finditer(mail)) > MOST_MULTIPARTS:
        raise BadMailError(f"it has more than {MOST_MULTIPARTS} multiparts")


def _read(mail: bytes) -> "Message[str, str]":
    """Stops at the first part too many: an empty one takes seven signs, so a small mail can have a million of them."""
    numbers = count(1)

    def part(policy: "Policy[Message[str, str]]") -> "Message[str, str]":
        if next(numbers) > MOST_PARTS:
            raise BadMailError(f"it has more than {MOST_PARTS} parts")
        return Message(policy=policy)

    return message_from_bytes(mail, policy=ShortHeaders(message_factory=part))


def _files(mail: "Message[Any, Any]") -> Iterator[Attached]:
    for part in mail.walk():
        name = "" if part.is_multipart() else _name(part)
        if not name:
            continue
        data = part.get_payload(decode=True)
        if not isinstance(data, bytes) or not data:
            continue
        if len(data) > MAX_FILE_BYTES:
            raise BadMailError(f"“{name}” has more than {MAX_FILE_BYTES // (1024 * 1024)} MB")
        yield Attached(name, data)


def _name(part: "Message[Any, Any]") -> str:
    """What the file is called, without folders; "" where it is no export."""
    said = part.get_filename()
    if said is None:
        return UNNAMED if part.get_content_type() in CSV_TYPES else ""
    name = _decoded(said).replace("\\", "/").rpartition("/")[2].strip()
    name = "".join(sign for sign in name if sign.isprintable())
    return name if name.lower().endswith(ENDINGS) and name.lower() not in ENDINGS else ""


def _decoded(text: str) -> str:
    """A name that was written as an encoded word; as it stands where it can't be decoded."""
    try:
        return str(make_header(decode_header(text)))
    except (MessageError, ValueError, LookupError):
        return text
