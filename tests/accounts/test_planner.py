"""Statistics for the planner: taken after migrations, imports and loaded agreements, and never at anybody's cost."""

import pytest
from django.core.management.sql import emit_post_migrate_signal
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from accounts import database
from accounts.tenancy import tenant_scope
from imports import originals
from imports.models import SourceRow
from retainers.models import Client
from tests.factories import load_agreements
from tests.imports.uploading import NOW, an_import_world, row

KEEPS_NONE = connection.vendor == "sqlite"  # PostgreSQL keeps its own


def taken(asked):
    return any(query["sql"].startswith("ANALYZE") for query in asked.captured_queries)


@pytest.mark.owner
def test_a_migration_leaves_statistics_behind(db):
    with CaptureQueriesContext(connection) as asked:
        emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
    assert taken(asked) is KEEPS_NONE


def test_an_import_leaves_statistics_behind(db, time_machine, django_capture_on_commit_callbacks):
    time_machine.move_to(NOW, tick=False)
    world = an_import_world()
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "2"))
    with (
        CaptureQueriesContext(connection) as asked,
        django_capture_on_commit_callbacks(execute=True),
    ):
        world.publish(source)
    assert taken(asked) is KEEPS_NONE


@pytest.mark.owner
def test_agreements_that_are_loaded_leave_statistics_of_what_rows_point_at(
    db, tmp_path, django_capture_on_commit_callbacks
):
    with CaptureQueriesContext(connection) as asked, django_capture_on_commit_callbacks(execute=True):
        load_agreements(tmp_path, '[provider]\nslug = "north"\nname = "North"\ntimezone = "UTC"\n')
    (said,) = [query["sql"] for query in asked if "ANALYZE" in query["sql"]]
    assert KEEPS_NONE or ("retainers_client" in said and "retainers_publication" in said)


class WrittenByAnother:
    """SQLite's answer to whoever would take statistics while another one writes."""

    def __call__(self, execute, sql, params, many, context):
        if sql.startswith("ANALYZE"):
            raise OperationalError("database is locked")
        return execute(sql, params, many, context)


def test_where_another_one_writes_nobody_waits_and_nothing_fails(db):
    with connection.execute_wrapper(WrittenByAnother()), CaptureQueriesContext(connection) as asked:
        database.learn()
    said = [query["sql"] for query in asked.captured_queries]
    assert bool(said) is KEEPS_NONE
    assert said[-1:] in ([], ["PRAGMA busy_timeout=20000"])


def test_rows_are_then_found_by_their_marks_and_not_by_reading_all_of_the_provider(db):
    world = an_import_world()
    with tenant_scope(world.provider):
        acme = Client.objects.get(slug="acme")
        source = originals.store(data=b"x", file_name="x.csv", client=None, options={}, by=None, at=now())
        SourceRow.objects.bulk_create(
            (SourceRow(read_in=source, client=acme, format="generic", line=line) for line in range(5000)),
            batch_size=500,
        )
        marks = list(SourceRow.objects.values_list("origin", flat=True)[:100])
        looked_up = SourceRow.objects.filter(client__in=[acme.pk], origin__in=marks)

        database.learn()

        assert "(origin=?)" in looked_up.explain() or not KEEPS_NONE
