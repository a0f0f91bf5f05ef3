"""Names of rows in addresses: they say nothing of the row, and hold for one purpose."""

from base64 import urlsafe_b64decode
from datetime import UTC, datetime, timedelta

import pytest
from django.core import signing

from accounts.seal import name_of, named

AGREE, LEAVE = "alerts.agree", "alerts.leave"
NOW = datetime(2026, 6, 22, 12, tzinfo=UTC)


def test_a_name_leads_back_to_its_row_for_its_purpose_alone():
    assert named(name_of(4711, LEAVE), LEAVE) == 4711
    assert named(name_of(4711, LEAVE), AGREE) is None


def test_a_name_does_not_tell_the_row():
    names = [name_of(pk, LEAVE) for pk in (1, 1, 2, 4711, 471147114711)]
    assert len(set(names)) == len(names)
    assert len({len(name) for name in names}) == 1
    readable = [part for name in names for part in (name.encode(), urlsafe_b64decode(name + "=="))]
    assert not any(b"4711" in part or part[:1] in b"12" for part in readable)


def test_a_name_that_was_changed_or_is_too_old_leads_nowhere(time_machine):
    time_machine.move_to(NOW, tick=False)
    name = name_of(1, AGREE)
    for wrong in (name[:-2], name[:-1] + ("A" if name[-1] != "A" else "B") * 2, "x" * 60, "", "MQ"):
        assert named(wrong, AGREE) is None
    time_machine.move_to(NOW + timedelta(days=61), tick=False)
    assert named(name, AGREE, timedelta(days=60)) is None
    assert named(name, AGREE) == 1


def test_a_name_outlives_a_change_of_the_secret(settings):
    name, before = name_of(1, LEAVE), settings.SECRET_KEY
    settings.SECRET_KEY = "another secret that is long enough to be one, 0123456789"
    assert named(name, LEAVE) is None
    settings.SECRET_KEY_FALLBACKS = [before]
    assert named(name, LEAVE) == 1


@pytest.mark.parametrize("purpose", [AGREE, LEAVE])
def test_an_address_of_an_earlier_releases_mail_still_holds(purpose):
    assert named(signing.dumps(4711, salt=purpose), purpose) == 4711
    assert named(signing.dumps(4711, salt="another"), purpose) is None
