"""A manager's notice beside the client's number."""

from accounts.models import AuditEvent, Role
from accounts.tenancy import tenant_scope
from retainers.models import Notice
from tests.desk.acting import HOME
from tests.world import world  # noqa: F401

PATH = f"{HOME}/notice/"
SAID = {"text": "The switch is being replaced", "pending_hours": "6"}


def test_a_notice_stands_on_the_clients_page_with_what_would_remain(as_role, address):
    client = as_role()
    assert client.post(PATH, SAID).status_code == 302
    page = client.get(address).text
    assert "The switch is being replaced" in page
    assert "about 4.0 hours would remain" in page


def test_a_new_notice_takes_the_place_of_the_one_that_stands(as_role, address):
    client = as_role()
    client.post(PATH, SAID)
    client.post(PATH, {"text": "All is well again"})
    page = client.get(address).text
    assert "All is well again" in page
    assert "The switch is being replaced" not in page


def test_a_notice_put_up_twice_on_its_day_is_one(as_role, address, provider):
    client = as_role()
    for _ in range(2):
        client.post(PATH, SAID)
    with tenant_scope(provider):
        assert Notice.objects.count() == 1
        assert AuditEvent.objects.filter(action="notice posted").count() == 1
    client.post(PATH, {**SAID, "pending_hours": "7"})
    with tenant_scope(provider):
        assert AuditEvent.objects.filter(action="notice posted").count() == 2


def test_a_notice_is_taken_down(as_role, address):
    client = as_role()
    client.post(PATH, SAID)
    assert "The switch is being replaced" in client.get(PATH).text
    client.post(PATH, {"end": "1"})
    assert "The switch is being replaced" not in client.get(address).text
    assert "The switch is being replaced" not in client.get(PATH).text


def test_taking_down_what_does_not_stand_says_so(as_role, retainer):
    assert "The notice was already gone" in as_role().post(PATH, {"end": "1"}, follow=True).text


def test_a_notice_without_words_or_with_hours_below_zero_is_refused(as_role, retainer):
    client = as_role()
    for wrong in ({"text": " "}, {"text": "x", "pending_hours": "-1"}):
        assert client.post(PATH, wrong).status_code == 422
    with tenant_scope(retainer.provider):
        assert not Notice.objects.exists()


def test_a_viewer_posts_no_notice(as_role, retainer):
    assert as_role(Role.VIEWER).post(PATH, SAID).status_code == 403


def test_a_retainer_that_is_not_there_is_not_found(as_role, retainer):
    assert as_role().get("/clients/acme/retainers/other/notice/").status_code == 404
