"""Statistics for SQLite's planner: taken after migrations and imports, and never at anybody's cost."""

import pytest
from django.core.management.sql import emit_post_migrate_signal
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from accounts import planner
from tests.imports.desk import NOW, a_desk, row

pytestmark = pytest.mark.django_db
KEEPS_NONE = connection.vendor == "sqlite"  # PostgreSQL keeps its own


def taken(asked):
    return any(query["sql"].startswith("ANALYZE") for query in asked.captured_queries)


def test_a_migration_leaves_statistics_behind():
    with CaptureQueriesContext(connection) as asked:
        emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
    assert taken(asked) is KEEPS_NONE


def test_an_import_leaves_statistics_behind(time_machine, django_capture_on_commit_callbacks):
    time_machine.move_to(NOW, tick=False)
    desk = a_desk()
    source = desk.upload(row(1, "Acme Dental", "2026-02-10", "2"))
    with (
        CaptureQueriesContext(connection) as asked,
        django_capture_on_commit_callbacks(execute=True),
    ):
        desk.publish(source)
    assert taken(asked) is KEEPS_NONE


class WrittenByAnother:
    """SQLite's answer to whoever would take statistics while another one writes."""

    def __call__(self, execute, sql, params, many, context):
        if sql.startswith("ANALYZE"):
            raise OperationalError("database is locked")
        return execute(sql, params, many, context)


def test_where_another_one_writes_nobody_waits_and_nothing_fails():
    with connection.execute_wrapper(WrittenByAnother()), CaptureQueriesContext(connection) as asked:
        planner.learn()
    said = [query["sql"] for query in asked.captured_queries]
    assert bool(said) is KEEPS_NONE
    assert said[-1:] in ([], ["PRAGMA busy_timeout=20000"])
