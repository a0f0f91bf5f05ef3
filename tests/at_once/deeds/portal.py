"""Done twice at once: links, badges and requests."""

from datetime import date
from decimal import Decimal

from accounts.models import OutboxMail
from accounts.seal import unseal
from portal import approval_by_mail, asking, badges, links, second_step, welcoming
from portal.models import ClientRequest, LinkCode, SecondStep, ShareLink
from retainers.models import (
    Contact,
    TopUp,
)
from retainers.terms import TopUp as TopUpTerms
from tests.at_once.conftest import AT, House
from tests.at_once.deeds.register import refused, service, trail

FIVE = TopUpTerms(date(2026, 6, 10), Decimal(5), "support", note="PO 4711")


@service("links.create")
def each_link_is_another_one(house):
    def deed():
        return links.create(client=house.acme.client, by=house.owner)[1]

    def check(first, second):
        assert first != second

    return deed, deed, check


@service("links.copy")
def copies_are_the_same_address(house):
    def deed():
        return links.copy(link=house.link, by=house.owner)

    def check(first, second):
        assert first == second

    return deed, deed, check


@service("welcoming.send_link")
def a_link_is_sent_to_an_address_once_a_day(house):
    def deed():
        return welcoming.send_link(link=house.link, to="pat@acme.example", language="", by=house.owner, at=AT)

    def check(first, second):
        assert sorted([first, second]) == [False, True]
        assert OutboxMail.objects.filter(kind="welcome").count() == trail("link sent") == 1

    return deed, deed, check


@service("links.revoke")
def a_link_is_revoked_once(house):
    def deed():
        links.revoke(link=ShareLink.objects.get(pk=house.link.pk), by=house.owner, at=AT)

    def check(first, second):
        assert trail("link revoked") == 1

    return deed, deed, check


@service("badges.make_badge")
def each_badge_is_another_one(house):
    def deed():
        return badges.make_badge(client=house.acme.client, sites=[], by=house.owner)[1]

    def check(first, second):
        assert first != second

    return deed, deed, check


@service("badges.allow_sites")
def sites_of_a_badge_change_once(house):
    badge, _ = badges.make_badge(client=house.acme.client, sites=[], by=house.owner)

    def deed():
        return badges.allow_sites(badge=badge, sites=["https://a.example"], by=house.owner)

    def check(first, second):
        assert sorted([first, second]) == [False, True]
        assert trail("badge sites changed") == 1

    return deed, deed, check


@service("badges.revoke_badge")
def a_badge_is_revoked_once(house):
    badge, _ = badges.make_badge(client=house.acme.client, sites=[], by=house.owner)

    def deed():
        return badges.revoke_badge(badge=badge, by=house.owner, at=AT)

    def check(first, second):
        assert sorted([first, second]) == [False, True]
        assert trail("badge revoked") == 1

    return deed, deed, check


@service("links.replace")
def a_link_is_replaced_by_one(house):
    def deed():
        return links.replace(link=ShareLink.objects.get(pk=house.link.pk), by=house.owner, at=AT)

    def check(first, second):
        refused(second, links.EndedError)
        assert ShareLink.objects.filter(revoked_at=None, replaced_at=None).count() == 1

    return deed, deed, check


def _asked(house: House, kind: str = "top_up") -> ClientRequest:
    said = asking.RequestDetails(kind, Decimal(4), "Pat Lee", "pat@acme.example", "For the move")
    return asking.ask(link=house.link, retainer=house.acme, cycle_starts=date(2026, 6, 1), asked=said, at=AT)


@service("asking.ask")
def the_limit_of_a_link_holds(house):
    for _ in range(asking.REQUESTS_AN_HOUR - 1):
        _asked(house)

    def deed():
        return _asked(house)

    def check(first, second):
        refused(second, asking.TooManyError)
        assert ClientRequest.objects.count() == asking.REQUESTS_AN_HOUR

    return deed, deed, check


@service("approval_by_mail.confirm")
def an_approval_is_confirmed_once(house):
    made = _asked(house, "overage")

    def deed():
        approval_by_mail.confirm(request=ClientRequest.objects.get(pk=made.pk), at=AT)

    def check(first, second):
        assert trail("overage approved") == 1

    return deed, deed, check


@service("asking.answer")
def a_request_is_answered_once(house):
    made = _asked(house)
    form = asking.seen_answering(made, FIVE.date).mark

    def deed():
        return asking.answer(request=made, words="Gladly", by=house.owner, at=AT, grants=FIVE, form=form)

    def check(first, second):
        assert (first, second) == (True, False)
        assert TopUp.objects.count() == 1

    return deed, deed, check


def a_contact(house):
    return Contact.objects.filter(client=house.acme.client).order_by("pk").first()


@service("second_step.ask_for_it")
def a_second_step_is_asked_for_once(house):
    def deed():
        second_step.ask_for_it(client=house.acme.client, by=house.owner, at=AT)

    def check(first, second):
        assert second is None
        assert SecondStep.objects.count() == trail("second step of links asked for") == 1

    return deed, deed, check


@service("second_step.ask_no_more")
def a_second_step_is_no_longer_asked_for_once(house):
    second_step.ask_for_it(client=house.acme.client, by=house.owner, at=AT)

    def deed():
        second_step.ask_no_more(client=house.acme.client, by=house.owner)

    def check(first, second):
        assert second is None
        assert trail("second step of links no longer asked for") == 1

    return deed, deed, check


@service("second_step.send_code")
def one_form_sends_one_code(house):
    mark = second_step.fresh_mark()

    def deed():
        second_step.send_code(link=house.link, address=a_contact(house).email, mark=mark, at=AT)

    def check(first, second):
        assert second is None
        assert LinkCode.objects.filter(mark=mark).count() == 1

    return deed, deed, check


@service("second_step.passed")
def a_code_is_of_use_once(house):
    second_step.ask_for_it(client=house.acme.client, by=house.owner, at=AT)
    house.link.client = type(house.acme.client).objects.get(pk=house.acme.client.pk)
    mark = second_step.fresh_mark()
    second_step.send_code(link=house.link, address=a_contact(house).email, mark=mark, at=AT)
    code = unseal(OutboxMail.objects.get(kind="link_code", provider=house.provider).sealed)

    def deed():
        return second_step.passed(link=house.link, mark=mark, code=code, at=AT)

    def check(first, second):
        assert first
        assert second == ""

    return deed, deed, check
