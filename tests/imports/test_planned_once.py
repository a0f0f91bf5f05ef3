"""A file is parsed once and a plan computed once: looking again and publishing take up what was kept."""

import gc
from datetime import date

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from accounts.models import Provider
from accounts.tenancy import tenant_scope
from desk.imports import unattended
from imports import keeping
from imports.models import Import, RememberedWording
from imports.publishing import preview as previewing
from imports.publishing.hindrances import StalePlanError
from imports.publishing.plan import Plan
from imports.publishing.preview import plan_import, preview
from imports.publishing.publish import publish
from retainers.models import ClosedMonth, CompanyName
from tests.factories import ClientFactory, a_retainer
from tests.imports.uploading import an_import_world, hidden, row

pytestmark = pytest.mark.usefixtures("monday")
TODAY = date(2026, 2, 16)


@pytest.fixture
def steps(monkeypatch):
    """How often a file was parsed and a plan computed."""
    done = {"parse": 0, "plan_of": 0}
    for name in done:
        step = getattr(previewing, name)

        def counted(*args, _name=name, _step=step, **kwargs):
            done[_name] += 1
            return _step(*args, **kwargs)

        monkeypatch.setattr(previewing, name, counted)
    return done


def work(number=1, hours="2"):
    return row(number, "Acme Dental", "2026-02-10", hours)


def kept_files():
    return list(settings.ORIGINALS_ROOT.rglob("*.kept"))


def test_looking_twice_and_publishing_parses_and_plans_once(world, steps):
    source = world.upload(work())
    world.page(source)
    world.page(source)

    world.publish(source, accept=())

    assert world.fresh(source).state == Import.State.PUBLISHED
    assert steps == {"parse": 1, "plan_of": 1}


def test_an_answer_is_planned_anew_and_parsed_no_more(world, steps):
    source = world.upload(work())
    world.page(source)

    world.post("choose_in_import", source, asked="one-company", accept="one-company")

    assert steps == {"parse": 1, "plan_of": 2}


def test_another_way_of_reading_is_parsed_anew(world, steps):
    source = world.upload(work())
    world.page(source)

    world.post("reread_import", source, format="generic")

    assert steps["parse"] == 2


def test_ticks_are_taken_without_a_second_plan(world, steps):
    source = world.upload(work(), row(2, "Birch & Lowe", "2026-02-10", "1"))

    world.publish(source, publish=("birch", "cobalt"))

    assert (world.live("acme"), len(world.live("birch"))) == ([], 1)
    assert steps["plan_of"] == 1


def test_what_was_kept_goes_once_the_import_is_published(world, django_capture_on_commit_callbacks):
    source = world.upload(work())
    page = world.page(source)
    assert len(kept_files()) == 1

    with django_capture_on_commit_callbacks(execute=True):
        world.post("publish_import", source, digest=hidden(page, "digest"), publish="acme", shown="acme")

    assert kept_files() == []


def test_a_kept_file_that_cannot_be_read_is_made_anew(world):
    source = world.upload(work())
    world.page(source)
    (kept,) = kept_files()
    kept.write_bytes(b"not of this release")

    assert "1 new" in world.page(source)


def a_plan(world, source):
    with tenant_scope(world.provider):
        source.options["accept"] = ["one-company"]
        source.save()
        return plan_import(source, today=TODAY)


def publishes(world, source, plan):
    with tenant_scope(world.provider):
        publish(source=source, plan=plan, by=None, at=now())


def test_a_plan_is_published_as_long_as_nothing_has_changed(world):
    source = world.upload(work())

    publishes(world, source, a_plan(world, source))

    assert len(world.live("acme")) == 1


def somebody_publishes(world):
    world.publish(world.upload(row(7, "Birch & Lowe", "2026-02-10", "1")))


def somebody_names_a_company(world):
    with tenant_scope(world.provider):
        client = CompanyName.objects.get(name="Acme Dental").client
        CompanyName.objects.create(client=client, name="Acme", key="acme")


def somebody_holds_a_client_back(world):
    with tenant_scope(world.provider):
        first = Import.objects.order_by("pk").first()
        first.options = {"held": ["acme"]}
        first.save()


def somebody_closes_a_month(world):
    with tenant_scope(world.provider):
        ClosedMonth.objects.create(month=date(2026, 1, 1), made_at=now(), made_by=None)


def somebody_opens_a_month_again(world):
    with tenant_scope(world.provider):
        ClosedMonth.objects.update(taken_back_at=now())


def cycles_settle_on_another_day(world):
    Provider.objects.update(settles_after_days=3)


def midnight_passes(world, time_machine):
    time_machine.move_to("2026-02-17T12:00:00Z", tick=False)


def test_a_plan_is_not_published_once_words_were_replaced_at_the_same_moment(world):
    with tenant_scope(world.provider):
        RememberedWording.objects.create(kind="title", key="backup check", text="Backups checked")
    source = world.upload(work())
    plan = a_plan(world, source)
    with tenant_scope(world.provider):
        RememberedWording.objects.update(text="Backups looked after")

    with pytest.raises(StalePlanError):
        publishes(world, world.fresh(source), plan)


def test_a_plan_is_not_published_once_a_month_of_its_is_open_again(world):
    somebody_closes_a_month(world)
    source = world.upload(work())
    plan = a_plan(world, source)
    somebody_opens_a_month_again(world)

    with pytest.raises(StalePlanError):
        publishes(world, world.fresh(source), plan)


@pytest.mark.parametrize(
    "happens",
    [
        somebody_publishes,
        somebody_names_a_company,
        somebody_holds_a_client_back,
        somebody_closes_a_month,
        cycles_settle_on_another_day,
        midnight_passes,
    ],
)
def test_a_plan_is_not_published_once_what_it_depends_on_has_changed(world, happens, time_machine):
    source = world.upload(work())
    plan = a_plan(world, source)
    happens(*((world, time_machine) if happens is midnight_passes else (world,)))

    with pytest.raises(StalePlanError):
        publishes(world, world.fresh(source), plan)

    assert world.live("acme") == []


def test_the_command_line_plans_again_where_somebody_published_in_between(world, monkeypatch):
    source = world.upload(work())
    other = world.upload(row(7, "Birch & Lowe", "2026-02-09", "1"))
    between = [lambda: publishes(world, other, a_plan(world, other))]

    def planned(*args, **kwargs):
        plan = plan_import(*args, **kwargs)
        if between:
            between.pop()()
        return plan

    monkeypatch.setattr(unattended, "plan_import", planned)
    with tenant_scope(world.provider):
        source.options["accept"] = ["one-company"]
        source.save()
        unattended.publish_unseen(source=source, by=None, at=now())

    assert (len(world.live("acme")), len(world.live("birch"))) == (1, 1)


def test_under_the_lock_nothing_is_read_of_entries_and_nothing_is_judged(world):
    source = world.upload(work())
    world.publish(world.upload(work(9)))
    plan = a_plan(world, source)

    with CaptureQueriesContext(connection) as asked:
        publishes(world, source, plan)

    reads = [query["sql"] for query in asked if query["sql"].startswith("SELECT")]
    assert reads
    assert not [sql for sql in reads if 'FROM "retainers_entry"' in sql]


def test_a_look_at_a_file_with_something_of_everything_takes_at_most_fifty_queries(world):
    world.publish(
        world.upload(work(), row(2, "Birch & Lowe", "2026-02-11", "1.333", title="Printer jam in bay 3"))
    )
    known = [work(hours="3"), row(2, "Cobalt Freight", "2026-02-11", "1.333", title="Printer jam in bay 4")]
    unknown = [
        row(5, "Zeta Corp", "2026-02-10", "1"),
        row(6, "Acme Dentel", "2026-02-11", "1"),
        row(7, "Acme Dental", "x", "1"),
    ]
    source = world.upload(*known, *unknown, row(8, "Cobalt Freight", "2026-02-12", "-1"))

    with CaptureQueriesContext(connection) as asked:
        world.page(source)

    assert len(asked) <= 50


def test_a_plan_comes_back_as_it_was_kept(world):
    world.publish(world.upload(work(), row(2, "Birch & Lowe", "2026-02-11", "1.333")))
    source = world.upload(
        work(hours="3"), row(5, "Zeta Corp", "2026-02-10", "1"), row(6, "Acme Dental", "x", "1")
    )
    with tenant_scope(world.provider):
        plan = preview(source, today=TODAY)

    assert keeping.unpack(keeping.pack(plan), Plan) == plan


def test_nobody_looks_for_garbage_while_a_preview_is_stored(world, monkeypatch):
    seen, really = [], previewing.packed
    monkeypatch.setattr(previewing, "packed", lambda *said: seen.append(gc.isenabled()) or really(*said))
    source = world.upload(row(1, "Acme Dental", "2026-02-11", "1.75"))
    with tenant_scope(world.provider):
        preview(source, today=TODAY)

    assert seen == [False]


ROWS = 80


def more_clients(world, count):
    """The rows of a file about that many clients with agreements of their own."""
    rows = []
    with tenant_scope(world.provider):
        for number in range(count):
            name = f"Client {number}"
            client = ClientFactory(provider=world.provider, slug=f"client-{number}", name=name)
            CompanyName.objects.create(client=client, name=name, key=name.casefold())
            a_retainer(client)
    for number in range(ROWS):
        rows.append(row(100 + number, f"Client {number % count}", f"2026-02-{10 + number // 40}", "2"))
    return rows


def queries_of_a_week(world, rows):
    """Of a first import and of one in which an entry of each client has changed."""
    counts = []
    for changed in (rows, [each.replace("2026-02-11,2,", "2026-02-11,3,") for each in rows]):
        source = world.upload(*changed)
        with CaptureQueriesContext(connection) as asked:
            publishes(world, source, a_plan(world, source))
        counts.append(len(asked))
    return counts


def test_the_queries_of_an_import_do_not_grow_with_the_clients(world):
    few = queries_of_a_week(world, more_clients(world, 2))
    other = an_import_world()

    many = queries_of_a_week(other, more_clients(other, 40))

    assert many == few
