"""What the environment asks for is what the process does."""

import doctest
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, wait

import environ
import pytest
from django.conf import settings

from hourtab import keys, logs
from hourtab.environment import tls_settings

SAY = "import logging; print(logging.getLogger('django.request').isEnabledFor(logging.WARNING))"


def started_with(**environment):
    """What a process with these settings says of a warning about a request."""
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-v", "0", "-c", SAY],
        cwd=settings.BASE_DIR,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.mark.parametrize(("level", "heard"), [("ERROR", "False"), ("WARNING", "True")])
def test_the_log_level_holds_for_requests_too(level, heard):
    assert started_with(LOG_LEVEL=level) == heard


def test_a_connection_to_the_database_is_kept_between_requests():
    assert settings.DATABASES["default"]["CONN_MAX_AGE"] > 0


def test_a_mail_server_of_no_kind_that_there_is_stops_the_start_in_one_line():
    done = subprocess.run(
        [sys.executable, "manage.py", "tick"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "EMAIL_URL": "fax://office"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("HourTab can't start: EMAIL_URL: Invalid email schema fax")


STRONG = {
    "DEBUG": "0",
    "ALLOWED_HOSTS": "hours.example.com",
    "SECRET_KEY": "Zk3vQ9xT1mB7nR5cW8dL2fH6jP4sG0yA-uE_iOqXtVbNrKw3SzJ7",
    "HOURTAB_LINK_KEY": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    "EMAIL_URL": "smtp+tls://user:secret@mail.example.com:587",
}


def refusal(**changes):
    """What production says instead of starting with these values; "" where it starts."""
    done = subprocess.run(
        [sys.executable, "-c", "import hourtab.settings"],
        cwd=settings.BASE_DIR,
        env={**os.environ, **STRONG, **changes},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stderr.strip().splitlines()[-1] if done.returncode else ""


def test_production_starts_with_strong_values():
    assert refusal() == ""


def test_cookies_of_production_are_this_hosts_alone_and_tls_is_insisted_on_for_a_day():
    said = tls_settings(environ.Env(), ["hours.example.com"])
    names = [said["SESSION_COOKIE_NAME"], said["CSRF_COOKIE_NAME"]]
    assert all(name.startswith("__Host-") for name in names)
    assert (said["SESSION_COOKIE_SECURE"], said["CSRF_COOKIE_SECURE"]) == (True, True)
    assert (settings.SESSION_COOKIE_HTTPONLY, settings.SESSION_COOKIE_SAMESITE) == (True, "Lax")
    assert (settings.SESSION_COOKIE_DOMAIN, settings.SESSION_COOKIE_PATH) == (None, "/")
    hsts = ("SECONDS", "INCLUDE_SUBDOMAINS", "PRELOAD")
    assert [said[f"SECURE_HSTS_{name}"] for name in hsts] == [86_400, False, False]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("SECRET_KEY", "x"),
        ("SECRET_KEY", "a" * 60),
        ("HOURTAB_LINK_KEY", "changeme"),
        ("HOURTAB_LINK_KEY", "A" * 43 + "="),
        ("EMAIL_URL", "consolemail://"),
        ("EMAIL_URL", "dummymail://"),
        ("EMAIL_URL", ""),
    ],
)
def test_production_does_not_start_with_a_weak_value(setting, value):
    assert f"ImproperlyConfigured: {setting}" in refusal(**{setting: value})


def test_a_key_that_seals_nothing_is_refused_on_ones_own_machine_too():
    assert "HOURTAB_LINK_KEY" in refusal(DEBUG="1", ALLOWED_HOSTS="localhost", HOURTAB_LINK_KEY="changeme")


def test_processes_that_begin_at_once_on_ones_own_machine_have_one_key(tmp_path, monkeypatch):
    """Another one asks while the first is at it."""
    make, asked = keys.secrets.token_urlsafe, []

    def token_urlsafe(size):
        monkeypatch.setattr(keys.secrets, "token_urlsafe", make)
        asked.append(others.submit(keys.local_key, tmp_path, "secret_key"))
        wait(asked, timeout=0.2)
        return make(size)

    monkeypatch.setattr(keys.secrets, "token_urlsafe", token_urlsafe)
    with ThreadPoolExecutor() as others:
        mine = keys.local_key(tmp_path, "secret_key")

    assert len(mine) == 44
    assert [mine] == [each.result() for each in asked] == [keys.local_key(tmp_path, "secret_key")]
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("module", [logs, keys], ids=lambda it: it.__name__)
def test_worked_examples_hold(module):
    found = doctest.testmod(module)
    assert found.attempted > 0
    assert found.failed == 0


WHERE = (
    "from django.conf import settings; print(settings.VAR.exists(), settings.DATABASES['default']['NAME'])"
)


def test_nothing_is_made_beside_the_code_where_the_database_lies_elsewhere(tmp_path):
    """A checkout that only root may write starts all the same."""
    code = f"import pathlib\npathlib.Path.mkdir = None\nexec({WHERE!r})"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env={**os.environ, **STRONG, "DJANGO_SETTINGS_MODULE": "hourtab.settings",
             "DATABASE_URL": f"sqlite:///{tmp_path}/elsewhere.sqlite3"},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "elsewhere.sqlite3" in done.stdout


def test_a_static_file_runs_nothing_and_stands_in_no_frame(client, db):
    answer = client.get("/static/hourtab.css")
    answer.close()
    assert answer.status_code == 200
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Permissions-Policy" in answer.headers


def test_mails_to_a_server_go_the_bounded_way():
    code = "from django.conf import settings; print(settings.EMAIL_BACKEND)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env={**os.environ, **STRONG, "DJANGO_SETTINGS_MODULE": "hourtab.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "accounts.sending.Backend"
