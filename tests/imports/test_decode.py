"""Bytes to text: what is refused, in words a manager understands, and how the encoding is found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imports.reading import decode as decode_module
from imports.reading.decode import Decoded, decode
from imports.reading.rows import UnreadableFileError

LINE = "Kunde;Größe – “é”\r\n"


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableFileError) as raised:
        decode(data)
    return raised.value.problems[0].message


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (LINE.encode(), "utf-8"),
        (b"\xef\xbb\xbf" + LINE.encode(), "utf-8-sig"),
        (b"\xff\xfe" + LINE.encode("utf-16-le"), "utf-16-le"),
        (b"\xfe\xff" + LINE.encode("utf-16-be"), "utf-16-be"),
        (LINE.encode("cp1252"), "cp1252"),
    ],
)
def test_every_encoding_gives_the_same_text(data: bytes, encoding: str) -> None:
    assert decode(data) == Decoded(LINE, encoding)


@pytest.mark.parametrize(
    ("data", "seen", "wanted"),
    [
        (b"", "empty", "Export again"),
        (b" \r\n \r\n", "empty", "Export again"),
        (b"\xef\xbb\xbf", "empty", "Export again"),
        (b"PK\x03\x04\x14\x00xl/workbook.xml", "Excel", "CSV"),
        (b"PK\x05\x06" + bytes(18), "ZIP", "CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Excel", "CSV"),
        (b"%PDF-1.7\n%", "PDF", "CSV"),
        (b"MZ\x90\x00\x03\x00\x00\x00", "program", "CSV"),
        (b"\x7fELF\x02\x01\x01", "program", "CSV"),
        (b"\x1f\x8b\x08\x00\x00", "gzip", "Unpack"),
        (b"<!DOCTYPE html><html><body>Sign in</body>", "web page", "Sign in"),
        (b"\n  <HTML>", "web page", "Sign in"),
        (b"\xef\xbb\xbf<html>", "web page", "Sign in"),
        (b'<?xml version="1.0"?>', "XML", "CSV"),
        (b"{\\rtf1\\ansi", "rich-text", "CSV"),
        (b"Date,Hours\n2026-06-02,\x001\n", "zero bytes", "as CSV"),
        ("Date,Hours\n".encode("utf-16-le"), "UTF-16 without its mark", "--encoding utf-16-le"),
        ("Date,Hours\n".encode("utf-16-be"), "UTF-16 without its mark", "--encoding utf-16-be"),
        (b"\xff\xfe" + "Date\0,Hours\n".encode("utf-16-le"), "zero bytes", "as CSV"),
    ],
)
def test_what_is_no_text_table_is_refused_with_what_to_do(data: bytes, seen: str, wanted: str) -> None:
    sentence = refusal(data)
    assert seen in sentence
    assert wanted in sentence


def test_a_file_over_the_limit_is_refused_before_anything_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decode_module, "MAX_FILE_BYTES", 1024 * 1024)
    assert "up to 1 MB" in refusal(b"PK\x03\x04" + bytes(1024 * 1024))
    assert decode(b"a" * 1024 * 1024).encoding == "utf-8"


def test_the_limit_is_fifty_megabytes() -> None:
    assert decode_module.MAX_FILE_BYTES == 50 * 1024 * 1024


def test_damaged_utf8_is_refused_with_its_line_instead_of_garbling_every_name() -> None:
    data = "Çelik,Müh\nŞirket,é\n".encode() + b"bad \xff byte\n"
    assert "line 3" in refusal(data)


def test_bytes_that_are_not_plainly_windows_are_asked_about_with_their_line() -> None:
    assert "line 2" in refusal(b"cafe\nS\x81hne\n")


def test_a_half_utf16_file_is_refused() -> None:
    assert "CSV UTF-8" in refusal(b"\xff\xfeD\x00a")


def test_text_that_begins_like_a_program_is_still_text() -> None:
    assert decode(b"MZ number,Hours\n").text.startswith("MZ")


@given(st.binary(max_size=300))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        decoded = decode(data)
    except UnreadableFileError:
        return
    assert "\0" not in decoded.text
    assert decoded.text.strip()
