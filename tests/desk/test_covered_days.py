"""Days that no file speaks for: named on the desk, filled by a person's word."""

from datetime import UTC, date, datetime

import pytest

from accounts.models import AuditEvent, Role
from accounts.tenancy import tenant_scope
from retainers import publishing
from retainers.coverage import Coverage, Spoken
from retainers.models import Publication
from retainers.no_work import NoSuchDaysError, say_no_work
from tests.desk.acting import HOME, NOW
from tests.world import world  # noqa: F401

PATH = f"{HOME}/days/"
JUNE_3_TO_4 = {"starts": "2026-06-03", "ends": "2026-06-04"}


@pytest.fixture
def gap(retainer):
    """June is covered but for the 3rd and the 4th, through the 20th."""
    covered = Coverage()
    for first, last in ((date(2026, 1, 1), date(2026, 6, 2)), (date(2026, 6, 5), date(2026, 6, 20))):
        covered = covered.adding(Spoken(first, last, starts_given=True))
    with tenant_scope(retainer.provider):
        locked = publishing.lock([retainer.pk])[retainer.pk]
        press = publishing.Press(Publication.Kind.IMPORT, datetime(2026, 6, 21, 9, tzinfo=UTC), None)
        press.publication(locked, coverage=covered.document(), through=date(2026, 6, 20), updated_at=press.at)
    return retainer


def test_a_gap_is_named_on_the_clients_page_until_a_person_says_that_there_was_no_work(as_role, gap, address):
    client = as_role()
    missing = "No update covers Wed 3 June to Thu 4 June"
    assert missing in client.get(address).text
    assert "3–4 June 2026" in client.get(PATH).text

    assert client.post(PATH, JUNE_3_TO_4).status_code == 302
    assert missing not in client.get(address).text
    assert "No days are missing between the files." in client.get(PATH).text


def test_a_gap_is_a_state_on_the_dashboard(as_role, gap):
    page = as_role().get("/").text

    assert "Days missing" in page


def test_the_word_is_a_publication_and_on_record(as_role, gap):
    as_role().post(PATH, JUNE_3_TO_4)

    with tenant_scope(gap.provider):
        newest = Publication.objects.filter(retainer=gap).order_by("-number").first()
        assert (newest.kind, newest.through) == ("coverage", date(2026, 6, 20))
        assert newest.note == "No work 2026-06-03 to 2026-06-04"
        assert AuditEvent.objects.filter(action="no work said").count() == 1


def test_days_that_are_covered_already_make_no_publication(as_role, gap):
    client = as_role()
    client.post(PATH, JUNE_3_TO_4)

    assert "These days were already covered." in client.post(PATH, JUNE_3_TO_4, follow=True).text


@pytest.mark.parametrize(
    ("starts", "ends"), [("2026-06-04", "2026-06-03"), ("2026-06-21", "2026-06-23"), ("", "2026-06-03")]
)
def test_days_to_come_or_turned_round_are_refused(as_role, gap, starts, ends):
    assert as_role().post(PATH, {"starts": starts, "ends": ends}).status_code == 422


def test_days_without_work_move_the_date(as_role, gap, address):
    client = as_role()
    client.post(PATH, {"starts": "2026-06-21", "ends": "2026-06-21"})

    assert "Sun 21 June" in client.get(address).text


def test_before_any_import_nothing_can_be_said(retainer):
    with tenant_scope(retainer.provider), pytest.raises(NoSuchDaysError, match="Import a file first"):
        say_no_work(
            retainer=retainer,
            starts=date(2026, 6, 1),
            ends=date(2026, 6, 2),
            today=date(2026, 6, 22),
            by=None,
            at=NOW,
        )


def test_a_viewer_says_nothing_about_days(as_role, gap):
    assert as_role(Role.VIEWER).post(PATH, JUNE_3_TO_4).status_code == 403
