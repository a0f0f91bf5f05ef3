"""What somebody else saved while an agreement's form was open stays, and nothing is saved twice."""

import re
from datetime import date

from django.urls import reverse

from accounts.tenancy import tenant_scope
from desk.agreements import views
from desk.agreements.usual_agreements import from_template
from retainers.models import (
    AgreementVersion,
)
from tests.desk.agreements.pages.conftest import (
    SUPPORT,
    at_opening,
    hidden,
    lists,
    save,
    seen_in,
    stands,
    ticked_in,
)
from tests.desk.agreements.test_draft import posted


def test_an_older_form_takes_nothing_back_that_somebody_else_saved(provider, manager):
    mine = at_opening(provider, manager, name="Renamed by me")
    save(
        manager,
        SUPPORT,
        at_opening(provider, manager, **{"terms-0-overage_rate": "199.00", "ends": "2027-12-31"}),
    )
    answer = manager.post(SUPPORT, {**mine.dict(), **lists(mine), "do": "check"})
    page = " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())
    assert answer.status_code == 409
    assert "Overage rate per hour – 199.00 199.00" in page
    assert "Last day (optional) – 2027-12-31 2027-12-31" in page
    assert 'name="name" value="Renamed by me"' in answer.text
    assert 'name="terms-0-overage_rate" value="199.00"' in answer.text
    assert stands(provider).name == "IT support"
    assert str(stands(provider).terms[0].overage_rate) == "199.00"


def test_what_both_have_changed_stands_as_it_was_typed_beside_what_is_saved_now(provider, manager):
    mine = at_opening(provider, manager, **{"terms-0-overage_rate": "180.00"})
    save(manager, SUPPORT, at_opening(provider, manager, **{"terms-0-overage_rate": "199.00"}))
    answer = manager.post(SUPPORT, {**mine.dict(), **lists(mine), "do": "save", "seen": "x"})
    assert answer.status_code == 409
    assert "Overage rate per hour – 199.00 180.00" in " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())
    again = {**mine.dict(), **lists(mine), "opened": hidden(answer, "opened")}
    shown = manager.post(SUPPORT, {**again, "do": "check"})
    assert manager.post(SUPPORT, {**again, "do": "save", "seen": seen_in(shown)}).status_code == 302
    assert str(stands(provider).terms[0].overage_rate) == "180.00"


def test_where_pools_were_added_meanwhile_the_form_stays_as_it_was_sent(provider, manager):
    mine = at_opening(provider, manager, name="Renamed by me")
    more = {
        "terms-0-pools-1-name": "Projects",
        "terms-0-pools-1-hours": "4",
        "terms-0-pools-1-key": "projects",
    }
    save(manager, SUPPORT, at_opening(provider, manager, **more))
    answer = manager.post(SUPPORT, {**mine.dict(), **lists(mine), "do": "check"})
    assert answer.status_code == 409
    assert "Projects · Hours per cycle – 4.00 –" in " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def test_a_change_that_comes_between_the_view_and_the_lock_is_no_less_seen(provider, manager, monkeypatch):
    mine = at_opening(provider, manager, name="Renamed by me")
    shown = manager.post(SUPPORT, {**mine.dict(), **lists(mine), "do": "check"})
    real = views.save_agreement

    def after_the_other_one(**said):
        monkeypatch.setattr(views, "save_agreement", real)
        save(manager, SUPPORT, at_opening(provider, manager, **{"terms-0-overage_rate": "199.00"}))
        return real(**said)

    monkeypatch.setattr(views, "save_agreement", after_the_other_one)
    answer = manager.post(SUPPORT, {**mine.dict(), **lists(mine), "do": "save", "seen": seen_in(shown)})
    assert answer.status_code == 409
    assert "Overage rate per hour" in answer.text
    assert (stands(provider).name, str(stands(provider).terms[0].overage_rate)) == ("IT support", "199.00")


def test_an_agreement_saved_twice_is_published_once(provider, manager):
    mine = at_opening(provider, manager, **{"terms-0-pools-0-hours": "12"})
    shown = manager.post(SUPPORT, {**mine.dict(), **lists(mine), "do": "check"})
    sent = {**mine.dict(), **lists(mine), "do": "save", "seen": seen_in(shown), **ticked_in(shown)}
    answers = [manager.post(SUPPORT, sent) for _ in range(2)]
    assert [(each.status_code, each["Location"]) for each in answers] == [(302, SUPPORT)] * 2
    assert "Already saved" in manager.get(SUPPORT).text
    with tenant_scope(provider):
        assert AgreementVersion.objects.count() == 2


def test_a_new_agreement_sent_twice_is_made_once(provider, manager):
    address = reverse("agreement_new", args=["birch"])
    post = posted(from_template("block", date(2026, 11, 22)))
    shown = manager.post(address, {**post.dict(), **lists(post), "do": "check"})
    sent = {**post.dict(), **lists(post), "do": "save", "seen": seen_in(shown)}
    answers = [manager.post(address, sent) for _ in range(2)]
    assert {each["Location"] for each in answers} == {reverse("agreement", args=["birch", "block"])}
