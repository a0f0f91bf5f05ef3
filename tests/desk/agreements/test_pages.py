"""Agreements in the browser: checked first, saved as a publication, the same as the file would say."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEvent, Provider, Role
from accounts.tenancy import tenant_scope
from desk.agreements import views
from desk.agreements.draft import draft_of
from desk.agreements.starting import from_template
from portal import links
from retainers.agreements import agreement_document, agreement_from_document
from retainers.models import (
    Adjustment,
    AgreementVersion,
    Client,
    CompanyName,
    Entry,
    Publication,
    Restatement,
    Retainer,
    TopUp,
)
from retainers.terms import BusinessHours
from tests.desk.agreements.test_draft import posted
from tests.factories import ClientFactory, MembershipFactory, a_retainer, publish_work
from tests.shared_rows import shared_rows

AGREEMENT = """
[provider]
slug = "north"
name = "North IT"
[[clients]]
slug = "acme"
name = "Acme Dental"
psa_names = ["Acme Dental Group"]
[[clients.retainers]]
key = "support"
name = "IT support"
starts = 2026-01-01
[[clients.retainers.terms]]
hours_from = "worked"
pools = [{ key = "support", name = "IT support", hours = "10" }]
[[clients.retainers.rules]]
name = "Nights"
when = { title = "*night*" }
then = { category = "after_hours" }
[[clients]]
slug = "birch"
name = "Birch"
"""
EXPORT = """\
Entry ID,Client,Date,Hours,Title
1,Acme Dental,2026-10-05,4,a
2,Acme Dental,2026-11-06,3,night call
"""


@shared_rows
def north(tmp_path, time_machine):
    time_machine.move_to(datetime(2026, 11, 22, 12, tzinfo=UTC), tick=False)
    (tmp_path / "a.toml").write_text(AGREEMENT)
    (tmp_path / "e.csv").write_text(EXPORT)
    call_command("load_retainers", str(tmp_path / "a.toml"), stdout=StringIO())
    call_command(
        "import_csv",
        str(tmp_path / "e.csv"),
        "--provider",
        "north",
        "--publish",
        "--accept",
        "one-company",
        stdout=StringIO(),
    )
    return Provider.objects.get()


@pytest.fixture
def manager(north):
    browser = Browser()
    browser.force_login(MembershipFactory(provider=north, role=Role.MANAGER).user)
    return browser


def stands(north, key="support"):
    with tenant_scope(north):
        return agreement_from_document(Retainer.objects.get(key=key).version.document)


def form_of(north, **changes):
    """What the browser would send for the agreement as it stands, with these changes."""
    post = posted(draft_of(stands(north)))
    for name, value in changes.items():
        post[name.replace("__", "-")] = value
    return post


def hidden(answer, name):
    return re.search(rf'name="{name}" value="([^"]+)"', answer.content.decode())[1]


def seen_in(answer):
    return hidden(answer, "seen")


def ticked_in(answer):
    """What the tick under the closed cycles would send; nothing where none would be restated."""
    found = re.search(r'name="restate" value="([^"]+)"', answer.content.decode())
    return {"restate": found[1]} if found else {}


def save(manager, address, post, *, ticked=True):
    """Check, then save what was in view, closed cycles among it."""
    shown = manager.post(address, {**post.dict(), **lists(post), "do": "check"})
    sent = {**post.dict(), **lists(post), "do": "save", "seen": seen_in(shown)}
    return manager.post(address, sent | (ticked_in(shown) if ticked else {}))


def lists(post):
    return {name: post.getlist(name) for name in ("updates_on", "requests")}


SUPPORT = reverse("agreement", args=["acme", "support"])


def test_the_form_shows_the_agreement_with_lines_that_the_ledger_worked_out(manager):
    page = manager.get(SUPPORT).content.decode()
    assert 'value="10.00"' in page
    assert "A 50-minute call counts 0.83 h." in page
    assert "20.0 h left" not in page
    assert "10.0 h left at the close: all of them lapse." in page


def test_checking_shows_what_it_would_do_and_changes_nothing(north, manager):
    post = form_of(north, **{"terms-0-pools-0-hours": "12"})
    page = manager.post(SUPPORT, {**post.dict(), **lists(post), "do": "check"}).content.decode()
    assert "7.0 left" in page
    assert "9.0 left" in page
    assert "This changes closed cycles" in page
    assert stands(north).terms[0].pools[0].hours == 10


def test_another_price_is_shown_by_what_it_would_bill_cycle_by_cycle(north, manager):
    """October has 4 hours, November 3; past a cap of 2.5 they are billed at 165 an hour."""
    billed = {"terms-0-pools-0-hours": "2.5", "terms-0-overage": "bill", "terms-0-overage_rate": "165.00"}
    save(manager, SUPPORT, form_of(north, **billed))
    post = form_of(north, **{"terms-0-overage_rate": "215.00"})
    answer = manager.post(SUPPORT, {**post.dict(), **lists(post), "do": "check"})
    page = " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())
    assert "billed for hours past the cap closed $247.50 $322.50" in page
    assert "billed for hours past the cap $82.50 $107.50" in page
    assert "No figure of any cycle changes" not in page


def test_what_was_checked_is_saved_as_a_version_and_a_publication(north, manager):
    save(manager, SUPPORT, form_of(north, **{"terms-0-pools-0-hours": "12"}))
    assert stands(north).terms[0].pools[0].hours == 12
    with tenant_scope(north):
        assert AgreementVersion.objects.count() == 2
        assert Publication.objects.order_by("-pk").first().kind == Publication.Kind.AGREEMENT
        assert AuditEvent.objects.filter(action="agreements loaded").first().actor != "command line"


def test_the_rules_of_the_retainer_stay_whatever_the_form_changes(north, manager):
    before = stands(north).rules
    save(manager, SUPPORT, form_of(north, name="Support, renamed"))
    assert before
    assert stands(north).rules == before


def test_closed_cycles_are_asked_for_by_one_tick_and_marked(north, manager):
    post = form_of(north, **{"terms-0-pools-0-hours": "12"})
    asked = save(manager, SUPPORT, post, ticked=False)
    assert asked.status_code == 409
    assert "confirm first that these closed cycles may be restated" in asked.text
    assert "Acme Dental · IT support · October 2026: 6.0 left → 8.0 left" in " ".join(asked.text.split())
    assert stands(north).terms[0].pools[0].hours == 10
    assert save(manager, SUPPORT, post).status_code == 302
    with tenant_scope(north):
        assert Restatement.objects.filter(cause="terms", cycle_starts=date(2026, 10, 1)).count() == 1


def test_a_tick_agrees_to_the_cycles_that_were_in_view_and_to_no_others(north, manager):
    twelve, fourteen = (form_of(north, **{"terms-0-pools-0-hours": hours}) for hours in ("12", "14"))
    seen = [
        manager.post(SUPPORT, {**each.dict(), **lists(each), "do": "check"}) for each in (twelve, fourteen)
    ]
    sent = {
        **fourteen.dict(),
        **lists(fourteen),
        "do": "save",
        "seen": seen_in(seen[1]),
        **ticked_in(seen[0]),
    }
    assert manager.post(SUPPORT, sent).status_code == 409
    assert stands(north).terms[0].pools[0].hours == 10


def test_a_change_of_coming_cycles_alone_asks_for_no_tick(north, manager):
    post = form_of(north, name="Support, renamed")
    shown = manager.post(SUPPORT, {**post.dict(), **lists(post), "do": "check"})
    assert ticked_in(shown) == {}
    assert save(manager, SUPPORT, post).status_code == 302
    with tenant_scope(north):
        assert not Restatement.objects.exists()


def test_saving_without_having_seen_the_effect_only_shows_it(north, manager):
    post = form_of(north, **{"terms-0-pools-0-hours": "12"})
    answer = manager.post(SUPPORT, {**post.dict(), **lists(post), "do": "save"})
    assert "What saving would do" in answer.content.decode()
    assert stands(north).terms[0].pools[0].hours == 10


def test_what_has_changed_since_it_was_seen_is_shown_again(north, manager, tmp_path):
    post = form_of(north, **{"terms-0-pools-0-hours": "12"})
    seen = seen_in(manager.post(SUPPORT, {**post.dict(), **lists(post), "do": "check"}))
    (tmp_path / "more.csv").write_text("Entry ID,Client,Date,Hours\n9,Acme Dental,2026-11-09,1\n")
    call_command(
        "import_csv",
        str(tmp_path / "more.csv"),
        "--provider",
        "north",
        "--publish",
        "--accept",
        "one-company",
        stdout=StringIO(),
    )
    manager.post(SUPPORT, {**post.dict(), **lists(post), "do": "save", "seen": seen})
    assert stands(north).terms[0].pools[0].hours == 10


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_saved(north, manager):
    post = form_of(north, **{"terms-0-pools-0-hours": "-1", "terms-0-overage": "bill"})
    answer = manager.post(SUPPORT, {**post.dict(), **lists(post), "do": "save"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="wrong-terms-0-pools-0-hours"' in page
    assert 'id="wrong-terms-0-overage_rate"' in page
    assert stands(north).terms[0].pools[0].hours == 10


def test_what_the_form_saved_is_what_the_file_says(north, manager, tmp_path):
    save(manager, SUPPORT, form_of(north, **{"terms-0-increment": "0.25", "ends": "2027-12-31"}))
    text = manager.get(reverse("agreements_file")).content.decode()
    assert "ends = 2027-12-31" in text
    (tmp_path / "dump.toml").write_text(text)
    said = StringIO()
    call_command("load_retainers", str(tmp_path / "dump.toml"), stdout=said)
    assert said.getvalue().strip() == "Nothing to change."


def test_new_terms_begin_with_a_cycle_and_leave_history_as_it_was(north, manager):
    page = manager.get(SUPPORT).content.decode()
    assert '<option value="2026-12-01" selected>' in page
    post = form_of(north)
    shown = manager.post(SUPPORT, {**post.dict(), **lists(post), "do": "terms", "new_terms": "2026-12-01"})
    assert 'name="terms-1-since" value="2026-12-01"' in shown.content.decode()
    second = {
        name.replace("terms-0", "terms-1"): value
        for name, value in post.items()
        if name.startswith("terms-0")
    }
    for name, value in {**second, "terms-1-since": "2026-12-01", "terms-1-pools-0-hours": "15"}.items():
        post[name] = value
    save(manager, SUPPORT, post)
    assert [(each.starts, each.pools[0].hours) for each in stands(north).terms] == [
        (date(2026, 1, 1), 10),
        (date(2026, 12, 1), 15),
    ]


def test_a_client_is_created_and_goes_on_to_its_agreement(north, manager):
    answer = manager.post(
        reverse("client_new"),
        {
            "name": "Cedar & Sons",
            "psa_names": "Cedar and Sons Ltd\n",
            "contacts-0-name": "Pat",
            "contacts-0-email": "pat@cedar.example",
            "contacts-0-alerts": "on",
        },
    )
    assert answer.headers["Location"] == reverse("agreement_new", args=["cedar-sons"])
    page = manager.get(answer.headers["Location"], {"from": "pools"}).content.decode()
    assert "Scheduled maintenance" in page
    with tenant_scope(north):
        client = Client.objects.get(slug="cedar-sons")
        assert {each.name for each in client.company_names.all()} == {"Cedar & Sons", "Cedar and Sons Ltd"}
        assert client.contacts.get().alerts


def test_a_new_agreement_is_saved_from_a_template(north, manager):
    address = reverse("agreement_new", args=["birch"])
    answer = save(manager, address, posted(from_template("block", date(2026, 11, 22))))
    assert answer.headers["Location"] == reverse("agreement", args=["birch", "block"])
    assert stands(north, "block").terms[0].overage == "queue"


def test_a_copy_begins_with_the_newest_terms_of_the_other_and_claims_nothing(manager):
    page = manager.get(reverse("agreement_new", args=["birch"]), {"copy": "acme.support"}).content.decode()
    assert 'value="10.00"' in page
    assert manager.get(reverse("agreement_new", args=["birch"]), {"copy": "acme.none"}).status_code == 404


def test_what_another_client_is_called_is_refused_in_words(north, manager):
    answer = manager.post(
        reverse("client_edit", args=["birch"]), {"name": "Birch", "psa_names": "ACME dental"}
    )
    assert answer.status_code == 422
    assert "already belongs to the client acme" in answer.content.decode()


def test_a_further_name_under_which_nothing_stands_passes_to_another_client(north, manager):
    answer = manager.post(
        reverse("client_edit", args=["birch"]), {"name": "Birch", "psa_names": "ACME dental group"}
    )
    assert answer.status_code == 302
    with tenant_scope(north):
        assert CompanyName.objects.get(name="Acme Dental Group").client.slug == "birch"


def test_a_company_name_can_be_dropped(north, manager):
    manager.post(
        reverse("client_edit", args=["acme"]), {"name": "Acme Dental", "drop": ["Acme Dental Group"]}
    )
    with tenant_scope(north):
        assert not CompanyName.objects.filter(name="Acme Dental Group").exists()
        assert Entry.objects.filter(retired_in=None).count() == 2


def renew(manager, **said):
    address = reverse("renew", args=["acme", "support"])
    post = {"last_day": "2026-11-30", "name": "IT support 2027", **said}
    shown = manager.post(address, {**post, "check": "1"})
    return manager.post(address, {**post, "save": "1", "seen": seen_in(shown)})


def test_a_renewal_ends_the_old_one_and_the_bookmark_goes_on_working(north, manager, client, time_machine):
    with tenant_scope(north):
        _, token = links.create(client=Client.objects.get(slug="acme"), by=None)
    renew(manager, **{"brought-support": "2.5"})
    old, new = stands(north), stands(north, "support_2026_12")
    assert (old.ends, new.starts, new.name) == (date(2026, 11, 30), date(2026, 12, 1), "IT support 2027")
    assert new.rules == old.rules
    with tenant_scope(north):
        assert TopUp.objects.get().hours_units == 250
    time_machine.move_to(datetime(2026, 12, 3, 12, tzinfo=UTC), tick=False)
    page = client.get(f"/b/{token}/").content.decode()
    assert "IT support 2027" in page
    assert "12.5" in page


def looked_at(manager, **said):
    post = {"last_day": "2026-11-30", "name": "IT support 2027", "check": "1", **said}
    return manager.post(reverse("renew", args=["acme", "support"]), post).text


def test_a_renewal_says_what_lapses_what_is_brought_along_and_what_begins(north, manager):
    page = looked_at(manager, **{"brought-support": "2.5"})
    assert "7.0 h left, 2.5 h brought along, 4.5 h lapse on 30 November 2026." in page
    assert "Begins on 1 December 2026 with 10.0 h and 2.5 h brought along." in page
    assert "more are brought along than are left" not in page
    assert "0.5 h more are brought along than are left." in looked_at(manager, **{"brought-support": "7.5"})


def test_a_renewal_brings_each_pool_along_and_what_is_owed(north, manager, tmp_path):
    two = '{ key = "support", name = "Reactive", hours = "2" }, { key = "planned", name = "Planned", hours = "6" }'
    terms = f'overage = "queue"\npools = [{two}]'
    whole = AGREEMENT.replace('pools = [{ key = "support", name = "IT support", hours = "10" }]', terms)
    (tmp_path / "two.toml").write_text(whole)
    call_command("load_retainers", str(tmp_path / "two.toml"), "--restate", stdout=StringIO())
    said = {"brought-planned": "1", "owed-support": "2.5"}
    page = looked_at(manager, **said)
    assert "Reactive: 3.0 h owed, 2.5 h brought along, 0.5 h stay to be settled." in page
    assert "Planned: 6.0 h left, 1.0 h brought along, 5.0 h lapse on 30 November 2026." in page
    assert "2.0 h of Reactive, 6.0 h of Planned and 1.0 h brought along, less 2.5 h owed." in page
    renew(manager, **said)
    with tenant_scope(north):
        assert [(each.pool, each.hours_units) for each in TopUp.objects.all()] == [("planned", 100)]
        assert [(each.pool, each.hours_units) for each in Adjustment.objects.all()] == [("support", -250)]


def test_a_renewal_that_was_not_seen_is_only_shown(north, manager):
    address = reverse("renew", args=["acme", "support"])
    manager.post(address, {"last_day": "2026-11-30", "name": "X", "save": "1"})
    assert stands(north).ends is None


def test_an_agreement_cannot_end_before_it_began(manager):
    answer = manager.post(reverse("renew", args=["acme", "support"]), {"last_day": "2025-01-01", "name": "X"})
    assert answer.status_code == 422


def test_every_version_is_shown_by_what_it_changed_in_the_words_of_the_form(north, manager):
    changed = {"terms-0-pools-0-hours": "12", "terms-0-overage": "bill", "terms-0-overage_rate": "165.00"}
    save(manager, SUPPORT, form_of(north, **changed))
    page = manager.get(reverse("agreement_versions", args=["acme", "support"])).text
    newest, first = (" ".join(re.sub(r"<[^>]+>", " ", part).split()) for part in page.split("Version ")[-2:])
    assert "Hours per cycle 10.00 → 12.00" in newest
    assert (
        "Work past the cap needs the client’s authorization first → is billed at the overage rate" in newest
    )
    assert "Overage rate per hour 165.00" in newest
    assert "Travel" not in newest
    assert "Hours per cycle 10.00" in first
    assert "Travel is not counted" in first
    assert "command line" in first
    assert "hours_from" not in page


def test_versions_say_what_became_of_rules_and_business_hours(north, manager):
    with tenant_scope(north):
        row = AgreementVersion.objects.get(retainer__key="support")
        hours = BusinessHours(("mon",), time(8), time(17))
        agreement = replace(agreement_from_document(row.document), rules=(), business_hours=(hours,))
        AgreementVersion.objects.create(
            retainer=row.retainer,
            number=2,
            document=agreement_document(agreement),
            recorded_at=row.recorded_at,
        )
    page = manager.get(reverse("agreement_versions", args=["acme", "support"])).text
    newest = " ".join(re.sub(r"<[^>]+>", " ", page.split("Version ")[1]).split())
    assert "Business hours Mon 08:00–17:00" in newest
    assert "Rule “" in newest


def test_a_viewer_reads_the_form_and_changes_nothing(north):
    viewer = Browser()
    viewer.force_login(MembershipFactory(provider=north, role=Role.VIEWER).user)
    assert "disabled" in viewer.get(SUPPORT).content.decode()
    post = form_of(north, **{"terms-0-pools-0-hours": "12"})
    assert viewer.post(SUPPORT, {**post.dict(), "do": "save"}).status_code == 403


def selects(manager, address):
    with CaptureQueriesContext(connection) as asked:
        assert manager.get(address).status_code == 200
    return sum(query["sql"].startswith("SELECT") for query in asked)


def test_the_form_is_opened_with_as_many_reads_whatever_the_number_of_clients(north, manager):
    before = selects(manager, SUPPORT)
    with tenant_scope(north):
        for number in range(30):
            retainer = a_retainer(ClientFactory(provider=north, slug=f"client-{number}"))
            publish_work(retainer, (date(2026, 11, 5), "1"), at=datetime(2026, 11, 6, tzinfo=UTC))
    assert selects(manager, SUPPORT) == before


def at_opening(north, manager, **changes):
    """The form as a browser has it after opening the page now, with these changes."""
    post = form_of(north, **changes)
    post["opened"] = hidden(manager.get(SUPPORT), "opened")
    return post


def test_an_older_form_takes_nothing_back_that_somebody_else_saved(north, manager):
    mine = at_opening(north, manager, name="Renamed by me")
    save(
        manager,
        SUPPORT,
        at_opening(north, manager, **{"terms-0-overage_rate": "199.00", "ends": "2027-12-31"}),
    )
    answer = manager.post(SUPPORT, {**mine.dict(), **lists(mine), "do": "check"})
    page = " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())
    assert answer.status_code == 409
    assert "Overage rate per hour – 199.00 199.00" in page
    assert "Last day (optional) – 2027-12-31 2027-12-31" in page
    assert 'name="name" value="Renamed by me"' in answer.text
    assert 'name="terms-0-overage_rate" value="199.00"' in answer.text
    assert stands(north).name == "IT support"
    assert str(stands(north).terms[0].overage_rate) == "199.00"


def test_what_both_have_changed_stands_as_it_was_typed_beside_what_is_saved_now(north, manager):
    mine = at_opening(north, manager, **{"terms-0-overage_rate": "180.00"})
    save(manager, SUPPORT, at_opening(north, manager, **{"terms-0-overage_rate": "199.00"}))
    answer = manager.post(SUPPORT, {**mine.dict(), **lists(mine), "do": "save", "seen": "x"})
    assert answer.status_code == 409
    assert "Overage rate per hour – 199.00 180.00" in " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())
    again = {**mine.dict(), **lists(mine), "opened": hidden(answer, "opened")}
    shown = manager.post(SUPPORT, {**again, "do": "check"})
    assert manager.post(SUPPORT, {**again, "do": "save", "seen": seen_in(shown)}).status_code == 302
    assert str(stands(north).terms[0].overage_rate) == "180.00"


def test_where_pools_were_added_meanwhile_the_form_stays_as_it_was_sent(north, manager):
    mine = at_opening(north, manager, name="Renamed by me")
    more = {
        "terms-0-pools-1-name": "Projects",
        "terms-0-pools-1-hours": "4",
        "terms-0-pools-1-key": "projects",
    }
    save(manager, SUPPORT, at_opening(north, manager, **more))
    answer = manager.post(SUPPORT, {**mine.dict(), **lists(mine), "do": "check"})
    assert answer.status_code == 409
    assert "Projects · Hours per cycle – 4.00 –" in " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def test_a_change_that_comes_between_the_view_and_the_lock_is_no_less_seen(north, manager, monkeypatch):
    mine = at_opening(north, manager, name="Renamed by me")
    shown = manager.post(SUPPORT, {**mine.dict(), **lists(mine), "do": "check"})
    real = views.save_agreement

    def after_the_other_one(**said):
        monkeypatch.setattr(views, "save_agreement", real)
        save(manager, SUPPORT, at_opening(north, manager, **{"terms-0-overage_rate": "199.00"}))
        return real(**said)

    monkeypatch.setattr(views, "save_agreement", after_the_other_one)
    answer = manager.post(SUPPORT, {**mine.dict(), **lists(mine), "do": "save", "seen": seen_in(shown)})
    assert answer.status_code == 409
    assert "Overage rate per hour" in answer.text
    assert (stands(north).name, str(stands(north).terms[0].overage_rate)) == ("IT support", "199.00")


def test_an_agreement_saved_twice_is_published_once(north, manager):
    mine = at_opening(north, manager, **{"terms-0-pools-0-hours": "12"})
    shown = manager.post(SUPPORT, {**mine.dict(), **lists(mine), "do": "check"})
    sent = {**mine.dict(), **lists(mine), "do": "save", "seen": seen_in(shown), **ticked_in(shown)}
    answers = [manager.post(SUPPORT, sent) for _ in range(2)]
    assert [(each.status_code, each["Location"]) for each in answers] == [(302, SUPPORT)] * 2
    assert "Saved already" in manager.get(SUPPORT).text
    with tenant_scope(north):
        assert AgreementVersion.objects.count() == 2


def test_a_new_agreement_sent_twice_is_made_once(north, manager):
    address = reverse("agreement_new", args=["birch"])
    post = posted(from_template("block", date(2026, 11, 22)))
    shown = manager.post(address, {**post.dict(), **lists(post), "do": "check"})
    sent = {**post.dict(), **lists(post), "do": "save", "seen": seen_in(shown)}
    answers = [manager.post(address, sent) for _ in range(2)]
    assert {each["Location"] for each in answers} == {reverse("agreement", args=["birch", "block"])}


def test_a_renewal_sent_twice_brings_the_hours_along_once(north, manager):
    address = reverse("renew", args=["acme", "support"])
    post = {"last_day": "2026-11-30", "name": "IT support 2027", "brought-support": "2.5"}
    sent = {**post, "save": "1", "seen": seen_in(manager.post(address, {**post, "check": "1"}))}
    answers = [manager.post(address, sent) for _ in range(2)]
    assert {(each.status_code, each["Location"]) for each in answers} == {(302, "/clients/acme/")}
    with tenant_scope(north):
        assert TopUp.objects.get().hours_units == 250


def test_a_renewal_says_what_was_published_since_it_was_checked(north, manager, tmp_path):
    address = reverse("renew", args=["acme", "support"])
    post = {"last_day": "2026-11-30", "name": "IT support 2027"}
    sent = {**post, "save": "1", "seen": seen_in(manager.post(address, {**post, "check": "1"}))}
    save(manager, SUPPORT, at_opening(north, manager, **{"terms-0-pools-0-hours": "12"}))
    answer = manager.post(address, sent)
    assert answer.status_code == 409
    assert "Agreement · 22 Nov 2026, 12:00" in answer.text
    assert stands(north).ends is None


ACME = reverse("client_edit", args=["acme"])
PAT = {"contacts-0-name": "Pat", "contacts-0-email": "pat@acme.example", "contacts-0-approves": "on"}


def client_form(manager, **said):
    return {"name": "Acme Dental", **said, "opened": hidden(manager.get(ACME), "opened")}


def contacts(north):
    with tenant_scope(north):
        return list(Client.objects.get(slug="acme").contacts.values_list("email", "approves"))


def test_an_older_form_of_a_client_brings_no_removed_approver_back(north, manager):
    manager.post(ACME, client_form(manager, **PAT))
    mine = client_form(manager, **{**PAT, "name": "Acme Dental Ltd"})
    manager.post(ACME, client_form(manager))
    answer = manager.post(ACME, mine)
    page = " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())
    assert answer.status_code == 409
    assert "Contacts none none" in page
    assert 'value="Acme Dental Ltd"' in answer.text
    assert "pat@acme.example" not in answer.text
    with tenant_scope(north):
        assert Client.objects.get(slug="acme").name == "Acme Dental"
    assert contacts(north) == []


def test_a_contact_that_both_changed_stands_as_it_was_typed_beside_what_is_saved(north, manager):
    mine = client_form(manager, **PAT)
    manager.post(
        ACME, client_form(manager, **{"contacts-0-name": "Lee", "contacts-0-email": "lee@acme.example"})
    )
    answer = manager.post(ACME, mine)
    page = " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())
    assert answer.status_code == 409
    assert "Lee lee@acme.example Pat pat@acme.example (may approve overage)" in page
    assert manager.post(ACME, {**mine, "opened": hidden(answer, "opened")}).status_code == 302
    assert contacts(north) == [("pat@acme.example", True)]


def test_the_form_of_a_client_sent_twice_changes_nothing_the_second_time(north, manager):
    mine = client_form(manager, **PAT)
    assert [manager.post(ACME, mine).status_code for _ in range(2)] == [302, 302]
    with tenant_scope(north):
        assert (
            AuditEvent.objects.filter(
                action="agreements loaded", detail__changes=["contacts of acme"]
            ).count()
            == 1
        )


def test_a_new_client_sent_twice_is_made_once(north, manager):
    answers = [manager.post(reverse("client_new"), {"name": "Cedar & Sons"}) for _ in range(2)]
    assert [(each.status_code, each["Location"]) for each in answers] == [
        (302, reverse("agreement_new", args=["cedar-sons"]))
    ] * 2
