"""Bytes of an upload to text: content decides what a file is, never its name.

Refuses what is no text table, in a sentence that says what was seen and what to do. What the text means
is for `headers` and the formats.
"""

import codecs
import re
from typing import NamedTuple

from imports.reading.code_pages import CANDIDATES, NAMES, guess, is_known, shown_rows
from imports.reading.rows import MAX_FILE_BYTES, Problem, ReadingOption, UnreadableFileError

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
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_PROTECTED = (
    "This workbook is protected by a password. Open it, take the password off, save it, and upload it again."
)
_PROGRAM = "This is a program, not a CSV file. Upload the CSV export of your PSA."
_WEB_PAGE = (
    "This is a web page, not a CSV file; often it is the sign-in page that came instead of the download. "
    "Sign in to your PSA, export again and choose CSV."
)
_SHEET_OF_HTML = (
    "This is a web page with a table, not a CSV file: some systems write it under a spreadsheet's name. "
    f"{_SAVE_AS_CSV}"
)
_SEARCHED_BYTES = 4096
_XML = "This is an XML file, not a CSV file. Run the export again and choose CSV."
_JSON = (
    "This is JSON, not a CSV file: often what an API answers, or a backup. Run the report again and choose CSV "
    "as its format."
)
_MARK_UP = re.compile(rb"<(?:!doctype|!--|[a-z][a-z0-9]{0,15}[\s/>])", re.IGNORECASE)
_JSON_OPENING = re.compile(rb"\[\s*[\[{\]]|\{\s*[\"}]")
_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class Decoded(NamedTuple):
    """The text without its byte-order mark, and the encoding it was in."""

    text: str
    encoding: str


def decode(data: bytes, encoding: str = "") -> Decoded:
    """The text of an upload (formats.md, section 7: encodings).

    A byte-order mark decides; without one it is UTF-8 where every byte fits, else Windows' cp1252 where that
    is plain. `encoding`: what a person said. Raises `UnreadableFileError` for what is no text, with the choice
    of code pages where one of them would make it text.

    >>> decode(b"Date,Hours\\n").encoding, decode("Café".encode("cp1252")).text
    ('utf-8', 'Café')
    """
    refuse_by_size(data)
    _refuse_by_content(data)
    decoded = _decode_said(data, encoding) if encoding else _decode_marked(data) or _decode_unmarked(data)
    if "\0" in decoded.text:
        raise _without_mark(data)
    if not decoded.text.strip():
        raise _unreadable("The file is empty. Export again, and check the file before you upload it.")
    return decoded


def refuse_by_size(data: bytes) -> None:
    """Raises `UnreadableFileError` for a file that is empty or too large, whatever it is."""
    if not data:
        raise _unreadable("The file is empty. Export again, and check the file before you upload it.")
    if len(data) > MAX_FILE_BYTES:
        raise _unreadable(
            f"The file is too large: HourTab reads up to {MAX_FILE_BYTES // (1024 * 1024)} MB. "
            "Export a shorter period, for example one month."
        )


def _refuse_by_content(data: bytes) -> None:
    _refuse_binary(data)
    opening = data[:512].removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if opening.startswith(b"<?xml"):
        raise _unreadable(_XML)
    if _MARK_UP.match(opening):
        raise _unreadable(_SHEET_OF_HTML if b"<table" in data[:_SEARCHED_BYTES].lower() else _WEB_PAGE)
    if _JSON_OPENING.match(opening):
        raise _unreadable(_JSON)


def _refuse_binary(data: bytes) -> None:
    if data.startswith(b"\xd0\xcf\x11\xe0") and _ENCRYPTED in data:
        raise _unreadable(_PROTECTED)
    for signature, sentence in _SIGNATURES:
        if data.startswith(signature):
            raise _unreadable(sentence)
    if data.startswith(b"MZ") and b"\0" in data[:1024]:
        raise _unreadable(_PROGRAM)


def _decode_marked(data: bytes) -> Decoded | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            codec = "utf-8" if encoding == "utf-8-sig" else encoding
            try:
                return Decoded(data[len(mark) :].decode(codec), encoding)
            except UnicodeDecodeError as error:
                raise _undecodable(data, error.start + len(mark), codec) from error
    return None


def _decode_said(data: bytes, encoding: str) -> Decoded:
    if not is_known(encoding):
        raise _unreadable(
            f"“{encoding}” isn't an encoding HourTab knows; there are, for example, utf-8, cp1252 and cp850."
        )
    try:
        return Decoded(data.decode(encoding).removeprefix("\ufeff"), encoding)
    except UnicodeDecodeError as error:
        raise _undecodable(data, error.start, encoding) from error


def _decode_unmarked(data: bytes) -> Decoded:
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        if _is_mostly_utf8(data):
            raise _undecodable(data, error.start, "utf-8") from error
        found = guess(data)
        if not found.is_plain:
            raise _in_code_page(data, error.start, found.encoding) from error
    return Decoded(data.decode("cp1252", errors="replace"), "cp1252")


def _in_code_page(data: bytes, position: int, likely: str) -> UnreadableFileError:
    """Nothing says which code page it is: the choice, the likeliest first."""
    line = data.count(b"\n", 0, position) + 1
    sentence = (
        f"The letters, for example in line {line}, don’t fit any encoding the file names; most likely it is "
        f"{NAMES[likely]}. Choose it (--encoding {likely}), or save the file again as “CSV UTF-8”."
    )
    ranked = (likely, *(name for name in CANDIDATES if name != likely))
    readings = tuple((name, shown_rows(data, name)) for name in ranked)
    choice = ReadingOption("encoding", tuple(found for found in readings if "\ufffd" not in str(found[1])))
    return UnreadableFileError(Problem(line, "", "", sentence), choice=choice)


def _without_mark(data: bytes) -> UnreadableFileError:
    """Zero bytes: UTF-16 without its mark where every second byte is one, else no text at all."""
    sample = data[: _SEARCHED_BYTES * 2]
    zeros = (sample[0::2].count(0), sample[1::2].count(0))
    is_marked = any(data.startswith(mark) for mark, _encoding in _MARKS)
    if is_marked or min(zeros) * 10 > max(zeros) or max(zeros) * 4 < len(sample):
        return _unreadable("The file holds zero bytes, so it isn't CSV text. Run the report again, as CSV.")
    likely = "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"
    rows = tuple((line[:200],) for line in data[:2000].decode(likely, errors="replace").splitlines()[:3])
    sentence = (
        f"The file is most likely {NAMES[likely]}. Choose it (--encoding {likely}), or save the file again as "
        "“CSV UTF-8” and upload that."
    )
    return UnreadableFileError(
        Problem(0, "", "", sentence), choice=ReadingOption("encoding", ((likely, rows),))
    )


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
