"""The form in steps: a template and its figures, then each choice beside what the ledger says of it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.tenancy import tenant_scope
from desk.agreements import worked
from desk.agreements.beginning import FIGURES
from desk.agreements.tried import tried
from desk.agreements.usual_agreements import TEMPLATES, from_template
from retainers.hours import to_units
from retainers.models import Publication, Retainer, TopUp
from retainers.terms import Multiplier, Pool, Rollover
from tests.desk.agreements.pages.conftest import lists, seen_in
from tests.desk.agreements.test_draft import posted, read

DAY = date(2026, 11, 22)
NEW = reverse("agreement_new", args=["birch"])


@pytest.fixture(autouse=True)
def birch(request):
    """A client without an agreement, for what is asked in the browser."""
    if "manager" in request.fixturenames:
        request.getfixturevalue("world").client("Birch", agreement=False, link=False)


def case(template="bank", **said):
    """A template's agreement whose terms say that as well, ready for examples."""
    agreement = read(from_template(template, DAY))[0]
    return tried(agreement, replace(agreement.terms[0], **said))


def begin(manager, template, **figures):
    sent = {f"{template}-{name}": value for name, value in figures.items()}
    return manager.post(
        NEW, {"do": "begin", "template": template, f"{template}-starts": "2026-11-01", **sent}
    )


@pytest.mark.parametrize(
    ("line", "said", "expected"),
    [
        (worked.non_billable, {"non_billable": "exclude"}, "A non-billable hour is not counted."),
        (worked.non_billable, {"non_billable": "count"}, "A non-billable hour counts 1.00 h."),
        (worked.travel, {"travel": "exclude"}, "An hour of travel is not counted."),
        (worked.travel, {"travel": "count"}, "An hour of travel counts 1.00 h."),
        (worked.calls, {}, "A 10-minute call counts 0.25 h, a 50-minute one 1.00 h."),
        (
            worked.calls,
            {"minimum": {"standard": Decimal("0.5")}},
            "A 10-minute call counts 0.50 h, a 50-minute one 1.00 h.",
        ),
        (worked.kinds, {}, "An hour of work counts 2.00 h after hours."),
        (
            worked.overage,
            {"overage": "queue"},
            "2.5 h past the cap are taken from the next cycle: it begins with 17.5 h.",
        ),
        (
            worked.overage,
            {"overage_rate": Decimal(100)},
            "2.5 h past the cap are shown, not billed and not carried over."
            " If the client approves them, they are billed: $250.00.",
        ),
        (
            worked.overage,
            {"overage": "bill"},
            "2.5 h past the cap are billed at the rate entered below.",
        ),
        (
            worked.close,
            {"rollover": Rollover(cycles=2)},
            "20.0 h left at the close: all of them are carried over."
            " Hours from 1 November 2026 last until 31 January 2027.",
        ),
    ],
)
def test_a_choice_is_told_by_what_the_ledger_makes_of_an_example(line, said, expected):
    assert line(case(**said)) == expected


@pytest.mark.parametrize(
    ("hours_from", "takes"), [("worked", "1.25"), ("billable", "1.00"), ("deducted", "1.50")]
)
def test_each_column_is_told_by_what_one_entry_would_take(hours_from, takes):
    said = worked.columns(case(hours_from=hours_from))
    assert said.endswith(f"{takes} h count.")


@pytest.mark.parametrize(("stacking", "takes"), [("highest", "2.00"), ("product", "3.00")])
def test_an_hour_of_two_kinds_is_worked_out_by_either_way_of_stacking(stacking, takes):
    nights, site = (
        Multiplier("after_hours", "After hours", Decimal(2)),
        Multiplier("onsite", "On site", Decimal("1.5")),
    )
    found = worked.stacked(case(multipliers=(nights, site), stacking=stacking))
    assert found == f"An hour that is both after hours and on site counts {takes} h."


@pytest.mark.parametrize(
    ("sharing", "result"),
    [
        ("separate", "3.0 h over, while Scheduled maintenance still has 8.0 h"),
        ("shared", "5.0 h left of the one balance"),
    ],
)
def test_a_pool_that_runs_over_is_told_by_what_it_does_to_the_other(sharing, result):
    found = worked.shared(case("pools", sharing=sharing))
    assert found == f"15.0 h of Reactive support, which has 12.0 h: {result}."


def test_a_cycle_cut_short_is_worked_out_for_each_way_of_proration():
    agreement = read(from_template("bank", DAY).saying(starts="2026-11-16", anchor_day="1"))[0]
    said = {
        way: worked.broken(replace(agreement, terms=(replace(agreement.terms[0], proration=way),)))
        for way in ("daily", "end")
    }
    assert said == {
        "daily": "The first cycle gets 10.00 h of 20.",
        "end": "The first cycle gets 20.00 h of 20.",
    }


def test_a_pool_without_hours_of_its_own_breaks_no_line():
    pools = (Pool("a", "A", Decimal(0)), Pool("b", "B", Decimal(8)))
    assert (
        worked.shared(case("pools", pools=pools))
        == "3.0 h of A, which has 0 h: 3.0 h over, while B still has 8.0 h."
    )


def test_the_first_page_asks_for_a_template_and_its_three_figures(manager):
    page = manager.get(NEW).text
    for key, figures in FIGURES.items():
        assert len(figures) == 3
        assert all(f'name="{key}-{name}"' in page for name in figures)
    assert set(FIGURES) == set(TEMPLATES)


def test_the_figures_go_on_to_a_form_that_can_be_saved_as_it_stands(world, manager):
    shown = begin(manager, "bank", name="IT support", hours="14", fee="1800", rate="165")
    assert "2.5 h past the cap are billed at $165 an hour: $412.50." in shown.text
    draft = from_template("bank", DAY).saying(key="it_support", starts="2026-11-01")
    terms = draft.terms[0].saying(fee="1800", overage="bill", overage_rate="165")
    terms = replace(terms, pools=(terms.pools[0].saying(hours="14"),))
    post = posted(replace(draft, terms=(terms,)))
    answer = manager.post(NEW, {**post.dict(), **lists(post), "do": "save", "seen": seen_in(shown)})
    assert answer.headers["Location"] == reverse("agreement", args=["birch", "it_support"])
    with tenant_scope(world.provider):
        assert Publication.objects.filter(retainer__key="it_support").count() == 1


def test_a_figure_that_is_missing_is_asked_for_beside_its_input(manager):
    answer = begin(manager, "bank", name="IT support", hours="")
    assert answer.status_code == 422
    assert 'id="wrong-terms-0-pools-0-hours"' in answer.text


def test_a_block_is_made_with_its_first_purchase_and_sent_twice_buys_it_once(world, manager):
    shown = begin(manager, "block", name="Prepaid", bought="40", rate="")
    draft = from_template("block", DAY).saying(
        key="prepaid", name="Prepaid", starts="2026-11-01", first_block="40"
    )
    post = posted(draft)
    sent = {**post.dict(), **lists(post), "do": "save", "seen": seen_in(shown)}
    answers = [manager.post(NEW, sent) for _ in range(2)]
    assert {each.status_code for each in answers} == {302}
    with tenant_scope(world.provider):
        assert [each.hours_units for each in TopUp.objects.all()] == [to_units(Decimal(40))]
        assert Retainer.objects.get(key="prepaid").publication is not None


@pytest.mark.parametrize("typed", ["0", "-3", "many", "1e9"])
def test_a_first_purchase_that_is_no_number_of_hours_is_refused(world, manager, typed):
    answer = begin(manager, "block", name="Prepaid", bought=typed)
    assert answer.status_code == 422
    assert "Write the hours as a number above zero" in answer.text


def test_a_step_with_a_mistake_stands_open(manager):
    draft = from_template("bank", DAY)
    wrong = replace(draft, terms=(draft.terms[0].saying(rollover="yes", rollover_cycles="0"),))
    post = posted(wrong)
    page = manager.post(NEW, {**post.dict(), **lists(post), "do": "check"}).text
    assert page.count('<details class="step" open>') == 1
