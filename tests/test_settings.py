"""What the environment asks for is what the process does."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

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
