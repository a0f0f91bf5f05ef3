"""Rows of a client whose agreements all name some of the PSA's, and none the row's: they wait, listed by agreement."""

from datetime import date

import pytest

from accounts.access import zone_of
from accounts.models import AuditEvent, Role
from accounts.tenancy import tenant_scope
from desk.imports.left_over import left_over
from desk.month_end.uncounted import uncounted
from imports.models import NeverOurs
from imports.publishing.preview import preview
from imports.publishing.report import report
from retainers.agreements import agreement_from_document
from retainers.models import CompanyName, Retainer
from retainers.selectors import retainers_of, standings
from tests.factories import ClientFactory, a_retainer, an_agreement
from tests.imports.uploading import tick_of

pytestmark = pytest.mark.usefixtures("monday")

HEADER = "Entry ID,Client,Agreement,Date,Hours\n"
SUPPORT = "1,Delta,Managed Support,2026-02-10,1\n"
OTHER = "2,Delta,Web  Care,2026-02-10,2\n"
NONE = "3,Delta,,2026-02-10,4\n"
ACME = "9,Acme Dental,,2026-02-10,1\n"


@pytest.fixture
def delta(world):
    """A client with two agreements, each with its own names in the PSA."""
    with tenant_scope(world.provider):
        client = ClientFactory(provider=world.provider, slug="delta", name="Delta")
        CompanyName.objects.create(client=client, name="Delta", key="delta")
        a_retainer(client, an_agreement(key="support", name="Support", psa_agreements=("Managed Support",)))
        a_retainer(client, an_agreement(key="projects", name="Projects", psa_agreements=("Projects",)))
    return client


@pytest.fixture
def bring(world, delta):
    def bring(*rows, **said):
        return world.upload_bytes((HEADER + "".join(rows)).encode(), **said)

    return bring


def plan_of(world, source):
    with tenant_scope(world.provider):
        return preview(source, today=date(2026, 2, 16))


def names_of(world, key):
    with tenant_scope(world.provider):
        (row,) = retainers_of(["delta"]).filter(key=key)
        return agreement_from_document(row.publication.version.document).psa_agreements


def test_they_wait_like_those_of_an_unknown_company_listed_by_agreement(world, bring):
    plan = plan_of(world, bring(SUPPORT, OTHER, NONE, ACME))
    said = report(plan, published=False)

    assert said["unknown_companies"] == [
        {"company": "Delta", "rows": 1, "client": "delta", "agreement": ""},
        {"company": "Delta", "rows": 1, "client": "delta", "agreement": "Web Care"},
    ]
    assert (said["entries"]["unknown"], said["entries"]["excluded"]) == (2, 0)
    assert (said["hours"]["unknown"], said["hours"]["worked"]) == ("6.00", "8.00")


def test_what_is_published_of_them_stays_and_the_clients_date_does_not_move(world, bring):
    world.publish(bring(SUPPORT, OTHER.replace("Web  Care", "Projects"), ACME), publish=("acme", "delta"))
    world.publish(bring(SUPPORT, OTHER, ACME.replace("02-10", "02-12")), publish=("acme", "delta"))

    assert [entry.retainer.key for entry in world.live("delta")] == ["support", "projects"]
    with tenant_scope(world.provider):
        throughs = {row.key: row.publication.through for row in Retainer.objects.filter(client__slug="delta")}
    assert set(throughs.values()) == {date(2026, 2, 10)}
    assert world.through("acme") == date(2026, 2, 12)


def test_one_click_makes_it_part_of_an_agreement(world, bring):
    source = bring(SUPPORT, OTHER, ACME)
    page = world.page(source)
    assert "“Web Care”" in page
    assert "It is part of Projects" in page

    page = world.post("answer_company", source, claim="0:projects", **{"company-0": "delta\tWeb Care"})

    assert "“Web Care” now belongs to Projects of Delta." in page
    assert "“Web Care”, " not in page
    assert names_of(world, "projects") == ("Projects", "Web Care")
    assert tick_of(page, "delta")
    world.publish(source, publish=("acme", "delta"))
    assert [entry.retainer.key for entry in world.live("delta")] == ["support", "projects"]


def test_one_click_and_it_never_counts_until_somebody_asks_again(world, bring):
    source = bring(SUPPORT, OTHER, NONE, ACME)
    for sign in ("delta\t", "delta\tWeb Care"):
        page = world.post("answer_company", source, never="0", **{"company-0": sign})
    assert "Never counted from now on: Delta: Web Care." in page

    said = report(
        plan_of(world, bring(SUPPORT, OTHER.replace("Web  Care", "WEB care"), NONE)), published=False
    )

    assert said["unknown_companies"] == []
    assert said["hours"]["excluded"] == {"outside the retainer": "6.00"}
    with tenant_scope(world.provider):
        assert AuditEvent.objects.filter(action="agreement never counted").count() == 2
        assert {each.name for each in NeverOurs.objects.all()} == {"Delta: Web Care", "Delta: no agreement"}


def test_it_can_be_left_out_of_one_file(world, bring):
    source = bring(SUPPORT, OTHER, ACME)
    page = world.post("answer_company", source, leave="0", **{"company-0": "delta\tWeb Care"})

    assert "Left out: Delta: Web Care" in page
    world.publish(source, publish=("acme", "delta"))
    assert plan_of(world, bring(SUPPORT, OTHER, ACME)).unknown_rows == 1


def test_an_agreement_under_which_lines_stand_is_not_given_away_by_a_click(world, bring, delta):
    world.publish(bring(SUPPORT, ACME), publish=("acme", "delta"))
    page = world.post(
        "answer_company", bring(OTHER), claim="0:projects", **{"company-0": "delta\tManaged Support"}
    )

    assert "are already published under that name" in page
    assert names_of(world, "projects") == ("Projects",)


def test_only_a_manager_settles_them_and_only_of_a_client_of_the_provider(world, bring):
    source = bring(SUPPORT, OTHER, ACME)
    fields = {"never": "0", "company-0": "delta\tWeb Care"}
    world.person(Role.VIEWER).post(f"/admin/imports/{source.pk}/company/", fields)
    world.post("answer_company", source, never="0", **{"company-0": "elsewhere\tWeb Care"})

    with tenant_scope(world.provider):
        assert not NeverOurs.objects.exists()


def test_a_file_for_that_client_alone_says_so_too(world, bring):
    said = report(plan_of(world, bring(SUPPORT, OTHER, client="delta")), published=False)

    assert [each["agreement"] for each in said["unknown_companies"]] == ["Web Care"]
    assert said["entries"]["refused"] == 0


def test_it_waits_in_sight_after_the_rest_is_published_and_stands_in_the_months_end(world, bring):
    source = bring(SUPPORT, OTHER, ACME)
    world.publish(source, publish=("acme", "delta"))

    with tenant_scope(world.provider):
        (thing,) = left_over(date(2026, 2, 16))
        found = standings(list(retainers_of()), on=date(2026, 2, 16), zone=zone_of(world.provider))
        (line,) = uncounted(found, date(2026, 2, 1))
    assert (thing.client, thing.text) == (
        "delta",
        "Delta: 1 row waits because no agreement of this client lists its name",
    )
    assert (line.client, line.reason, str(line.hours)) == ("Delta: Web Care", "unknown agreement", "2.00")
