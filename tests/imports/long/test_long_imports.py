"""Large files are previewed and published outside of the request, in the open, once, and as they were looked at."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.models import Membership, Role, User
from accounts.tenancy import tenant_scope
from desk.imports import confirming, ordering
from desk.imports.long_orders import carry_out_all
from desk.models import LongWork
from imports import progress
from imports.models import Import
from imports.publishing.publish import StalePlanError
from tests.imports.desk import NOW, hidden, row
from tests.imports.long.orders import looked_at, ordered, orders, trail

pytestmark = pytest.mark.django_db


HALF = (progress.WRITING, 30_000, 100_000)


def test_a_preview_is_worked_out_outside_of_the_request_and_the_page_looks_again_by_itself(desk, source):
    answer = desk.browser.get(reverse("import", args=[source.pk]))

    assert answer.headers["Refresh"] == "3"
    assert "preview of this file is being prepared" in answer.content.decode()
    desk.page(source)
    assert len(orders(desk, kind="look")) == 1

    carry_out_all()
    answer = desk.browser.get(reverse("import", args=[source.pk]))

    assert "Refresh" not in answer.headers
    assert "2 new" in answer.content.decode()


def test_a_large_import_is_published_by_who_carries_the_order_out_under_the_managers_name(desk, source):
    ordered(desk, source)

    assert desk.live("acme") == []
    page = desk.page(source)
    assert "This import is being published" in page
    assert "Requested by " in page

    assert carry_out_all().done == 1

    found = desk.fresh(source)
    assert (found.state, found.published_by) == (Import.State.PUBLISHED, orders(desk)[-1].ordered_by)
    assert [len(desk.live(slug)) for slug in ("acme", "birch")] == [1, 1]
    assert trail(desk, "publication ordered") == trail(desk, "import published")
    assert orders(desk, kind="publish")[0].state == LongWork.State.DONE


def test_no_row_is_read_under_the_locks_of_a_publication(desk, source, monkeypatch):
    ordered(desk, source)
    handed = handed_over(monkeypatch, ordering)

    assert carry_out_all().done == 1

    assert set(handed) == {tuple}
    assert len(desk.live("acme")) == 1


def test_no_row_is_read_under_the_locks_where_the_plan_is_read_again(desk, settings, monkeypatch):
    settings.LONG_IMPORT_BYTES = 10_000_000
    source = desk.upload(row(1, "Acme Dental", "2026-02-10", "2"), row(2, "Birch & Lowe", "2026-02-11", "1"))
    desk.page(source)
    monkeypatch.setattr(confirming, "kept_plan", lambda _source, **_said: None)
    handed = handed_over(monkeypatch, confirming)

    desk.publish(source)

    assert set(handed) == {tuple}
    assert len(desk.live("acme")) == 1


def handed_over(monkeypatch, module):
    """Of what the rows and marks are that are published."""
    kinds, really = [], module.publish

    def publish(*, plan, **said):
        kinds.extend(type(client.rows) for client in plan.clients)
        kinds.extend((type(plan.parsed.rows), type(plan.parsed.marks)))
        really(plan=plan, **said)

    monkeypatch.setattr(module, "publish", publish)
    return kinds


def test_two_managers_orders_are_one_publication(desk, source):
    ordered(desk, source)
    page_of_other = desk.as_role(Role.MANAGER)

    order_by_other = page_of_other.post(reverse("publish_import", args=[source.pk]), {"digest": "x"})

    assert order_by_other.status_code == 302
    assert len(orders(desk, kind="publish")) == 1
    assert (carry_out_all().done, carry_out_all().done) == (1, 0)
    assert len(desk.live("acme")) == 1


def test_no_publication_is_ordered_while_a_preview_is_being_worked_out(desk, source):
    page = looked_at(desk, source)
    with tenant_scope(desk.provider):
        digest = hidden(page, "digest")
        LongWork.objects.create(source=source, kind="look", digest="another", ordered_at=NOW, started_at=NOW)

        with pytest.raises(StalePlanError):
            ordering.order(source=source, kind="publish", digest=digest, by=None, at=NOW, start=print)

    assert orders(desk, kind="publish") == []


def test_each_stage_of_a_publication_is_told_in_its_turn(desk, source, monkeypatch):
    ordered(desk, source)
    told, really = [], progress._write
    monkeypatch.setattr(progress, "_write", lambda file, said: (told.append(said[0]), really(file, said)))

    carry_out_all()

    assert list(dict.fromkeys(told)) == ["", progress.WRITING, progress.FIGURES]


def test_what_has_changed_since_it_was_ordered_is_not_published(desk, source, settings):
    ordered(desk, source)
    settings.LONG_IMPORT_BYTES = 10_000_000
    desk.publish(desk.upload(row(9, "Cobalt Freight", "2026-02-12", "3")))
    settings.LONG_IMPORT_BYTES = 10

    carry_out_all()

    (order,) = orders(desk, kind="publish")
    assert (order.state, desk.live("acme")) == (LongWork.State.FAILED, [])
    assert len(trail(desk, "publication not made")) == 1
    assert "has changed since the preview" in looked_at(desk, source)


def test_nobody_begins_what_somebody_is_at_and_the_page_says_how_far_it_is(desk, source):
    ordered(desk, source)
    (order,) = orders(desk, kind="publish")

    with progress.at_work(ordering._mark(order.source)) as is_alone:
        assert is_alone
        progress.tell(*HALF)
        assert carry_out_all().done == 0
        page = desk.page(source)
        desk.post("ordered_of_import", source, withdraw="1")

    assert "The entries are being saved" in page
    assert 'max="100000"' in page
    assert "30,000 of 100,000 rows" in page
    assert 'value="30000"' in page
    assert orders(desk, kind="publish")[0].state == LongWork.State.ORDERED
    assert carry_out_all().done == 1


def test_an_order_that_nobody_is_at_is_taken_back(desk, source, settings):
    ordered(desk, source)

    answer = desk.post("ordered_of_import", source, withdraw="1")

    assert "Cancelled." in answer
    assert carry_out_all().done == 0
    assert (desk.live("acme"), len(trail(desk, "order withdrawn"))) == ([], 1)


def test_who_comes_while_an_order_is_taken_back_does_not_carry_it_out(desk, source, monkeypatch):
    ordered(desk, source)
    (order,) = orders(desk, kind="publish")
    came, really = [], ordering._end

    def ends(*said):
        came.append(ordering.carry_out(order.pk))
        really(*said)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(ordering, "_end", ends)
        answer = desk.post("ordered_of_import", source, withdraw="1")

    assert (came, desk.live("acme")) == ([False], [])
    assert "Cancelled." in answer
    assert orders(desk, kind="publish")[0].state == LongWork.State.WITHDRAWN


@pytest.mark.parametrize("become", ["a viewer", "removed", "switched off", "deleted"])
def test_nothing_is_published_for_who_may_no_longer_publish(desk, source, become):
    ordered(desk, source)
    member = Membership.objects.filter(provider=desk.provider, user=desk.member.user)
    other = desk.as_role(Role.MANAGER)
    match become:
        case "a viewer":
            member.update(role=Role.VIEWER)
        case "removed":
            member.delete()
        case "switched off":
            User.objects.filter(pk=desk.member.user_id).update(is_active=False)
        case "deleted":
            with tenant_scope(desk.provider):
                LongWork.objects.update(ordered_by=None)

    carry_out_all()

    assert desk.live("acme") == []
    page = other.get(reverse("import", args=[source.pk])).content.decode()
    assert "The person who asked for it may no longer publish. Publish it again." in page


def test_a_large_file_that_cannot_be_read_says_so_and_is_not_ordered_again(desk):
    source = desk.upload_bytes(b"no,such,columns\n1,2,3\n4,5,6\n")
    desk.page(source)
    carry_out_all()

    assert "can’t be read as it is" in desk.page(source)
    assert "can’t be read as it is" in desk.page(source)
    assert len(orders(desk)) == 1


def test_small_files_are_published_in_the_request(desk, settings):
    settings.LONG_IMPORT_BYTES = 10_000_000
    source = desk.upload(row(1, "Acme Dental", "2026-02-10", "2"))

    desk.publish(source)

    assert (len(desk.live("acme")), orders(desk)) == (1, [])


def test_a_workbook_counts_by_what_it_holds(desk, settings):
    settings.LONG_IMPORT_BYTES = 800
    small, same = Import(file_name="week.csv", size=100), Import(file_name="week.XLSX", size=100)

    assert [ordering.is_long(each) for each in (small, same)] == [False, True]


def test_the_periodic_work_carries_out_what_waits(desk, source, capsys):
    ordered(desk, source)

    call_command("tick")

    assert "1 ordered import carried out" in capsys.readouterr().out
    assert len(desk.live("acme")) == 1


def test_the_command_carries_out_the_named_order_alone(desk, source, capsys):
    ordered(desk, source)
    (order,) = orders(desk, kind="publish")

    call_command("carry_out_orders", str(order.pk + 1))
    assert desk.live("acme") == []

    call_command("carry_out_orders", str(order.pk))
    assert "1 order carried out" in capsys.readouterr().out
    assert len(desk.live("acme")) == 1


def test_two_processes_at_once_do_one_order_once(desk, source):
    """The second one comes while the first is at it, and finds the lock taken."""
    ordered(desk, source)
    (order,) = orders(desk, kind="publish")
    came = []
    really = ordering.publish

    def publish(**said):
        came.append(ordering.carry_out(order.pk))
        really(**said)

    with pytest.MonkeyPatch.context() as meanwhile:
        meanwhile.setattr(ordering, "publish", publish)
        assert carry_out_all().done == 1

    assert came == [False]
    assert len(desk.live("acme")) == 1
    assert orders(desk, kind="publish")[0].tries == 1
