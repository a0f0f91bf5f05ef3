"""An agreement's form in the browser: checked first, saved as a publication, the same as the file would say."""

import re
from datetime import UTC, date, datetime

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEvent
from accounts.tenancy import tenant_scope
from retainers.models import (
    AgreementVersion,
    Publication,
    Restatement,
)
from tests.desk.agreements.pages.conftest import SUPPORT, form_of, lists, save, seen_in, stands, ticked_in
from tests.factories import (
    ClientFactory,
    a_retainer,
    load_agreements,
    publish_export,
    publish_work,
)


def test_the_form_shows_the_agreement_with_lines_that_the_ledger_worked_out(manager):
    page = manager.get(SUPPORT).content.decode()
    assert 'value="10.00"' in page
    assert "A 50-minute call counts 0.83 h." in page
    assert "20.0 h left" not in page
    assert "10.0 h left at the close: all of them lapse." in page


def test_checking_shows_what_it_would_do_and_changes_nothing(provider, manager):
    post = form_of(provider, **{"terms-0-pools-0-hours": "12"})
    page = manager.post(SUPPORT, {**post.dict(), **lists(post), "do": "check"}).content.decode()
    assert "7.0 left" in page
    assert "9.0 left" in page
    assert "This changes closed cycles" in page
    assert stands(provider).terms[0].pools[0].hours == 10


def test_another_price_is_shown_by_what_it_would_bill_cycle_by_cycle(provider, manager):
    """October has 4 hours, November 3; past a cap of 2.5 they are billed at 165 an hour."""
    billed = {"terms-0-pools-0-hours": "2.5", "terms-0-overage": "bill", "terms-0-overage_rate": "165.00"}
    save(manager, SUPPORT, form_of(provider, **billed))
    post = form_of(provider, **{"terms-0-overage_rate": "215.00"})
    answer = manager.post(SUPPORT, {**post.dict(), **lists(post), "do": "check"})
    page = " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())
    assert "billed for hours past the cap closed $247.50 $322.50" in page
    assert "billed for hours past the cap $82.50 $107.50" in page
    assert "No figure of any cycle changes" not in page


def test_what_was_checked_is_saved_as_a_version_and_a_publication(provider, manager):
    save(manager, SUPPORT, form_of(provider, **{"terms-0-pools-0-hours": "12"}))
    assert stands(provider).terms[0].pools[0].hours == 12
    with tenant_scope(provider):
        assert AgreementVersion.objects.count() == 2
        assert Publication.objects.order_by("-pk").first().kind == Publication.Kind.AGREEMENT
        assert AuditEvent.objects.filter(action="agreements loaded").first().actor != "command line"


def test_the_rules_of_the_retainer_stay_whatever_the_form_changes(provider, manager):
    before = stands(provider).rules
    save(manager, SUPPORT, form_of(provider, name="Support, renamed"))
    assert before
    assert stands(provider).rules == before


def test_closed_cycles_are_asked_for_by_one_tick_and_marked(provider, manager):
    post = form_of(provider, **{"terms-0-pools-0-hours": "12"})
    asked = save(manager, SUPPORT, post, ticked=False)
    assert asked.status_code == 409
    assert "confirm first that these closed cycles may be restated" in asked.text
    assert "Acme Dental · IT support · October 2026: 6.0 left → 8.0 left" in " ".join(asked.text.split())
    assert stands(provider).terms[0].pools[0].hours == 10
    assert save(manager, SUPPORT, post).status_code == 302
    with tenant_scope(provider):
        assert Restatement.objects.filter(cause="terms", cycle_starts=date(2026, 10, 1)).count() == 1


def test_a_tick_agrees_to_the_cycles_that_were_in_view_and_to_no_others(provider, manager):
    twelve, fourteen = (form_of(provider, **{"terms-0-pools-0-hours": hours}) for hours in ("12", "14"))
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
    assert stands(provider).terms[0].pools[0].hours == 10


def test_a_change_of_coming_cycles_alone_asks_for_no_tick(provider, manager):
    post = form_of(provider, name="Support, renamed")
    shown = manager.post(SUPPORT, {**post.dict(), **lists(post), "do": "check"})
    assert ticked_in(shown) == {}
    assert save(manager, SUPPORT, post).status_code == 302
    with tenant_scope(provider):
        assert not Restatement.objects.exists()


def test_saving_without_having_seen_the_effect_only_shows_it(provider, manager):
    post = form_of(provider, **{"terms-0-pools-0-hours": "12"})
    answer = manager.post(SUPPORT, {**post.dict(), **lists(post), "do": "save"})
    assert "What saving would do" in answer.content.decode()
    assert stands(provider).terms[0].pools[0].hours == 10


def test_what_has_changed_since_it_was_seen_is_shown_again(provider, manager, tmp_path):
    post = form_of(provider, **{"terms-0-pools-0-hours": "12"})
    seen = seen_in(manager.post(SUPPORT, {**post.dict(), **lists(post), "do": "check"}))
    publish_export(
        tmp_path, "Entry ID,Client,Date,Hours\n9,Acme Dental,2026-11-09,1\n", "--accept", "one-company"
    )
    manager.post(SUPPORT, {**post.dict(), **lists(post), "do": "save", "seen": seen})
    assert stands(provider).terms[0].pools[0].hours == 10


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_saved(provider, manager):
    post = form_of(provider, **{"terms-0-pools-0-hours": "-1", "terms-0-overage": "bill"})
    answer = manager.post(SUPPORT, {**post.dict(), **lists(post), "do": "save"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="wrong-terms-0-pools-0-hours"' in page
    assert 'id="wrong-terms-0-overage_rate"' in page
    assert stands(provider).terms[0].pools[0].hours == 10


def test_what_the_form_saved_is_what_the_file_says(provider, manager, tmp_path):
    save(manager, SUPPORT, form_of(provider, **{"terms-0-increment": "0.25", "ends": "2027-12-31"}))
    text = manager.get(reverse("agreements_file")).content.decode()
    assert "ends = 2027-12-31" in text
    assert load_agreements(tmp_path, text).strip() == "Nothing to change."


def test_new_terms_begin_with_a_cycle_and_leave_history_as_it_was(provider, manager):
    page = manager.get(SUPPORT).content.decode()
    assert '<option value="2026-12-01" selected>' in page
    post = form_of(provider)
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
    assert [(each.starts, each.pools[0].hours) for each in stands(provider).terms] == [
        (date(2026, 1, 1), 10),
        (date(2026, 12, 1), 15),
    ]


def test_a_viewer_reads_the_form_and_changes_nothing(provider, viewer):
    assert "disabled" in viewer.get(SUPPORT).content.decode()
    post = form_of(provider, **{"terms-0-pools-0-hours": "12"})
    assert viewer.post(SUPPORT, {**post.dict(), "do": "save"}).status_code == 403


def selects(manager, address):
    with CaptureQueriesContext(connection) as asked:
        assert manager.get(address).status_code == 200
    return sum(query["sql"].startswith("SELECT") for query in asked)


def test_the_form_is_opened_with_as_many_reads_whatever_the_number_of_clients(provider, manager):
    before = selects(manager, SUPPORT)
    with tenant_scope(provider):
        for number in range(30):
            retainer = a_retainer(ClientFactory(provider=provider, slug=f"client-{number}"))
            publish_work(retainer, (date(2026, 11, 5), "1"), at=datetime(2026, 11, 6, tzinfo=UTC))
    assert selects(manager, SUPPORT) == before
