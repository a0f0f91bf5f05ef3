"""A value of several megabytes goes into the database and back, on PostgreSQL in parts."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import large_values
from accounts.tenancy import tenant_scope
from imports.models import LastFile
from tests.factories import ProviderFactory

SIGNS = bytes(range(256))
SIZES = (0, 1, 15, 16, 17, 32, 33, 256)


@pytest.fixture
def rows(db):
    """Two rows of one provider; the first is written and read."""
    with tenant_scope(ProviderFactory()):
        for name in ("tracker", "other"):
            LastFile.objects.create(format=name, judged_by="so", kept=b"as it was")
        yield LastFile.objects.filter(format="tracker")


@pytest.mark.parametrize("size", SIZES)
def test_a_value_comes_back_as_it_was_written_and_no_other_row_changes(rows, monkeypatch, size):
    monkeypatch.setattr(large_values, "PART", 16)
    monkeypatch.setattr(large_values._Apart, "template", large_values._Apart.template.replace("524288", "16"))
    large_values.write(rows, kept=SIGNS[:size], read=b"short")
    assert large_values.read(rows, "kept") == SIGNS[:size]
    assert large_values.read(rows, "read") == b"short"
    assert large_values.read(LastFile.objects.filter(format="other"), "kept") == b"as it was"


def test_where_there_is_no_row_there_is_no_value(rows):
    assert large_values.read(rows.filter(format="none"), "kept") is None


def test_postgresql_is_sent_and_asked_for_no_more_than_a_part_at_a_time(rows, monkeypatch):
    sent, really = [], large_values._lines
    monkeypatch.setattr(large_values, "_lines", lambda value: sent.extend(its := list(really(value))) or its)
    got = []
    monkeypatch.setattr(large_values, "bytes", lambda said: got.append(bytes(said)) or got[-1], raising=False)
    value = SIGNS * (large_values.PART // 100)
    with CaptureQueriesContext(connection) as asked:
        large_values.write(rows, kept=value, read=value[1:])
        assert large_values.read(rows, "kept") == value
        assert large_values.read(rows, "read") == value[1:]
    if connection.vendor == "postgresql":
        assert max(map(len, sent)) < 2 * large_values.PART + 20
        assert max(len(query["sql"]) for query in asked) < 1000
        assert max(map(len, got)) <= large_values.PART


def test_short_values_go_into_their_columns_together(rows, django_assert_num_queries):
    with django_assert_num_queries(1):
        large_values.write(rows, kept=b"one", read=b"other")
