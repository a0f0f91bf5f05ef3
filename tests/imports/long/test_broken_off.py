"""What breaks off on the way is said, carried on, and given up when it breaks off each time."""

import os
import re
import time

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.models import Role
from desk.imports import carrying_out, long_orders
from desk.imports.long_orders import carry_out_all
from desk.models import LongWork
from tests.imports.long.orders import breaks_off, looked_at, ordered, orders, trail
from tests.imports.uploading import row

pytestmark = pytest.mark.django_db


def test_what_broke_off_is_said_and_carried_on(world, source, monkeypatch, settings):
    ordered(world, source)
    settings.LONG_IMPORT_PROCESSES = True
    started = []
    monkeypatch.setattr(long_orders, "start", lambda order: started.append(order.pk))
    with monkeypatch.context() as broken:
        breaks_off(broken)
        assert carry_out_all().done == 0
    answer = world.manager.get(reverse("import", args=[source.pk]))

    assert "Refresh" not in answer.headers
    assert "It stopped before it was done" in answer.content.decode()
    assert "Continue" in answer.content.decode()
    assert world.live("acme") == []

    world.post("ordered_of_import", source)
    assert started == [order.pk for order in orders(world, kind="publish")]
    assert carry_out_all().done == 1
    assert len(world.live("acme")) == 1


def test_its_process_leaves_the_processor_to_the_pages(world, source, monkeypatch, settings, tmp_path):
    ordered(world, source)
    said = (
        "import os, sys; print(os.nice(0), *sys.argv[1:], file=open('part', 'w')); os.rename('part', 'said')"
    )
    (tmp_path / "manage.py").write_text(said)
    settings.LONG_IMPORT_PROCESSES, settings.BASE_DIR = True, tmp_path
    (order,) = orders(world, kind="publish")
    long_orders.start(order)
    for _ in range(600):
        if (tmp_path / "said").exists():
            break
        time.sleep(0.1)
    assert (tmp_path / "said").read_text() == f"{min(os.nice(0) + 10, 19)} carry_out_orders {order.pk}\n"


def progress_page(world, source):
    """What the page says, and whether it looks again, offers to carry on, and to take the order back."""
    answer = world.manager.get(reverse("import", args=[source.pk]))
    page = answer.content.decode()
    said = re.search(r'<p role="status">(.*)</p>', page).group(1)
    return said, "Refresh" in answer.headers, ">Continue<" in page, "Cancel it" in page


BROKE_OFF = "It stopped before it was done. Nothing was published. You can continue it."


IN_A_MOMENT = ("It starts in a moment.", True, False, False)


def test_what_is_started_again_begins_in_a_moment_and_the_page_looks_again(
    world, source, monkeypatch, settings, time_machine
):
    ordered(world, source)
    settings.LONG_IMPORT_PROCESSES = True
    monkeypatch.setattr(long_orders, "start", lambda _order: None)
    assert progress_page(world, source) == IN_A_MOMENT
    time_machine.shift(60)
    assert progress_page(world, source)[1:] == (False, True, True)
    with monkeypatch.context() as broken:
        breaks_off(broken)
        carry_out_all()
    assert progress_page(world, source) == (BROKE_OFF, False, True, True)

    time_machine.shift(60)
    world.post("ordered_of_import", source)

    assert progress_page(world, source) == IN_A_MOMENT
    time_machine.shift(60)
    assert progress_page(world, source) == (BROKE_OFF, False, True, True)


def test_without_processes_the_page_waits_for_the_periodic_work_and_offers_no_button_for_it(
    world, source, monkeypatch
):
    ordered(world, source)
    waits = ("It starts within a few minutes.", True, False, True)
    assert progress_page(world, source) == waits
    with monkeypatch.context() as broken:
        breaks_off(broken)
        carry_out_all()

    said, *offers = progress_page(world, source)

    assert said.endswith("Nothing was published. It starts again within a few minutes.")
    assert offers == [True, False, True]


def test_what_breaks_off_each_time_is_given_up(world, source, monkeypatch):
    ordered(world, source)
    with monkeypatch.context() as broken:
        breaks_off(broken)
        for _ in range(carrying_out.MOST_TRIES):
            carry_out_all()

    assert carry_out_all().done == 0

    (order,) = orders(world, kind="publish")
    assert (order.state, order.tries) == (LongWork.State.FAILED, carrying_out.MOST_TRIES)
    assert "stopped 5 times" in looked_at(world, source)


@pytest.mark.parametrize("fault", [ValueError("one bad row"), KeyError("row"), OSError("no room")])
def test_what_breaks_one_order_off_keeps_no_other_back_and_is_said_at_the_end(
    world, source, monkeypatch, fault
):
    other = world.upload(row(3, "Cobalt Freight", "2026-02-12", "3"), name="other.csv")
    world.page(source)
    world.page(other)
    really = carrying_out.preview

    def preview(which, **said):
        if which.pk == source.pk:
            raise fault
        return really(which, **said)

    monkeypatch.setattr(carrying_out, "preview", preview)
    for command in ("tick", "carry_out_orders"):
        with pytest.raises(CommandError, match=f"stopped: {type(fault).__name__}: ") as said:
            call_command(command)
        assert said.value.returncode == 1

    assert [order.state for order in orders(world)] == [LongWork.State.ORDERED, LongWork.State.DONE]
    assert "The preview" not in world.page(other)


def test_a_viewer_sees_how_far_it_is_and_may_do_nothing(world, source, monkeypatch, settings):
    ordered(world, source)
    settings.LONG_IMPORT_PROCESSES = True
    with monkeypatch.context() as broken:
        breaks_off(broken)
        carry_out_all()

    page = world.person(Role.VIEWER).get(reverse("import", args=[source.pk])).content.decode()

    assert "It stopped before it was done" in page
    assert "Continue" not in page
    assert "Cancel it" not in page


def waiting_words(world):
    return world.manager.get(reverse("waiting")).content.decode()


def test_what_is_ordered_or_was_not_made_stands_among_what_waits(world, source, monkeypatch):
    world.page(source)
    assert "its preview is being prepared" in waiting_words(world)

    ordered(world, source)
    assert "ordered to be published," in waiting_words(world)

    with monkeypatch.context() as broken:
        breaks_off(broken)
        for _ in range(carrying_out.MOST_TRIES + 1):
            carry_out_all()
    assert "ordered to be published, and was not" in waiting_words(world)


def test_a_process_that_dies_once_all_is_published_leaves_no_failure_behind(world, source, monkeypatch):
    ordered(world, source)
    with monkeypatch.context() as broken:
        broken.setattr(carrying_out, "_ended", lambda *_said: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            carry_out_all()
    assert len(world.live("acme")) == 1

    carry_out_all()

    assert [order.state for order in orders(world, kind="publish")] == [LongWork.State.DONE]
    assert trail(world, "publication not made") == []
