"""What a new agreement would do to each cycle, before it is saved; and what a dry run says of it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command

from accounts.models import Provider
from accounts.tenancy import tenant_scope
from presentation.effect_lines import change_lines
from retainers.effect_words import cycle_name, line
from retainers.effects import Amount, CycleChange, change_of, change_of_new
from retainers.models import AgreementVersion, Entry, Publication, Retainer, TopUp
from retainers.selectors import retainers_of, standings
from retainers.terms import Approval, Pool, Rollover, Terms
from retainers.terms import TopUp as TopUpTerms
from tests.factories import (
    ClientFactory,
    ProviderFactory,
    a_retainer,
    an_agreement,
    load_agreements,
    publish_export,
)
from tests.imports.ruled import AGREEMENT, NOW, load_ruled
from tests.retainers.builders import agreement as agreed
from tests.retainers.builders import cycles, terms, work
from tests.shared_rows import shared_rows
from tests.world import World

UTC_ZONE = ZoneInfo("UTC")
JUNE_22 = date(2026, 6, 22)
MAY_1 = date(2026, 5, 1)
JAN_5 = date(2026, 1, 5)


@shared_rows
def world(tmp_path, time_machine) -> World:
    time_machine.move_to(NOW, tick=False)
    return World(load_ruled(tmp_path))


def standing_of(provider, slug="acme"):
    with tenant_scope(provider):
        return standings(retainers_of([slug]), on=JUNE_22, zone=UTC_ZONE)[0]


def with_terms(standing, **changes):
    """The standing's agreement with other terms from the start."""
    first = replace(standing.agreement.terms[0], **changes)
    return replace(standing.agreement, terms=(first,))


def test_the_same_agreement_changes_nothing(provider):
    standing = standing_of(provider)
    change = change_of(standing, agreement=standing.agreement)
    assert change.cycles == ()
    assert line(change) == ""


def test_a_higher_cap_is_shown_for_the_closed_and_for_the_open_cycle(provider):
    standing = standing_of(provider, "birch")
    change = change_of(standing, agreement=with_terms(standing, pools=(Pool("bank", "Bank", Decimal(20)),)))
    closed, now = change.cycles
    assert (closed.before.total.remaining, closed.after.total.remaining) == (8, 20)
    assert (now.before.total.remaining, now.after.total.remaining) == (6, 18)
    assert change.closed == (closed,)
    assert line(change) == "birch/bank: 2026-05 8.00 left → 20.00; now 6.00 → 18.00 left"


def test_of_two_equal_top_ups_one_is_taken_back_where_one_is(provider):
    standing = standing_of(provider, "birch")
    twin = TopUpTerms(MAY_1, Decimal(3), expires="never")
    two = replace(standing, top_ups=[twin, twin], cycles=change_of(standing, top_ups=[twin, twin]).after)
    for gone, left in (([twin], 3), ([twin, twin], 6)):
        now = change_of(two, retired=gone).current
        assert now.before.total.remaining - now.after.total.remaining == left


def test_what_an_approval_that_is_withdrawn_lets_over_is_over_no_longer(provider):
    standing = standing_of(provider, "birch")
    approval = Approval(standing.current.starts, Decimal(4), "Pat", JUNE_22, ref=7)
    before = replace(standing, approvals=(approval,))
    kept, gone = (change_of(before, withdrawn=each).after[-1].approved for each in ((), (7,)))
    assert (kept, gone) == (Decimal(4), Decimal(0))


def test_a_multiplier_that_goes_gives_hours_back(provider):
    standing = standing_of(provider)
    change = change_of(standing, agreement=with_terms(standing, multipliers=()))
    (now,) = change.cycles
    assert (now.before.total.used, now.after.total.used) == (Decimal("3.5"), Decimal("2.5"))
    assert change.closed == ()


def test_used_hours_of_a_closed_cycle_are_named_before_what_is_left(provider):
    standing = standing_of(provider)
    works = [each._replace(categories=each.categories | {"after_hours"}) for each in standing.works]
    assert line(change_of(standing, works=works)) == (
        "acme/support: 2026-05 3.00 used → 6.00; now 11.50 → 10.00 left"
    )


def test_rollover_that_begins_reaches_through_to_the_open_cycle(provider):
    standing = standing_of(provider, "birch")
    change = change_of(standing, agreement=with_terms(standing, rollover=Rollover(hours=Decimal(2))))
    assert change.current.after.total.carried_in == 2
    assert line(change).endswith("now 6.00 → 8.00 left")


def test_a_change_that_only_renames_changes_no_figure(provider):
    standing = standing_of(provider, "birch")
    change = change_of(standing, agreement=with_terms(standing, pools=(Pool("bank", "Hours", Decimal(8)),)))
    assert change.cycles == ()


def test_another_anchor_makes_other_cycles_and_each_is_named():
    before, after = agreed(starts=MAY_1), agreed(starts=MAY_1, anchor_day=15)
    was = cycles(before, work(date(2026, 5, 20), "3"), on=JUNE_22)
    becomes = cycles(after, work(date(2026, 5, 20), "3"), on=JUNE_22)
    assert [cycle_name(cycle) for cycle in was] == ["2026-05", "2026-06"]
    assert [cycle_name(cycle) for cycle in becomes][:2] == [
        "2026-05-01 to 2026-05-14",
        "2026-05-15 to 2026-06-14",
    ]


def test_hours_over_are_said_beside_what_is_left(provider):
    standing = standing_of(provider, "birch")
    change = change_of(standing, agreement=with_terms(standing, pools=(Pool("bank", "Bank", Decimal(1)),)))
    assert line(change).endswith("now 6.00 → 0.00 (1.00 over) left")


def test_a_retainer_that_is_not_there_yet_begins_with_what_it_takes_over(provider):
    with tenant_scope(provider):
        client = Retainer.objects.get(key="bank").client
    agreement = agreed(terms("8", starts=MAY_1))
    change = change_of_new(client, agreement, on=JUNE_22, works=[work(date(2026, 6, 3), "3")])
    assert line(change) == "birch/support: 2026-05 is new, 0.00 used, 8.00 left; now 5.00 left"


def test_grants_come_on_top_of_those_that_stand(provider):
    standing = standing_of(provider, "birch")
    change = change_of(standing, top_ups=[TopUpTerms(date(2026, 6, 1), Decimal(5))])
    assert line(change) == "birch/bank: now 6.00 → 11.00 left"


def test_many_cycles_are_cut_to_the_newest_ones(provider):
    long_ago = date(2020, 1, 1)
    short = (Terms(long_ago, (Pool("support", "IT support", Decimal(5)),)),)
    with tenant_scope(provider):
        client = Retainer.objects.get(key="bank").client
        retainer = a_retainer(client, an_agreement(key="old", starts=long_ago, psa_agreements=("Old",)))
        (standing,) = standings([retainer], on=JUNE_22, zone=UTC_ZONE)
    said = line(change_of(standing, agreement=replace(standing.agreement, terms=short)))
    assert said.startswith("birch/old: 65 cycles before; 2025-06 10.00 left → 5.00;")


def over_by(hours, **changes):
    """What other terms do to a closed cycle of ten hours that is over by so many."""
    before = agreed(terms(overage="bill", overage_rate=Decimal(165), pools=(Pool("a", "A", Decimal(10)),)))
    was = cycles(before, work(JAN_5, str(10 + hours)), on=date(2026, 2, 10))
    after = replace(before, terms=(replace(before.terms[0], **changes),))
    becomes = cycles(after, work(JAN_5, str(10 + hours)), on=date(2026, 2, 10))
    return CycleChange(was[0], becomes[0])


def test_another_price_is_a_change_of_what_is_billed_though_no_hours_differ():
    change = over_by(Decimal("1.5"), overage_rate=Decimal(215))
    assert change.differs
    assert change.accounts == ()
    assert change.amounts == (Amount(Decimal("247.50"), "USD"), Amount(Decimal("322.50"), "USD"))


def test_a_price_that_nothing_was_billed_at_changes_no_figure():
    assert not over_by(Decimal(-1), overage_rate=Decimal(215)).differs


def test_another_currency_is_another_amount():
    assert over_by(Decimal(1), currency="EUR").amounts[1] == Amount(Decimal(165), "EUR")


@pytest.mark.parametrize(
    "changes",
    [
        {"overage_rate": Decimal(215)},
        {"currency": "EUR"},
        {"pools": (Pool("a", "A", Decimal(10)), Pool("b", "B", Decimal(0)))},
        {"sharing": "shared"},
    ],
)
def test_a_cycle_that_differs_is_told_in_at_least_one_line(changes):
    change = over_by(Decimal("1.5"), **changes)
    assert change.differs
    assert change_lines(change)


def test_pools_of_one_balance_are_told_by_what_they_use_of_what_they_have():
    first = terms(sharing="shared", pools=(Pool("a", "A", Decimal(6)), Pool("b", "B", Decimal(4))))
    second = replace(first, pools=(Pool("a", "A", Decimal(7)), Pool("b", "B", Decimal(3))))
    was, becomes = (cycles(agreed(each), work(JAN_5, "2"), on=date(2026, 1, 10)) for each in (first, second))
    assert [
        (line.what, line.before, line.after) for line in change_lines(CycleChange(was[0], becomes[0]))
    ] == [
        ("A", "2.0 of 6.0 used", "2.0 of 7.0 used"),
        ("B", "0 of 4.0 used", "0 of 3.0 used"),
    ]


# the dry run of `load_retainers`


def dry_run(folder, text):
    (folder / "next.toml").write_text(text)
    out = StringIO()
    call_command("load_retainers", str(folder / "next.toml"), "--dry-run", stdout=out)
    return out.getvalue().splitlines()


def written(provider):
    with tenant_scope(provider):
        models = (AgreementVersion, Publication, Entry, TopUp)
        return [model.objects.count() for model in models]


def after_loading(provider, folder):
    call_command("load_retainers", str(folder / "next.toml"), "--restate", verbosity=0, stdout=StringIO())
    return {s.retainer.key: s for s in (standing_of(provider), standing_of(provider, "birch"))}


def test_a_dry_run_says_what_would_become_of_the_balances_and_writes_nothing(provider, tmp_path):
    before = written(provider)
    said = dry_run(tmp_path, AGREEMENT.replace('hours = "8"', 'hours = "9.50"'))
    assert "birch/bank: 2026-05 8.00 left → 9.50; now 6.00 → 7.50 left" in said
    assert written(provider) == before


def test_a_dry_run_says_what_another_price_would_bill(provider, tmp_path):
    """Birch Lowe's eight hours are all used in May when the cap is five and the rest is billed."""
    five = AGREEMENT.replace('hours = "8"', 'hours = "1"')
    billed = five.replace(
        "[[clients.retainers.terms]]", '[[clients.retainers.terms]]\noverage = "bill"\noverage_rate = "165"'
    )
    load_agreements(tmp_path, billed, "--restate")
    said = dry_run(tmp_path, billed.replace('"165"', '"215"'))
    assert [sentence for sentence in said if sentence.startswith("birch")] == [
        "birch/bank: now $165.00 → $215.00 billed"
    ]


def test_a_dry_run_foresees_what_rules_of_the_file_do_to_published_entries(provider, tmp_path):
    text = AGREEMENT.replace('work_type = "Emergency"', 'time = "after_hours"')
    said = dry_run(tmp_path, text)
    assert "acme/support: 2026-05 3.00 used → 4.00; now 11.50 → 12.50 left" in said
    found = after_loading(provider, tmp_path)["support"]
    assert [cycle.total.used for cycle in found.cycles] == [4, Decimal("2.5")]


def test_a_dry_run_counts_a_top_up_once_however_often_it_is_loaded(provider, tmp_path):
    top_up = '\n[[clients.retainers.top_ups]]\ndate = 2026-06-01\nhours = "5"\n'
    assert "birch/bank: now 6.00 → 11.00 left" in dry_run(tmp_path, AGREEMENT + top_up)
    assert after_loading(provider, tmp_path)["bank"].cycles[-1].total.remaining == 11
    assert dry_run(tmp_path, AGREEMENT + top_up) == ["Nothing to change."]


def test_a_new_retainer_takes_over_published_entries_in_the_dry_run_and_in_the_loading(provider, tmp_path):
    rule = """
[[rules]]
name = "Projects"
when = { title = "Scanner jam*" }
then = { retainer = "projects" }

[[clients]]
slug = "acme\""""
    new = """
[[clients.retainers]]
key = "projects"
name = "Projects"
starts = 2026-06-01
psa_agreements = ["Projects"]
[[clients.retainers.terms]]
hours_from = "worked"
pools = [{ key = "projects", name = "Projects", hours = "4" }]
"""
    text = AGREEMENT.replace('\n[[clients]]\nslug = "acme"', rule) + new
    said = dry_run(tmp_path, text)
    assert "birch/bank: now 6.00 → 8.00 left" in said
    assert "birch/projects: now 2.00 left" in said
    after_loading(provider, tmp_path)
    with tenant_scope(provider):
        found = standings(retainers_of(["birch"]), on=JUNE_22, zone=UTC_ZONE)
    assert {each.retainer.key: each.cycles[-1].total.remaining for each in found} == {
        "bank": 8,
        "projects": 2,
    }


def test_a_retainer_that_claims_an_agreement_takes_its_entries_as_soon_as_it_is_loaded(
    db, tmp_path, time_machine
):
    time_machine.move_to(NOW, tick=False)
    text = AGREEMENT.split("[[clients]]")[0] + "[[clients]]" + AGREEMENT.split("[[clients]]")[2]
    load_agreements(tmp_path, text)
    export = "Client,Agreement,Date,Hours\nBirch Lowe,Web care,2026-06-05,2\n"
    publish_export(tmp_path, export, "--accept", "one-company")
    claims = """
[[clients.retainers]]
key = "web"
name = "Web care"
starts = 2026-05-01
psa_agreements = ["Web care"]
[[clients.retainers.terms]]
pools = [{ key = "web", name = "Web", hours = "4" }]
"""
    load_agreements(tmp_path, text + claims)
    with tenant_scope(Provider.objects.get()):
        assert Entry.objects.get(retired_in=None).retainer.key == "web"


def test_a_dry_run_for_a_new_provider_has_no_balances_to_speak_of(db, tmp_path):
    said = dry_run(tmp_path, AGREEMENT)
    assert said[-1] == "Nothing was changed: this was a dry run."
    assert not any("left" in sentence for sentence in said)


def test_another_providers_client_of_the_same_name_is_no_part_of_it(provider, tmp_path):
    other = ProviderFactory(slug="south")
    with tenant_scope(other):
        a_retainer(ClientFactory(slug="birch"))
    said = dry_run(tmp_path, AGREEMENT.replace('hours = "8"', 'hours = "9.50"'))
    assert [sentence for sentence in said if "left" in sentence] == [
        "birch/bank: 2026-05 8.00 left → 9.50; now 6.00 → 7.50 left",
        "restated, which needs --restate: birch/bank: 2026-05 8.00 left → 9.50",
    ]
