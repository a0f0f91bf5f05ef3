"""The cycle that runs is kept as a plan handed it on: the next file reads entries only where they change."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.tenancy import tenant_scope
from hourtab.verifying.figures import balance_faults
from imports.models import SourceRow
from imports.publishing import planning
from retainers import pricing, published_rows, publishing, reckoning, selectors
from retainers.granting import grant_hours, seen_of
from retainers.kept.keeping import keep_all
from retainers.kept.running import running_of, running_seal
from retainers.models import Entry, KeptFigures
from retainers.selectors import retainers_of
from retainers.terms import TopUp
from tests.imports.both_ways import is_as_worked_out, running_holds_on_each_day
from tests.imports.uploading import bring, row
from tests.imports.words import remember


@pytest.fixture
def read(monkeypatch):
    """The clients (slugs) whose work was read."""
    slugs, works = set(), published_rows._works

    def reading(heads, days, *, exact):
        wanted = [head for pk, head in heads.items() if days.get(pk) != ()]
        slugs.update(head.retainer.client.slug for head in wanted)
        return works(heads, days, exact=exact)

    monkeypatch.setattr(published_rows, "_works", reading)
    return slugs


ACME = [row(number, "Acme Dental", "2026-02-10", "2", technician=f"T{number}") for number in range(1, 4)]
BIRCH = row(9, "Birch & Lowe", "2026-02-11", "1.5")


def balances_of(source):
    return {each["client"]: (each["before"], each["after"]) for each in source.result["balances"]}


def test_entries_are_read_only_where_nothing_may_be_left_of_a_day_in_an_earlier_cycle(
    world, read, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        first = bring(world, *ACME, BIRCH)
    after = {slug: (becomes, becomes) for slug, (_was, becomes) in balances_of(first).items()}
    read.clear()
    with django_capture_on_commit_callbacks(execute=True):
        again = bring(world, *ACME, BIRCH)
        moved = bring(world, *ACME, BIRCH, through="2026-02-13")
    assert read == set()
    assert balances_of(again) == balances_of(moved) == after

    changed = [*ACME, BIRCH.replace(",1.5,", ",2,")]
    with django_capture_on_commit_callbacks(execute=True):
        source = bring(world, *changed)
    assert read == set()
    assert balances_of(source)["acme"] == after["acme"]
    assert balances_of(source)["birch"] != after["birch"]

    for day, hours, whose in [(20, "1", set()), (20, "2", set()), (21, "2", {"acme"})]:
        with django_capture_on_commit_callbacks(execute=True):
            bring(world, *changed, row(10, "Acme Dental", f"2026-01-{day}", hours))
        assert read == whose
    with tenant_scope(world.provider):
        assert is_as_worked_out(world.provider)


def test_a_kept_cycle_counts_until_hours_lapse_or_later_work_begins_to_count(
    world, django_capture_on_commit_callbacks
):
    with tenant_scope(world.provider):
        retainer = retainers_of(["acme"])[0]
        bought = [TopUp(date(2026, 2, 1), Decimal(30), expires=date(2026, 2, 25))]
        form = seen_of(retainer, top_ups=bought).mark
        grant_hours(retainer=retainer, top_ups=bought, form=form, by=None, at=timezone.now(), agreed=True)
    with django_capture_on_commit_callbacks(execute=True):
        bring(world, *ACME, row(9, "Birch & Lowe", "2026-02-23", "1.5"))

    assert last_days(world) == {"acme": date(2026, 2, 25), "birch": date(2026, 2, 22)}
    with tenant_scope(world.provider):
        assert all(running_holds_on_each_day(world.provider))


def last_days(world):
    """The last day on which the kept cycle of each client counts."""
    with tenant_scope(world.provider):
        heads = {each.client.slug: {each.pk: each.publication} for each in retainers_of(["acme", "birch"])}
        days = [date(2026, 2, 16) + timedelta(days=number) for number in range(40)]
        return {slug: max(day for day in days if running_of(head, day)) for slug, head in heads.items()}


@pytest.mark.parametrize("change", ["sealed", "unsealed"])
def test_a_kept_cycle_that_is_not_what_the_entries_come_to_is_found(
    change, world, read, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        bring(world, *ACME, BIRCH)
    with tenant_scope(world.provider):
        kept_row = KeptFigures.objects.get(retainer__client__slug="birch")
        text = kept_row.running.replace('"1.50"', '"1.25"')
        assert text != kept_row.running
        kept_row.running = text
        if change == "sealed":
            kept_row.running_seal = running_seal(kept_row.retainer_id, kept_row.publication_id, text)
        kept_row.save()
        faults = [each for each in balance_faults(world.provider) if "its running cycle" in each]
        assert len(faults) == (change == "sealed")
    read.clear()
    bring(world, *ACME, BIRCH)
    assert read == (set() if change == "sealed" else {"birch"})


def test_of_a_first_file_kinds_are_priced_and_only_rows_of_the_first_days_of_long_incidents(
    world, monkeypatch, django_capture_on_commit_callbacks
):
    priced, draw_of = [], pricing._Rates.draw_of

    def counting(rates, work, *, alive):
        priced.append(work)
        return draw_of(rates, work, alive=alive)

    monkeypatch.setattr(pricing._Rates, "draw_of", counting)
    rows = [
        row(
            number,
            "Acme Dental",
            f"2026-02-{2 + number % 9:02}",
            "1",
            ticket=str(number),
            technician=f"T{number}",
        )
        for number in range(1, 400)
    ]
    with django_capture_on_commit_callbacks(execute=True):
        bring(world, *rows)

    assert len(priced) == 1  # a kind, whatever its days
    with tenant_scope(world.provider):
        assert is_as_worked_out(world.provider)
        assert all(running_holds_on_each_day(world.provider))


def test_of_a_changed_file_only_entries_of_the_incidents_concerned_are_read(
    world, monkeypatch, django_capture_on_commit_callbacks
):
    """The longest of before, and those that are of what goes and comes."""
    hours = {"11": "9", "12": "8", "13": "7", "14": "2", "15": "1"}
    of = {str(number): ticket for number, ticket in enumerate([*hours, *hours], 1)}
    rows = [
        row(int(each), "Acme Dental", "2026-02-10", hours[of[each]], ticket=of[each], technician=f"T{each}")
        for each in of
    ]
    with django_capture_on_commit_callbacks(execute=True):
        bring(world, *rows)
    read, works_in = [], reckoning.works_in
    monkeypatch.setattr(
        reckoning, "works_in", lambda records: read.extend(said := list(records)) or works_in(said)
    )
    changed = row(4, "Acme Dental", "2026-02-10", "2.5", ticket="14", technician="T4")
    with django_capture_on_commit_callbacks(execute=True):
        bring(world, *rows[:3], changed, *rows[4:])

    with tenant_scope(world.provider):
        marks = dict(SourceRow.objects.values_list("origin", "entry_id"))
        named = dict(Entry.objects.values_list("pk", "origin"))
        assert sorted(int(marks[named[record[-1]]]) for record in read) == [1, 2, 3, 6, 7, 8, 9]
        assert is_as_worked_out(world.provider)


def test_where_all_entries_have_to_be_read_the_running_cycle_is_not_read_before(
    world, monkeypatch, django_capture_on_commit_callbacks
):
    """Nothing is left of the only day of an earlier cycle: whatever the longest incidents are doesn't help."""
    with django_capture_on_commit_callbacks(execute=True):
        bring(world, *ACME, row(10, "Acme Dental", "2026-01-20", "1"))
    asked, staying = [], reckoning._staying
    monkeypatch.setattr(
        reckoning, "_staying", lambda cases, **said: asked.append(said) or staying(cases, **said)
    )
    with django_capture_on_commit_callbacks(execute=True):
        bring(world, *ACME, row(10, "Acme Dental", "2026-01-21", "1"))

    assert asked == [{"is_whole": False}]
    with tenant_scope(world.provider):
        assert is_as_worked_out(world.provider)


def test_all_retainers_of_an_import_are_led_to_their_publications_by_one_statement(
    world, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(publishing, "BATCH", 1)
    with CaptureQueriesContext(connection) as asked:
        bring(world, *ACME, BIRCH)

    said = [query["sql"] for query in asked.captured_queries]
    assert len([sql for sql in said if sql.startswith('UPDATE "retainers_retainer"')]) == 1
    with tenant_scope(world.provider):
        rows = list(retainers_of(["acme", "birch"]))
        assert [row.publication.kind for row in rows] == ["import", "import"]
        assert all(row.publication == row.publications.latest("number") for row in rows)


def test_where_an_earlier_cycle_changes_what_stood_before_is_not_worked_out_again(
    world, monkeypatch, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        bring(world, *ACME, BIRCH)
    stood, balance = [], selectors.balance
    monkeypatch.setattr(selectors, "balance", lambda *said: stood.append(said) or balance(*said))
    with django_capture_on_commit_callbacks(execute=True):
        source = bring(world, *ACME, BIRCH, row(10, "Acme Dental", "2026-01-20", "1"))

    assert stood == []
    assert balances_of(source)["acme"][0] == balances_of(source)["acme"][1]
    with tenant_scope(world.provider):
        assert is_as_worked_out(world.provider)


def test_where_an_earlier_cycle_changes_the_incidents_of_the_one_that_runs_stay(
    world, django_capture_on_commit_callbacks
):
    remember(world, "backup check", "Backups checked")
    stands = [
        row(number, "Acme Dental", "2026-02-10", "2", ticket=str(11 + number % 2), technician=f"T{number}")
        for number in range(1, 5)
    ]
    with django_capture_on_commit_callbacks(execute=True):
        bring(world, *stands)
    with django_capture_on_commit_callbacks(execute=True):
        bring(world, *stands, row(10, "Acme Dental", "2026-01-20", "1", ticket="11"))

    with tenant_scope(world.provider):
        head = retainers_of(["acme"])[0].publication
        (handed,) = running_of({head.retainer_id: head}, date(2026, 2, 16)).values()
        assert [each.hours for each in handed.incidents.sums] == [4, 4]
        assert is_as_worked_out(world.provider)


def test_where_the_running_cycle_is_not_kept_the_closed_ones_are_whether_an_entry_stands_or_none(
    world, monkeypatch, django_capture_on_commit_callbacks
):
    """Work of before the agreement began is in no cycle, and stands all the same."""
    with django_capture_on_commit_callbacks(execute=True):
        bring(world, row(9, "Birch & Lowe", "2025-12-31", "1.5"))
    with tenant_scope(world.provider):
        KeptFigures.objects.update(running="")
        keep_all(world.provider)
    begun, balance = [], selectors.balance
    monkeypatch.setattr(selectors, "balance", lambda *said: begun.append(said) or balance(*said))
    compared = []
    monkeypatch.setattr(planning, "reckoned", lambda clients, kept: compared.extend(clients) or {})
    with django_capture_on_commit_callbacks(execute=True):
        bring(world, *ACME, BIRCH, row(10, "Acme Dental", "2026-01-20", "1"))

    assert [len(closed) for *_said, closed, _counted in begun] == [1, 1, 1]
    stands = {each.compared.slug: [its.retainer.key for its in each.compared.beginning] for each in compared}
    assert stands == {"acme": ["support"], "birch": [], "cobalt": ["support"]}
    with tenant_scope(world.provider):
        assert is_as_worked_out(world.provider)
