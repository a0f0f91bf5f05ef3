"""The page of business hours: what it shows and refuses, what is tried, and what saving judges anew."""

from datetime import date, time

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.models import AuditEvent, Provider
from accounts.tenancy import tenant_scope
from imports.judging.rulebook import retainer_book
from retainers.models import Entry, Restatement
from retainers.rule_books import opening_times_of
from retainers.selectors import retainers_of
from retainers.terms import BusinessHours
from tests.factories import load_agreements
from tests.imports.ruled import AGREEMENT, NOW
from tests.shared_rows import shared_rows
from tests.world import World

WEEK = ["mon", "tue", "wed", "thu", "fri"]
NIGHT = '[[rules]]\nname = "Night"\nwhen = { time = "after_hours" }\nthen = { category = "after_hours" }\n'
EXPORT = """\
Entry ID,Client,Date,Start,Hours,Technician,Ticket,Title
1,Acme Dental,2026-05-12,17:00,2,Mel Stone,T1,Server
2,Acme Dental,2026-06-02,17:30,1,Mel Stone,T2,Switch
"""


@shared_rows
def world(tmp_path, time_machine) -> World:
    time_machine.move_to(NOW, tick=False)
    (tmp_path / "export.csv").write_text(EXPORT)
    load_agreements(tmp_path, AGREEMENT.replace("[[clients]]", f"{NIGHT}\n[[clients]]", 1))
    words = ("--provider", "north", "--publish", "--accept", "all")
    call_command("import_csv", str(tmp_path / "export.csv"), *words, verbosity=0)
    return World(Provider.objects.get(slug="north"))


def version(index=0, **words):
    said = {"days": WEEK, "start": "08:00", "end": "18:00", "split": "start", "holidays": "", "since": ""}
    return {f"v-{index}-{name}": value for name, value in (said | words).items()}


def page_of(answer):
    return answer.context["page"]


def save(manager, said, of="all"):
    """Save after a look at what it does."""
    address = reverse("business_hours") + f"?of={of}"
    tried = manager.post(address, said | {"do": "try"})
    return manager.post(address, said | {"do": "save", **in_view(tried)})


def in_view(tried):
    """What the form sends of the trial that it shows: its mark, and the tick under the closed cycles."""
    trial = page_of(tried).trial
    return {"seen": trial.digest, "restate": trial.restating.digest if trial.restating else ""}


def categories(provider):
    with tenant_scope(provider):
        return dict(Entry.objects.filter(retired_in=None).order_by("day").values_list("day", "categories"))


def times_of(provider):
    return opening_times_of(Provider.objects.get(pk=provider.pk))


def test_the_page_shows_what_stands(manager):
    (shown,) = page_of(manager.get(reverse("business_hours"))).versions

    assert (shown.draft.start, shown.draft.end, list(shown.draft.days)) == ("08:00", "18:00", WEEK)


def test_what_is_saved_as_it_is_changes_nothing(provider, manager):
    before = times_of(provider)

    answer = manager.post(reverse("business_hours"), version() | {"do": "save"}, follow=True)

    assert "Nothing was changed." in answer.content.decode()
    assert times_of(provider) == before


def test_closed_cycles_are_looked_at_before_anything_is_saved(provider, manager):
    answer = manager.post(reverse("business_hours"), version(end="17:00") | {"do": "save"})

    assert (answer.status_code, page_of(answer).asks) == (422, True)
    assert categories(provider)[date(2026, 5, 12)] == []


def test_closed_cycles_are_restated_by_a_tick_and_marked(provider, manager):
    said = version(end="17:00")
    tried = manager.post(reverse("business_hours"), said | {"do": "try"})
    unticked = manager.post(reverse("business_hours"), said | {"do": "save", **in_view(tried), "restate": ""})
    assert unticked.status_code == 422
    assert "confirm first that these closed cycles may be restated" in unticked.content.decode()
    assert save(manager, said).status_code == 302
    with tenant_scope(provider):
        assert {row.cause for row in Restatement.objects.all()} == {"hours"}


def test_saving_judges_what_is_published_anew(provider, manager):
    assert save(manager, version(end="17:00")).status_code == 302

    assert set(map(tuple, categories(provider).values())) == {("after_hours",)}
    with tenant_scope(provider):
        assert AuditEvent.objects.filter(action="business hours changed").count() == 1


def test_other_hours_may_hold_from_a_day_on(provider, manager):
    later = version(1, end="17:00", since="2026-06-01", holidays="2026-12-25\n2026-12-28")

    assert save(manager, version() | later).status_code == 302

    assert categories(provider) == {date(2026, 5, 12): [], date(2026, 6, 2): ["after_hours"]}
    assert times_of(provider)[1] == BusinessHours(
        tuple(WEEK),
        time(8),
        time(17),
        holidays=(date(2026, 12, 25), date(2026, 12, 28)),
        since=date(2026, 6, 1),
    )


def test_work_over_the_boundary_is_cut_once_it_is_said(provider, manager):
    tried = manager.post(reverse("business_hours"), version(split="boundary") | {"do": "try"})

    assert [turn.what for entry in page_of(tried).trial.entries for turn in entry.turns] == [
        "Cut at the boundary",
        "Cut at the boundary",
    ]
    assert save(manager, version(split="boundary")).status_code == 302
    with tenant_scope(provider):
        cut = Entry.objects.filter(retired_in=None).order_by("day").values_list("parts", flat=True)
        assert [[part["seconds"] for part in parts] for parts in cut] == [[3600, 3600], [1800, 1800]]


def test_one_more_version_says_what_the_last_one_says(manager):
    answer = manager.post(reverse("business_hours"), version() | {"do": "more"})

    first, second = (each.draft for each in page_of(answer).versions)
    assert (second.start, second.end, first.since, first.days) == ("08:00", "18:00", "", second.days)


@pytest.mark.parametrize(("of", "day"), [("all", "2026-06-22"), ("acme.support", "2026-06-01")])
def test_a_change_of_hours_counts_from_today_or_from_the_running_cycles_first_day(manager, of, day):
    answer = manager.post(reverse("business_hours") + f"?of={of}", version() | {"do": "more"})
    assert [each.draft.since for each in page_of(answer).versions] == ["", day]


def test_what_is_wrong_is_told_beside_its_input(manager):
    wrong = version(start="18:00", end="08:00") | version(1, since="", holidays="25.12.2026")

    answer = manager.post(reverse("business_hours"), wrong | {"do": "save"})

    first, second = page_of(answer).versions
    assert answer.status_code == 422
    assert list(first.errors) == ["end"]
    assert set(second.errors) == {"general", "holidays"}


def test_hours_that_a_rule_needs_are_not_taken_away(provider, manager):
    answer = manager.post(reverse("business_hours"), {"do": "save"})

    assert (answer.status_code, len(page_of(answer).errors)) == (422, 1)
    assert times_of(provider)


def test_a_retainer_may_have_its_own(provider, manager):
    assert save(manager, version(end="17:00"), of="acme.support").status_code == 302

    with tenant_scope(provider):
        (own,) = retainer_book(retainers_of(["acme"])[0]).agreement.business_hours
    assert own.end == time(17)
    assert times_of(provider)[0].end == time(18)
    assert set(map(tuple, categories(provider).values())) == {("after_hours",)}


def test_its_own_hours_are_taken_away_by_leaving_all_empty(provider, manager):
    save(manager, version(end="17:00"), of="acme.support")

    assert save(manager, {}, of="acme.support").status_code == 302

    with tenant_scope(provider):
        assert retainer_book(retainers_of(["acme"])[0]).agreement.business_hours == ()
    assert set(map(tuple, categories(provider).values())) == {()}


def test_what_was_published_meanwhile_is_looked_at_once_more(provider, manager, monkeypatch):
    from desk.rules import hours_views

    said = version(end="17:00")
    tried = manager.post(reverse("business_hours"), said | {"do": "try"})
    real = hours_views.save_times

    def late(**words):
        Provider.objects.filter(pk=provider.pk).update(business_hours=None)
        return real(**words)

    monkeypatch.setattr(hours_views, "save_times", late)
    answer = manager.post(reverse("business_hours"), said | {"do": "save", **in_view(tried)}, follow=True)

    assert "Someone has changed something since you looked." in answer.content.decode()
    assert times_of(provider) == ()
