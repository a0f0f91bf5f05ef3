"""The time zones that a form offers are places, in an order that people look for them in."""

import re
from pathlib import Path
from zoneinfo import available_timezones

import pytest
from django.conf import settings
from django.urls import reverse

from accounts.models import Role
from accounts.zones import PARTS, places, zone_choices
from tests.factories import MembershipFactory, ProviderFactory


def offered(current: str = "UTC") -> list[str]:
    found = []
    for value, words in zone_choices(current):
        found += [value] if isinstance(words, str) else [zone for zone, _name in words]
    return found


def test_each_place_is_offered_once_and_nothing_that_is_no_place():
    assert len(offered()) == len(set(offered())) == len(places()) + 1
    assert {"America/Chicago", "Europe/Berlin", "Asia/Kolkata", "UTC"} <= set(offered())
    odd = {"Factory", "localtime", "US/Central", "Etc/GMT+6", "Asia/Calcutta", "EST5EDT", "GB"}
    assert odd <= available_timezones() | {"localtime"}
    assert not odd & set(offered())


def test_every_part_of_the_world_that_the_database_knows_is_in_the_list():
    assert {zone.partition("/")[0] for zone in places()} == set(PARTS)


def test_places_stand_by_name_under_their_part_of_the_world():
    groups = {part: places for part, places in zone_choices() if not isinstance(places, str)}
    names = [name for _zone, name in groups["America"]]
    assert names == sorted(names)
    assert ("America/Indiana/Indianapolis", "Indianapolis, Indiana") in groups["America"]
    assert ("America/New_York", "New York") in groups["America"]


def test_the_older_names_that_browsers_report_lead_to_places_that_are_offered():
    script = (Path(settings.BASE_DIR) / "static" / "zone.js").read_text()
    names = dict(re.findall(r'"([\w/]+)": "([\w/]+)"', script))
    assert len(names) == 19
    assert set(names.values()) <= set(places())
    assert not set(names) & set(places())
    assert set(names) <= available_timezones()


@pytest.mark.django_db
def test_a_provider_keeps_an_old_name_until_it_chooses_another(client):
    provider = ProviderFactory(timezone="US/Central")
    client.force_login(MembershipFactory(provider=provider, role=Role.OWNER).user)
    page = client.get(reverse("provider_settings")).text
    assert '<option value="US/Central" selected>US/Central</option>' in page
    assert "US/Eastern" not in page
