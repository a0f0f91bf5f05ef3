"""Rows that stand for several tests: each test starts from them as they were made, whatever the one before it did."""

import pytest

from accounts.models import Provider
from accounts.tenancy import tenant_scope
from retainers.models import Client
from tests.factories import ClientFactory, ProviderFactory
from tests.shared_rows import shared_rows
from tests.world import World

TWICE = pytest.mark.parametrize("nth", ["first", "second"])
COMMITS = pytest.mark.django_db(transaction=True)


@shared_rows
def north(tmp_path, settings):
    settings.BASE_URL = "https://hours.north.example"
    (tmp_path / "note").write_text("as it was")
    return ProviderFactory(slug="north")


@shared_rows(upon="north")
def acme(north):
    with tenant_scope(north):
        return ClientFactory(provider=north, slug="acme")


def spoil(north, acme, tmp_path):
    with tenant_scope(north):
        Client.objects.update(slug="spoilt")
    acme.slug = "spoilt"
    (tmp_path / "note").write_text("spoilt")


def are_as_made(acme, tmp_path, settings):
    with tenant_scope(acme.provider):
        return (Client.objects.get().slug, acme.slug, (tmp_path / "note").read_text(), settings.BASE_URL) == (
            "acme",
            "acme",
            "as it was",
            "https://hours.north.example",
        )


@TWICE
def test_a_test_starts_from_rows_values_files_and_settings_as_they_were_made(
    acme, north, tmp_path, settings, nth
):
    assert are_as_made(acme, tmp_path, settings)
    spoil(north, acme, tmp_path)


@COMMITS
@TWICE
def test_a_test_that_commits_does_too(acme, north, tmp_path, settings, nth):
    assert are_as_made(acme, tmp_path, settings)
    spoil(north, acme, tmp_path)


def test_what_goes_on_from_others_goes_on_from_the_same_ones(acme, north):
    assert acme.provider is north
    assert Provider.objects.count() == 1


@shared_rows
def world():
    return World(ProviderFactory(slug="own"))


@TWICE
def test_who_works_in_a_world_goes_on_from_the_one_that_the_test_has(manager, provider, nth):
    assert provider is manager.member.provider
    assert [each.slug for each in Provider.objects.all()] == ["own"]


@COMMITS
def test_and_so_it_does_in_a_test_that_commits(manager, provider):
    assert provider is manager.member.provider
    assert [each.slug for each in Provider.objects.all()] == ["own"]
