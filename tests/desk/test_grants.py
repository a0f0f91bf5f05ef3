"""Hours added to the cap, or taken off: looked at before they are saved."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.utils.timezone import now

from accounts.models import Role
from accounts.tenancy import tenant_scope
from desk.grants import views
from retainers.approving import approve
from retainers.models import Adjustment, Approval, Contact, TopUp
from retainers.terms import Pool, Terms
from tests.desk.acting import HOME, remaining
from tests.factories import ClientFactory, a_retainer, an_agreement
from tests.world import world  # noqa: F401

PATH = f"{HOME}/grants/"
TOP_UP = {
    "kind": "top_up",
    "hours": "5",
    "date": "2026-06-22",
    "pool": "support",
    "expires": "never",
    "note": "Order 7",
}
CHARGE = {**TOP_UP, "kind": "charge", "hours": "2", "note": "Agreed on the phone"}


def checked(client, said):
    """What "Check" answers, and the form with its mark."""
    answer = client.post(f"{PATH}add/", {**said, "check": "1"})
    found = re.search(r'name="checked" value="([^"]+)"', answer.text)
    return answer, {**said, "checked": found.group(1) if found else "", "save": "1"}


def rows(retainer):
    with tenant_scope(retainer.provider):
        return [*TopUp.objects.all(), *Adjustment.objects.all()]


def test_check_shows_before_and_after_and_saves_nothing(as_role, retainer):
    answer, _ = checked(as_role(), TOP_UP)
    assert answer.status_code == 200
    assert "10.0 left" in answer.text
    assert "15.0 left" in answer.text
    assert rows(retainer) == []


def test_save_makes_the_lot_and_lists_who_granted_it(as_role, retainer):
    client = as_role()
    _, form = checked(client, TOP_UP)
    page = client.post(f"{PATH}add/", form, follow=True).text
    assert remaining(retainer) == 15
    for word in ("Order 7", "+ 5.00", "kept until they are used", "@provider.example"):
        assert word in page


@pytest.mark.parametrize(("kind", "left"), [("credit", 12), ("charge", 8)])
def test_a_credit_adds_and_a_charge_takes_off(as_role, retainer, kind, left):
    client = as_role()
    _, form = checked(client, {**CHARGE, "kind": kind, "expires": "cycle"})
    client.post(f"{PATH}add/", form)
    assert remaining(retainer) == left


def test_what_was_not_looked_at_is_not_saved(as_role, retainer):
    client = as_role()
    client.post(f"{PATH}add/", {**TOP_UP, "save": "1"})
    _, form = checked(client, TOP_UP)
    client.post(f"{PATH}add/", {**form, "hours": "50"})
    assert rows(retainer) == []


@pytest.mark.parametrize(
    "wrong", [{"hours": "0"}, {"hours": "-1"}, {"date": "2025-12-31"}, {"pool": "other"}, {"note": ""}]
)
def test_a_grant_that_does_not_fit_is_refused(as_role, retainer, wrong):
    assert checked(as_role(), {**CHARGE, **wrong})[0].status_code == 422


def test_a_viewer_reads_the_list_without_a_form(as_role, retainer):
    page = as_role(Role.VIEWER).get(PATH)
    assert page.status_code == 200
    assert 'name="hours"' not in page.text


def test_the_same_form_sent_three_times_grants_once(as_role, retainer):
    client = as_role()
    _, form = checked(client, TOP_UP)
    answers = [client.post(f"{PATH}add/", form) for _ in range(3)]
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, PATH)] * 3
    assert remaining(retainer) == 15
    said = client.get(PATH).text
    assert "Already saved by " in said
    assert ", 22 Jun 2026, 12:00; nothing was saved twice." in said


def test_the_second_of_two_at_once_is_told_that_it_is_done(as_role, retainer, monkeypatch):
    """Both have passed the view's reading when the first one gets the lock."""
    client = as_role()
    _, form = checked(client, TOP_UP)
    real, first = views.grant_hours, []

    def after_the_other_one(**said):
        monkeypatch.setattr(views, "grant_hours", real)
        first.append(client.post(f"{PATH}add/", form))
        return real(**said)

    monkeypatch.setattr(views, "grant_hours", after_the_other_one)
    second = client.post(f"{PATH}add/", form)
    assert [first[0].status_code, second.status_code] == [302, 302]
    assert remaining(retainer) == 15


def test_equal_hours_can_be_granted_again_after_another_look(as_role, retainer):
    client = as_role()
    for _ in range(2):
        client.post(f"{PATH}add/", checked(client, TOP_UP)[1])
    assert remaining(retainer) == 20


def test_what_was_published_since_the_look_is_shown_and_nothing_is_saved(as_role, retainer):
    client = as_role()
    _, old = checked(client, TOP_UP)
    client.post(f"{PATH}add/", checked(client, {**TOP_UP, "hours": "3", "note": "Order 8"})[1])
    answer = client.post(f"{PATH}add/", old)
    assert answer.status_code == 409
    assert remaining(retainer) == 13
    assert "Nothing was saved" in answer.text
    assert "Top-up: Order 8 · 22 Jun 2026, 12:00" in answer.text
    assert 'value="Order 7"' in answer.text
    mark = re.search(r'name="checked" value="([^"]+)"', answer.text)[1]
    assert client.post(f"{PATH}add/", {**old, "checked": mark}).status_code == 302
    assert remaining(retainer) == 18


@pytest.mark.parametrize("mark", ["", "top_up|5|2026-06-22|support|never", "words:0 retainer-1:0", "\x00"])
def test_a_mark_that_no_page_gave_saves_nothing(as_role, retainer, mark):
    answer = as_role().post(f"{PATH}add/", {**TOP_UP, "checked": mark, "save": "1"})
    assert answer.status_code != 302
    assert rows(retainer) == []


def test_the_pool_that_was_looked_at_is_the_pool_that_gets_the_hours(as_role, provider):
    pools = (Pool("support", "Support", Decimal(10)), Pool("planned", "Planned", Decimal(5)))
    with tenant_scope(provider):
        acme = ClientFactory(provider=provider, slug="acme")
        retainer = a_retainer(acme, an_agreement(terms=(Terms(date(2026, 1, 1), pools),)))
    client = as_role()
    _, form = checked(client, TOP_UP)
    answer = client.post(f"{PATH}add/", {**form, "pool": "planned"})
    assert answer.status_code != 302
    assert rows(retainer) == []


def taking_back(client, retainer):
    """A top-up of five hours, the address at which it is taken back, and the form that stands there."""
    _, form = checked(client, TOP_UP)
    client.post(f"{PATH}add/", form)
    with tenant_scope(retainer.provider):
        path = f"{PATH}top_up/{TopUp.objects.get().pk}/take-back/"
    mark = re.search(r'name="checked" value="([^"]+)"', client.get(path).text).group(1)
    return path, {"reason": "Typed twice", "checked": mark}


def test_taking_back_shows_first_what_the_client_would_read(as_role, retainer):
    client = as_role()
    path, _ = taking_back(client, retainer)
    page = client.get(path).text
    assert "15.0 left" in page
    assert "10.0 left" in page
    assert remaining(retainer) == 15


def test_a_grant_taken_back_counts_no_longer_and_stays_on_record(as_role, retainer):
    client = as_role()
    path, form = taking_back(client, retainer)
    client.post(path, form)
    assert remaining(retainer) == 10
    (row,) = rows(retainer)
    assert row.retired_in.note == "taken back: Typed twice"


def test_the_same_form_takes_back_once(as_role, retainer):
    client = as_role()
    path, form = taking_back(client, retainer)
    client.post(path, form)
    assert "nothing was saved twice" in client.post(path, form, follow=True).text
    assert remaining(retainer) == 10


def test_nothing_is_taken_back_without_a_reason_or_over_what_was_not_in_view(as_role, retainer):
    client = as_role()
    path, form = taking_back(client, retainer)
    assert client.post(path, {**form, "reason": " "}).status_code == 422
    _, more = checked(client, CHARGE)
    client.post(f"{PATH}add/", more)
    assert client.post(path, form).status_code == 409
    assert remaining(retainer) == 13


@pytest.mark.parametrize(("kind", "expires"), [("top_up", "never"), ("credit", "")])
def test_as_usual_keeps_what_is_bought_and_lets_a_credit_end_with_its_cycle(as_role, retainer, kind, expires):
    client = as_role()
    _, form = checked(client, {**TOP_UP, "kind": kind, "expires": ""})
    client.post(f"{PATH}add/", form)
    (row,) = rows(retainer)
    assert row.expires == expires  # "": a credit's own default, by the terms that it is granted under


def test_hours_can_end_on_a_day(as_role, retainer):
    client = as_role()
    _, form = checked(client, {**TOP_UP, "ends_on": "2026-07-15"})
    page = client.post(f"{PATH}add/", form, follow=True).text
    (row,) = rows(retainer)
    assert row.expires == "2026-07-15"
    assert "lapse after 15 July 2026" in page


def test_an_approval_is_withdrawn_once_what_it_changes_was_in_view(as_role, retainer):
    with tenant_scope(retainer.provider):
        pat = Contact.objects.create(client=retainer.client, name="Pat", email="pat@a.example", approves=True)
        approve(retainer=retainer, cycle=date(2026, 6, 1), hours=Decimal(4), contact=pat, at=now())
        path = f"{HOME}/approvals/{Approval.objects.get().pk}/withdraw/"
    client = as_role()
    assert "approved by" in client.get(path).text
    assert path in client.get(PATH).text
    mark = re.search(r'name="checked" value="([^"]+)"', client.get(path).text).group(1)
    assert client.post(path, {"checked": "made up"}).status_code == 409
    client.post(path, {"checked": mark})
    assert path not in client.get(PATH).text


def granted(client, said):
    client.post(f"{PATH}add/", checked(client, said)[1])


def looked_at(client, path, said):
    """What "Check" of a correction answers, and the form with its mark and its tick."""
    answer = client.post(path, {**said, "check": "1"})
    form = {**said, "save": "1"}
    for name in ("checked", "restate"):
        found = re.search(rf'name="{name}" value="([^"]+)"', answer.text)
        form |= {name: found.group(1)} if found else {}
    return answer, form


CORRECTED = {**TOP_UP, "hours": "6", "key": "po-7", "why": "The order says six"}


def the_path(retainer):
    with tenant_scope(retainer.provider):
        return f"{PATH}top_up/{TopUp.objects.get(retired_in=None).pk}/correct/"


def test_a_correction_retires_the_old_grant_and_keeps_its_key(as_role, retainer):
    client = as_role()
    granted(client, {**TOP_UP, "key": "po-7"})
    path = the_path(retainer)
    page = client.get(path).text
    assert 'value="po-7"' in page
    assert 'value="5.00"' in page
    answer, form = looked_at(client, path, CORRECTED)
    assert "15.0 left" in answer.text
    assert "16.0 left" in answer.text
    page = client.post(path, form, follow=True).text
    assert "Corrected" in page
    assert "key po-7" in page
    assert remaining(retainer) == 16
    with tenant_scope(retainer.provider):
        old, new = TopUp.objects.order_by("pk")
    assert (old.retired_in, new.key) == (new.added_in, "po-7")
    assert new.added_in.note == "corrected: The order says six"


def test_the_same_correction_sent_twice_is_done_once(as_role, retainer):
    client = as_role()
    granted(client, TOP_UP)
    path = the_path(retainer)
    _, form = looked_at(client, path, CORRECTED)
    assert [client.post(path, form).status_code for _ in range(2)] == [302, 302]
    assert remaining(retainer) == 16
    assert "Already saved" in client.get(PATH).text


def test_what_was_not_looked_at_is_not_corrected(as_role, retainer):
    client = as_role()
    granted(client, TOP_UP)
    path = the_path(retainer)
    _, form = looked_at(client, path, CORRECTED)
    assert client.post(path, {**form, "hours": "60"}).status_code == 409
    granted(client, {**TOP_UP, "note": "Order 8"})
    assert client.post(path, form).status_code == 409
    assert remaining(retainer) == 20


def test_a_top_up_can_become_a_credit(as_role, retainer):
    client = as_role()
    granted(client, TOP_UP)
    path = the_path(retainer)
    _, form = looked_at(client, path, {**CORRECTED, "kind": "credit", "expires": ""})
    client.post(path, form)
    with tenant_scope(retainer.provider):
        assert not TopUp.objects.filter(retired_in=None).exists()
        assert Adjustment.objects.get().reason == "Order 7"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"why": ""}, "required"),
        ({"hours": "5", "key": ""}, "You haven’t changed anything yet"),
        ({"key": "PO 7!"}, "letters, digits"),
        ({"key": "po-8"}, "already have this reference"),
    ],
)
def test_a_correction_that_can_t_stand_is_refused(as_role, retainer, wrong, says):
    client = as_role()
    granted(client, TOP_UP)
    path = the_path(retainer)
    granted(client, {**TOP_UP, "key": "po-8"})
    answer, _ = looked_at(client, path, {**CORRECTED, **wrong})
    assert answer.status_code == 422
    assert says in answer.text


def test_what_was_taken_back_is_corrected_no_more(as_role, retainer):
    client = as_role()
    granted(client, TOP_UP)
    path = the_path(retainer)
    client.post(path, looked_at(client, path, CORRECTED)[1])
    assert client.get(path).status_code == 302
    assert client.post(path, {**CORRECTED, "check": "1"}).status_code == 302
    assert remaining(retainer) == 16


def test_the_same_form_with_a_key_sent_twice_grants_once(as_role, retainer):
    client = as_role()
    _, form = checked(client, {**TOP_UP, "key": "po-7"})
    assert [client.post(f"{PATH}add/", form).status_code for _ in range(2)] == [302, 302]
    assert remaining(retainer) == 15


def test_two_grants_that_stand_bear_no_one_key(as_role, retainer):
    client = as_role()
    granted(client, {**TOP_UP, "key": "po-7"})
    answer, _ = checked(client, {**CHARGE, "key": "po-7"})
    assert answer.status_code == 422
    assert "already have this reference" in answer.text
