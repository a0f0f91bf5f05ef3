"""A write service that breaks when all but its end is done leaves nothing of it.

Each deed is broken off twice: at its line on the trail, which is written last, and at its commit.
"""

import re
from collections.abc import Callable

import pytest
from django.apps import apps
from django.db import DatabaseError, connection

from accounts.tenancy import all_tenants
from tests.at_once.deeds import DEEDS

TRAIL = "accounts_auditevent"
CLIENTS_OF_A_LINE = "accounts_eventclient"
WRITES = re.compile(r"\s*(INSERT INTO|UPDATE|DELETE FROM)\b")


# what these write is on record by itself: their rows say who, what and when, or they only send mails
UNTOLD = {
    "answers.change_options",
    "approving.approve",
    "asking.ask",
    "consents._ask",
    "mornings.remind",
    "mornings.send_digest",
    "preview_answers.save_choices",
    "pushes.tell_silence",
    "reset_second_step.handle",  # a security event
    "pushes.tell_waiting",
    "saved_views.save_view",
    "second_step.send_code",
    "telling._tell",
    "waiting_mail.tell_what_waits",
    "watch_telling._tell",
    "watches.ask",
    "links.copy",  # its line on the trail is all that it writes
}


class BrokenOffError(DatabaseError):
    """What no service expects; a database that is gone looks like this when a transaction ends."""


class Breaking:
    """Lets everything through up to the line of the trail that follows another statement which writes."""

    def __init__(self) -> None:
        self.written: list[str] = []

    def __call__(self, execute, sql, params, many, context):
        if WRITES.match(sql):
            assert connection.in_atomic_block, f"written outside of any transaction: {sql}"
            if self.breaks_at(sql):
                raise BrokenOffError
            self.written.append(sql)
        return execute(sql, params, many, context)

    def breaks_at(self, sql: str) -> bool:
        return bool(self.written) and TRAIL in sql


class BreakingAtItsEnd(Breaking):
    """Lets every statement through, but not the end of the transaction that wrote."""

    def breaks_at(self, sql: str) -> bool:
        return False

    @property
    def tells(self) -> bool:
        """Whether there is a line on the trail beside what it writes."""
        told = [TRAIL in sql or CLIENTS_OF_A_LINE in sql for sql in self.written]
        return any(told) and not all(told)

    def commit(self, committed: Callable[[], None]) -> Callable[[], None]:
        def commit() -> None:
            if self.written:
                raise BrokenOffError
            committed()

        return commit


def every_row() -> dict[str, list[tuple]]:
    with all_tenants("every row, to compare"):
        return {
            model._meta.db_table: sorted(model._base_manager.values_list(), key=repr)
            for model in apps.get_models()
        }


@pytest.mark.long
@pytest.mark.parametrize("name", DEEDS)
def test_a_deed_that_breaks_at_its_end_leaves_nothing(house, name, monkeypatch):
    deed, _other, _check = DEEDS[name](house)
    before = every_row()
    if name not in UNTOLD:
        break_off(deed, Breaking())
        assert every_row() == before

    breaking = BreakingAtItsEnd()
    monkeypatch.setattr(connection, "commit", breaking.commit(connection.commit))
    break_off(deed, breaking)
    assert every_row() == before
    assert name not in UNTOLD or not breaking.tells


def break_off(deed: Callable[[], object], breaking: Breaking) -> None:
    with connection.execute_wrapper(breaking), pytest.raises(BrokenOffError):
        deed()
    assert breaking.written
