"""The demo: it runs up to today, whatever day that is, keeps its promises, and loading it again changes nothing.

Loading takes a minute of the processor on PostgreSQL, so each date is one test, with more time than others: where the
machine is busy, 300 seconds ran out in the middle of whatever query was asked just then. What is promised is asked of
it in subtests.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from accounts.access import today_at, zone_of
from accounts.commands import BadUsageError
from accounts.models import AuditEvent, EventClient, Membership, OutboxMail, Provider, Role
from accounts.tenancy import TenantModel, all_tenants, tenant_scope
from alerts.hooks.models import Webhook
from alerts.models import Watch
from demo.building import load_demo
from demo.calendar import month_from
from desk.month_end.lines import month_lines, month_standings
from desk.waiting import KINDS, things_waiting
from imports.models import Import
from imports.publishing.hindrances import hindrances
from imports.publishing.preview import preview
from imports.publishing.undo import undo
from portal.models import ClientRequest, ShareLink
from retainers.models import (
    Adjustment,
    Approval,
    ClosedMonth,
    Entry,
    InvoicedCycle,
    Notice,
    Statement,
    TopUp,
)
from retainers.selectors import retainers_of, standings

FIRST_OF_MONTH = datetime(2026, 11, 1, 15, tzinfo=UTC)  # a Sunday
LEAP_DAY = datetime(2028, 2, 29, 15, tzinfo=UTC)
KESTREL, TIDEWELL = "kestrel-row-demo", "tidewell-demo"
STARTING = timedelta(days=6)  # so young a cycle may have no work yet


Promise = Callable[..., None]
PROMISES: list[Promise] = []


def promise(asked: Promise) -> Promise:
    PROMISES.append(asked)
    return asked


def keeps_its_promises(demo, settings, subtests):
    for asked in PROMISES:
        with subtests.test(asked.__name__), taken_back():
            asked(demo, settings)


@pytest.fixture
def start(transactional_db, settings, tmp_path, time_machine):
    """Sets the clock, in an empty database and with folders of its own.

    Imports are committed as they are in life: in one long transaction PostgreSQL would wade through every
    row that the imports before it replaced.
    """
    settings.VAR = tmp_path
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # made to be fast, here

    def at(moment):
        time_machine.move_to(moment, tick=False)
        return moment

    return at


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.django_db(transaction=True)
def test_on_a_leap_day_the_command_loads_it_and_loading_it_again_changes_nothing(
    start, settings, monkeypatch, subtests
):
    moment, said = start(LEAP_DAY), StringIO()
    monkeypatch.setenv("HOURTAB_DEMO", "1")
    call_command("demo", stdout=said)
    before = rows()
    demo = load_demo(moment)
    assert demo.steps == 0
    assert rows() == before
    for email in (demo.email, demo.owner):
        assert f"e-mail    {email}\n  password  {demo.password}\n" in said.getvalue()
    assert all(page.address in said.getvalue() for page in demo.pages)
    keeps_its_promises(demo, settings, subtests)


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.one_engine
@pytest.mark.django_db(transaction=True)
def test_on_the_first_of_a_month_it_ends_that_day_and_is_brought_up_to_a_later_one(start, settings, subtests):
    demo = load_demo(start(FIRST_OF_MONTH), thin=True)
    keeps_its_promises(demo, settings, subtests)
    before = rows()
    assert load_demo(FIRST_OF_MONTH, thin=True).steps == 0
    assert rows() == before
    later = load_demo(start(FIRST_OF_MONTH + timedelta(days=10)))
    assert later.steps > 5
    assert later.pages == demo.pages
    with tenant_scope(Provider.objects.get(slug=KESTREL)):
        assert the_open_import().file_name == "Time_Report_2026-11-11_am.csv"
    through = Counter(standing.freshness.through for standing in everything().values())
    assert through.most_common(1)[0][0] == date(2026, 11, 8)


@contextmanager
def taken_back():
    """For what changes something: the demo is everybody's."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def figures(slug):
    """What each living retainer of the provider says today, by client and key."""
    provider = Provider.objects.get(slug=slug)
    today = today_at(provider)
    with tenant_scope(provider):
        found = standings(retainers_of(), on=today, zone=zone_of(provider))
    return {(s.retainer.client.slug, s.retainer.key): s for s in found if s.agreement.alive_on(today)}


def everything():
    return {**figures(KESTREL), **figures(TIDEWELL)}


def at_hand(total):
    return total.carried_in + total.allocated + total.topped_up + total.credited - total.queued_in


def rows():
    """How many rows each table has; the trail tells of copied links, so it grows."""
    with all_tenants("counting"):
        return {
            model.__name__: model.objects.count()
            for model in apps.get_models()
            if issubclass(model, TenantModel) and model not in (AuditEvent, EventClient)
        }


def the_open_import():
    return Import.objects.get(state=Import.State.UPLOADED)


@promise
def it_has_two_providers_and_fourteen_clients(demo, settings):
    clients = Counter(standing.retainer.provider.slug for standing in everything().values())
    assert set(clients) == {KESTREL, TIDEWELL}
    assert demo.clients == len({client for client, _ in everything()}) == 14
    assert len({client for client, _ in figures(KESTREL)}) >= 9


@promise
def it_ends_today(demo, settings):
    today = today_at(Provider.objects.get(slug=KESTREL))
    for (client, _), standing in everything().items():
        oldest = 12 if client == "sable-rigging" else 8
        assert timedelta(1) <= today - standing.freshness.through <= timedelta(oldest)
    with tenant_scope(Provider.objects.get(slug=KESTREL)):
        assert the_open_import().uploaded_at.astimezone(UTC).date() == today
        assert not Entry.objects.filter(day__gte=today).exists()


@promise
def it_begins_about_seven_months_ago(demo, settings):
    today = today_at(Provider.objects.get(slug=KESTREL))
    for slug in (KESTREL, TIDEWELL):
        with tenant_scope(Provider.objects.get(slug=slug)):
            assert timedelta(200) < today - Entry.objects.earliest("day").day < timedelta(280)


@promise
def one_client_is_over(demo, settings):
    over = [key for key, standing in everything().items() if standing.current.total.overage]
    assert over == [("brightwater-dental", "support")]


@promise
def one_client_is_low_and_one_block_is_nearly_used(demo, settings):
    total = figures(KESTREL)["copperline-brewing", "support"].current.total
    assert 0 < total.remaining <= at_hand(total) * Decimal("0.15")
    block = figures(KESTREL)["pinecrest-vet", "block"]
    bought = sum(top_up.hours for top_up in block.top_ups if top_up.date <= block.on)
    assert 0 < block.current.total.remaining <= bought * Decimal("0.05")


@promise
def one_update_is_late(demo, settings):
    late = {client for (client, _), standing in figures(KESTREL).items() if standing.freshness.late}
    assert late == {"sable-rigging"}


@promise
def no_figure_is_absurd(demo, settings):
    for standing in everything().values():
        total = standing.current.total
        begun = standing.on - standing.current.starts > STARTING
        assert total.used <= at_hand(total) * Decimal("1.3")
        assert total.used > 0 or not begun


@promise
def one_link_was_never_opened_and_nobody_opened_one_tomorrow(demo, settings):
    with all_tenants("looking"):
        links = list(ShareLink.objects.all())
    assert [link.client.slug for link in links if not link.opened_count] == ["tallgrass-coop"]
    now = datetime.now(UTC)
    assert all(link.created_at < link.last_opened_at <= now for link in links if link.opened_count)


@promise
def four_fifths_of_the_lines_have_words(demo, settings):
    for slug in (KESTREL, TIDEWELL):
        with tenant_scope(Provider.objects.get(slug=slug)):
            found = Entry.objects.filter(retired_in=None, is_billable=True, exclusion="")
            by = Counter(found.values_list("worded_by", flat=True))
        assert by["neutral"] > 0
        assert by["memory"] > 0
        assert by["rule"] > 0
        assert by["neutral"] <= by.total() / 5


@promise
def everything_but_this_mornings_upload_is_published(demo, settings):
    with all_tenants("looking"):
        states = Counter(Import.objects.values_list("state", flat=True))
        formats = set(Import.objects.filter(state="published").values_list("format", flat=True))
    assert states[Import.State.UPLOADED] == 1
    assert formats == {"connectwise", "autotask", "syncro", "halopsa"}


@promise
def this_mornings_upload_needs_a_person(demo, settings):
    provider = Provider.objects.get(slug=KESTREL)
    with tenant_scope(provider):
        plan = preview(the_open_import(), today=today_at(provider))
    assert [unknown.company for unknown in plan.unknown] == ["Lantern Street Bookshop"]
    assert [client.slug for client in plan.unknown[0].near] == ["lantern-street-books"]
    assert [problem.value for problem in plan.refused] == ["1h?"]
    assert plan.waiting >= 3
    assert any(row.words.hits for client in plan.clients for row in client.waiting)
    assert plan.count("new") > 0
    assert len(hindrances(plan)) == 1


@promise
def something_of_every_kind_waits(demo, settings):
    provider = Provider.objects.get(slug=KESTREL)
    with tenant_scope(provider):
        waiting = Counter(thing.kind for thing in things_waiting(provider, datetime.now(UTC)))
    assert set(waiting) == set(KINDS) - {"work"}
    assert waiting["requests"] == 2


@promise
def every_state_of_the_desk_can_be_looked_at(demo, settings):
    with tenant_scope(Provider.objects.get(slug=KESTREL)):
        assert ClientRequest.objects.exclude(answered_at=None).count() == 2
        assert Approval.objects.filter(retired_in=None).count() == 1
        assert Notice.objects.filter(retired_in=None, running=True).count() == 1
        assert Watch.objects.filter(ended_at=None).exclude(confirmed_at=None).count() == 1
        assert {hook.kind for hook in Webhook.objects.all()} == {"slack", "json"}
        assert ClosedMonth.objects.filter(taken_back_at=None).count() == 1
        assert Statement.objects.count() == InvoicedCycle.objects.count() > 5


@promise
def a_month_end_shows_every_kind_of_line(demo, settings):
    """Hours billed, declined and queued; a cycle that says something else than was stated; one who uses little."""
    provider = Provider.objects.get(slug=KESTREL)
    today, zone = today_at(provider), zone_of(provider)
    with tenant_scope(provider):
        found = month_standings(today, zone)
        months = [month_from(today.replace(day=1), -back) for back in range(1, 5)]
        lines = [line for month in months for line in month_lines(found, month)]
    assert any(line.now.amount for line in lines)
    assert any(line.declined for line in lines)
    assert any(line.queued for line in lines)
    assert any(line.uses_little for line in lines)
    assert any(line.restated for line in lines) == any(line.stated and line.stated.amount for line in lines)


@promise
def no_mail_was_sent_before_it_was_written(demo, settings):
    with all_tenants("looking"):
        mails = list(OutboxMail.objects.exclude(sent_at=None))
    assert mails
    assert all(mail.created_at < mail.sent_at for mail in mails)


@promise
def every_kind_of_agreement_is_there(demo, settings):
    agreements = [standing.agreement for standing in everything().values()]
    terms = [each.terms_on(date.max) for each in agreements]
    assert {each.overage for each in terms} == {"bill", "queue", "decline"}
    assert {each.hours_from for each in terms} == {"billable", "worked", "deducted"}
    assert {each.sharing for each in terms} == {"separate", "shared"}
    assert {each.stacking for each in terms} == {"highest", "product"}
    assert {each.travel for each in terms} == {"exclude", "count"}
    assert any(each.rollover and each.rollover.hours and each.rollover.cycles for each in terms)
    assert any(each.scope for each in terms)
    assert any(each.increment and each.minimum for each in terms)
    assert any(each.months == 3 for each in agreements)
    assert any(each.anchor_day == 31 for each in agreements)
    assert any(len(each.terms) > 1 for each in agreements)
    with all_tenants("looking"):
        assert TopUp.objects.filter(expires="never").count() > 3
        assert TopUp.objects.filter(expires="cycle").exists()
        assert Adjustment.objects.filter(hours_units__gt=0).exists()


@promise
def one_client_has_two_retainers_and_one_was_renewed(demo, settings):
    assert [key for client, key in figures(KESTREL) if client == "tallgrass-coop"] == [
        "managed",
        "server-block",
    ]
    with tenant_scope(Provider.objects.get(slug=KESTREL)):
        keys = set(retainers_of(["sable-rigging"]).values_list("key", flat=True))
    assert keys == {"support", "renewed"}
    assert ("sable-rigging", "support") not in figures(KESTREL)


@promise
def one_manager_signs_in_at_both_providers(demo, settings):
    places = Membership.objects.filter(user__email=demo.email)
    assert {place.provider.slug for place in places} == {KESTREL, TIDEWELL}
    assert {place.role for place in places} == {Role.MANAGER}
    roles = Membership.objects.filter(provider__slug=KESTREL).values_list("role", flat=True)
    assert set(roles) == {Role.OWNER, Role.MANAGER, Role.VIEWER}
    answer = Client().post("/accounts/login/", {"login": demo.email, "password": demo.password})
    assert (answer.status_code, answer["Location"]) == (302, "/")


@promise
def the_password_is_its_owners_alone(demo, settings):
    kept = settings.VAR / "demo-password"
    assert kept.read_text().strip() == demo.password
    assert kept.stat().st_mode & 0o777 == 0o600


@promise
def the_clients_pages_open(demo, settings):
    assert len(demo.pages) == 3
    for page in demo.pages:
        answer = Client().get(page.address.removeprefix(settings.BASE_URL))
        assert answer.status_code == 200
        assert page.client in answer.content.decode().replace("&amp;", "&")


@promise
def deeds_are_told_on_the_days_of_their_doing(demo, settings):
    with tenant_scope(Provider.objects.get(slug=KESTREL)):
        told = dict(AuditEvent.objects.filter(action="import published").values_list("subject", "at"))
        done = Import.objects.filter(state="published").values_list("file_name", "uploaded_at")
        assert [(n, told[n], at) for n, at in done if told[n].date() != at.date()] == []


@promise
def the_newest_import_can_be_undone(demo, settings):
    provider = Provider.objects.get(slug=KESTREL)
    before = figures(KESTREL)
    with tenant_scope(provider):
        newest = Import.objects.filter(state="published").latest("published_at")
        undo(source=newest, by=None, at=datetime.now(UTC))
    after = figures(KESTREL)
    moved = [key for key in after if after[key].freshness.through < before[key].freshness.through]
    assert len(moved) >= 9


@pytest.mark.django_db
def test_the_demo_is_refused_in_production(settings, monkeypatch):
    settings.DEBUG = False
    monkeypatch.delenv("HOURTAB_DEMO", raising=False)
    with pytest.raises(BadUsageError, match="HOURTAB_DEMO=1"):
        call_command("demo")
    assert not Provider.objects.exists()
