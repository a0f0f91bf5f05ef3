"""Bytes of an upload to text: content decides what a file is, never its name.

Refuses what is no text table, in a sentence that says what was seen and what to do. What the text means
is the business of `read` and of the formats.
"""

import codecs
from dataclasses import dataclass

from imports.reading.rows import Problem, UnreadableFileError

MAX_FILE_BYTES = 50 * 1024 * 1024

_SAVE_AS_CSV = "Open it, choose “Save as” or “Export”, pick CSV, and upload that file."
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", f"This is an Excel workbook or a ZIP archive, not a CSV file. {_SAVE_AS_CSV}"),
    (b"PK\x05\x06", "This is an empty ZIP archive, not a CSV file. Upload the CSV export itself."),
    (b"\xd0\xcf\x11\xe0", f"This is an old Excel or Word file, not a CSV file. {_SAVE_AS_CSV}"),
    (b"%PDF", "This is a PDF, not a CSV file. Run the report again and choose CSV as its format."),
    (b"\x1f\x8b", "This is a compressed (gzip) file. Unpack it and upload the CSV file inside."),
    (b"7z\xbc\xaf\x27\x1c", "This is a 7-Zip archive. Unpack it and upload the CSV file inside."),
    (b"Rar!", "This is a RAR archive. Unpack it and upload the CSV file inside."),
    (b"\x7fELF", "This is a program, not a CSV file. Upload the CSV export of your PSA."),
    (b"{\\rtf", f"This is a rich-text document, not a CSV file. {_SAVE_AS_CSV}"),
)
_PROGRAM = "This is a program, not a CSV file. Upload the CSV export of your PSA."
_WEB_PAGE = (
    "This is a web page, not a CSV file; often it is the sign-in page that came instead of the download. "
    "Sign in to your PSA, export again and choose CSV."
)
_XML = "This is an XML file, not a CSV file. Run the export again and choose CSV."
_MARK_UP = (b"<!doctype html", b"<html", b"<head", b"<body", b"<table", b"<script", b"<div", b"<!--")
_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text without its byte-order mark, and the encoding it was in."""

    text: str
    encoding: str


def decode(data: bytes) -> Decoded:
    """The text of an upload (formats.md, section 7: encodings).

    A byte-order mark decides; without one it is UTF-8 where every byte fits, else Windows' cp1252.
    Raises `UnreadableFileError` for what is no text.

    >>> decode(b"Date,Hours\\n").encoding, decode("Café".encode("cp1252")).text
    ('utf-8', 'Café')
    """
    _refuse_by_size(data)
    _refuse_by_content(data)
    decoded = _decode_marked(data) or _decode_unmarked(data)
    if "\0" in decoded.text:
        raise _unreadable(
            "The file holds zero bytes, so it is no CSV text (or UTF-16 without its mark). "
            "Save it again as “CSV UTF-8” and upload that."
        )
    if not decoded.text.strip():
        raise _unreadable("The file is empty. Export again, and look at the file before you upload it.")
    return decoded


def _refuse_by_size(data: bytes) -> None:
    if not data:
        raise _unreadable("The file is empty. Export again, and look at the file before you upload it.")
    if len(data) > MAX_FILE_BYTES:
        raise _unreadable(
            f"The file is too large: HourTab reads up to {MAX_FILE_BYTES // (1024 * 1024)} MB. "
            "Export a shorter period, for example one month."
        )


def _refuse_by_content(data: bytes) -> None:
    for signature, sentence in _SIGNATURES:
        if data.startswith(signature):
            raise _unreadable(sentence)
    if data.startswith(b"MZ") and b"\0" in data[:1024]:
        raise _unreadable(_PROGRAM)
    opening = data[:512].removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if opening.startswith(_MARK_UP):
        raise _unreadable(_WEB_PAGE)
    if opening.startswith(b"<?xml"):
        raise _unreadable(_XML)


def _decode_marked(data: bytes) -> Decoded | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            codec = "utf-8" if encoding == "utf-8-sig" else encoding
            try:
                return Decoded(data[len(mark) :].decode(codec), encoding)
            except UnicodeDecodeError as error:
                raise _undecodable(data, error.start + len(mark), codec) from error
    return None


def _decode_unmarked(data: bytes) -> Decoded:
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        if _is_mostly_utf8(data):
            raise _undecodable(data, error.start, "utf-8") from error
    try:
        return Decoded(data.decode("cp1252"), "cp1252")
    except UnicodeDecodeError as error:
        raise _undecodable(data, error.start, "cp1252") from error


def _is_mostly_utf8(data: bytes) -> bool:
    """UTF-8 with a damaged place or two: read as cp1252, every name with an accent would be garbled."""
    lenient = data.decode("utf-8", errors="replace")
    damaged = lenient.count("\ufffd")
    sound = len(lenient) - len(lenient.encode("ascii", errors="ignore")) - damaged
    return sound > damaged


def _undecodable(data: bytes, position: int, codec: str) -> UnreadableFileError:
    line = data.count(b"\n", 0, position) + 1
    return _unreadable(
        f"The letters in line {line} can't be read (the file seems to be {codec}, but damaged there). "
        "Save it again as “CSV UTF-8”, or export again.",
        line,
    )


def _unreadable(sentence: str, line: int = 0) -> UnreadableFileError:
    return UnreadableFileError(Problem(line, "", "", sentence))
