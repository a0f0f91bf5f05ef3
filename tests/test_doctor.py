"""What `doctor` finds: each thing broken by hand, and a whole installation."""

import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from accounts.commands import BadInputError
from accounts.heartbeats import TICK, beat
from accounts.models import Heartbeat, OutboxMail
from hourtab import doctor

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture
def well(db, settings, tmp_path):
    """An installation to which nothing is missing."""
    settings.BASE_URL, settings.ALLOWED_HOSTS, settings.DEBUG = (
        "https://hours.example.com",
        ["hours.example.com"],
        False,
    )
    settings.ORIGINALS_ROOT, settings.BACKUPS_ROOT = tmp_path / "originals", tmp_path / "backups"
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "staticfiles.json").touch()
    settings.BACKUPS_ROOT.mkdir()
    (settings.BACKUPS_ROOT / "hourtab-20261128T030000Z.tar.gz").touch()
    beat(TICK, NOW - timedelta(minutes=5))
    return settings


def test_periodic_work_that_nobody_does_is_found(well):
    beat(TICK, NOW - timedelta(hours=2))
    assert "“python manage.py tick” was not run since 2026-11-28 10:00 UTC" in found()
    Heartbeat.objects.all().delete()
    assert "was not run yet" in found()


def found(at=NOW):
    return " ".join(doctor.findings(at))


def test_nothing_is_found_where_nothing_is_wrong(well):
    assert found() == ""


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DEBUG", True, "DEBUG is on"),
        ("BASE_URL", "http://hours.example.com", "must begin with https"),
        ("BASE_URL", "https://other.example.com", "lead nowhere"),
        ("STATIC_ROOT", "/nowhere", "collectstatic"),
        ("EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend", "mail server"),
    ],
)
def test_a_setting_that_harms_is_named(well, name, value, said):
    setattr(well, name, value)
    well.EMAIL_HOST, well.EMAIL_PORT = "127.0.0.1", 9
    assert said in found()


def test_a_backup_that_is_old_or_missing_is_named(well):
    assert "The newest backup is of 2026-11-28 03:00" in found(NOW + timedelta(days=2))
    next(well.BACKUPS_ROOT.iterdir()).unlink()
    assert "There is no backup" in found()


def test_mails_that_nobody_sends_are_counted(well):
    OutboxMail.objects.create(
        key="x", kind="due", recipient="x@north.example", next_try_at=NOW - timedelta(hours=1)
    )
    assert "1 mails are overdue" in found()


@pytest.mark.owner
def test_a_role_that_row_level_security_does_not_bind_is_named(well, monkeypatch):
    monkeypatch.setattr(doctor, "missing", lambda connection: {"b", "a"})
    said = found()
    assert ("owns the tables" in said) is (connection.vendor == "postgresql")
    assert "2 guards of the database are missing, a first" in said


def test_the_command_says_everything_and_ends_with_one(well):
    well.DEBUG = True
    well.BACKUPS_ROOT = well.BACKUPS_ROOT / "other"
    beat(TICK, datetime.now(UTC))
    with pytest.raises(BadInputError) as told:
        call_command("doctor")
    assert len(str(told.value).splitlines()) == 2
    well.DEBUG = False
    with pytest.raises(BadInputError, match="an address"):
        call_command("doctor", "hours.example.com", stdout=StringIO())


class Site(BaseHTTPRequestHandler):
    answers = {}

    def do_GET(self):
        status, headers = self.answers.get(self.path, (404, {"Cache-Control": "no-store"}))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *args):
        """Nobody reads it."""


@pytest.fixture
def site(monkeypatch):
    monkeypatch.setattr(Site, "answers", {"/readyz": (200, {})})
    with HTTPServer(("127.0.0.1", 0), Site) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def seen(address):
    return " ".join(doctor.findings_outside(address, NOW))


def test_an_address_without_tls_is_named_and_nothing_else(site):
    (only,) = doctor.findings_outside(site, NOW)
    assert "is not https" in only


@pytest.mark.parametrize(
    ("path", "answer", "said"),
    [
        ("/readyz", (502, {}), "/readyz answers 502"),
        (doctor.NOBODYS, (301, {"Location": "https://x"}), "X-Forwarded-Proto"),
        (doctor.NOBODYS, (400, {}), "ALLOWED_HOSTS"),
        (doctor.NOBODYS, (404, {"Cache-Control": "max-age=60"}), "Cache-Control"),
    ],
)
def test_what_the_proxy_does_wrong_is_named(site, path, answer, said):
    Site.answers[path] = answer
    assert said in seen(site)


def test_who_does_not_answer_is_told(site):
    assert "does not answer" in seen("http://127.0.0.1:9")
    assert "certificate" in seen(site.replace("http:", "https:")) or "does not answer" in seen(
        "https://127.0.0.1:9"
    )
