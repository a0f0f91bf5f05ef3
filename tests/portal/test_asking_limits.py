"""How often a client asks: so many requests an hour and a day, and so many mails to who approves."""

import re
from datetime import timedelta

from django.core import mail

from portal import asking
from tests.portal.conftest import FORM, NOW, SAME, requests_of, to_confirm


def test_the_sixth_request_in_an_hour_is_too_many(ask, provider, time_machine):
    assert [ask("top_up").status_code for _ in range(6)] == [200] * 5 + [429]
    time_machine.shift(timedelta(minutes=61))
    assert ask("top_up").status_code == 200


def test_the_twenty_first_request_in_a_day_is_too_many(ask, provider, time_machine):
    said = []
    for _ in range(21):
        said.append(ask("top_up").status_code)
        time_machine.shift(timedelta(minutes=20))
    assert said == [200] * 20 + [429]
    time_machine.shift(timedelta(days=1))
    assert ask("top_up").status_code == 200


def test_a_limit_loses_nothing_that_was_typed(ask):
    for _ in range(5):
        ask("top_up")
    refused = ask("top_up", {**FORM, "text": "For the move to the new office"})
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "3600")
    assert "For the move to the new office" in refused.text
    assert "What you wrote is still here." in refused.text


def test_a_limit_never_stops_an_approver_and_tells_nobody_who_one_is(ask, approver, provider):
    for _ in range(6):
        ask(form={**FORM, "email": "sam@acme.example"})
    ask("planned")
    told = [ask(form={**FORM, "email": email}) for email in ("pat@acme.example", "sam@acme.example")]
    assert [answer.status_code for answer in told] == [200, 200]
    assert told[0].text.replace("pat@", "sam@") == told[1].text
    assert "Please confirm" in mail.outbox[-1].subject


def test_an_approver_gets_only_so_many_mails_and_confirms_everything_from_one(
    ask, client, provider, approver, time_machine
):
    for number in range(asking.MAILS_AN_HOUR + 2):
        ask(form={**FORM, "hours": str(number + 1)})
    sent = to_confirm()
    assert len(sent) == asking.MAILS_AN_HOUR
    path = re.search(r"/b/confirm/\S+/", sent[0].body)[0]
    last = requests_of(provider)[-1]
    assert "8.0 hours, asked for on 22 June 2026" in client.get(path).text
    assert client.post(path, {"other": last.pk}, **SAME).status_code == 200
    assert [made.hours_units for made in requests_of(provider) if made.confirmed_at] == [800]


def test_an_approver_gets_only_so_many_mails_a_day_however_they_are_spread(
    ask, approver, time_machine, monkeypatch
):
    monkeypatch.setattr(asking, "MAILS_A_DAY", 2)
    for number in range(3):
        time_machine.move_to(NOW + timedelta(hours=2 * number), tick=False)
        ask(form={**FORM, "hours": str(number + 1)})
    assert len(to_confirm()) == 2
