"""Rows and hours of a file add up, always: in what the command prints, whatever is excluded, refused or held."""

import json
from collections import Counter
from datetime import date
from decimal import Decimal

from django.utils.timezone import now
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.tenancy import tenant_scope
from imports import originals
from imports.publishing.hour_sums import shared_out
from imports.publishing.preview import plan_import
from imports.publishing.report import report
from imports.publishing.row_sums import sums_of
from imports.reading.rows import worked_of
from tests.examples import examples
from tests.imports.uploading import HEADER, row

COMPANIES = ("Acme Dental", "Birch & Lowe", "Cobalt Freight", "Zeta Corp", "")
HOURS = st.sampled_from(("0.3333", "0.6667", "1", "2.25", "0.05", "30", "-1", "x", "1:20", "0.0049"))
DAYS = st.sampled_from(("2026-02-10", "2026-02-11", "2025-12-31", "no day"))
ROWS = st.lists(
    st.tuples(st.sampled_from(COMPANIES), DAYS, HOURS, st.sampled_from(("Remote", "Travel"))), min_size=1
)


def test_what_the_rows_of_a_client_come_to_is_what_they_say_one_by_one(world):
    hours = ("1", "2", "1", "0.3333", "1")
    lines = [row(n, "Acme Dental", "2026-02-10", h, title=f"Work {n}") for n, h in enumerate(hours, start=1)]
    lines += [row(n, "Acme Dental", "2026-02-11", "1", work_type="Travel") for n in (7, 8)]
    lines += [row(n, "Acme Dental", "2025-12-31", "1") for n in (9, 10)]
    with tenant_scope(world.provider):
        text = "\n".join((HEADER, *lines, lines[0], ""))
        source = originals.store(
            data=text.encode(), file_name="week.csv", client=None, options={}, by=None, at=now()
        )
        (client,) = (
            each
            for each in plan_import(source, today=date(2026, 2, 16)).clients
            if each.client.slug == "acme"
        )
    rows = client.rows
    found, kinds = sums_of(rows), {(each.reason, each.classified.place.retainer or "") for each in rows}
    assert found == client.sums
    assert len(kinds) > 2
    assert {(each.reason, each.retainer) for each in found.hours} == kinds
    for each in found.hours:
        mine = [
            one
            for one in rows
            if (one.reason, one.classified.place.retainer or "") == (each.reason, each.retainer)
        ]
        assert each.line == mine[0].line
        assert each.worked == sum(worked_of(one.classified.row) for one in mine)
        assert each.counted == sum(one.counted for one in mine)
    assert found.kinds == Counter(one.kind for one in rows if one.reason is None)
    assert found.excluded == Counter(one.reason for one in rows if one.reason is not None)
    assert found.waiting == sum(one.waits for one in rows) > 1
    assert found.changes
    assert found.rewords


def reported(world, rows, held):
    lines = [row(n, c, d, h, work_type=kind) for n, (c, d, h, kind) in enumerate(rows, start=1)]
    text = "\n".join((HEADER, *lines, ""))
    with tenant_scope(world.provider):
        options = {"held": list(held), "skip_bad_rows": True, "accept": ["one-company", "years"]}
        source = originals.store(
            data=text.encode(), file_name="week.csv", client=None, options=options, by=None, at=now()
        )
        return json.loads(json.dumps(report(plan_import(source, today=date(2026, 2, 16)), published=False)))


@settings(
    max_examples=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(rows=ROWS, held=st.sets(st.sampled_from(("acme", "birch", "cobalt"))))
def test_rows_and_hours_add_up_whatever_becomes_of_them(db, world, rows, held):
    said = reported(world, rows, held)

    hours, entries = said["hours"], said["entries"]
    parts = [each["hours"]["worked"] for each in said["balances"]]
    parts += [*hours["excluded"].values(), hours["refused"], hours["unknown"], hours["held"]]
    assert Decimal(hours["worked"]) == sum(map(Decimal, parts), Decimal(0))
    assert said["rows"] == len(rows) == sum(entries.values()) - entries["removed"]
    assert Decimal(hours["counted"]) == sum(
        (Decimal(each["hours"]["counted"]) for each in said["balances"]), Decimal(0)
    )


@given(st.lists(st.decimals(min_value=-99, max_value=99, places=4), max_size=20))
def test_parts_rounded_to_the_hundredth_add_up_to_the_rounded_whole(parts):
    exact = {(str(index),): hours for index, hours in enumerate(parts)}

    found = shared_out(exact)

    assert abs(sum(found.values(), Decimal(0)) - sum(parts, Decimal(0))) <= Decimal("0.005")
    assert all(abs(found[part] - exact[part]) < Decimal("0.02") for part in exact)
