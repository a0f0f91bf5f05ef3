"""What is attached to a mail, by its bytes alone: none leads out of a folder, is unpacked, or keeps the reader busy.

What makes Python's reader of mails fail is put aside, be it a mail with files or a mail server's report.
"""

import io
import zipfile
from contextlib import suppress
from email.message import Message

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.inbox import attached
from desk.inbox.attached import (
    LONGEST_HEADER,
    MOST_FILES,
    MOST_MULTIPARTS,
    MOST_PARTS,
    UNREADABLE,
    BadMailError,
    attached_to,
)
from desk.inbox.returned import read_returned
from tests.desk.mails import csv, mail
from tests.examples import examples


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("../../etc/cron.d/x.csv", "x.csv"),
        ("C:\\Users\\x\\week.csv", "week.csv"),
        ("/etc/passwd.csv", "passwd.csv"),
        ("a\tb\x07.CSV", "ab.CSV"),
        ("=?utf-8?b?UG/EjWV0Li4vLi4vdGVzdC5jc3Y=?=", "test.csv"),
        ("=?nothing?b?eC5jc3Y=?= .csv", "=?nothing?b?eC5jc3Y=?= .csv"),
        ("=?utf-8?b?a?= .csv", "=?utf-8?b?a?= .csv"),
        ("=?utf-8?q?=ff?= .csv", "=?utf-8?q?=ff?= .csv"),
    ],
)
def test_a_name_loses_its_folders_and_what_can_not_be_printed(said, name):
    raw = (
        b"Content-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\nContent-Type: text/csv\r\n"
        b'Content-Disposition: attachment; filename="' + said.encode() + b'"\r\n\r\na,b\r\n--B--\r\n'
    )
    (found,) = attached_to(raw)
    assert found.file_name == name


@pytest.mark.parametrize("name", ["x.zip", "x.csv.exe", ".csv", "x", "x.html", "x.eml", "x.csv.gz", "x.xlsm"])
def test_what_is_no_export_by_its_name_is_not_taken(name):
    with pytest.raises(BadMailError, match="no CSV file"):
        attached_to(mail((name, b"a,b", "application", "octet-stream")))


def test_an_archive_is_not_opened_whatever_it_holds():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("week.csv", b"0" * 10_000_000)
    with pytest.raises(BadMailError, match="no CSV file"):
        attached_to(mail(("week.zip", packed.getvalue(), "application", "zip")))


def test_mails_in_mails_without_end_are_put_aside():
    nested = b""
    for level in range(3000):
        nested += f"Content-Type: multipart/mixed; boundary=B{level}\r\n\r\n--B{level}\r\n".encode()
    with pytest.raises(BadMailError):
        attached_to(nested)


@pytest.mark.parametrize("parts", [MOST_FILES + 1, MOST_PARTS + 1])
def test_of_too_many_files_none_is_taken(parts):
    with pytest.raises(BadMailError, match="more than"):
        attached_to(mail(*[csv(name=f"{number}.csv") for number in range(parts)]))


@pytest.mark.parametrize(
    "pieces",
    [
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\n" * 3 * MOST_PARTS,
        b"Content-Type: multipart/digest; boundary=b\r\n\r\n" + b"--b\r\n\r\n" * 3 * MOST_PARTS,
        b"Content-Type: message/delivery-status\r\n\r\n" + b"a: b\r\n\r\n" * 3 * MOST_PARTS,
    ],
    ids=["mixed", "digest", "report"],
)
def test_reading_stops_at_the_first_part_too_many(pieces, monkeypatch):
    made, begin = [], Message.__init__

    def noted(self, *args, **named):
        made.append(self)
        begin(self, *args, **named)

    monkeypatch.setattr(Message, "__init__", noted)
    with pytest.raises(BadMailError, match=f"more than {MOST_PARTS} parts"):
        attached_to(pieces)
    assert len(made) == MOST_PARTS


def test_a_mail_may_have_as_many_parts_as_it_says_and_its_file_as_many_dashes_as_it_likes():
    empty = b"--b\r\n\r\n" * (MOST_PARTS - 2)
    file = b"--b\r\nContent-Type: text/csv\r\n\r\na,b\r\n" + b"--,1\r\n\r\n" * 3 * MOST_PARTS
    around = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    (found,) = attached_to(around + empty + file)
    assert found.data.count(b"--") == 3 * MOST_PARTS
    with pytest.raises(BadMailError, match=f"more than {MOST_PARTS} parts"):
        attached_to(around + empty + b"--b\r\n\r\n" + file)


def a_part(*, kind="text/csv", disposition="attachment; filename=a.csv", around=b""):
    head = f"From: a@b.example\r\nContent-Type: {kind}\r\nContent-Disposition: {disposition}\r\n\r\n"
    return around + head.encode() + b"Date,Hours\r\n2026-06-02,1\r\n"


@pytest.mark.parametrize("name", ["kind", "disposition"])
def test_a_header_that_would_be_looked_through_for_hours_is_not_looked_through(name):
    plain = {"kind": "text/csv", "disposition": "attachment; filename=a.csv"}[name]
    assert attached_to(a_part(**{name: f'{plain}; x="{";" * 100}"'}))
    with pytest.raises(BadMailError, match="has more than 4096 signs"):
        attached_to(a_part(**{name: f'{plain}; x="{";" * LONGEST_HEADER}"'}))


def nested(depth):
    """A CSV file in so many multiparts, one inside of the other."""
    each = "Content-Type: multipart/mixed; boundary=b{0}\r\n\r\n--b{0}\r\n"
    return a_part(around="".join(each.format(number) for number in range(depth)).encode())


@pytest.mark.parametrize("line", ["\r\n", "\n", "\r"])
def test_multiparts_in_multiparts_are_counted_before_they_are_read(line):
    def mail_of(depth):
        return nested(depth).replace(b"\r\n", line.encode())

    assert attached_to(mail_of(MOST_MULTIPARTS))
    with pytest.raises(BadMailError, match="more than 30 multiparts"):
        attached_to(mail_of(MOST_MULTIPARTS + 1))


def test_lines_without_end_are_not_read(monkeypatch):
    monkeypatch.setattr(attached, "MOST_LINES", 100)
    assert attached_to(a_part() + b"2026-06-02,1\r\n" * 90)
    with pytest.raises(BadMailError, match="more than 100 lines"):
        attached_to(a_part() + b"2026-06-02,1\r\n" * 101)


def test_a_file_without_a_name_is_one_by_its_type():
    (found,) = attached_to(b"Content-Type: text/csv\r\n\r\na,b\r\n")
    assert (found.file_name, found.data) == ("mail.csv", b"a,b\r\n")


def test_text_that_is_broken_in_its_coding_is_taken_as_it_comes():
    raw = b"Content-Type: text/csv; name=x.csv\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!\r\n"
    with pytest.raises(BadMailError):
        attached_to(raw)


A_REPORT = b"Content-Type: multipart/report; report-type=delivery-status; "
MALFORMED = [
    (attached_to, ValueError, b"Content-Type: text/csv; name*=\0''a.csv\n\na,b\n"),  # a charset of that name
    (attached_to, TypeError, b"Content-Type: text/csv; name*=a; name*1=b\n\na,b\n"),  # which comes first?
    (read_returned, ValueError, A_REPORT + b'charset="\0"\n\n\xff\n'),
    (read_returned, TypeError, A_REPORT + b"name*=a; name*1=b\n\n"),
    (
        read_returned,
        RecursionError,
        A_REPORT + b"boundary=B\n\n--B\n" + b"Content-Type: message/rfc822\n\n" * 1500,
    ),
]


@pytest.mark.parametrize(("read", "error", "mail"), MALFORMED)
def test_a_malformed_mail_is_put_aside_whatever_error_it_makes(read, error, mail):
    with pytest.raises(BadMailError, match="can't be read as a mail") as refused:
        read(mail)
    assert isinstance(refused.value.__cause__, error)


def test_every_error_that_is_expected_of_the_reader_is_one_that_a_mail_makes():
    assert {error for _read, error, _mail in MALFORMED} == set(UNREADABLE)


def test_a_file_in_as_many_mails_as_a_mail_may_have_parts_is_found():
    around = b"Content-Type: message/rfc822\r\n\r\n" * (MOST_PARTS - 1)
    assert attached_to(a_part(around=around))


TYPES = b"text/csv multipart/mixed message/rfc822 message/delivery-status text/rfc822-headers".split()
NAMES = b"boundary=B name=a.csv name*=\0''a.csv name*=idna''a%ff name*1=b".split()
CHARSETS = b"charset=base64 charset*=x''y charset=\"\0\" charset=\xff".split()
PIECES = (
    *(b"Content-Type: " + each for each in TYPES),
    *(b"; " + each for each in (*NAMES, *CHARSETS)),
    *(b"Content-Transfer-Encoding: " + each for each in (b"base64", b"x-uuencode", b"\xff")),
    b"Content-Disposition: attachment",
    b"Final-Recipient: x\nAction: failed\nDiagnostic-Code: \xff;\xff",
    b"Message-ID: <\xff@b>",
    *(b"\n", b"\n\n", b"\n--B\n", b"\n--B--\n", b"\xff", b"\0", b"a", b"begin 644 x\n!!\nend"),
)


@settings(max_examples=examples(1200), deadline=None)
@given(
    st.sampled_from((b"", A_REPORT + b"boundary=B", A_REPORT[:-2])),
    st.lists(st.sampled_from(PIECES), max_size=30).map(b"".join),
)
def test_a_mail_of_whatever_pieces_is_read_or_put_aside(head, rest):
    for read in (attached_to, read_returned):
        with suppress(BadMailError):
            read(head + rest)
