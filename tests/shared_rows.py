"""Rows that stay in the database while one test after the other starts from them.

A provider with published work takes longer to make than most tests to run. What makes one is marked `@shared_rows`
instead of `@pytest.fixture`. It is made once, in a transaction that stays open around the tests that ask for it, each
in a transaction of its own that is rolled back as ever. A test gets a copy of what was returned and of the files, and
its clock and settings are set as they were then. The first test that doesn't ask for those rows ends them, so no test
depends on the order; `grouped` only brings together those of a module that start from the same.

What goes on from other rows of this kind says so, `@shared_rows(upon="world")`, and takes their value by its name: they
are those that the fixture of this name makes for the test, so a room may have a world of its own.

For tests that commit the rows can't be kept in a transaction. On SQLite the pages of the database are, and each of
these tests starts with a copy of them; on PostgreSQL the rows are made for each test.
"""

import copy
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from inspect import Parameter, Signature, signature
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
import time_machine as clocks
from django.db import connection, transaction
from django.test import override_settings

from accounts.models import Provider

Maker = Callable[..., Any]
_Line = tuple[Maker, ...]  # whoever makes the rows that the next one goes on from


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
class _Start:
    """What it takes to start from rows, beside the rows."""

    folder: Path
    values: dict[Maker, Any] = field(default_factory=dict)
    clock: tuple[Any, bool] | None = None
    said: dict[str, Any] = field(default_factory=dict)

    def fill(self, line: _Line) -> None:
        with ExitStack() as ends:
            clock, said = _Clock(ends), _Settings(ends)
            ends.enter_context(override_settings(ORIGINALS_ROOT=self.folder / "originals"))
            before = None
            for each in line:
                before = self.values[each] = _call(each, self.folder, clock, said, before)
            self.clock, self.said = clock.said, said.said

    def give(self, folder: Path, clock: Any, settings: Any) -> dict[Maker, Any]:
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        if self.clock is not None:
            clock.move_to(self.clock[0], tick=self.clock[1])
        for name, value in self.said.items():
            setattr(settings, name, value)
        return copy.deepcopy(self.values)


@dataclass(kw_only=True)
class _Rows(_Start):
    """What stands: who made it, and the transaction that it is in."""

    key: Any
    blocker: Any
    outer: transaction.Atomic


@dataclass(kw_only=True)
class _Pages(_Start):
    """What tests that commit start from."""

    database: sqlite3.Connection


_now: _Rows | None = None
_UPON: dict[Maker, str] = {}
_pages: dict[_Line, _Pages] = {}


def shared_rows(make: Maker | None = None, *, upon: str = "") -> Any:
    """A fixture whose rows stand for all tests that ask for it; it may take `tmp_path`, `time_machine`, `settings`."""
    if make is None:
        return partial(shared_rows, upon=upon)

    def given(
        request: pytest.FixtureRequest,
        db: None,
        tmp_path: Path,
        time_machine: Any,
        settings: Any,
        **before: Any,
    ) -> Any:
        given_to = request.node.__dict__.setdefault("_shared_rows", {})  # copies of one another stay together
        if make not in given_to:
            start = _start_of(request.node)
            if start is not None and make in start.values:
                given_to.update(start.give(tmp_path, time_machine, settings))
            else:  # another fixture of this test's stands already
                given_to[make] = _call(make, tmp_path, time_machine, settings, before.get(upon))
        return given_to[make]

    asked = list(signature(given).parameters.values())[:-1]
    if upon:
        _UPON[make] = upon
        asked.append(Parameter(upon, Parameter.POSITIONAL_OR_KEYWORD))
    given.__signature__ = Signature(asked)
    given.made_by = make
    given.__doc__ = make.__doc__
    return pytest.fixture(given, name=make.__name__)


def _start_of(item: pytest.Item) -> _Start | None:
    return _committed(_deepest(item)) if is_committing(item) else _now


def grouped(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """The tests of a module that start from the same rows, one after the other."""
    found = []
    for _module, run in groupby(items, lambda item: item.path):
        found += sorted(run, key=lambda item: [make.__qualname__ for make in _line(item)])
    return found


def end_before(item: pytest.Item, role: str) -> None:
    """What stands ends here, where this test doesn't start from it."""
    if _now is not None and (_now.key != (_line(item), role) or connection.needs_rollback):
        end()


def begin(item: pytest.Item, role: str, blocker: Any) -> None:
    """What this test starts from stands, if it doesn't already. Its database is there; its transaction isn't yet."""
    global _now
    line = _line(item)
    if not line or _now is not None:
        return
    rows = _Rows(_a_folder(), key=(line, role), blocker=blocker, outer=transaction.atomic())
    rows.outer._from_testcase = (
        True  # as Django's own around a test: what has to be outermost may be within it
    )
    with blocker.unblock():
        rows.outer.__enter__()
        try:
            rows.fill(line)
        except BaseException:
            _take_back(rows)
            raise
    _now = rows


def end() -> None:
    """Nothing stands any longer."""
    global _now
    rows, _now = _now, None
    if rows is not None:
        _take_back(rows)


def _committed(line: _Line) -> _Pages | None:
    """The rows are in the database, in a test that commits; nothing where this test has made rows before."""
    if not line or connection.vendor != "sqlite" or Provider.objects.exists():
        return None
    if line in _pages:
        _pages[line].database.backup(connection.connection)
        return _pages[line]
    pages = _Pages(_a_folder(), database=sqlite3.connect(":memory:", check_same_thread=False))
    pages.fill(line)
    connection.connection.backup(pages.database)
    _pages[line] = pages
    return pages


def forget() -> None:
    """No test starts from anything any longer."""
    end()
    while _pages:
        _make, pages = _pages.popitem()
        pages.database.close()
        shutil.rmtree(pages.folder, ignore_errors=True)


def _a_folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="rows-"))


def _take_back(rows: _Rows) -> None:
    with rows.blocker.unblock():
        transaction.set_rollback(True)
        rows.outer.__exit__(None, None, None)
    shutil.rmtree(rows.folder, ignore_errors=True)


def _call(make: Maker, tmp_path: Path, time_machine: Any, settings: Any, before: Any) -> Any:
    given = {"tmp_path": tmp_path, "time_machine": time_machine, "settings": settings}
    return make(**{name: given.get(name, before) for name in signature(make).parameters})


def is_committing(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    is_marked = marker is not None and bool(marker.kwargs.get("transaction"))
    return is_marked or not {"transactional_db", "live_server"}.isdisjoint(item.fixturenames)


def _line(item: pytest.Item) -> _Line:
    """Who makes what stands while this test runs: nobody, where it commits and the database is emptied after it."""
    return () if is_committing(item) else _deepest(item)


def _deepest(item: pytest.Item) -> _Line:
    """Who makes what this test starts from: the first of its fixtures that is of this kind, or who goes on from it."""
    info = getattr(item, "_fixtureinfo", None)
    lines = [_line_to(name, info) for name in info.names_closure] if info else []
    found = [line for line in lines if line]
    first = next((line[-1] for line in found), None)
    return max((line for line in found if first in line), key=len, default=())


def _line_to(name: str, info: Any) -> _Line:
    """The line that ends with this fixture's rows; empty where its rows, or those before them, aren't of this kind."""
    make = _maker_of(name, info)
    if make is None or make not in _UPON:
        return () if make is None else (make,)
    before = _line_to(_UPON[make], info)
    return (*before, make) if before else ()


def _maker_of(name: str, info: Any) -> Maker | None:
    for found in reversed(info.name2fixturedefs.get(name, ())):
        if hasattr(found.func, "made_by"):
            return found.func.made_by
        if name not in found.argnames:  # it doesn't go on from the one of the same name before it
            break
    return None
