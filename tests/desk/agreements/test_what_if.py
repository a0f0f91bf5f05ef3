"""What if: the page over the client's own past, in each of its states; nothing on it is ever saved."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEvent, Role
from accounts.tenancy import tenant_scope
from desk.agreements.replaying.comparison import compared_cycles, summed_rows
from desk.agreements.replaying.drafts import drafts_in, form_of
from desk.agreements.replaying.sides import sides_of
from retainers import publishing
from retainers.models import AgreementVersion, Publication, Retainer
from retainers.renewals import brought_note
from retainers.replay import Past, looked_back_on
from retainers.selectors import standings
from retainers.terms import Adjustment, Multiplier, Pool, Rollover, TopUp
from tests.desk.conftest import TODAY, UTC_ZONE
from tests.factories import ProviderFactory, bank
from tests.shared_rows import shared_rows
from tests.world import World

PAGE = "/clients/acme/retainers/support/what-if/"
BILLED = {"overage": "bill", "overage_rate": Decimal(100), "fee": Decimal(900)}
OCT_5, NOV_3 = date(2026, 10, 5), date(2026, 11, 3)


def text_of(response) -> str:
    """What a person reads of the page's main part."""
    main = re.search(r"<main.*?</main>", response.content.decode(), re.DOTALL).group()
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def cells_of(response, label: str) -> list[str]:
    """The cells of the first row with that label."""
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", response.content.decode(), re.DOTALL)
    for row in rows:
        found = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        plain = [" ".join(unescape(re.sub(r"<[^>]+>", " ", cell)).split()) for cell in found]
        if plain and plain[0] == label:
            return plain[1:]
    raise LookupError(label)


def grant(world, *, top_ups=(), adjustments=()):
    with tenant_scope(world.provider):
        retainer = publishing.lock([Retainer.objects.get().pk]).popitem()[1]
        press = publishing.Press(Publication.Kind.TOP_UP, datetime(2026, 10, 1, tzinfo=UTC), None)
        publishing.grant(publication=press.publication(retainer), top_ups=top_ups, adjustments=adjustments)


def test_what_was_stands_beside_a_draft_in_hours_and_in_money(world, viewer):
    world.client("Acme", (OCT_5, "15"), (NOV_3, "4"), agreement=bank(**BILLED))
    page = viewer.get(f"{PAGE}?d1=1&d1-pools-0-hours=17&d1-fee=1000")
    assert page.status_code == 200
    assert cells_of(page, "Cycles over") == ["1 of 10", "0 of 10"]
    assert cells_of(page, "Hours used") == ["15.00", "15.00"]
    assert cells_of(page, "Hours over") == ["3.00", "0.00"]
    assert cells_of(page, "Hours lapsed") == ["108.00", "155.00"]
    assert cells_of(page, "Billed for overage") == ["$300.00", "$0.00"]
    assert cells_of(page, "In all") == ["$9,300.00", "$10,000.00"]
    assert cells_of(page, "Compared with actual") == ["–", "+$700.00"]
    assert "17 hours each month" in text_of(page)
    assert "Over in 0 of 10 cycles instead of 1" in text_of(page)


def test_a_draft_that_changes_nothing_says_what_was_in_every_cycle(world):
    agreement = bank(
        pools=(Pool("reactive", "Reactive", Decimal(6)), Pool("scheduled", "Scheduled", Decimal(4))),
        rollover=Rollover(cycles=2),
        multipliers=(Multiplier("after_hours", "After hours", Decimal(2)),),
        increment=Decimal("0.25"),
        **BILLED,
    )
    client = world.client(
        "Acme", (OCT_5, "9.1"), (date(2026, 8, 9), "17.35"), (NOV_3, "4"), agreement=agreement
    )
    with tenant_scope(world.provider):
        retainers = Retainer.objects.filter(client=client).select_related("publication__version", "client")
        (standing,) = standings(list(retainers), on=TODAY, zone=UTC_ZONE)
    looked = looked_back_on(standing.cycles)
    drafts = drafts_in(QueryDict("d1=1"), form_of(standing.agreement, agreement.terms[0], looked[0].starts))
    past = Past(
        standing.agreement, standing.works, standing.top_ups, standing.adjustments, standing.approvals, TODAY
    )
    sides = sides_of(past, looked, drafts, agreement.terms[0])
    assert sides[1].cycles == looked
    assert sides[1].changes == ("Today’s terms, from the start.",)
    rows = [row for cycle in compared_cycles(sides, lambda _: False) for row in cycle.rows]
    assert len(rows) > 20
    assert all(row.cells[0] == row.cells[1] for row in rows)
    assert all(row.cells[0] == row.cells[1] for row in summed_rows(sides)[:-1])


def test_three_drafts_stand_side_by_side_and_then_no_more_is_offered(world, viewer):
    world.client("Acme", (OCT_5, "15"), agreement=bank(**BILLED))
    page = viewer.get(f"{PAGE}?d1=1&d2=1&d2-rollover=yes&d3=1&d3-overage=queue")
    assert len(cells_of(page, "Hours used")) == 4
    assert "5 hours more" not in text_of(page)
    assert "5 hours more" in text_of(viewer.get(f"{PAGE}?d1=1&d2=1"))


def test_each_draft_that_lies_near_is_one_click(world, viewer):
    world.client("Acme", (OCT_5, "15"), agreement=bank(**BILLED))
    page = viewer.get(PAGE)
    links = re.findall(r'<a href="(\?d1[^"]*)">([^<]+)</a>', page.content.decode())
    offered = {words: unescape(address) for address, words in links}
    assert set(offered) == {
        "5 hours more",
        "5 hours fewer",
        "Unused hours carry over",
        "Unused hours carry over for one cycle",
        "Overage is taken from the next cycle",
        "Overage needs approval first",
        "Today’s terms, to change by hand",
    }
    for address in offered.values():
        followed = viewer.get(f"{PAGE}{address}")
        assert followed.status_code == 200
        assert len(cells_of(followed, "Hours used")) == 2
    assert cells_of(viewer.get(PAGE + offered["5 hours more"]), "Hours over") == ["3.00", "0.00"]


def test_each_mistake_is_said_next_to_its_field_and_its_draft_is_left_out(world, viewer):
    world.client("Acme", (OCT_5, "15"), agreement=bank())
    page = viewer.get(f"{PAGE}?d1=1&d1-pools-0-hours=-3&d1-overage=bill&d2=1&d2-increment=x&d3=1")
    assert page.status_code == 422
    html = page.content.decode()
    for name in ("d1-pools-0-hours", "d1-overage_rate", "d2-increment"):
        assert re.search(rf'id="{name}"[^>]* aria-invalid="true"', html), name
        assert f'id="wrong-{name}"' in html
    assert len(cells_of(page, "Hours used")) == 2
    assert "Draft 3" in text_of(page)


def test_without_a_past_the_page_says_so(world, viewer):
    world.client("Acme", agreement=bank(starts=date(2026, 12, 1)))
    page = viewer.get(f"{PAGE}?d1=1")
    assert page.status_code == 200
    assert "Nothing to compare yet" in text_of(page)


def test_in_the_first_cycle_nothing_is_added_up_and_it_is_marked_as_running(world, viewer):
    world.client("Acme", (NOV_3, "4"), agreement=bank(starts=date(2026, 11, 1)))
    said = text_of(viewer.get(f"{PAGE}?d1=1"))
    assert "No cycle has closed yet" in said
    assert "November 2026 runs: so far" in said
    assert "Cycles over" not in said
    assert "the one that runs" in said


def test_terms_that_changed_meanwhile_are_named_and_a_draft_holds_for_all_of_it(world, viewer):
    agreement = bank(**BILLED)
    first = agreement.terms[0]
    later = bank(starts=date(2026, 7, 1), cap="20", **BILLED).terms[0]
    world.client("Acme", (date(2026, 3, 3), "15"), (OCT_5, "15"), agreement=bank(**BILLED, pools=first.pools))
    with tenant_scope(world.provider):
        row = publishing.lock([Retainer.objects.get().pk]).popitem()[1]
        at = datetime(2026, 7, 1, 9, tzinfo=UTC)
        publishing.save_version(
            retainer=row, agreement=replace(agreement, terms=(first, later)), at=at, by=None
        )
        publishing.Press(Publication.Kind.AGREEMENT, at, None).publication(row)
    page = viewer.get(f"{PAGE}?d1=1")
    assert "The terms changed during this time (1 July 2026)" in text_of(page)
    assert cells_of(page, "Hours over") == ["3.00", "0.00"]
    assert cells_of(page, "Cycles over") == ["1 of 10", "0 of 10"]


def test_a_prepaid_block_can_be_tried_as_hours_each_cycle(world, viewer):
    world.client(
        "Acme",
        (date(2026, 9, 3), "7"),
        (OCT_5, "10"),
        agreement=bank("0", overage="queue", starts=date(2026, 9, 1)),
    )
    grant(world, top_ups=[TopUp(date(2026, 9, 2), Decimal(25))])
    page = viewer.get(PAGE)
    assert "A prepaid block has no cap" in text_of(page)
    assert "9 hours each cycle instead of blocks" in text_of(page)
    tried = viewer.get(f"{PAGE}?d1=1&d1-pools-0-hours=9&d1-bought=none")
    assert cells_of(tried, "Cycles over") == ["0 of 2", "1 of 2"]
    assert cells_of(tried, "Hours bought") == ["25.00", "0.00"]
    assert "Without the hours bought." in text_of(tried)


def test_separate_pools_are_told_apart_and_a_draft_may_share_them(world, viewer):
    pools = (Pool("reactive", "Reactive", Decimal(6)), Pool("scheduled", "Scheduled", Decimal(4)))
    world.client("Acme", (OCT_5, "8"), agreement=bank(pools=pools))
    page = viewer.get(f"{PAGE}?d1=1&d1-sharing=shared")
    assert cells_of(page, "Used · all pools together")[0] == "–"
    over = re.findall(r"Over · [\w ]+", text_of(page))
    assert over == ["Over · Reactive 2"]
    assert cells_of(page, "Over · Reactive") == ["2.00", "–"]


def test_a_rate_that_is_missing_and_currencies_that_differ_are_said(world, viewer):
    world.client("Acme", (OCT_5, "15"), agreement=bank())
    said = text_of(viewer.get(f"{PAGE}?d1=1&d1-currency=EUR&d1-overage=bill&d1-overage_rate=90"))
    assert "Actual: overage has no price because the terms set no rate." in said
    assert "Draft 1: overage has no price" not in said
    assert "Amounts in different currencies" in said
    assert "€270.00" in said


def test_the_printed_page_is_marked_as_staffs_and_its_words_went_through_the_gate(world, viewer):
    world.client("Acme", (OCT_5, "15"), (OCT_5, "2"), agreement=bank())
    grant(world, adjustments=[Adjustment(OCT_5, Decimal(1), reason="see Birch Foods")])
    world.client("Birch Foods", agreement=False)
    page = viewer.get(PAGE)
    assert f"For staff of {world.provider.name}" in text_of(page)
    assert "Birch Foods" not in text_of(page)
    assert "Credit: for another reason" in text_of(page)


def test_what_was_given_free_is_told_by_its_reason(world, viewer):
    world.client("Acme", (OCT_5, "2.5"), agreement=bank(), is_billable=False)
    grant(world, adjustments=[Adjustment(OCT_5, Decimal(3), reason="Goodwill")])
    page = viewer.get(PAGE)
    assert cells_of(page, "Not counted: non-billable work") == ["2.50"]
    assert cells_of(page, "Credit: Goodwill") == ["3.00"]


def test_looking_saves_nothing(world, manager):
    world.client("Acme", (OCT_5, "15"), agreement=bank(**BILLED))
    with tenant_scope(world.provider):
        before = [model.objects.count() for model in (AgreementVersion, Publication, AuditEvent)]
        manager.get(f"{PAGE}?d1=1&d1-pools-0-hours=17")
        assert [model.objects.count() for model in (AgreementVersion, Publication, AuditEvent)] == before
    assert manager.post(PAGE, {"d1": "1"}).status_code == 405


def test_another_providers_retainer_is_not_found(world):
    world.client("Acme", agreement=bank())
    assert World(ProviderFactory()).person(Role.OWNER).get(PAGE).status_code == 404


@pytest.mark.parametrize("drafts", ["", "?d1=1&d2=1&d3=1"])
def test_the_queries_do_not_grow_with_the_cycles(world, viewer, drafts):
    def asked(slug):
        viewer.get(f"/clients/{slug}/retainers/support/what-if/{drafts}")
        with CaptureQueriesContext(
            connection,
        ) as found:
            viewer.get(f"/clients/{slug}/retainers/support/what-if/{drafts}")
        return len(found)

    world.client("Acme", (NOV_3, "1"), agreement=bank(starts=date(2026, 11, 1)))
    days = [(date(2026, month, 3), "9") for month in range(1, 12)]
    world.client("Birch", *days, agreement=bank())
    assert asked("acme") == asked("birch")


def test_a_rules_reason_that_names_another_client_is_not_printed(world, viewer):
    world.client("Acme", (OCT_5, "2.5"), agreement=bank(), exclusion="for Birch Foods")
    world.client("Birch Foods", agreement=False)
    page = viewer.get(PAGE)
    assert "Birch Foods" not in text_of(page)
    assert cells_of(page, "Not counted: for another reason") == ["2.50"]


MARCH = date(2026, 3, 31)
APRIL = date(2026, 4, 1)


@shared_rows(upon="world")
def renewed(world):
    """Twelve hours a month to March, renewed as ten a month; two of the five that were left were brought along."""
    first = replace(bank("12"), ends=MARCH)
    client = world.client(
        "Acme", (date(2026, 1, 9), "3"), (date(2026, 3, 9), "7"), agreement=first, through=MARCH
    )
    world.also(
        client, (date(2026, 4, 9), "11"), agreement=bank("10", key="new", name="Support 2", starts=APRIL)
    )
    with tenant_scope(world.provider):
        row = publishing.lock([Retainer.objects.get(key="new").pk]).popitem()[1]
        press = publishing.Press(Publication.Kind.TOP_UP, datetime(2026, 4, 1, tzinfo=UTC), None)
        brought = TopUp(APRIL, Decimal(2), note=brought_note("IT support"))
        publishing.grant(publication=press.publication(row), top_ups=[brought], adjustments=[])
    return client


def test_a_renewals_two_agreements_are_one_past(renewed, viewer):
    page = viewer.get("/clients/acme/retainers/new/what-if/?d1=1&d1-rollover=yes")
    assert cells_of(page, "Hours used") == ["21.00", "21.00"]
    assert cells_of(page, "Cycles over") == ["0 of 10", "0 of 10"]
    assert cells_of(page, "Hours lapsed")[1] == "0.00"
    assert "“IT support” was renewed as “Support 2” on 1 April 2026" in text_of(page)
    assert "1 January 2026 to 30 November 2026: 10 closed cycles and the one that runs" in text_of(page)


def test_what_was_brought_along_is_on_no_draft(renewed, viewer):
    page = viewer.get("/clients/acme/retainers/new/what-if/?d1=1&d1-overage=queue")
    assert cells_of(page, "Hours bought") == ["2.00", "0.00"]
    assert cells_of(page, "Cycles over") == ["0 of 10", "1 of 10"]  # eleven of ten in April, taken from May's


def test_the_old_agreement_looks_back_on_itself_alone(renewed, viewer):
    page = viewer.get("/clients/acme/retainers/support/what-if/?d1=1")
    assert cells_of(page, "Cycles over") == ["0 of 3", "0 of 3"]
    assert "was renewed" not in text_of(page)


def test_a_renewal_that_has_not_begun_is_tried_on_the_past_before_it(world, viewer):
    first = replace(bank("12"), ends=date(2026, 11, 30))
    client = world.client("Acme", (OCT_5, "15"), agreement=first)
    world.also(client, agreement=bank("20", key="new", name="Support 2", starts=date(2026, 12, 1)))
    page = viewer.get("/clients/acme/retainers/new/what-if/?d1=1")
    assert cells_of(page, "Hours over") == ["3.00", "0.00"]


def test_the_page_of_renewing_leads_to_what_if(world, manager):
    world.client("Acme", (OCT_5, "15"))
    assert f'href="{PAGE}"' in manager.get("/clients/acme/retainers/support/renew/").text
