"""What the database itself refuses is counted, and what is gone is missed."""

import pytest
from django.db import connection

from accounts import guards


def test_guards_count_every_constraint_of_the_models(db):
    assert "entry_live_once_per_origin" in guards.wanted(connection)
    assert "top_up_above_zero" in guards.wanted(connection)
    assert guards.missing(connection) == set()


@pytest.mark.owner
def test_a_constraint_that_is_gone_makes_it_not_ready(db, client):
    assert client.get("/readyz").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX entry_live_once_per_origin")
    assert guards.missing(connection) == {"entry_live_once_per_origin"}
    assert client.get("/readyz").status_code == 503
