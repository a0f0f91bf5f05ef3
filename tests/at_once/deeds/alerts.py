"""Done twice at once: consents, mails of the morning and what waits."""

from datetime import date, timedelta

from accounts import keys
from accounts.models import OutboxMail
from alerts import consents, mornings, pushes, statement_mails, telling, waiting_mail, watch_telling, watches
from alerts.hooks import keeping
from alerts.hooks.models import Delivery, Event, Webhook
from alerts.models import Consent, Crossing, Watch
from imports.models import Import
from retainers.models import Retainer, Statement
from retainers.settling.acts import CycleKey
from tests.at_once.conftest import AT, House
from tests.at_once.deeds.register import service, trail


@service("consents._ask")
def a_contact_is_asked_once(house):
    def deed():
        return consents.ask_contacts(house.provider, AT)

    def check(first, second):
        assert OutboxMail.objects.filter(provider=house.provider, kind="consent").count() == 2

    return deed, deed, check


def _consent(house: House) -> Consent:
    consents.ask_contacts(house.provider, AT)
    return Consent.objects.order_by("pk").first()


@service("telling.agree")
def a_contact_agrees(house):
    consent = _consent(house)

    def deed():
        telling.agree(consent, AT)

    def check(first, second):
        assert Consent.objects.get(pk=consent.pk).is_given

    return deed, deed, check


@service("consents.leave")
def a_contact_leaves_once(house):
    consent = _consent(house)

    def deed():
        consents.leave(consent, AT)

    def check(first, second):
        assert trail("alerts left") == 1

    return deed, deed, check


@service("mornings.remind")
def nobody_is_reminded_twice(house):
    house.publishing(house.upload(1))()

    def deed():
        return mornings.remind(house.provider, AT + timedelta(days=7))

    def check(first, second):
        assert first > 0
        assert OutboxMail.objects.filter(provider=house.provider, kind="due").count() == first

    return deed, deed, check


@service("mornings.send_digest")
def nobody_gets_two_digests(house):
    def deed():
        return mornings.send_digest(house.provider, AT)

    def check(first, second):
        assert first > 0
        assert OutboxMail.objects.filter(provider=house.provider, kind="digest").count() == first

    return deed, deed, check


@service("telling._tell")
def a_crossing_is_told_once(house):
    house.publishing(house.upload(1, hours="9.5"))()

    def deed():
        return telling.tell_crossings(house.provider, AT)

    def check(first, second):
        assert (first, second) == (Crossing.objects.count(), 0)
        assert first > 0

    return deed, deed, check


def _pushed(house: House, *days: int) -> None:
    """Files that a program dropped off at noon of these days of June."""
    key, _ = keys.create(name="Nightly", scopes=keys.PUSHES, by=house.owner)
    for day in days:
        source = house.upload(day)
        at = AT.replace(day=day)
        Import.objects.filter(pk=source.pk).update(uploaded_with=key, uploaded_at=at)


@service("pushes.tell_waiting")
def a_file_that_waits_is_told_once(house):
    _pushed(house, 1)

    def deed():
        return pushes.tell_waiting(house.provider, AT)

    def check(first, second):
        mails = OutboxMail.objects.filter(provider=house.provider, kind="push_waits")
        assert first > 0
        assert (first, second) == (mails.count(), 0)

    return deed, deed, check


@service("waiting_mail.tell_what_waits")
def what_waits_is_told_once_a_morning(house):
    _pushed(house, 1)

    def deed():
        return waiting_mail.tell_what_waits(house.provider, AT)

    def check(first, second):
        mails = OutboxMail.objects.filter(provider=house.provider, kind=waiting_mail.KIND)
        assert first > 0
        assert (first, second) == (mails.count(), 0)

    return deed, deed, check


@service("pushes.tell_silence")
def a_silent_schedule_is_told_once(house):
    _pushed(house, 1, 2, 3)

    def deed():
        return pushes.tell_silence(house.provider, AT)

    def check(first, second):
        mails = OutboxMail.objects.filter(provider=house.provider, kind="push_silent")
        assert first > 0
        assert (first, second) == (mails.count(), 0)

    return deed, deed, check


def _watch(house: House) -> Watch:
    wish = watches.Wish(house.acme, "support", "hours", 500, "kim@acme.example", "m" * 22)
    watches.ask(link=house.link, wish=wish, at=AT)
    return Watch.objects.select_related("link__client", "link__provider", "retainer__publication").get()


@service("watches.ask")
def a_form_for_mails_is_one_question(house):
    def deed():
        _watch(house)

    def check(first, second):
        assert Watch.objects.count() == OutboxMail.objects.filter(kind=watches.KIND).count() == 1

    return deed, deed, check


@service("watches.confirm")
def mails_are_asked_for_once(house):
    watch = _watch(house)

    def deed():
        return watches.confirm(watch, AT)

    def check(first, second):
        assert trail("mails asked for") == 1

    return deed, deed, check


@service("watches.stop")
def mails_are_ended_once(house):
    watch = _watch(house)

    def deed():
        watches.stop([watch], AT)

    def check(first, second):
        assert trail("mails asked for ended") == 1

    return deed, deed, check


@service("watch_telling._tell")
def a_reader_is_told_once(house):
    watches.confirm(_watch(house), AT)
    house.publishing(house.upload(1, hours="9.5"))()

    def deed():
        return watch_telling.tell_watches(house.provider, AT)

    def check(first, second):
        assert sorted([first, second]) == [0, 1]
        assert OutboxMail.objects.filter(kind="watch_told").count() == 1

    return deed, deed, check


@service("statement_mails.mail_statements")
def statements_are_mailed_once(house):
    house.publishing(house.upload(1))()
    consent = _consent(house)
    telling.agree(consent, AT)
    retainer = Retainer.objects.get(client=consent.client)
    publication = retainer.publication
    starts = date(2026, 1, 1)
    cycle = {"starts": "2026-01-01", "ends": "2026-01-31"}
    Statement.objects.create(
        retainer=retainer,
        publication=publication,
        cycle_starts=starts,
        number=1,
        document={"agreement": "IT support", "cycle": cycle},
        issued_at=AT,
    )
    said = {"provider": house.provider, "month": starts, "by": house.owner, "at": AT}

    def deed():
        return statement_mails.mail_statements(cycles=[CycleKey(retainer.pk, starts)], **said).mails

    def check(first, second):
        assert sorted([first, second]) == [0, 1]
        assert OutboxMail.objects.filter(kind="statement").count() == 1

    return deed, deed, check


def _webhook(house: House) -> Webhook:
    said = {"name": "PSA", "kind": "json", "address": "https://hooks.north.example/in"}
    return keeping.add(**said, events=[Event.PUBLISHED], by=house.owner, at=AT)[0]


@service("keeping.add")
def each_webhook_has_a_secret_of_its_own(house):
    def deed():
        return keeping.secrets_of(_webhook(house)).secret

    def check(first, second):
        assert first != second
        assert Webhook.objects.count() == 2

    return deed, deed, check


def _once(house: House, do, action: str):
    row = _webhook(house)

    def deed():
        return do(webhook=Webhook.objects.get(pk=row.pk), by=house.owner, at=AT)

    def check(first, second):
        assert sorted([first, second]) == [False, True]
        assert trail(action) == 1

    return row, deed, check


@service("keeping.pause")
def a_webhook_is_paused_once(house):
    _row, deed, check = _once(house, keeping.pause, "webhook paused")
    return deed, deed, check


@service("keeping.go_on")
def a_webhook_goes_on_once(house):
    row, deed, check = _once(house, keeping.go_on, "webhook resumed")
    keeping.pause(webhook=row, by=house.owner, at=AT)
    return deed, deed, check


@service("keeping.renew_secret")
def a_secret_is_renewed_by_both_one_after_the_other(house):
    row = _webhook(house)

    def deed():
        return keeping.renew_secret(webhook=Webhook.objects.get(pk=row.pk), by=house.owner, at=AT)

    def check(first, second):
        known = keeping.secrets_of(Webhook.objects.get(pk=row.pk))
        assert {known.secret, known.before} == {first, second}
        assert trail("webhook secret renewed") == 2

    return deed, deed, check


@service("keeping.send_again")
def a_message_is_sent_again_once(house):
    row = _webhook(house)
    message = Delivery.objects.create(
        webhook=row, key="published:1", event="published", happened_at=AT, sent_at=AT
    )

    def deed():
        return keeping.send_again(delivery=Delivery.objects.get(pk=message.pk), by=house.owner, at=AT)

    def check(first, second):
        assert sorted([first, second]) == [False, True]
        assert trail("webhook told again") == 1

    return deed, deed, check


@service("keeping.remove")
def a_webhook_is_removed_once(house):
    _row, deed, check = _once(house, keeping.remove, "webhook removed")
    return deed, deed, check
