"""Mails that come back later: a mail server's report marks the mail that it is about, and nothing else."""

from datetime import timedelta
from textwrap import dedent

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils.timezone import now

from accounts import outbox
from accounts.models import AuditEvent, OutboxMail, Role
from accounts.tenancy import tenant_scope
from desk.inbox import mailing, taking
from desk.inbox.attached import LONGEST_HEADER, MOST_LINES, BadMailError
from desk.inbox.box_address import read_box_address
from desk.inbox.returned import MOST_BLOCKS, read_returned
from desk.waiting import things_waiting
from tests.desk.imap_server import imap_server
from tests.desk.mails import csv, mail
from tests.desk.test_inbox import NOW, imports_of, world  # noqa: F401
from tests.desk.test_mailbox import box  # noqa: F401
from tests.factories import MembershipFactory, ProviderFactory
from tests.mails import deliver

FAILED = """\
    Final-Recipient: rfc822; pat@acme.example
    Action: failed
    Status: 5.1.1
    Diagnostic-Code: smtp; 550 5.1.1 <pat@acme.example>: no such
        mailbox
    """
LATE = """\
    Final-Recipient: rfc822; pat@acme.example
    Action: delayed
    Status: 4.4.1
    """


def report(of, recipient=FAILED, *, returned="message/rfc822", top="", kind="delivery-status"):
    """What a mail server writes back, about the mail with these headers."""
    head = (
        f"From: MAILER-DAEMON@mx.example\nMessage-ID: <1@mx.example>\n{top}"
        f'Content-Type: multipart/report;\n report-type={kind}; boundary="B"\n\n'
    )
    told = "--B\nContent-Type: text/plain\n\nI'm sorry.\n--B\nContent-Type: message/delivery-status\n\n"
    back = f"\n--B\nContent-Type: {returned}\n\n{of}\n\nDear Pat,\n--B--\n"
    whole = head + told + "Reporting-MTA: dns; mx.example\n\n" + dedent(recipient) + back
    return whole.replace("\n", "\r\n").encode()


def id_of(row):
    return f"Message-ID: <{row.message_name}@msp.example>"


def a_mail(provider, **more):
    """A mail that went out."""
    known = {"recipient": "pat@acme.example", "kind": "approval", "attempts": 1, "sent_at": NOW} | more
    key = f"k:{OutboxMail.objects.count()}"
    return OutboxMail.objects.create(provider=provider, key=key, context={"client": "Acme Dental"}, **known)


def came_back(row):
    row.refresh_from_db()
    return row.returned_at is not None


# what a report marks


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers", "message/global"])
def test_a_mail_that_came_back_waits_with_the_reason(provider, box, returned, manager):  # noqa: F811
    row, other = a_mail(provider), a_mail(provider)
    box.put("INBOX", report(id_of(row), returned=returned))
    assert taking.take_returned(NOW) == 1
    assert (came_back(row), came_back(other)) == (True, False)
    assert row.last_error == "pat@acme.example: 550 5.1.1 <pat@acme.example>: no such mailbox"
    with tenant_scope(provider):
        (thing,) = (each for each in things_waiting(provider, NOW) if each.kind == "mails")
    assert (thing.text, thing.href) == ("pat@acme.example", reverse("mail", args=[row.pk]))
    assert thing.detail.startswith("came back")
    for page in ("mails", "waiting"):
        assert "came back" in manager.get(reverse(page)).text
    assert "no such mailbox" in manager.get(reverse("mail", args=[row.pk])).text


def test_the_mornings_mail_lists_what_came_back(provider, box, time_machine, mailoutbox):  # noqa: F811
    member = MembershipFactory(provider=provider, role=Role.MANAGER)
    row = a_mail(provider)
    box.put("INBOX", report(id_of(row)))
    time_machine.move_to(NOW + timedelta(hours=5), tick=False)
    call_command("tick")
    (sent,) = [each for each in mailoutbox if each.subject.startswith("Waiting")]
    assert sent.to == [member.user.email]
    assert "1 undelivered mail" in sent.subject
    assert "came back" in sent.body


def test_the_mail_is_known_by_the_message_id_that_it_went_out_under(provider, box, mailoutbox):  # noqa: F811
    row = a_mail(provider, sent_at=None, attempts=0)
    deliver(lambda: now() + timedelta(minutes=1))
    (sent,) = mailoutbox
    box.put("INBOX", report(f"Message-ID: {sent.extra_headers['Message-ID']}"))
    assert taking.take_returned(NOW) == 1
    assert came_back(row)


@pytest.mark.parametrize("field", ["In-Reply-To", "References"])
def test_a_report_that_returns_nothing_is_known_by_what_it_answers(provider, box, field):  # noqa: F811
    row = a_mail(provider)
    answered = id_of(row).replace("Message-ID", field)
    box.put("INBOX", report("Subject: none", top=f"{answered}\n"))
    assert taking.take_returned(NOW) == 1
    assert came_back(row)


def test_a_server_that_has_tried_for_days_has_failed_whatever_its_code(provider, box):  # noqa: F811
    row = a_mail(provider)
    box.put("INBOX", report(id_of(row), LATE.replace("delayed", "Failed")))
    assert taking.take_returned(NOW) == 1
    assert came_back(row)
    assert row.last_error == "pat@acme.example: 4.4.1"


@pytest.mark.parametrize(
    "said", [LATE, *(FAILED.replace("failed", word) for word in ("delivered", "relayed", "expanded"))]
)
def test_a_mail_that_is_late_or_arrived_did_not_come_back(provider, box, said):  # noqa: F811
    row = a_mail(provider)
    box.put("INBOX", report(id_of(row), said))
    assert taking.take_returned(NOW) == 0
    assert not came_back(row)
    assert box.lies() == {"INBOX/done": 1}


# what it never marks


def test_an_address_alone_marks_nothing(provider, box):  # noqa: F811
    row = a_mail(provider)
    for forged in ("To: pat@acme.example", "Message-ID: <k:0@msp.example>", f"Message-ID: <{'0' * 32}@x>"):
        box.put("INBOX", report(forged))
    assert taking.take_returned(NOW) == 0
    assert not came_back(row)


def test_two_mails_of_one_key_in_two_places_have_two_names(provider):
    row = a_mail(provider)
    row.key += "-elsewhere"
    other = OutboxMail(provider=provider, key=row.key)
    assert other.message_name != row.message_name
    assert len(other.message_name) == 32
    assert outbox.message(row).extra_headers == outbox.message(row).extra_headers


def test_a_report_in_a_providers_folder_tells_of_that_one_alone(provider, box):  # noqa: F811
    theirs = a_mail(ProviderFactory(slug="south"))
    box.put("INBOX/north", report(id_of(theirs)))
    assert taking.take_returned(NOW) == 0
    assert not came_back(theirs)
    box.put("INBOX/south", report(id_of(theirs)))
    assert taking.take_returned(NOW) == 1
    assert came_back(theirs)
    assert box.lies() == {"INBOX/north/done": 1, "INBOX/south/done": 1}


@pytest.mark.parametrize("kind", ["disposition-notification", "feedback-report"])
def test_another_report_marks_nothing(provider, box, kind):  # noqa: F811
    row = a_mail(provider)
    box.put("INBOX", report(id_of(row), kind=kind))
    assert taking.take_returned(NOW) == 0
    assert not came_back(row)


def test_a_mail_that_only_looks_like_a_report_marks_nothing():
    assert read_returned(report("Message-ID: <a@b>").replace(b"multipart/report", b"multipart/mixed")) is None
    assert read_returned(b"Subject: delivery-status\r\n\r\nFinal-Recipient: pat@acme.example") is None


# once, and never as a file


def test_a_report_that_comes_twice_marks_once(provider, box):  # noqa: F811
    row = a_mail(provider)
    for _ in range(3):
        box.put("INBOX", report(id_of(row)))
    assert taking.take_returned(NOW) == 1
    first = OutboxMail.objects.get(pk=row.pk)
    box.put("INBOX", report(id_of(row)))
    assert taking.take_returned(NOW + timedelta(hours=1)) == 0
    assert OutboxMail.objects.get(pk=row.pk).returned_at == first.returned_at
    assert box.lies() == {"INBOX/done": 4}


def test_a_report_is_never_taken_for_an_export(provider, box, caplog):  # noqa: F811
    row = a_mail(provider)
    returned = mail(csv()).replace(b"Subject:", id_of(row).encode() + b"\r\nSubject:").decode()
    box.put("INBOX", report(returned))
    assert taking.take_all(NOW) == 0
    assert taking.take_returned(NOW) == 1
    assert imports_of(provider) == []
    assert box.lies() == {"INBOX/done": 1}
    assert "no CSV file" not in caplog.text


def test_a_report_that_comes_before_its_mail_is_noted_as_sent_is_read_later(provider, box):  # noqa: F811
    row = a_mail(provider, sent_at=None)
    box.put("INBOX", report(id_of(row)))
    taking.take_returned(NOW)
    taking.take_all(NOW)
    assert box.lies() == {"INBOX": 1}
    OutboxMail.objects.update(sent_at=NOW)
    assert taking.take_returned(NOW) == 1


# how it is settled


def test_a_mail_that_is_tried_again_is_not_marked_by_the_old_report(provider, box, mailoutbox, manager):  # noqa: F811
    row = a_mail(provider)
    box.put("INBOX", report(id_of(row)))
    taking.take_returned(NOW)
    manager.post(reverse("mail_again", args=[row.pk]))
    deliver(lambda: now() + timedelta(minutes=1))
    assert len(mailoutbox) == 1
    box.put("INBOX", report(id_of(row)))
    assert taking.take_returned(NOW) == 0
    again = OutboxMail.objects.get(pk=row.pk)
    assert again.sent_at is not None
    box.put("INBOX", report(id_of(again)))
    assert taking.take_returned(NOW) == 1


@pytest.mark.parametrize(
    "state",
    [{"given_up_at": NOW, "returned_at": NOW}, {"given_up_at": NOW}, {"last_error": "550 no such mailbox"}],
)
def test_a_mail_that_will_never_arrive_is_set_aside_and_waits_no_longer(provider, client, state):
    row = a_mail(provider, sent_at=None, **state)
    member = MembershipFactory(provider=provider, role=Role.MANAGER)
    client.force_login(member.user)
    page = reverse("mail", args=[row.pk])
    aside = reverse("set_mail_aside", args=[row.pk])
    assert f'action="{aside}"' in client.get(page).text
    assert "Waiting no longer lists it" in client.post(aside, follow=True).text
    assert "Nothing waits." in client.get(reverse("waiting")).text
    assert "set aside" in client.get(page).text
    assert f'action="{aside}"' not in client.get(page).text
    assert deliver(lambda: now() + timedelta(days=1)) == []
    assert "who was first" not in client.post(aside, follow=True).text
    with tenant_scope(provider):
        assert AuditEvent.objects.filter(action="mail set aside").count() == 1
    client.post(reverse("mail_again", args=[row.pk]))
    assert len(deliver(lambda: now() + timedelta(minutes=1))) == 1


def test_a_mail_that_is_on_its_way_is_not_set_aside(provider):
    row = a_mail(provider, sent_at=None, claimed_until=NOW + timedelta(minutes=5))
    user = MembershipFactory(provider=provider).user
    with tenant_scope(provider):
        assert not outbox.set_aside(row, user, NOW)
        assert outbox.set_aside(row, user, NOW + timedelta(minutes=6))


# the second box


@pytest.fixture
def second(provider, settings):
    with imap_server() as server:
        address = f"imap://hours:{server.password}@127.0.0.1:{server.port}/INBOX"
        settings.BOUNCES_IMAP = read_box_address(address, "BOUNCES_IMAP")
        settings.INBOX_DIR = settings.INBOX_IMAP = None
        yield server


def test_a_second_box_is_read_for_reports_and_nothing_else_in_it_is_touched(provider, second):
    row = a_mail(provider)
    for number in range(mailing.AT_ONCE + 1):
        second.put("INBOX", mail(csv(name=f"{number}.csv")))
    second.put("INBOX", report(id_of(row)))
    assert taking.take_all(NOW) == 0
    assert taking.take_returned(NOW) == 1
    assert second.lies() == {"INBOX": mailing.AT_ONCE + 1, "INBOX/done": 1}
    assert imports_of(provider) == []


def test_the_second_box_says_its_own_name_where_it_can_not_be_meant():
    with pytest.raises(ValueError, match="BOUNCES_IMAP: write"):
        read_box_address("x", "BOUNCES_IMAP")


@pytest.mark.parametrize("word", ["SEARCH", "FETCH", "MOVE", "CREATE"])
def test_a_box_that_goes_away_in_between_is_read_later_and_nothing_is_lost(provider, second, word):
    row = a_mail(provider)
    second.put("INBOX", report(id_of(row)))
    second.breaks_at = word
    taking.take_returned(NOW)
    second.breaks_at = ""
    taking.take_returned(NOW)
    assert came_back(row)
    assert second.lies() == {"INBOX/done": 1}


# hostile and broken


def test_one_bad_report_stops_only_itself(provider, box, caplog):  # noqa: F811
    row = a_mail(provider)
    bad = (
        report(id_of(row)).split(b"\r\n\r\n")[0] + b"\r\n\r\n",
        report("Message-ID: <\xff\xfe@\x00>"),
        report(id_of(row), "\n" * MOST_BLOCKS * 2),
        report(id_of(row), kind="delivery-status; x=" + "a" * LONGEST_HEADER),
        report(id_of(row), returned="text/rfc822-headers\r\nContent-Transfer-Encoding: base64"),
    )
    for each in bad:
        box.put("INBOX", each)
    box.put("INBOX", report(id_of(row)))
    assert taking.take_returned(NOW) == 1
    assert came_back(row)
    assert box.lies() == {"INBOX/done": 6}
    assert f"more than {MOST_BLOCKS} pieces" in caplog.text


def test_a_report_that_is_too_large_is_never_fetched(provider, box):  # noqa: F811
    box.said_size = mailing.LARGEST + 1
    box.put("INBOX", report("Message-ID: <a@b>"))
    assert taking.take_returned(NOW) == 0
    assert box.heard.count("FETCH") == 1
    assert box.lies() == {"INBOX/done": 1}


def test_lines_without_end_are_not_read():
    with pytest.raises(BadMailError, match="lines"):
        read_returned(report("Message-ID: <a@b>") + b"x\n" * (MOST_LINES + 1))


def test_what_a_server_says_is_one_short_line_that_can_be_printed():
    said = FAILED.replace("550 5.1.1", "550\x07 \x1b[2J" + "a" * 5000)
    why = read_returned(report("Message-ID: <a@b>", said)).why
    assert len(why) == 200
    assert why.isprintable()
