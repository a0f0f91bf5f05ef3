"""Done twice at once: consents, mails of the morning and what waits."""

from datetime import timedelta

from accounts import keys
from accounts.models import OutboxMail
from alerts import consents, mornings, pushes, telling, waiting_mail
from alerts.models import Consent, Crossing
from imports.models import Import
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
    key, _ = keys.create(name="Nightly", may_publish=True, by=house.owner)
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
