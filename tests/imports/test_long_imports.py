"""Large files are previewed and published outside of the request, in the open, once, and as they were looked at."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.models import AuditEvent, Membership, Role, User
from accounts.tenancy import tenant_scope
from desk.imports import confirming, long_orders, ordering
from desk.imports.long_orders import carry_out_all
from desk.models import LongWork
from imports import progress
from imports.models import Import, NeverOurs
from imports.publishing import preview as previewing
from imports.publishing.publish import StalePlanError
from retainers.models import Client
from tests.imports.desk import NOW, hidden, row

pytestmark = pytest.mark.django_db
HALF = (progress.WRITING, 30_000, 100_000)


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def desk(_desk, settings):
    settings.LONG_IMPORT_BYTES, settings.LONG_IMPORT_PROCESSES = 10, False
    return _desk


@pytest.fixture
def source(desk):
    return desk.upload(row(1, "Acme Dental", "2026-02-10", "2"), row(2, "Birch & Lowe", "2026-02-11", "1"))


def orders(desk, **of):
    with tenant_scope(desk.provider):
        return list(LongWork.objects.filter(**of).order_by("pk"))


def looked_at(desk, source):
    """The preview's page, once it is worked out."""
    desk.page(source)
    carry_out_all()
    return desk.page(source)


def order_publication(desk, source, browser=None):
    page = looked_at(desk, source)
    fields = {"digest": hidden(page, "digest"), "shown": "acme birch", "publish": ("acme", "birch")}
    fields |= {"asked": hidden(page, "asked"), "accept": "one-company"}
    (browser or desk.browser).post(reverse("publish_import", args=[source.pk]), fields)


def ordered(desk, source):
    """Accepting what a question asks is looked at once more: then it is ordered."""
    order_publication(desk, source)
    if not orders(desk, kind="publish"):
        order_publication(desk, source)
    assert len(orders(desk, kind="publish")) == 1


def trail(desk, action):
    with tenant_scope(desk.provider):
        return [event.actor for event in AuditEvent.objects.filter(action=action)]


def breaks_off(monkeypatch):
    def publish(**_said):
        raise OSError("the machine went away")

    monkeypatch.setattr(ordering, "publish", publish)


def test_a_preview_is_worked_out_outside_of_the_request_and_the_page_looks_again_by_itself(desk, source):
    answer = desk.browser.get(reverse("import", args=[source.pk]))

    assert answer.headers["Refresh"] == "3"
    assert "preview of this file is being worked out" in answer.content.decode()
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
    assert "Ordered by " in page

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
    assert "has changed since it was previewed" in looked_at(desk, source)


def test_what_broke_off_is_said_and_carried_on(desk, source, monkeypatch, settings):
    ordered(desk, source)
    settings.LONG_IMPORT_PROCESSES = True
    started = []
    monkeypatch.setattr(long_orders, "start", lambda order: started.append(order.pk))
    with monkeypatch.context() as broken:
        breaks_off(broken)
        assert carry_out_all().done == 0
    answer = desk.browser.get(reverse("import", args=[source.pk]))

    assert "Refresh" not in answer.headers
    assert "It broke off before it was done" in answer.content.decode()
    assert "Carry on" in answer.content.decode()
    assert desk.live("acme") == []

    desk.post("ordered_of_import", source)
    assert started == [order.pk for order in orders(desk, kind="publish")]
    assert carry_out_all().done == 1
    assert len(desk.live("acme")) == 1


def progress_page(desk, source):
    """What the page says, and whether it looks again, offers to carry on, and to take the order back."""
    answer = desk.browser.get(reverse("import", args=[source.pk]))
    page = answer.content.decode()
    said = re.search(r'<p role="status">(.*)</p>', page).group(1)
    return said, "Refresh" in answer.headers, ">Carry on<" in page, "Take the order back" in page


BROKE_OFF = "It broke off before it was done. Nothing was published. It can be carried on."
IN_A_MOMENT = ("It begins in a moment.", True, False, False)


def test_what_is_started_again_begins_in_a_moment_and_the_page_looks_again(
    desk, source, monkeypatch, settings, time_machine
):
    ordered(desk, source)
    settings.LONG_IMPORT_PROCESSES = True
    monkeypatch.setattr(long_orders, "start", lambda _order: None)
    assert progress_page(desk, source) == IN_A_MOMENT
    time_machine.shift(60)
    assert progress_page(desk, source)[1:] == (False, True, True)
    with monkeypatch.context() as broken:
        breaks_off(broken)
        carry_out_all()
    assert progress_page(desk, source) == (BROKE_OFF, False, True, True)

    time_machine.shift(60)
    desk.post("ordered_of_import", source)

    assert progress_page(desk, source) == IN_A_MOMENT
    time_machine.shift(60)
    assert progress_page(desk, source) == (BROKE_OFF, False, True, True)


def test_without_processes_the_page_waits_for_the_periodic_work_and_offers_no_button_for_it(
    desk, source, monkeypatch
):
    ordered(desk, source)
    waits = ("It begins with the next periodic work, within a few minutes.", True, False, True)
    assert progress_page(desk, source) == waits
    with monkeypatch.context() as broken:
        breaks_off(broken)
        carry_out_all()

    said, *offers = progress_page(desk, source)

    assert said.endswith("Nothing was published. It begins again with the next periodic work.")
    assert offers == [True, False, True]


def test_what_breaks_off_each_time_is_given_up(desk, source, monkeypatch):
    ordered(desk, source)
    with monkeypatch.context() as broken:
        breaks_off(broken)
        for _ in range(ordering.MOST_TRIES):
            carry_out_all()

    assert carry_out_all().done == 0

    (order,) = orders(desk, kind="publish")
    assert (order.state, order.tries) == (LongWork.State.FAILED, ordering.MOST_TRIES)
    assert "broke off 5 times" in looked_at(desk, source)


def test_nobody_begins_what_somebody_is_at_and_the_page_says_how_far_it_is(desk, source):
    ordered(desk, source)
    (order,) = orders(desk, kind="publish")

    with progress.at_work(ordering._mark(order.source)) as is_alone:
        assert is_alone
        progress.tell(*HALF)
        assert carry_out_all().done == 0
        page = desk.page(source)
        desk.post("ordered_of_import", source, withdraw="1")

    assert "The entries are written" in page
    assert 'max="100000"' in page
    assert "30,000 of 100,000 rows" in page
    assert 'value="30000"' in page
    assert orders(desk, kind="publish")[0].state == LongWork.State.ORDERED
    assert carry_out_all().done == 1


def test_an_order_that_nobody_is_at_is_taken_back(desk, source, settings):
    ordered(desk, source)

    answer = desk.post("ordered_of_import", source, withdraw="1")

    assert "The order is taken back" in answer
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
    assert "The order is taken back" in answer
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
    assert "Whoever ordered it may no longer publish. Publish it again." in page


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


@pytest.mark.parametrize("fault", [ValueError("one bad row"), KeyError("row"), OSError("no room")])
def test_what_breaks_one_order_off_keeps_no_other_back_and_is_said_at_the_end(
    desk, source, monkeypatch, fault
):
    other = desk.upload(row(3, "Cobalt Freight", "2026-02-12", "3"), name="other.csv")
    desk.page(source)
    desk.page(other)
    really = ordering.preview

    def preview(which, **said):
        if which.pk == source.pk:
            raise fault
        return really(which, **said)

    monkeypatch.setattr(ordering, "preview", preview)
    for command in ("tick", "carry_out_orders"):
        with pytest.raises(CommandError, match=f"broke off: {type(fault).__name__}: ") as said:
            call_command(command)
        assert said.value.returncode == 1

    assert [order.state for order in orders(desk)] == [LongWork.State.ORDERED, LongWork.State.DONE]
    assert "The preview" not in desk.page(other)


def test_the_command_carries_out_the_named_order_alone(desk, source, capsys):
    ordered(desk, source)
    (order,) = orders(desk, kind="publish")

    call_command("carry_out_orders", str(order.pk + 1))
    assert desk.live("acme") == []

    call_command("carry_out_orders", str(order.pk))
    assert "1 order carried out" in capsys.readouterr().out
    assert len(desk.live("acme")) == 1


def test_a_viewer_sees_how_far_it_is_and_may_do_nothing(desk, source, monkeypatch, settings):
    ordered(desk, source)
    settings.LONG_IMPORT_PROCESSES = True
    with monkeypatch.context() as broken:
        breaks_off(broken)
        carry_out_all()

    page = desk.as_role(Role.VIEWER).get(reverse("import", args=[source.pk])).content.decode()

    assert "It broke off before it was done" in page
    assert "Carry on" not in page
    assert "Take the order back" not in page


def waiting_words(desk):
    return desk.browser.get(reverse("waiting")).content.decode()


def test_what_is_ordered_or_was_not_made_stands_among_what_waits(desk, source, monkeypatch):
    desk.page(source)
    assert "its preview is being worked out" in waiting_words(desk)

    ordered(desk, source)
    assert "ordered to be published," in waiting_words(desk)

    with monkeypatch.context() as broken:
        breaks_off(broken)
        for _ in range(ordering.MOST_TRIES + 1):
            carry_out_all()
    assert "ordered to be published, and was not" in waiting_words(desk)


def test_a_process_that_dies_once_all_is_published_leaves_no_failure_behind(desk, source, monkeypatch):
    ordered(desk, source)
    with monkeypatch.context() as broken:
        broken.setattr(ordering, "_ended", lambda *_said: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            carry_out_all()
    assert len(desk.live("acme")) == 1

    carry_out_all()

    assert [order.state for order in orders(desk, kind="publish")] == [LongWork.State.DONE]
    assert trail(desk, "publication not made") == []


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


@pytest.mark.parametrize("answer", [{"never_all": "1"}, {"new_ticked": "1", "make": "0", "cap-0": "5"}])
def test_companies_are_settled_without_working_a_large_file_out_in_the_request(desk, monkeypatch, answer):
    rows = ("Acme Dental", "Zeta Corp", "Omega Foods")
    source = desk.upload(*(row(n, name, "2026-02-10", "1") for n, name in enumerate(rows)))
    looked_at(desk, source)
    with tenant_scope(desk.provider):
        Import.objects.update(options={"skip_bad_rows": True, "starts": "2026-02-01"})
    in_request = forbidden(monkeypatch)

    desk.post("map_company", source, **answer, **{"company-0": "Zeta Corp"})

    assert in_request == []
    with tenant_scope(desk.provider):
        settled = [each.name for each in NeverOurs.objects.all()]
        made = Client.objects.filter(name="Zeta Corp").exists()
    assert (settled, made) in ((["Omega Foods", "Zeta Corp"], False), ([], True))


@pytest.mark.parametrize("answer", [{"never_all": "1"}, {"new_ticked": "1", "make": "0", "cap-0": "5"}])
def test_companies_of_a_large_file_that_nobody_has_looked_at_wait_for_its_preview(desk, monkeypatch, answer):
    source = desk.upload(row(1, "Zeta Corp", "2026-02-10", "1"))
    in_request = forbidden(monkeypatch)

    page = desk.post("map_company", source, **answer, **{"company-0": "Zeta Corp"})

    assert "The preview is not ready yet. Answer once it is." in page
    assert in_request == []


def forbidden(monkeypatch):
    """Which files are planned from here on."""
    planned, really = [], previewing._plan

    def plan(source, *said):
        planned.append(source.file_name)
        return really(source, *said)

    monkeypatch.setattr(previewing, "_plan", plan)
    return planned
