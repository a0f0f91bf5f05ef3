"""Large files are previewed and published outside of the request, in the open, once, and as they were looked at."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.models import Membership, Role, User
from accounts.tenancy import tenant_scope
from desk.imports import carrying_out, confirming, ordering
from desk.imports.long_orders import carry_out_all
from desk.models import LongWork
from imports import progress
from imports.models import Import
from imports.publishing.hindrances import StalePlanError
from tests.imports.long.orders import looked_at, ordered, orders, trail
from tests.imports.uploading import NOW, hidden, row

pytestmark = pytest.mark.django_db


HALF = (progress.WRITING, 30_000, 100_000)


def test_a_preview_is_worked_out_outside_of_the_request_and_the_page_looks_again_by_itself(world, source):
    address = reverse("import", args=[source.pk])
    answer = world.manager.get(f"{address}?open=words")

    assert answer.headers["Refresh"] == f"3; url={address}?open=words"
    assert "preview of this file is being prepared" in answer.content.decode()
    world.page(source)
    assert len(orders(world, kind="look")) == 1

    carry_out_all()
    answer = world.manager.get(reverse("import", args=[source.pk]))

    assert "Refresh" not in answer.headers
    assert "2 new" in answer.content.decode()


def test_a_large_import_is_published_by_who_carries_the_order_out_under_the_managers_name(world, source):
    world.manager.user.name = "Mel Stone"
    world.manager.user.save()
    ordered(world, source)

    assert world.live("acme") == []
    page = world.page(source)
    assert "This import is being published" in page
    assert "Requested by Mel Stone, " in page

    assert carry_out_all().done == 1

    found = world.fresh(source)
    assert (found.state, found.published_by) == (Import.State.PUBLISHED, orders(world)[-1].ordered_by)
    assert [len(world.live(slug)) for slug in ("acme", "birch")] == [1, 1]
    assert trail(world, "publication ordered") == trail(world, "import published")
    assert orders(world, kind="publish")[0].state == LongWork.State.DONE


def test_no_row_is_read_under_the_locks_of_a_publication(world, source, monkeypatch):
    ordered(world, source)
    handed = handed_over(monkeypatch, carrying_out)

    assert carry_out_all().done == 1

    assert set(handed) == {tuple}
    assert len(world.live("acme")) == 1


def test_no_row_is_read_under_the_locks_where_the_plan_is_read_again(world, settings, monkeypatch):
    settings.LONG_IMPORT_BYTES = 10_000_000
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "2"), row(2, "Birch & Lowe", "2026-02-11", "1"))
    world.page(source)
    monkeypatch.setattr(confirming, "kept_plan", lambda _source, **_said: None)
    handed = handed_over(monkeypatch, confirming)

    world.publish(source)

    assert set(handed) == {tuple}
    assert len(world.live("acme")) == 1


def handed_over(monkeypatch, module):
    """Of what the rows are that are published."""
    kinds, really = [], module.publish

    def publish(*, plan, **said):
        kinds.extend(type(client.rows) for client in plan.clients)
        kinds.append(type(plan.parsed.rows))
        really(plan=plan, **said)

    monkeypatch.setattr(module, "publish", publish)
    return kinds


def test_two_managers_orders_are_one_publication(world, source):
    ordered(world, source)
    page_of_other = world.person(Role.MANAGER)

    order_by_other = page_of_other.post(reverse("publish_import", args=[source.pk]), {"digest": "x"})

    assert order_by_other.status_code == 302
    assert len(orders(world, kind="publish")) == 1
    assert (carry_out_all().done, carry_out_all().done) == (1, 0)
    assert len(world.live("acme")) == 1


def test_no_publication_is_ordered_while_a_preview_is_being_worked_out(world, source):
    page = looked_at(world, source)
    with tenant_scope(world.provider):
        digest = hidden(page, "digest")
        LongWork.objects.create(source=source, kind="look", digest="another", ordered_at=NOW, started_at=NOW)

        with pytest.raises(StalePlanError):
            ordering.order(source=source, kind="publish", digest=digest, by=None, at=NOW, start=print)

    assert orders(world, kind="publish") == []


def test_each_stage_of_a_publication_is_told_in_its_turn(world, source, monkeypatch):
    ordered(world, source)
    told, really = [], progress._write
    monkeypatch.setattr(progress, "_write", lambda file, said: (told.append(said[0]), really(file, said)))

    carry_out_all()

    assert list(dict.fromkeys(told)) == ["", progress.WRITING, progress.FIGURES]


def test_what_has_changed_since_it_was_ordered_is_not_published(world, source, settings):
    ordered(world, source)
    settings.LONG_IMPORT_BYTES = 10_000_000
    world.publish(world.upload(row(9, "Cobalt Freight", "2026-02-12", "3")))
    settings.LONG_IMPORT_BYTES = 10

    carry_out_all()

    (order,) = orders(world, kind="publish")
    assert (order.state, world.live("acme")) == (LongWork.State.FAILED, [])
    assert len(trail(world, "publication not made")) == 1
    assert "has changed since the preview" in looked_at(world, source)


def test_nobody_begins_what_somebody_is_at_and_the_page_says_how_far_it_is(world, source):
    ordered(world, source)
    (order,) = orders(world, kind="publish")

    with progress.at_work(ordering.lock_name(order.source)) as is_alone:
        assert is_alone
        progress.tell(*HALF)
        assert carry_out_all().done == 0
        page = world.page(source)
        world.post("ordered_of_import", source, withdraw="1")

    assert "The entries are being saved" in page
    assert 'max="100000"' in page
    assert "30,000 of 100,000 rows" in page
    assert 'value="30000"' in page
    assert orders(world, kind="publish")[0].state == LongWork.State.ORDERED
    assert carry_out_all().done == 1


def test_an_order_that_nobody_is_at_is_taken_back(world, source, settings):
    ordered(world, source)

    answer = world.post("ordered_of_import", source, withdraw="1")

    assert "Cancelled." in answer
    assert carry_out_all().done == 0
    assert (world.live("acme"), len(trail(world, "order withdrawn"))) == ([], 1)


def test_who_comes_while_an_order_is_taken_back_does_not_carry_it_out(world, source, monkeypatch):
    ordered(world, source)
    (order,) = orders(world, kind="publish")
    came, really = [], ordering.end_order

    def ends(*said):
        came.append(carrying_out.carry_out(order.pk))
        really(*said)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(ordering, "end_order", ends)
        answer = world.post("ordered_of_import", source, withdraw="1")

    assert (came, world.live("acme")) == ([False], [])
    assert "Cancelled." in answer
    assert orders(world, kind="publish")[0].state == LongWork.State.WITHDRAWN


@pytest.mark.parametrize("become", ["a viewer", "removed", "switched off", "deleted"])
def test_nothing_is_published_for_who_may_no_longer_publish(world, source, become):
    ordered(world, source)
    member = Membership.objects.filter(provider=world.provider, user=world.manager.user)
    other = world.person(Role.MANAGER)
    match become:
        case "a viewer":
            member.update(role=Role.VIEWER)
        case "removed":
            member.delete()
        case "switched off":
            User.objects.filter(pk=world.manager.user.pk).update(is_active=False)
        case "deleted":
            with tenant_scope(world.provider):
                LongWork.objects.update(ordered_by=None)

    carry_out_all()

    assert world.live("acme") == []
    page = other.get(reverse("import", args=[source.pk])).content.decode()
    assert "The person who asked for it may no longer publish. Publish it again." in page


def test_a_large_file_that_cannot_be_read_says_so_and_is_not_ordered_again(world):
    source = world.upload_bytes(b"no,such,columns\n1,2,3\n4,5,6\n")
    world.page(source)
    carry_out_all()

    assert "can’t be read as it is" in world.page(source)
    assert "can’t be read as it is" in world.page(source)
    assert len(orders(world)) == 1


def test_small_files_are_published_in_the_request(world, settings):
    settings.LONG_IMPORT_BYTES = 10_000_000
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "2"))

    world.publish(source)

    assert (len(world.live("acme")), orders(world)) == (1, [])


def test_a_workbook_counts_by_what_it_holds(world, settings):
    settings.LONG_IMPORT_BYTES = 800
    small, same = Import(file_name="week.csv", size=100), Import(file_name="week.XLSX", size=100)

    assert [ordering.is_long(each) for each in (small, same)] == [False, True]


def test_the_periodic_work_carries_out_what_waits(world, source, capsys):
    ordered(world, source)

    call_command("tick")

    assert "1 ordered import carried out" in capsys.readouterr().out
    assert len(world.live("acme")) == 1


def test_the_command_carries_out_the_named_order_alone(world, source, capsys):
    ordered(world, source)
    (order,) = orders(world, kind="publish")

    call_command("carry_out_orders", str(order.pk + 1))
    assert world.live("acme") == []

    call_command("carry_out_orders", str(order.pk))
    assert "1 order carried out" in capsys.readouterr().out
    assert len(world.live("acme")) == 1


def test_two_processes_at_once_do_one_order_once(world, source):
    """The second one comes while the first is at it, and finds the lock taken."""
    ordered(world, source)
    (order,) = orders(world, kind="publish")
    came = []
    really = carrying_out.publish

    def publish(**said):
        came.append(carrying_out.carry_out(order.pk))
        really(**said)

    with pytest.MonkeyPatch.context() as meanwhile:
        meanwhile.setattr(carrying_out, "publish", publish)
        assert carry_out_all().done == 1

    assert came == [False]
    assert len(world.live("acme")) == 1
    assert orders(world, kind="publish")[0].tries == 1
