"""What is kept of a preview: a click reads what it shows, and says what a plan made from the start would say."""

from dataclasses import replace
from datetime import date

import pytest
from django.conf import settings
from django.urls import reverse

from accounts.tenancy import tenant_scope
from desk.wording import preview_words
from imports import originals
from imports.models import NeverOurs
from imports.publishing import kept_plans
from imports.publishing import preview as previewing
from imports.publishing.decided import LIGHT
from imports.publishing.kept_plans import KeptPlan
from imports.publishing.options import Options
from imports.publishing.plan import PlannedRow
from imports.publishing.preview import kept_plan, preview
from imports.publishing.report import report
from imports.wording.queue import groups_of
from retainers.company_names import company_key
from tests.imports.uploading import hidden, row
from tests.shared_rows import shared_rows

pytestmark = pytest.mark.usefixtures("monday")
TODAY = date(2026, 2, 16)


@shared_rows(upon="world")
def source(world):
    """Of everything something: published lines of which one is gone, changed ones, strangers, refused and excluded."""
    world.publish(
        world.upload(
            row(1, "Acme Dental", "2026-02-10", "2", title="Disk full"),
            row(2, "Birch & Lowe", "2026-02-11", "1.5", title="Printer jam in bay 3"),
            row(3, "Cobalt Freight", "2026-02-11", "1"),
        )
    )
    return world.upload(
        row(1, "Acme Dental", "2026-02-10", "2", title="Disk full"),
        row(2, "Cobalt Freight", "2026-02-11", "1.25", title="Printer jam in bay 3"),
        row(4, "Zeta Corp", "2026-02-10", "1"),
        row(5, "Acme Dental", "x", "1"),
        row(6, "Acme Dental", "2026-02-12", "0.5", title="Wrong disk"),
        row(7, "Acme Dentel", "2026-02-12", "0.25"),
    )


def rows_read(monkeypatch):
    """Each read of a client's kept rows."""
    read, really = [], kept_plans._read_rows
    monkeypatch.setattr(kept_plans, "_read_rows", lambda part: read.append(part) or really(part))
    return read


def plans_made(monkeypatch):
    made, really = [], previewing.plan_of
    monkeypatch.setattr(previewing, "plan_of", lambda *said: made.append(said) or really(*said))
    return made


def looked_at(world, source):
    with tenant_scope(world.provider):
        return preview(world.fresh(source), today=TODAY)


def made_anew(world, source):
    for kept in settings.ORIGINALS_ROOT.rglob("*.kept"):
        kept.unlink()
    return looked_at(world, source)


def say(world, source, **options):
    with tenant_scope(world.provider):
        mine = world.fresh(source)
        mine.options = replace(Options.read(mine.options), **options).document()
        mine.save()


def test_a_look_reads_no_rows_and_a_clients_page_only_those_of_the_client(world, source, monkeypatch):
    world.page(source)
    read = rows_read(monkeypatch)

    world.page(source)
    assert read == []

    world.manager.get(reverse("import_client", args=[source.pk, "acme"]))
    assert len(read) == 1


def test_ticks_and_turned_pages_read_no_rows_and_plan_nothing(world, monkeypatch):
    source = world.upload(
        row(1, "Acme Dental", "2026-02-10", "2"), row(2, "Birch & Lowe", "2026-02-11", "1.5")
    )
    world.page(source)
    read, made = rows_read(monkeypatch), plans_made(monkeypatch)

    world.post("choose_in_import", source, shown="acme birch", publish="acme", turn="ready:1")

    assert "Held back" in world.page(source)
    assert (read, made) == ([], [])


SAID = {
    "held": ("acme",),
    "allowed_removals": ("cobalt",),
    "skip_bad_rows": True,
    "doubted": ("times",),
    "restate": True,
    "restate_reason": "The work was booked late",
    "quiet_stays": True,
}


def test_every_light_answer_is_tried():
    assert set(SAID) == set(LIGHT)


@pytest.mark.parametrize("name", sorted(LIGHT))
def test_a_light_answer_says_what_a_plan_made_anew_says(world, source, name, monkeypatch):
    looked_at(world, source)
    say(world, source, **{name: SAID[name]})
    made = plans_made(monkeypatch)

    quick = looked_at(world, source)

    assert made == []
    assert quick == made_anew(world, source)
    assert len(made) == 1


def test_answers_upon_answers_say_what_a_plan_made_anew_says(world, source):
    looked_at(world, source)
    for name in ("held", "restate", "skip_bad_rows"):
        say(world, source, **{name: SAID[name]})
        looked_at(world, source)
    say(world, source, held=())

    assert looked_at(world, source) == made_anew(world, source)


def test_an_answer_that_changes_what_is_planned_is_planned_anew(world, source, monkeypatch):
    looked_at(world, source)
    say(world, source, held=("acme",), kept_removals=("birch",))
    made = plans_made(monkeypatch)

    quick = looked_at(world, source)

    assert len(made) == 1
    assert quick == made_anew(world, source)


def test_a_held_clients_published_lines_need_no_words(world, source):
    looked_at(world, source)
    say(world, source, held=("acme",))

    groups = looked_at(world, source).to_word.groups

    assert [group.titles for group in groups] == [
        group.titles for group in made_anew(world, source).to_word.groups
    ]
    assert ("Disk full",) not in [group.titles for group in groups]


def test_an_answer_leaves_the_files_own_rows_and_names_as_they_are_kept(world, source, monkeypatch):
    before = looked_at(world, source).to_word
    say(world, source, held=("acme",))
    read, really = [], kept_plans.unpack
    monkeypatch.setattr(
        kept_plans, "unpack", lambda part, kind: read.append(kind.__name__) or really(part, kind)
    )

    plan = looked_at(world, source)

    assert plan.clients[0].sums.waits_unchanged
    assert not {"_Others", "_Named"} & set(read)
    assert (plan.to_word.technicians, plan.to_word.tickets) == (before.technicians, before.tickets)


def test_what_publishing_takes_up_is_the_plan_with_every_row_in_its_place(world, source):
    plan = looked_at(world, source)

    with tenant_scope(world.provider):
        whole, lazy = kept_plan(source, whole=True), kept_plan(source)

    assert whole == plan == lazy
    assert whole.parsed.rows == plan.parsed.rows
    assert all(isinstance(client.rows, tuple) for client in whole.clients)


@pytest.mark.parametrize(
    "spoil", [lambda data: data[:-3], lambda data: data[:-3] + b"xyz", lambda data: b"1 2"]
)
def test_a_kept_plan_of_which_a_part_is_spoilt_is_made_anew(world, source, spoil, monkeypatch):
    plan = looked_at(world, source)
    (kept,) = settings.ORIGINALS_ROOT.rglob(f"*.{source.pk}.kept")
    kept.write_bytes(spoil(kept.read_bytes()))
    made = plans_made(monkeypatch)

    assert looked_at(world, source) == plan
    assert len(made) == 1


def test_a_click_is_no_second_truth(world, source):
    """What was published meanwhile makes the kept plan void, and the form that showed it too."""
    say(world, source, skip_bad_rows=True, held=("birch", "cobalt"))
    page = world.page(source)
    world.publish(world.upload(row(9, "Birch & Lowe", "2026-02-12", "3")))

    answer = world.post(
        "publish_import", source, digest=hidden(page, "digest"), publish="acme", shown="acme birch cobalt"
    )

    assert "has changed since the preview" in answer
    assert looked_at(world, source) == made_anew(world, source)


def test_a_look_compares_no_title_of_a_group_with_another(world, monkeypatch):
    """Each title that is written otherwise stands once in what is kept; the page takes the first few, and counts."""
    titles = ["VPN 1 is down", "vpn 1 is  down", *(f"VPN {number} is down" for number in range(2, 40))]
    lines = [row(at, "Acme Dental", "2026-02-10", "0.25", title=title) for at, title in enumerate(titles)]
    source = world.upload(*lines)
    (group,) = looked_at(world, source).to_word.groups
    assert group.titles == ("VPN 1 is down", *titles[2:])
    asked = []
    monkeypatch.setattr(preview_words, "title_key", lambda title: asked.append(title) or title)

    page = world.page(source)

    assert "and 38 titles like it" in page
    assert asked in ([], ["VPN 1 is down"])  # for which words may be offered


def test_what_waits_for_words_is_drawn_together_without_asking_each_row_for_its_line_again(
    world, monkeypatch
):
    rows = [row(number, "Acme Dental", "2026-02-10", "1", title="Printer jam") for number in range(1, 20)]
    plan = looked_at(world, world.upload(*rows))
    asked, line = [], PlannedRow.line.fget
    monkeypatch.setattr(PlannedRow, "line", property(lambda one: asked.append(line(one)) or asked[-1]))

    ((group,), (its,)) = groups_of(plan, {})

    assert (its.lines, group.number, group.spans) == (tuple(range(2, 21)), 19, "2–20")
    assert asked == [2]  # of the group, which is its first row's


def test_a_look_reads_only_the_first_titles_of_a_group_and_none_of_its_lines(world, monkeypatch):
    titles = [f"VPN {number} is down" for number in range(60)]
    lines = [row(at, "Acme Dental", "2026-02-10", "0.25", title=title) for at, title in enumerate(titles)]
    source = world.upload(*lines, row(60, "Acme Dental", "2026-02-10", "1", title="Disk full"))
    fresh = world.page(source)
    read, really = [], kept_plans.unpack
    monkeypatch.setattr(
        kept_plans, "unpack", lambda part, kind: read.append(kind.__name__) or really(part, kind)
    )

    page = world.page(source)

    for each in ("and 59 titles like it", "VPN 50 is down", "and 9 more", "lines 2–61"):
        assert each in page
        assert each in fresh
    assert "VPN 51 is down" not in page
    assert "_Groups" in read
    assert "_Members" not in read

    world.post("choose_in_import", source, **{"words-2": "Restored the connection"})
    assert looked_at(world, source).to_word.members[1].titles == tuple(titles)


def test_figures_that_a_publication_alone_stores_are_read_with_the_rows(world, source, monkeypatch):
    before = looked_at(world, source)
    read = rows_read(monkeypatch)

    plan = looked_at(world, source)
    with tenant_scope(world.provider):
        in_front = KeptPlan(originals.kept(source))._front.plan.clients
    assert (read, [client.figures for client in in_front if client.figures]) == ([], [])

    figures = [tuple(client.figures) for client in plan.clients]
    assert figures == [client.figures for client in before.clients]
    assert any(figures)
    assert len(read) == len(plan.clients)


def test_a_look_copies_nothing_of_what_it_does_not_read(world, source):
    looked_at(world, source)
    with tenant_scope(world.provider):
        data = originals.kept(source)

    assert all(part.obj is data for part in KeptPlan(data)._parts)


def test_excluded_rows_are_kept_by_their_reasons(world, source):
    """A reason stands once, not at each of its rows; what is reported of them is in the order of the file."""
    with tenant_scope(world.provider):
        NeverOurs.objects.create(name="Zeta Corp", key=company_key("Zeta Corp"))
    rows = [
        row(1, "Zeta Corp", "2026-02-10", "1"),
        row(2, "Acme Dental", "2026-02-10", "1"),
        row(2, "Acme Dental", "2026-02-10", "1"),
        row(3, "Zeta Corp", "2026-02-11", "2"),
    ]

    plan = looked_at(world, world.upload(*rows))

    assert plan.excluded == {"not a client": (2, 5), "repeated": (4,)}
    assert [(each["line"], each["reason"]) for each in report(plan, published=False)["excluded"]] == [
        (2, "not a client"),
        (4, "repeated"),
        (5, "not a client"),
    ]
