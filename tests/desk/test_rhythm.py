"""The desk proposes a cadence from a client's own history, and opens the form with it ticked."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Role
from accounts.tenancy import tenant_scope
from retainers.models import Publication, Retainer
from retainers.publishing import Press
from tests.portal.conftest import NOW, world  # noqa: F401

SAYS = "updates came on"


@pytest.fixture
def imported(provider, time_machine):
    """Imports on these days after the first one, a Monday; today is the last of them."""

    def imported(*days):
        with tenant_scope(provider):
            retainer = Retainer.objects.select_related("publication", "version").get(client__slug="acme")
            for day in days:
                at = NOW + timedelta(days=day)
                Press(Publication.Kind.IMPORT, at, None).publication(retainer, updated_at=at)
            time_machine.move_to(at, tick=False)

    return imported


@pytest.fixture
def page(as_role):
    def page(role=Role.MANAGER, path="/clients/acme/"):
        return as_role(role).get(path).text

    return page


def ticked(text):
    boxes = re.findall(r'<input[^>]*name="updates_on"[^>]*>', text)
    return [re.search(r'value="(\w+)"', box).group(1) for box in boxes if "checked" in box]


def test_days_on_which_updates_came_are_proposed_and_ticked_in_the_form(imported, page):
    imported(*sorted([*range(7, 57, 7), *range(3, 56, 7)]))
    text = page()
    assert "In the last 8 weeks, updates came on Mondays and Thursdays." in text
    href = re.search(r'href="([^"]+updates_on=[^"]+)"', text).group(1)
    assert href == f"{reverse('agreement', args=['acme', 'support'])}?updates_on=mon.thu"
    assert ticked(page(path=href)) == ["mon", "thu"]
    assert ticked(page(path=href.partition("?")[0])) == ["mon"]


def test_what_is_promised_already_is_not_proposed(imported, page):
    imported(*range(7, 57, 7))
    assert SAYS not in page()


def test_who_may_not_change_an_agreement_is_proposed_nothing(imported, page):
    imported(*range(3, 56, 7))
    assert SAYS in page()
    assert SAYS not in page(Role.VIEWER)


def test_an_import_that_was_taken_back_is_no_update(imported, page, provider):
    imported(*range(3, 56, 7))
    with tenant_scope(provider):
        retainer = Retainer.objects.select_related("publication", "version").get(client__slug="acme")
        for row in list(Publication.objects.filter(retainer=retainer, kind=Publication.Kind.IMPORT)):
            Press(Publication.Kind.UNDO, row.made_at, None).publication(retainer, took_back=row)
    assert SAYS not in page()


def test_an_address_that_proposes_no_day_leaves_the_form_as_it_is(page):
    for query in ("updates_on=", "updates_on=x.y", "updates_on=MON"):
        assert ticked(page(path=f"{reverse('agreement', args=['acme', 'support'])}?{query}")) == ["mon"]
