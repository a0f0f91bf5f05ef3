"""Done twice at once: links, badges and requests."""

from datetime import date
from decimal import Decimal

from portal import approval_by_mail, asking, badges, links
from portal.models import ClientRequest, ShareLink
from retainers.models import (
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
    for _ in range(asking.AN_HOUR - 1):
        _asked(house)

    def deed():
        return _asked(house)

    def check(first, second):
        refused(second, asking.TooManyError)
        assert ClientRequest.objects.count() == asking.AN_HOUR

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
