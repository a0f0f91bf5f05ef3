"""No log holds the secret of a link, whoever writes the line and however the address was typed."""

import io
import logging
import logging.config
import secrets
import sys
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from gunicorn.config import Config

from hourtab.gunicorn import TokenFreeLogger
from hourtab.logs import without_tokens

TOKEN = "FO5N0cf9Rk-3xq_7Zs1uVbYh2TjLw8EaGmPdKiCrQnM"
CODED = f"%{ord(TOKEN[0]):02X}{TOKEN[1:]}"


@pytest.mark.parametrize(
    "line",
    [
        f"GET /b/{TOKEN}/",
        f"GET /B/{TOKEN}/",
        f"GET /b;{TOKEN}/",
        f"GET /b/{CODED}/",
        f"GET /b/{quote(CODED)}/",
        "GET /b/" + "".join(f"%{ord(sign):02x}" for sign in TOKEN),
        f"Bearer ht_{TOKEN}",
        f"Error handling request POST /b/{TOKEN}/ask/overage/",
        f"KeyError: '{TOKEN}'",
        "/accounts/password/reset/key/1-dir5gr-4661f2e1d6971594d3eff62bb2e1844d/",
        "/b/Zm9vYmFyYmF6/log.csv",
    ],
)
def test_a_secret_is_cut_wherever_it_stands(line):
    said = without_tokens(line)
    assert "[redacted]" in said
    assert TOKEN[1:] not in said
    assert "4661f2e1" not in said


def test_every_secret_that_we_make_has_the_shape():
    for _ in range(200):
        assert without_tokens(secrets.token_urlsafe(32)) == "[redacted]"


@pytest.mark.parametrize(
    "line",
    [
        "File /srv/hourtab/accounts/sending.py, line 71, in a_very_long_name_of_a_function_that_says_what_it_does",
        "GET /clients/acme/retainers/support/entries/0b9c6a3e-54b0-4d0e-9c3c-1a2b3c4d5e6f/",
        "GET /?q=%D0%9F%D1%80%D0%B8%D0%BD%D1%82%D0%B5%D1%80",
        "2026-11-28 12:00:00 WARNING django.request Not Found: /nothing/",
    ],
)
def test_what_is_no_secret_stays_readable(line):
    assert without_tokens(line) == line


def test_every_handler_of_ours_cuts():
    for name, handler in settings.LOGGING["handlers"].items():
        assert "no_tokens" in handler["filters"], name


def test_an_exception_is_cut_too(capsys):
    logging.config.dictConfig(settings.LOGGING)
    try:
        {}[f"no link {TOKEN}"]
    except KeyError:
        logging.getLogger("hourtab").exception("While opening %s", f"/b/{TOKEN}/")
    written = capsys.readouterr().err
    assert "While opening /b/[redacted]/" in written
    assert "no link [redacted]" in written


@pytest.fixture
def server_log():
    """gunicorn's own logs, written to memory."""
    config = Config()
    config.set("accesslog", "-")
    logger = TokenFreeLogger(config)
    written = io.StringIO()
    for log in (logger.error_log, logger.access_log):
        for handler in log.handlers:
            handler.setStream(written)
    return logger, written


def test_gunicorns_error_log_cuts(server_log):
    logger, written = server_log
    try:
        sys.exit(1)
    except SystemExit:
        logger.exception("Error handling request %s", f"/b/{TOKEN}/ask/overage/")
    assert "Error handling request /b/[redacted]/ask/overage/" in written.getvalue()


def test_gunicorns_access_log_cuts(server_log):
    logger, written = server_log
    logger.access_log.info("%(r)s %(f)s", {"r": f"GET /b/{CODED}/", "f": f"https://x.example/B/{TOKEN}"})
    assert written.getvalue().strip() == "GET /b/[redacted]/ https://x.example/B/[redacted]"


def test_a_host_that_is_not_ours_is_one_line_and_no_traceback(client, caplog):
    client.get("/", headers={"Host": "evil.example"})
    (record,) = [each for each in caplog.records if each.name == "django.security.DisallowedHost"]
    assert "evil.example" in record.getMessage()
    assert (record.exc_info, record.exc_text) == (None, None)


@pytest.mark.parametrize("level", [logging.WARNING, logging.ERROR])
def test_what_is_refused_is_one_line_and_a_fault_of_ours_has_its_traceback(capsys, level):
    logging.config.dictConfig(settings.LOGGING)
    refused = PermissionDenied("not yours")
    logging.getLogger("django.request").log(level, "Forbidden: %s", "/members/", exc_info=refused)
    written = capsys.readouterr().err
    assert "Forbidden: /members/" in written
    assert ("not yours" in written) is (level == logging.ERROR)
