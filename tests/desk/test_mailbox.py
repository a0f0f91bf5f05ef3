"""The mailbox of the inbox: attached exports are taken as a push is; mails are moved, none is lost, none does harm."""

import io
import ssl
import zipfile
from contextlib import contextmanager
from email.message import EmailMessage, Message

import pytest
from openpyxl import Workbook

from accounts.models import ApiKey
from accounts.tenancy import tenant_scope
from desk.inbox import attached, mailing, taking
from desk.inbox import box as boxes
from desk.inbox.attached import (
    LONGEST_HEADER,
    MOST_FILES,
    MOST_MULTIPARTS,
    MOST_PARTS,
    BadMailError,
    attached_to,
)
from desk.inbox.box_address import read_box_address
from imports import originals
from imports.models import Import
from tests.alerts.hooks.receiver import certificate
from tests.desk.imap_server import imap_server
from tests.desk.test_inbox import BAD, GOOD, NOW, imports_of, world  # noqa: F401
from tests.factories import ProviderFactory


@pytest.fixture
def box(provider, settings):
    with imap_server() as server:
        settings.INBOX_DIR = None
        settings.INBOX_IMAP = read_box_address(
            f"imap://hours:{server.password}@127.0.0.1:{server.port}/INBOX"
        )
        yield server


@pytest.fixture
def trusted(tmp_path, monkeypatch):
    """A server's certificate that this machine trusts."""
    pem = certificate(tmp_path / "imap.pem", "127.0.0.1")
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


@pytest.fixture
def reached(provider, trusted, settings):
    """Opens a box of this kind, which the machine trusts, and which is the inbox's."""

    @contextmanager
    def reached(way, **said):
        settings.INBOX_DIR = None
        with imap_server(tls=trusted, wrapped=way == "imaps", **said) as box:
            settings.INBOX_IMAP = at(box, way)
            yield box

    return reached


def at(server, way):
    return read_box_address(f"{way}://hours:{server.password}@127.0.0.1:{server.port}/INBOX")


def mail(*files, text="The weekly report."):
    """A mail with these attachments, each (name, bytes, main type, subtype)."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "psa@msp.example", "hours@msp.example", "Report"
    made.set_content(text)
    for name, data, kind, sub in files:
        made.add_attachment(data, maintype=kind, subtype=sub, filename=name)
    return made.as_bytes()


def csv(text=GOOD, name="week.csv"):
    return (name, text.encode(), "text", "csv")


# what is taken


def test_what_is_safe_is_published_and_its_mail_is_done(provider, box):
    box.put("INBOX", mail(csv()))
    assert taking.take_all(NOW) == 1
    (row,) = imports_of(provider)
    assert (row.state, row.file_name, row.uploaded_with.name) == (Import.State.PUBLISHED, "week.csv", "Inbox")
    assert box.lies() == {"INBOX/done": 1}
    with tenant_scope(provider):
        assert originals.load(row) == GOOD.encode()


def test_what_waits_is_stored_and_its_mail_waits_too(provider, box):
    box.put("INBOX", mail(csv(), csv(BAD, "bad.csv")))
    assert taking.take_all(NOW) == 2
    assert {row.state for row in imports_of(provider)} == {Import.State.PUBLISHED, Import.State.UPLOADED}
    assert box.lies() == {"INBOX/waiting": 1}


def test_workbooks_are_taken_and_whatever_else_is_attached_is_not(provider, box):
    book, data = Workbook(), io.BytesIO()
    for row in (("Client", "Date", "Hours"), ("Acme Dental", "2026-06-02", 1.5)):
        book.active.append(row)
    book.save(data)
    box.put(
        "INBOX",
        mail(
            ("logo.png", b"x", "image", "png"),
            ("terms.pdf", b"x", "application", "pdf"),
            ("week.xlsx", data.getvalue(), "application", "octet-stream"),
        ),
    )
    assert taking.take_all(NOW) == 1
    assert [row.file_name for row in imports_of(provider)] == ["week.xlsx"]


def test_each_provider_has_a_folder_of_its_own(provider, box):
    south = ProviderFactory(slug="south")
    box.put("INBOX", mail(csv()))
    box.put("INBOX/north", mail(csv()))
    box.put("INBOX/south", mail(csv(name="theirs.csv")))
    assert taking.take_all(NOW) == 2
    assert [row.file_name for row in imports_of(provider)] == ["week.csv"]
    assert [row.file_name for row in imports_of(south)] == ["theirs.csv"]
    assert box.lies() == {"INBOX": 1, "INBOX/north/done": 1, "INBOX/south/waiting": 1}


def test_run_again_nothing_is_taken_twice(provider, box):
    box.put("INBOX", mail(csv()))
    for _ in range(2):
        taking.take_all(NOW)
    assert len(imports_of(provider)) == 1


@pytest.mark.parametrize("word", ["MOVE", "FETCH", "SEARCH", "CREATE"])
def test_a_box_that_goes_away_in_between_is_taken_from_later_and_nothing_twice(provider, box, word):
    box.put("INBOX", mail(csv()))
    box.breaks_at = word
    taking.take_all(NOW)
    box.breaks_at = ""
    taking.take_all(NOW)
    assert len(imports_of(provider)) == 1
    assert box.lies() == {"INBOX/done": 1}


@pytest.mark.parametrize("capabilities", ["IMAP4rev1 UIDPLUS", "IMAP4rev1"])
def test_a_server_that_moves_nothing_copies(provider, box, capabilities):
    box.capabilities = capabilities
    box.put("INBOX", mail(csv()))
    assert taking.take_all(NOW) == 1
    assert box.folders["INBOX/done"]
    assert "STORE" in box.heard
    taking.take_all(NOW)
    assert box.heard.count("COPY") == 1  # whether what was copied is taken away yet, or only marked


def test_one_bad_mail_stops_only_itself(provider, box, caplog):
    for bad in (b"", b"\xff\xfe\x00", mail(), mail(("x.zip", b"PK", "application", "zip"))):
        box.put("INBOX", bad)
    box.put("INBOX", mail(csv()))
    assert taking.take_all(NOW) == 1
    assert box.lies() == {"INBOX/waiting": 4, "INBOX/done": 1}
    assert "no CSV file and no workbook" in caplog.text


def test_a_mail_that_is_too_large_is_never_fetched(provider, box):
    box.said_size = mailing.LARGEST + 1
    box.put("INBOX", mail(csv()))
    assert taking.take_all(NOW) == 0
    assert box.heard.count("FETCH") == 1
    assert box.lies() == {"INBOX/waiting": 1}


def test_revoking_the_key_leaves_mails_where_they_are(provider, box, caplog):
    box.put("INBOX", mail(csv()))
    taking.take_all(NOW)
    with tenant_scope(provider):
        ApiKey.objects.update(revoked_at=NOW)
    box.put("INBOX", mail(csv(name="next.csv")))
    assert taking.take_all(NOW) == 0
    assert box.lies() == {"INBOX": 1, "INBOX/done": 1}
    assert "turned off" in caplog.text


def test_a_wrong_password_is_told_without_it(provider, box, caplog):
    box.put("INBOX", mail(csv()))
    box.password = "another"
    assert taking.take_all(NOW) == 0
    assert "can't be read" in caplog.text
    assert "pw" not in caplog.text.replace("hours:pw", "")


def test_a_box_that_never_says_a_word_holds_nobody_up(provider, box, monkeypatch, caplog):
    monkeypatch.setattr(boxes, "FOR_A_WORD", 0.2)
    box.silent = True
    assert taking.take_all(NOW) == 0
    assert "can't be read" in caplog.text


@pytest.mark.parametrize("manner", ["silent", "drips"])
@pytest.mark.parametrize("way", ["imaps", "imap"])
def test_all_of_it_ends_however_slowly_the_box_is(reached, monkeypatch, caplog, way, manner):
    """Before a word was said, and under TLS before it is encrypted."""
    monkeypatch.setattr(boxes, "MOST_SECONDS", 0.2)
    with reached(way, **{manner: True}):
        assert taking.take_all(NOW) == 0
    assert "can't be read" in caplog.text
    assert "timed out" not in caplog.text  # by the end of all of it, not of one word


# encrypted


@pytest.mark.parametrize("way", ["imaps", "imap+tls"])
def test_an_encrypted_box_is_taken_from_and_hears_the_password_in_no_clear_word(reached, way):
    with reached(way, capabilities="IMAP4rev1 STARTTLS MOVE UIDPLUS") as box:
        box.put("INBOX", mail(csv()))
        assert taking.take_all(NOW) == 1
    assert box.lies() == {"INBOX/done": 1}
    assert "LOGIN" in box.heard
    assert set(box.clear) <= {"CAPABILITY", "STARTTLS"}


@pytest.mark.parametrize("way", ["imaps", "imap+tls"])
def test_a_box_whose_certificate_nobody_vouches_for_never_hears_the_password(
    reached, monkeypatch, caplog, way
):
    monkeypatch.delenv("SSL_CERT_FILE")
    with reached(way, capabilities="IMAP4rev1 STARTTLS MOVE") as box:
        box.put("INBOX", mail(csv()))
        assert taking.take_all(NOW) == 0
    assert "LOGIN" not in box.heard
    assert box.lies() == {"INBOX": 1}
    assert "can't be read" in caplog.text


def test_a_box_that_offers_no_encryption_when_it_is_asked_for_never_hears_the_password(
    provider,
    box,
    settings,
    caplog,
):
    settings.INBOX_IMAP = at(box, "imap+tls")
    box.put("INBOX", mail(csv()))
    assert taking.take_all(NOW) == 0
    assert "LOGIN" not in box.heard
    assert "can't be read" in caplog.text


@pytest.mark.parametrize("when", ["HANDSHAKE", "SEARCH"])
def test_an_encrypted_box_that_falls_silent_is_hung_up_on(reached, monkeypatch, caplog, when):
    monkeypatch.setattr(boxes, "MOST_SECONDS", 0.5)
    monkeypatch.setattr(boxes, "FOR_A_WORD", 8.0)
    with reached("imap+tls", capabilities="IMAP4rev1 STARTTLS MOVE UIDPLUS", goes_silent_at=when) as box:
        box.put("INBOX", mail(csv()))
        assert taking.take_all(NOW) == 0
    assert "can't be read" in caplog.text
    assert "timed out" not in caplog.text  # by the end of all of it, not of one word


# hostile mails


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("../../etc/cron.d/x.csv", "x.csv"),
        ("C:\\Users\\x\\week.csv", "week.csv"),
        ("/etc/passwd.csv", "passwd.csv"),
        ("a\tb\x07.CSV", "ab.CSV"),
        ("=?utf-8?b?UG/EjWV0Li4vLi4vdGVzdC5jc3Y=?=", "test.csv"),
        ("=?nothing?b?eC5jc3Y=?= .csv", "=?nothing?b?eC5jc3Y=?= .csv"),
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


# the setting


@pytest.mark.parametrize(
    "text",
    ["x", "imaps://host/", "imaps://user@host/", "imaps://:pw@host/", "pop3://u:p@host/", "imap://u:p@mail.msp.example/",
     "imaps://u:p@host:x/", "imaps://u:p@host/B%C3%BCro"],
)  # fmt: skip
def test_a_mailbox_that_can_not_be_meant_stops_the_start(text):
    with pytest.raises(ValueError, match="INBOX_IMAP"):
        read_box_address(text)


def test_a_mailbox_is_named_by_one_address():
    found = read_box_address("imaps://hours%40msp.example:p%2Fw@mail.msp.example")
    assert (found.way, found.host, found.port, found.user, found.password, found.folder) == (
        "imaps",
        "mail.msp.example",
        993,
        "hours@msp.example",
        "p/w",
        "INBOX",
    )
    assert "p/w" not in repr(found)
    assert read_box_address(" ") is None
