"""Incidents: everybody's time on a ticket added up, against what was left when it began."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

from django.urls import reverse

from accounts.tenancy import tenant_scope
from desk.dashboard.selectors import client_cases
from desk.dashboard.states import ClientState
from desk.incidents.figures import incident_cases
from presentation.accounts import accounts
from retainers.balance import Work
from retainers.drawn import incidents_of
from retainers.ledger import balance
from retainers.terms import Adjustment, Multiplier, Pool, TopUp
from tests.factories import AFTER_HOURS, agreement_file, bank, client_table, installed
from tests.shared_rows import shared_rows
from tests.world import World

AGREEMENT = agreement_file(client_table(incident_alert_hours="6", multipliers=[AFTER_HOURS]))
EXPORT = """\
Entry ID,Client,Date,Start,End,Hours,Technician,Ticket,Title,Work type
1,Acme Dental,2026-11-03,09:00,11:00,2,Mel Stone,T1,Printer jam,Remote
2,Acme Dental,2026-11-10,09:00,12:00,3,Mel Stone,T2,Switch down,Remote
3,Acme Dental,2026-11-10,10:00,13:00,3,Ana Reyes,T2,Switch down,Remote
4,Acme Dental,2026-11-10,21:00,22:00,1,Ana Reyes,T2,Switch down,After hours
5,Acme Dental,2026-11-12,09:00,09:30,0.5,Ana Reyes,,Own note,Remote
6,Acme Dental,2026-10-12,09:00,18:00,9,Ana Reyes,T9,Last month,Remote
"""


@shared_rows
def world(tmp_path, time_machine) -> World:
    time_machine.move_to(datetime(2026, 11, 22, 12, tzinfo=UTC), tick=False)
    return World(installed(tmp_path, AGREEMENT, EXPORT))


def case_of(provider):
    with tenant_scope(provider):
        (case,) = client_cases(provider, date(2026, 11, 22))
    return case


def test_two_people_for_three_hours_are_six_and_the_multiplier_counts(provider):
    (retainer,) = case_of(provider).retainers
    longest, other = retainer.incidents
    assert (longest.hours, other.hours) == (Decimal(8), Decimal(2))
    assert (longest.left_before, other.left_before) == (Decimal(8), Decimal(10))
    assert (longest.alerts, other.alerts) == (True, False)


def test_a_long_incident_is_a_state_to_act_on_with_its_reason(provider, viewer):
    assert ClientState.INCIDENT in case_of(provider).states
    page = viewer.get("/?state=incident").content.decode()
    assert "Long incident" in page
    assert "Acme Dental" in page


def test_the_list_shows_titles_people_and_what_was_left(viewer):
    page = viewer.get(reverse("incidents")).content.decode()
    assert page.index("Switch down") < page.index("Printer jam")
    assert "2 people, in parallel" in page
    assert "8.0 of the 8.0 h left when it began" in page
    assert "Last month" not in page


def test_the_newest_work_comes_first_when_asked_and_a_client_alone(viewer):
    page = viewer.get(reverse("incidents"), {"sort": "newest", "client": "acme"}).content.decode()
    assert page.index("Switch down") < page.index("Printer jam")
    assert "Printer jam" not in viewer.get(reverse("incidents"), {"client": "other"}).content.decode()


def test_an_incident_is_told_entry_by_entry(provider, viewer):
    mark = case_of(provider).retainers[0].incidents[0].mark
    page = viewer.get(reverse("incident", args=["acme", "support", mark])).content.decode()
    assert page.count("at the same time as") == 2
    assert "× 2 after hours = 2.0 h" in page
    assert "0 left" in page
    assert "Over the 6.0 h" in page


def test_an_incident_that_is_none_is_not_found(viewer):
    assert viewer.get(reverse("incident", args=["acme", "support", "0" * 16])).status_code == 404


def cases_in(agreement, works, marks, top_ups=(), adjustments=()):
    """The incidents of these works on 22 November."""
    on = date(2026, 11, 22)
    cycles = balance(agreement, works, top_ups, adjustments, on)
    standing = SimpleNamespace(agreement=agreement, on=on, top_ups=top_ups, adjustments=adjustments)
    return incident_cases(standing, cycles[-1], accounts(cycles, cycles[-1]), marks)


def test_each_pool_is_told_by_itself():
    pools = (Pool("reactive", "Reactive", Decimal(6)), Pool("planned", "Planned", Decimal(4)))
    agreement = bank(pools=pools, multipliers=(Multiplier("x", "X", Decimal(2)),))
    works = [
        Work(date(2026, 11, 3), Decimal(5), pool="reactive", ref=1),
        Work(date(2026, 11, 4), Decimal(1), pool="planned", ref=2),
        Work(date(2026, 11, 5), Decimal(4), pool="reactive", ref=3),
    ]
    cases = cases_in(agreement, works, {1: "a", 2: "b", 3: "c"})
    assert [(case.mark, case.account, case.left_before) for case in cases] == [
        ("a", "Reactive", Decimal(6)),
        ("c", "Reactive", Decimal(1)),
        ("b", "Planned", Decimal(4)),
    ]


def test_what_was_taken_back_whole_is_no_incident():
    works = [
        Work(date(2026, 11, 3), Decimal(2), ref=1),
        Work(date(2026, 11, 4), Decimal(-2), ref=2),
    ]
    assert cases_in(bank(), works, {1: "a", 2: "a"}) == ()


def test_what_was_left_when_an_incident_began_is_told_without_what_was_granted_later():
    works = [Work(date(2026, 11, 3), Decimal(5), ref=1), Work(date(2026, 11, 20), Decimal(2), ref=2)]
    top_ups = (TopUp(date(2026, 11, 3), Decimal(1)), TopUp(date(2026, 11, 12), Decimal(10)))
    taken = (Adjustment(date(2026, 11, 13), Decimal(-3)), Adjustment(date(2026, 11, 30), Decimal(4)))
    cases = cases_in(bank(), works, {1: "a", 2: "b"}, top_ups, taken)
    assert [(case.mark, case.left_before) for case in cases] == [("a", Decimal(13)), ("b", Decimal(15))]


def test_what_one_pool_was_granted_later_changes_nothing_of_another():
    agreement = bank(pools=(Pool("reactive", "Reactive", Decimal(6)), Pool("planned", "Planned", Decimal(4))))
    works = [
        Work(date(2026, 11, day), Decimal(1), pool=key, ref=day)
        for day, key in ((3, "reactive"), (4, "planned"))
    ]
    top_ups = (TopUp(date(2026, 11, 12), Decimal(10), pool="planned"),)
    cases = cases_in(agreement, works, {3: "a", 4: "b"}, top_ups)
    assert [(case.account, case.left_before) for case in cases] == [
        ("Reactive", Decimal(6)),
        ("Planned", Decimal(4)),
    ]


def test_the_longest_few_are_those_that_lead_all_of_them():
    works = [
        Work(date(2026, 11, 1 + number % 20), Decimal(number % 4 - 1) / 2, ref=number)
        for number in range(1, 60)
    ]
    cycle = balance(bank(), works, (), (), date(2026, 11, 22))[-1]
    marks = {number: f"ticket {number % 9}" for number in range(1, 60)}

    every, few = incidents_of(cycle, marks), incidents_of(cycle, marks, longest=3)

    assert few.count == every.count == len(every.sums)
    in_order = sorted(every.sums, key=lambda each: (-each.hours, each.mark))
    assert list(few.sums) == in_order[:3]
