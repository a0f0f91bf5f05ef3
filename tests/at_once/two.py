"""Two deeds at once, for certain: the second one begins while the first one's transaction is still open.

Each runs in a thread with a connection of its own. The first one does its deed and holds its transaction; it
lets go as soon as the second one waits for it, or has been able to finish without.
"""

import time
from collections.abc import Callable
from threading import Event, Thread
from typing import Any

from django.db import connection, transaction

from accounts.models import Provider
from accounts.tenancy import tenant_scope

Do = Callable[[], Any]
LONGEST = 20  # seconds until a thread that hangs fails its test


class Running(Thread):
    """One deed under way. `outcome` is what it returned or raised."""

    def __init__(self, provider: Provider, deed: Do, *, holds: bool = False) -> None:
        super().__init__(daemon=True)
        self.provider, self.deed, self.holds = provider, deed, holds
        self.connected, self.did_it, self.let_go = Event(), Event(), Event()
        self.outcome: Any = None
        self.pid = 0

    def run(self) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                self.pid = cursor.fetchone()[0]
            self.connected.set()
            with tenant_scope(self.provider):
                self.outcome = self._held() if self.holds else self.deed()
        except Exception as error:  # whatever it is, the test looks at it
            self.outcome = error
        finally:
            connection.close()

    def _held(self) -> Any:
        with transaction.atomic():
            try:
                return self.deed()
            finally:
                self.did_it.set()
                self.let_go.wait(LONGEST)

    def until_it_waits(self) -> None:
        """Come back when the deed waits for a lock, or is done."""
        self.connected.wait(LONGEST)
        while self.is_alive() and not self._waits():
            time.sleep(0.002)

    def _waits(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT wait_event_type FROM pg_stat_activity WHERE pid = %s", [self.pid])
            row = cursor.fetchone()
        return row is not None and row[0] == "Lock"


def overlapping(provider: Provider, first: Do, second: Do) -> tuple[Any, Any]:
    """What became of the two."""
    one = Running(provider, first, holds=True)
    one.start()
    one.did_it.wait(LONGEST)
    other = Running(provider, second)
    other.start()
    other.until_it_waits()
    one.let_go.set()
    one.join(LONGEST)
    other.join(LONGEST)
    return one.outcome, other.outcome


def behind(provider: Provider, lock: Do, *deeds: Do) -> list[Any]:
    """What became of deeds that all began while `lock` was held, each after the one before it had to wait."""
    holder = Running(provider, lock, holds=True)
    holder.start()
    holder.did_it.wait(LONGEST)
    waiting = []
    for deed in deeds:
        waiting.append(Running(provider, deed))
        waiting[-1].start()
        waiting[-1].until_it_waits()
    holder.let_go.set()
    for each in waiting:
        each.join(LONGEST)
    holder.join(LONGEST)
    return [each.outcome for each in waiting]
