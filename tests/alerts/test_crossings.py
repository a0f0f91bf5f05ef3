"""One mail for a crossing, never twice, armed again with the next cycle and with hours granted."""

import re
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.models import OutboxMail
from accounts.seal import name_of
from accounts.tenancy import tenant_scope
from alerts import consents
from alerts.models import Consent, Crossing, MailChoice
from imports.models import Import
from portal import links
from portal.models import ShareLink
from retainers import granting
from retainers.models import Client, Retainer, TopUp
from tests.alerts.conftest import NOON, to
from tests.factories import load_agreements, pool_table

DANA, PAT = "dana@north.example", "pat@acme.example"
NOV_3, NOV_4 = date(2026, 11, 3), date(2026, 11, 4)


def test_seventy_five_per_cent_is_told_once(world):
    world.work((NOV_3, "7.5"))
    (told,) = to(world.tick(), DANA)
    assert told.subject == "Acme Dental: 2.5 h left"
    assert "75 % of the hours are used." in told.body
    assert told.alternatives[0][1] == "text/html"
    assert world.tick() == []


def test_just_below_a_threshold_nothing_is_told(world):
    world.work((NOV_3, "7.49"))
    assert to(world.tick(), DANA) == []


def test_several_thresholds_at_once_are_one_mail_that_names_the_highest(world):
    world.work((NOV_3, "12"))
    (told,) = to(world.tick(), DANA)
    assert told.subject == "Acme Dental: 2.0 h over"
    assert "120 % of the hours are used." in told.body
    with tenant_scope(world.provider):
        assert set(Crossing.objects.values_list("threshold", flat=True)) == {"75@10", "90@10", "100@10"}


def test_each_further_threshold_is_a_mail_of_its_own(world):
    world.work((NOV_3, "8"))
    world.tick()
    world.work((NOV_4, "1"))
    (told,) = to(world.tick(), DANA)
    assert "90 %" in told.body


def test_a_crossing_that_was_taken_back_and_comes_again_is_not_told_twice(world):
    world.bring((NOV_3, "8"))
    world.tick()
    with tenant_scope(world.provider):
        newest = Import.objects.first()
    call_command("undo_import", str(newest.pk), stdout=StringIO())
    assert world.tick() == []
    world.bring((NOV_3, "8"))
    assert to(world.tick(), DANA) == []


def test_the_next_cycle_arms_it_again(world):
    world.work((NOV_3, "8"))
    world.tick()
    world.at(datetime(2026, 12, 9, 18, tzinfo=UTC))
    world.work((date(2026, 12, 3), "8"))
    assert len(to(world.tick(), DANA)) == 1


def test_a_threshold_that_a_cycle_closes_past_is_told_as_its_close(world):
    world.work((NOV_3, "2"))
    world.tick()
    world.at(datetime(2026, 12, 2, 18, tzinfo=UTC))
    world.work((date(2026, 11, 30), "9"), (date(2026, 12, 1), "1"))
    (told,) = to(world.tick(), DANA)
    assert told.subject == "Acme Dental: November 2026 closed 1.0 h over"
    assert world.tick() == []


def test_a_late_entry_of_a_settled_cycle_is_no_alarm(world):
    world.work((NOV_3, "2"))
    world.at(datetime(2026, 12, 2, 18, tzinfo=UTC))
    world.work((date(2026, 12, 1), "1"))
    world.at(datetime(2026, 12, 20, 18, tzinfo=UTC))
    world.bring((NOV_4, "9"), options=("--restate",))
    assert to(world.tick(), DANA) == []


def test_a_close_says_that_its_last_days_are_not_in_yet(world):
    world.bring((NOV_3, "2"))
    world.at(datetime(2026, 12, 2, 18, tzinfo=UTC))
    world.bring((NOV_4, "7"))
    (told,) = to(world.tick(), DANA)
    assert told.subject == "Acme Dental: November 2026 closed with 1.0 h unused of 10"
    assert "its figures can still change" in told.body


BLOCK = {"overage": "queue", "pools": [pool_table("support", "0", "IT support")]}


def bought(day, hours, **more):
    return {"date": date(2026, 11, day), "hours": hours, "pool": "support", **more}


def test_hours_bought_arm_it_again_within_the_cycle(world):
    world.work((NOV_3, "11"))
    world.tick()
    world.load(top_ups=[bought(4, "10")])
    assert to(world.tick(), DANA) == []  # 9 of 20 are left
    world.work((NOV_4, "10"))
    (told,) = to(world.tick(), DANA)
    assert told.subject == "Acme Dental: 1.0 h over"
    assert world.tick() == []


def test_a_credit_arms_it_again(world):
    world.work((NOV_3, "8"))
    world.tick()
    world.load(adjustments=[{"date": NOV_4, "hours": "4", "reason": "Goodwill", "expires": 3}])
    assert to(world.tick(), DANA) == []
    world.work((NOV_4, "3"))
    assert to(world.tick(), DANA)[0].subject == "Acme Dental: 3.0 h left"


def test_hours_bought_that_are_taken_back_arm_nothing(world):
    world.load(top_ups=[bought(1, "10")])
    world.work((NOV_3, "16"))
    assert len(to(world.tick(), DANA)) == 1  # 80 of 100
    with tenant_scope(world.provider):
        retainer = Retainer.objects.select_related("publication").get()
        grant = TopUp.objects.get()
        form = granting.seen_taking_back(retainer, grant).mark
        granting.take_back(grant=grant, reason="Typed twice", form=form, by=None, at=NOON)
    (told,) = to(world.tick(), DANA)
    assert told.subject == "Acme Dental: 6.0 h over"  # 90 and 100 are new, 75 is not
    with tenant_scope(world.provider):
        assert set(Crossing.objects.values_list("threshold", flat=True)) == {"75@20", "90@10", "100@10"}


def test_what_was_told_before_the_hours_were_written_down_stays_told(world):
    world.work((NOV_3, "8"))
    with tenant_scope(world.provider):
        Crossing.objects.create(
            retainer=Retainer.objects.get(),
            account="support",
            cycle_starts=date(2026, 11, 1),
            threshold="75",
            reached_at=NOON,
        )
    assert to(world.tick(), DANA) == []


def test_the_agreement_may_name_its_own_thresholds(world):
    world.load(alerts={"percent": [50], "hours_left": "1.5"})
    world.work((NOV_3, "5"))
    assert "50 %" in to(world.tick(), DANA)[0].body
    world.work((NOV_4, "3.5"))
    (told,) = to(world.tick(), DANA)
    assert "No more than 1.5 hours are left." in told.body


def test_a_prepaid_block_is_armed_again_by_hours_bought(world):
    world.load(**BLOCK, top_ups=[bought(1, "10")])
    world.work((NOV_3, "8"))
    assert len(to(world.tick(), DANA)) == 1
    world.load(**BLOCK, top_ups=[bought(1, "10"), bought(5, "10")])
    assert to(world.tick(), DANA) == []
    world.work((date(2026, 11, 6), "9"))
    (told,) = to(world.tick(), DANA)
    assert "3.0 of 12 hours left." in told.body  # 12 were in hand after the purchase; 9 are 75 %


def test_a_full_block_after_a_used_one_is_no_alarm(world):
    world.load(**BLOCK, top_ups=[bought(1, "75"), bought(17, "25")])
    world.work(*((date(2026, 11, day), "15") for day in (2, 3, 4, 5, 6)))
    assert to(world.tick(), DANA) == []  # 25 of 25
    world.work((date(2026, 11, 17), "18"), (date(2026, 11, 18), "1"))
    assert to(world.tick(), DANA) == []  # 18 of them were gone on the day of the purchase: 6 of 7 are left
    world.work((date(2026, 11, 18), "5"))
    assert to(world.tick(), DANA)[0].subject == "Acme Dental: 1.0 h left"


def test_hours_about_to_end_are_told_once_fourteen_days_before(world):
    world.load(top_ups=[bought(2, "6", expires=date(2026, 12, 4))])
    world.work((NOV_3, "1"))
    world.at(datetime(2026, 11, 19, 18, tzinfo=UTC))
    assert to(world.tick(), DANA) == []
    world.at(datetime(2026, 11, 20, 18, tzinfo=UTC))
    (told,) = to(world.tick(), DANA)
    assert told.subject == "Acme Dental: 6.0 h end on Fri 4 December"
    assert world.tick() == []


def test_each_pool_is_told_by_itself(world):
    world.load(pools=[pool_table("a", "4", "Reactive"), pool_table("b", "9", "Planned")])
    world.work((NOV_3, "3"))
    (told,) = to(world.tick(), DANA)
    assert "IT support · Reactive: 1.0 of 4 hours left." in told.body


def test_a_long_incident_is_told_to_members_with_its_title(world):
    world.load(incident_alert_hours="4", alerts={"percent": []})
    world.bring((NOV_3, "4.5"))
    (told,) = to(world.tick(), DANA)
    assert told.subject == "Acme Dental: one incident has taken 4.5 h"
    assert "Switch edge01 down" in told.body
    assert to(world.tick(), DANA) == []


def test_a_member_who_wants_none_gets_none(world):
    with tenant_scope(world.provider):
        MailChoice.objects.create(user_id=world.provider.memberships.get(role="owner").user_id, alerts=False)
    world.work((NOV_3, "8"))
    assert to(world.tick(), DANA) == []


def test_viewers_are_not_mailed(world):
    world.work((NOV_3, "8"))
    assert to(world.tick(), "vic@north.example") == []


SECRETS = re.compile(r"(?<=/)[\w:-]{30,}")  # drawn by lot, so that any letters may stand in them


def agree(world, client):
    """Pat agrees by the button that the mail leads to."""
    (asked,) = to(world.tick(), PAT)
    path = asked.body.split("/mails/agree/")[1].split("/")[0]
    address = reverse("agree_to_alerts", args=[path])
    assert client.get(address).status_code == 200
    return address


def test_a_contact_is_asked_once_and_told_only_after_agreeing_by_a_button(world, client):
    address = agree(world, client)
    assert to(world.tick(), PAT) == []
    client.post(address)
    world.work((NOV_4, "9"))
    (told,) = to(world.tick(), PAT)
    assert told.subject == "Support hours: 1.0 left"
    assert "/ask/top_up/?retainer=support" in told.body
    for internal in ("edge01", "Mel Stone", "T1", "/clients/"):
        assert internal not in SECRETS.sub("", told.body + told.alternatives[0][0])
    token = told.body.split("/b/")[1].split("/")[0]
    assert client.get(f"/b/{token}/").status_code == 200


def test_who_agrees_is_told_what_stands_once(world, client):
    address = agree(world, client)
    world.work((NOV_3, "12"))
    world.tick()
    client.post(address)
    (told,) = to(world.tick(), PAT)
    assert told.subject == "Support hours: 2.0 over"
    assert world.tick() == []


def test_who_agrees_after_the_reset_is_not_told_of_the_cycle_before(world, client):
    address = agree(world, client)
    world.work((NOV_3, "12"))
    world.tick()
    world.at(datetime(2026, 12, 2, 18, tzinfo=UTC))
    world.tick()
    client.post(address)
    assert to(world.tick(), PAT) == []


def test_who_agrees_before_a_crossing_is_told_is_told_with_everybody(world, client):
    address = agree(world, client)
    world.work((NOV_3, "12"))
    client.post(address)
    assert len(to(world.tick(), PAT)) == 1


def test_who_agrees_while_all_is_well_gets_nothing(world, client):
    address = agree(world, client)
    world.work((NOV_3, "1"))
    world.tick()
    client.post(address)
    assert to(world.tick(), PAT) == []


def test_a_contact_is_written_to_in_the_language_in_which_they_agreed(world, client):
    client.post(agree(world, client), headers={"accept-language": "de"})
    world.work((NOV_3, "8"))
    (told,) = to(world.tick(), PAT)
    assert told.subject == "Supportstunden: noch 2,0"
    assert "2,0 von 10 Stunden übrig." in told.body


def test_the_address_of_the_page_stands_in_clear_in_no_mail_of_the_database(world, client):
    client.post(agree(world, client))
    world.work((NOV_3, "8"))
    (told,) = to(world.tick(), PAT)
    token = told.body.split("/b/")[1].split("/")[0]
    for row in OutboxMail.objects.all():
        assert token not in f"{row.context} {row.key} {bytes(row.sealed)!r}"


def test_who_leaves_by_the_button_gets_no_more(world, client):
    client.post(agree(world, client))
    world.work((NOV_3, "8"))
    (told,) = to(world.tick(), PAT)
    assert told.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = told.body.split("/mails/leave/")[1].split("/")[0]
    address = reverse("leave_alerts", args=[path])
    client.get(address)
    with tenant_scope(world.provider):
        assert Consent.objects.get().is_given
    client.post(address, {"List-Unsubscribe": "One-Click"})
    world.load()
    world.work((NOV_4, "1"))
    assert to(world.tick(), PAT) == []


@pytest.mark.parametrize("name", ["agree_to_alerts", "leave_alerts"])
def test_an_address_that_was_not_signed_for_that_is_not_found(world, client, name):
    with tenant_scope(world.provider):
        consent = Consent.objects.create(client=Client.objects.get(), email="x@acme.example")
    other = {"agree_to_alerts": consents.LEAVE, "leave_alerts": consents.AGREE}[name]
    signed = name_of(consent.pk, other)
    for wrong in (signed, "x", "x" * 60):
        assert client.post(reverse(name, args=[wrong])).status_code == 404


def test_thresholds_that_make_no_sense_are_refused_with_their_place(world):
    for wrong, place in (
        ({"alerts": {"percent": [0]}}, "percent"),
        ({"alerts": {"percent": [75, 75]}}, "percent"),
        ({"alerts": {"hours_left": "-1"}}, "hours_left"),
        ({"alerts": {"at": 3}}, "no key `at`"),
        ({"incident_alert_hours": "0"}, "incident_alert_hours"),
    ):
        with pytest.raises(Exception, match=place):
            world.load(**wrong)


def test_what_the_file_says_of_alerts_is_what_a_dump_says(world):
    world.load(alerts={"percent": [50, 100], "hours_left": "1.50"}, incident_alert_hours="6")
    out = StringIO()
    call_command("dump_retainers", "--provider", "north", stdout=out)
    assert "hours_left" in out.getvalue()
    assert "retainer" not in load_agreements(world.folder, out.getvalue())


def test_before_the_first_import_nothing_is_told(world):
    world.load(adjustments=[{"date": date(2026, 11, 2), "hours": "-9.5", "reason": "Used before the start"}])
    assert to(world.tick(), DANA) == []
    world.work((NOV_3, "0.25"))
    assert len(to(world.tick(), DANA)) == 1


def test_a_link_that_opens_nothing_is_in_no_alert(world, client):
    client.post(agree(world, client))
    with tenant_scope(world.provider):
        links.revoke(link=ShareLink.objects.get(), by=None, at=NOON)
    world.work((NOV_3, "8"))
    (told,) = to(world.tick(), PAT)
    assert "/b/" not in told.body + told.alternatives[0][0]


def test_of_several_links_an_alert_names_one_that_opens(world, client):
    client.post(agree(world, client))
    with tenant_scope(world.provider):
        first = ShareLink.objects.get()
        ShareLink.objects.update(expires_on=NOV_3)
        _, token = links.create(client=first.client, by=None)
    world.work((NOV_3, "8"))
    (told,) = to(world.tick(), PAT)
    assert f"/b/{token}/" in told.body


def test_one_agrees_within_sixty_days_and_leaves_whenever(world, client):
    address = agree(world, client)
    client.post(address)
    world.at(NOON + consents.AGREE_WITHIN + timedelta(seconds=1))
    assert client.post(address).status_code == 404
    with tenant_scope(world.provider):
        leave = consents.unsubscribe_path(Consent.objects.get())
    world.at(NOON + timedelta(days=900))
    assert client.post(leave).status_code == 200
    with tenant_scope(world.provider):
        assert Consent.objects.get().unsubscribed_at
