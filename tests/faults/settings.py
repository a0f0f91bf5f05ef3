"""The product's own settings for processes that a test starts and breaks: nothing in the product knows of it.

`FAULT` names where the process is to die, as a kill -9 would: a piece of SQL, COMMIT, RENAME or SENT, and which
time (`INSERT INTO "retainers_entry" 2`), before or after it (`after COMMIT 1`). `HEAD_SECONDS` and
`BODY_SECONDS` shorten how long a slow client is waited for; `ROOM_FOR` is how many pages SQLite's file may still
grow by; `PAUSE` is a statement at which to wait, after the file `PAUSE_SAYS` was made.
"""

import os
import signal
import smtplib
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from hourtab import bounded_worker
from hourtab import settings as product

globals().update({name: getattr(product, name) for name in dir(product) if name.isupper()})

PAUSE_SECONDS = 3.0
if "init_command" in product.DATABASES["default"].get(
    "OPTIONS", {}
):  # SQLite; a process dies here, no machine
    product.DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
bounded_worker.HEAD_SECONDS = float(os.environ.get("HEAD_SECONDS", bounded_worker.HEAD_SECONDS))
bounded_worker.BODY_SECONDS = float(os.environ.get("BODY_SECONDS", bounded_worker.BODY_SECONDS))


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Fault:
    """Dies at the n-th time of something."""

    def __init__(self, words: str) -> None:
        self.is_after = words.startswith("after ")
        self.what, _, time = words.removeprefix("after ").rpartition(" ")
        self.at, self.times = int(time), count(1)

    def around(self, deed: Callable[..., Any]) -> Callable[..., Any]:
        def done(*args: Any, **kwargs: Any) -> Any:
            is_now = next(self.times) == self.at
            if is_now and not self.is_after:
                die()
            found = deed(*args, **kwargs)
            if is_now:
                die()
            return found

        return done

    def install(self) -> None:
        if self.what == "COMMIT":
            BaseDatabaseWrapper._commit = self.around(BaseDatabaseWrapper._commit)
        elif self.what == "RENAME":
            Path.rename = self.around(Path.rename)
        elif self.what == "SENT":
            smtplib.SMTP.sendmail = self.around(smtplib.SMTP.sendmail)
        else:
            connection_created.connect(self.watch, weak=False)

    def watch(self, connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
        connection.execute_wrappers.append(self.look)

    def look(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        run = self.around(execute) if self.what in sql else execute
        return run(sql, params, many, context)


def pause(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    """At that statement: write a file that says so, and wait a while."""
    says = Path(os.environ["PAUSE_SAYS"])
    if os.environ["PAUSE"] in sql and not says.exists():
        says.touch()
        time.sleep(PAUSE_SECONDS)
    return execute(sql, params, many, context)


def pause_in(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    connection.execute_wrappers.append(pause)


def leave_room(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """SQLite's file may grow by that many pages, and then the disk is full."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        most = cursor.fetchone()[0] + int(os.environ["ROOM_FOR"])
        cursor.execute(f"PRAGMA max_page_count = {most}")


if os.environ.get("PAUSE"):
    connection_created.connect(pause_in, weak=False)
if os.environ.get("ROOM_FOR"):
    connection_created.connect(leave_room, weak=False)
if os.environ.get("FAULT"):
    Fault(os.environ["FAULT"]).install()
