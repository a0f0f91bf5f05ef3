"""Many rows at once are judged as one row is: by the scope, by the columns, by the database."""

import re
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import CaptureQueriesContext

from accounts import many_rows
from accounts.postgres import base
from accounts.tenancy import ForeignTenantError, TenantRequiredError, all_tenants, tenant_scope
from retainers import publishing
from retainers.models import Entry
from retainers.publishing import NewEntry
from tests.factories import ClientFactory, ProviderFactory, a_retainer

NAMES = ("retainer_id", "added_in_id", "retired_in_id", *NewEntry._fields)
LINE = NewEntry(
    origin=uuid4(),
    day=date(2026, 1, 4),
    worked_units=10_000,
    billable_units=None,
    deducted_units=0,
    is_billable=True,
    categories=["travel", "night's"],
    pool="support",
    exclusion="",
    parts=[{"seconds": 60, "pool": "", "categories": [], "exclusion": ""}],
    wording='Tab\there, "quoted", back\\slash, \\N, {"ü": 1}\nand a second line',
    worded_by=Entry.WordedBy.RULE,
    incident="",
)


def of_a_new_provider():
    provider = ProviderFactory()
    with tenant_scope(provider):
        return a_retainer(ClientFactory(provider=provider))


@pytest.fixture
def retainer(db):
    return of_a_new_provider()


@pytest.fixture
def other(db):
    return of_a_new_provider()


def of(retainer, line=LINE):
    return (retainer.pk, retainer.publication_id, None, *line)


def insert(*records):
    with transaction.atomic():
        many_rows.insert(Entry, NAMES, records)


def insert_and_check(*records):
    insert(*records)
    connection.check_constraints()


def test_what_is_written_at_once_is_what_one_row_alone_says(retainer):
    with tenant_scope(retainer.provider):
        insert(of(retainer))
        publishing.add_entries(retainer.publication, [Entry(**LINE._replace(origin=uuid4())._asdict())])
        at_once, alone = Entry.objects.order_by("pk")
        assert at_once.origin == LINE.origin
        for name in ("retainer_id", "added_in_id", "retired_in_id", "provider_id", *NewEntry._fields[1:]):
            assert getattr(at_once, name) == getattr(alone, name), name


def test_rows_are_written_in_parts_of_a_fixed_size(retainer, monkeypatch):
    monkeypatch.setattr(many_rows, "AT_ONCE", 2)
    lines = [LINE._replace(origin=uuid4(), worked_units=count) for count in range(5)]
    with tenant_scope(retainer.provider):
        insert(*(of(retainer, line) for line in lines))
        assert [each.worked_units for each in Entry.objects.order_by("pk")] == [0, 1, 2, 3, 4]


def test_rows_that_fill_no_statement_are_written_in_their_place_too(retainer):
    counts = range(many_rows.TOGETHER * 2 + 5)
    lines = [LINE._replace(origin=uuid4(), worked_units=count, deducted_units=None) for count in counts]
    with tenant_scope(retainer.provider):
        insert(*(of(retainer, line) for line in lines))
        assert [each.worked_units for each in Entry.objects.order_by("pk")] == list(counts)


PARTS = [
    ("a", "", None, []), ("a", "", None, []),
    ("a", "late", None, []), ("b", "late", 5, []),
    ("b", "", 5, ["travel"]), ("b", "", 5, ["travel"]),
    ("", "", 0, []),
]  # fmt: skip


@pytest.mark.parametrize(("order", "at_once"), [(1, 2), (-1, 2), (1, len(PARTS))])
def test_parts_of_which_each_has_something_else_alike_are_written_as_they_are(
    retainer, monkeypatch, order, at_once
):
    monkeypatch.setattr(many_rows, "AT_ONCE", at_once)
    names = ("pool", "exclusion", "deducted_units", "categories")
    lines = [LINE._replace(origin=uuid4(), **dict(zip(names, said, strict=True))) for said in PARTS[::order]]
    with tenant_scope(retainer.provider):
        insert(*(of(retainer, line) for line in lines))
        assert list(Entry.objects.order_by("pk").values_list(*names)) == PARTS[::order]
        assert set(Entry.objects.values_list("wording", "billable_units")) == {(LINE.wording, None)}


def test_what_all_rows_have_alike_is_sent_once(retainer):
    lines = [LINE._replace(origin=uuid4(), worked_units=count) for count in range(5)]
    with tenant_scope(retainer.provider), CaptureQueriesContext(connection) as asked:
        insert(*(of(retainer, line) for line in lines))
    said = " ".join(query["sql"] for query in asked)
    if connection.vendor == "sqlite":
        others = len(Entry._meta.concrete_fields) - 4  # the key is given, retainer, origin and hours differ
        assert max(map(int, re.findall(r"\?(\d+)", said))) == others + 3 * len(lines)
    else:
        (made,) = re.findall(r"ON COMMIT DROP AS SELECT (.*?) FROM", said)
        assert made == '"retainer_id", "origin", "worked_units"'


def test_of_what_all_rows_have_alike_one_value_is_looked_at_and_days_are_written_as_they_stand(
    retainer, monkeypatch
):
    looked_at, really = {}, many_rows._column

    def counting(field, values, is_done):
        looked_at[field.name] = len(values)
        return really(field, values, is_done)

    monkeypatch.setattr(many_rows, "_column", counting)
    monkeypatch.setattr(models.DateField, "get_db_prep_save", None)
    rows = [of(retainer, LINE._replace(origin=uuid4(), day=date(2026, 1, 1 + n))) for n in range(9)]
    with tenant_scope(retainer.provider):
        insert(*rows)
        days = set(Entry.objects.values_list("day", flat=True))

    assert (looked_at["day"], looked_at["origin"]) == (9, 9)
    assert {looked_at[name] for name in ("pool", "worked_units", "is_billable", "wording", "replaces")} == {1}
    assert days == {date(2026, 1, 1 + n) for n in range(9)}


def test_equal_objects_that_are_other_documents_are_written_each_as_it_is(retainer):
    said = [[1], [True], [1]]
    with tenant_scope(retainer.provider):
        insert(*(of(retainer, LINE._replace(origin=uuid4(), categories=each)) for each in said))
        found = list(Entry.objects.order_by("pk").values_list("categories", flat=True))
    assert list(map(repr, found)) == list(map(repr, said))


def test_a_value_of_another_type_is_turned_into_the_columns_or_refused(retainer):
    with tenant_scope(retainer.provider):
        insert(of(retainer, LINE._replace(worked_units="25", day=datetime(2026, 1, 5, 9, tzinfo=UTC).date())))
        assert Entry.objects.get().worked_units == 25
        with pytest.raises(ValueError, match="expected a number"):
            insert(of(retainer, LINE._replace(worked_units="much")))
        with pytest.raises(TypeError):
            insert(of(retainer, LINE._replace(categories=[object()])))


def test_each_column_is_named(retainer):
    with tenant_scope(retainer.provider), pytest.raises(TypeError, match="has the columns"):
        many_rows.insert(Entry, NAMES[:-1], [of(retainer)[:-1]])


def test_rows_belong_to_the_provider_in_scope_and_never_to_nobody(retainer):
    with pytest.raises(TenantRequiredError):
        insert(of(retainer))
    with all_tenants("to see it refused"), pytest.raises(ForeignTenantError):
        insert(of(retainer))


def test_the_database_refuses_a_row_that_ties_two_providers_together(retainer, other):
    with tenant_scope(other.provider):
        with pytest.raises(IntegrityError), transaction.atomic():
            insert_and_check((retainer.pk, other.publication_id, None, *LINE))
        assert not Entry.objects.exists()


@pytest.mark.parametrize(
    "broken",
    [
        {"worked_units": None, "billable_units": None, "deducted_units": None},
        {"day": None},
    ],
)
def test_the_database_refuses_what_it_refuses_of_one_row_and_keeps_none(retainer, broken):
    lines = [LINE._replace(origin=uuid4()), LINE._replace(**broken)]
    with tenant_scope(retainer.provider):
        with pytest.raises(IntegrityError):
            insert(*(of(retainer, line) for line in lines))
        assert not Entry.objects.exists()


def test_an_entry_is_live_once(retainer):
    with tenant_scope(retainer.provider):
        with pytest.raises(IntegrityError):
            insert(of(retainer), of(retainer))
        assert not Entry.objects.exists()


def test_a_thousand_rows_are_one_statement(retainer):
    rows = [of(retainer, LINE._replace(origin=uuid4())) for _ in range(1000)]
    with tenant_scope(retainer.provider), CaptureQueriesContext(connection) as asked:
        insert(*rows)
    assert len([each for each in asked if "INSERT" in each["sql"]]) == 1
    assert len([each for each in asked if "COPY" in each["sql"]]) <= 1


def test_json_that_is_written_already_is_not_written_twice(retainer):
    document = '["night", "travel"]'
    with tenant_scope(retainer.provider), transaction.atomic():
        many_rows.insert(
            Entry, NAMES, [of(retainer, LINE._replace(categories=document))], written=("categories",)
        )
        assert Entry.objects.get().categories == ["night", "travel"]


@pytest.mark.one_engine
def test_a_row_that_a_trigger_guards_is_journaled_in_memory(db):
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA temp_store").fetchone() == (2,)


def test_rows_are_looked_for_by_many_values_whatever_signs_are_in_them(retainer):
    with tenant_scope(retainer.provider):
        insert(of(retainer), of(retainer, LINE._replace(origin=uuid4(), wording="b,{c}")))
        found = Entry.objects.filter(wording__in=many_rows.Among([LINE.wording, "b,{c}", "'", ""]))
        assert found.count() == 2
        assert Entry.objects.filter(origin__in=many_rows.Among([LINE.origin.hex])).count() == 1
        assert Entry.objects.filter(pk__in=many_rows.Among([])).count() == 0


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite looks up each row as it is")
def test_postgresql_looks_each_row_up_among_the_values(retainer):
    with tenant_scope(retainer.provider):
        for name, values in (
            ("pk", range(3_210)),
            ("origin", [uuid4().hex] * 3_210),
            ("incident", ["a"] * 3_210),
        ):
            said = Entry.objects.filter(**{f"{name}__in": many_rows.Among(values)}).explain()
            assert " = ANY (" in said
            assert "Join" not in said


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite takes rows as they are")
@pytest.mark.parametrize(("long", "said"), [(20, " VALUES ("), (1_000, " UNNEST(")])
def test_postgresql_is_sent_long_texts_as_rows_and_not_as_columns(retainer, monkeypatch, long, said):
    monkeypatch.setattr(base, "LONG", long)
    lines = [Entry(**LINE._replace(origin=uuid4())._asdict()) for _ in range(3)]
    with tenant_scope(retainer.provider), CaptureQueriesContext(connection) as asked:
        publishing.add_entries(retainer.publication, lines)
        assert set(Entry.objects.values_list("wording", flat=True)) == {LINE.wording}
    (made,) = (query["sql"] for query in asked if "INSERT" in query["sql"])
    assert said in made
