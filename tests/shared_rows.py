"""Rows that stay in the database while one test after the other starts from them.

A provider with published work takes longer to make than most tests to run. What makes one is marked `@shared_rows`
instead of `@pytest.fixture`. It is made once, in a transaction that stays open around the tests that ask for it, each
in a transaction of its own that is rolled back as ever. A test gets a copy of what was returned and of the files, and
its clock and settings are set as they were then. The first test that doesn't ask for those rows ends them, so no test
depends on the order; `grouped` only brings together those of a module that start from the same.
"""

import copy
import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from inspect import signature
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
import time_machine as clocks
from django.db import connection, transaction
from django.test import override_settings

Maker = Callable[..., Any]


@dataclass
class _Clock:
    """As the fixture `time_machine`; remembers what it was set to last."""

    ends: ExitStack
    said: tuple[Any, bool] | None = None
    running: Any = None

    def move_to(self, moment: Any, tick: bool = True) -> None:
        self.said = moment, tick
        if self.running is None:
            self.running = self.ends.enter_context(clocks.travel(moment, tick=tick))
        else:
            self.running.move_to(moment, tick=tick)


class _Settings:
    """As the fixture `settings`; remembers what was set."""

    def __init__(self, ends: ExitStack) -> None:
        self.__dict__.update(ends=ends, said={})

    def __setattr__(self, name: str, value: Any) -> None:
        self.said[name] = value
        self.ends.enter_context(override_settings(**{name: value}))


@dataclass
class _Rows:
    """What stands: who made it, the transaction that it is in, and what else it takes to start from it."""

    key: object
    folder: Path
    blocker: Any
    outer: transaction.Atomic
    value: Any = None
    clock: tuple[Any, bool] | None = None
    said: dict[str, Any] = field(default_factory=dict)


_now: _Rows | None = None


def shared_rows(make: Maker) -> Any:
    """A fixture whose rows stand for all tests that ask for it; it may take `tmp_path`, `time_machine`, `settings`."""

    def given(db: None, tmp_path: Path, time_machine: Any, settings: Any) -> Any:
        if _now is None or _now.key[0] is not make:  # another fixture of this test's stands already
            return _call(make, tmp_path, time_machine, settings)
        shutil.copytree(_now.folder, tmp_path, dirs_exist_ok=True)
        if _now.clock is not None:
            time_machine.move_to(_now.clock[0], tick=_now.clock[1])
        for name, value in _now.said.items():
            setattr(settings, name, value)
        return copy.deepcopy(_now.value)

    given.made_by = make
    given.__doc__ = make.__doc__
    return pytest.fixture(given, name=make.__name__)


def grouped(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """The tests of a module that start from the same rows, one after the other."""
    found = []
    for _module, run in groupby(items, lambda item: item.path):
        found += sorted(run, key=lambda item: getattr(_maker(item), "__qualname__", ""))
    return found


def end_before(item: pytest.Item, role: str) -> None:
    """What stands ends here, where this test doesn't start from it."""
    if _now is not None and (_now.key != (_maker(item), role) or connection.needs_rollback):
        end()


def begin(item: pytest.Item, role: str, blocker: Any) -> None:
    """What this test starts from stands, if it doesn't already. Its database is there; its transaction isn't yet."""
    global _now
    make = _maker(item)
    if make is None or _now is not None:
        return
    rows = _Rows((make, role), Path(tempfile.mkdtemp(prefix="rows-")), blocker, transaction.atomic())
    rows.outer._from_testcase = (
        True  # as Django's own around a test: what has to be outermost may be within it
    )
    with blocker.unblock(), ExitStack() as ends:
        rows.outer.__enter__()
        clock, said = _Clock(ends), _Settings(ends)
        ends.enter_context(override_settings(ORIGINALS_ROOT=rows.folder / "originals"))
        try:
            rows.value = _call(make, rows.folder, clock, said)
        except BaseException:
            _take_back(rows)
            raise
        rows.clock, rows.said = clock.said, said.said
    _now = rows


def end() -> None:
    """Nothing stands any longer."""
    global _now
    rows, _now = _now, None
    if rows is not None:
        _take_back(rows)


def _take_back(rows: _Rows) -> None:
    with rows.blocker.unblock():
        transaction.set_rollback(True)
        rows.outer.__exit__(None, None, None)
    shutil.rmtree(rows.folder, ignore_errors=True)


def _call(make: Maker, tmp_path: Path, time_machine: Any, settings: Any) -> Any:
    given = {"tmp_path": tmp_path, "time_machine": time_machine, "settings": settings}
    return make(**{name: given[name] for name in signature(make).parameters})


def is_committing(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    is_marked = marker is not None and bool(marker.kwargs.get("transaction"))
    return is_marked or not {"transactional_db", "live_server"}.isdisjoint(item.fixturenames)


def _maker(item: pytest.Item) -> Maker | None:
    """Who makes what this test starts from: the first of its fixtures that is of this kind.

    Nobody, where the test commits: then the database is emptied after it.
    """
    info = getattr(item, "_fixtureinfo", None)
    if info is None or is_committing(item):
        return None
    for name in info.names_closure:
        for found in reversed(info.name2fixturedefs.get(name, ())):
            if hasattr(found.func, "made_by"):
                return found.func.made_by
            if name not in found.argnames:  # it doesn't go on from the one of the same name before it
                break
    return None
