"""The mailbox of the inbox: attached exports are taken as a push is; mails are moved, none is lost, none does harm."""

import io
import ssl
from contextlib import contextmanager

import pytest
from openpyxl import Workbook

from accounts.models import ApiKey
from accounts.tenancy import tenant_scope
from desk.inbox import box as boxes
from desk.inbox import mailing, taking
from desk.inbox.box_address import read_box_address
from imports import originals
from imports.models import Import
from tests.alerts.hooks.receiver import certificate
from tests.desk.imap_server import imap_server
from tests.desk.mails import csv, mail
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
