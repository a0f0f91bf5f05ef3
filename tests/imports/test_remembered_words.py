"""Words that are remembered for a title: offered, searched, tried, corrected and forgotten."""

import re

import pytest
from django.urls import reverse

from accounts.models import AuditEvent
from accounts.tenancy import tenant_scope
from imports.models import RememberedWording
from tests.imports.uploading import row
from tests.imports.words import publish, queue, remember

pytestmark = pytest.mark.usefixtures("monday")


def test_remembered_words_of_the_same_title_are_offered_in_the_input(world):
    publish(world, row(1, "Acme Dental", "2026-02-09", "1", "Bkp job"))
    with tenant_scope(world.provider):
        RememberedWording.objects.create(kind="title", key="bkp job", text="Backups checked")
    assert 'value="Backups checked"' in queue(world)


def test_remembered_words_are_searched_corrected_and_forgotten(world):
    vpn = remember(world, "vpn down", "Connection repaired")
    remember(world, "printer offline", "Printer repaired")
    page = world.manager.get(reverse("remembered"), {"q": "VPN"}).text
    assert "Connection repaired" in page
    assert "Printer repaired" not in page
    address = reverse("tend_remembered", args=[vpn.pk])
    assert "From now on" in world.manager.post(address, {"text": " Connection  restored "}, follow=True).text
    with tenant_scope(world.provider):
        assert RememberedWording.objects.get(pk=vpn.pk).text == "Connection restored"
    assert "Enter words" in world.manager.post(address, {"text": ""}, follow=True).text
    world.manager.post(address, {"forget": "1"})
    with tenant_scope(world.provider):
        assert [each.key for each in RememberedWording.objects.all()] == ["printer offline"]
        done = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"remembered words corrected", "remembered words forgotten"} <= done


def test_corrected_words_that_leak_are_warned_of(world):
    address = reverse("tend_remembered", args=[remember(world, "vpn down", "Connection repaired").pk])
    warned = "The leak check may hold these words back."
    assert warned in world.manager.post(address, {"text": "Rebooted BWD-SRV01"}, follow=True).text
    assert warned not in world.manager.post(address, {"text": "Connection restored"}, follow=True).text


def test_a_search_that_finds_nothing_remembered_says_so(world):
    remember(world, "vpn down", "Connection repaired")
    page = world.manager.get(reverse("remembered"), {"q": "scanner"}).text
    assert "No remembered title or text contains these words." in page
    assert "Nothing is remembered yet." not in page


def test_a_title_is_tried_on_what_is_remembered(world):
    remember(world, "lt-001 vpn down", "Connection repaired")
    address = reverse("remembered")
    same = world.manager.get(address, {"try": "LT-002 VPN down"}).text
    assert re.search(r"Its lines would read: <strong[^>]*>Connection repaired<", same)
    assert (
        "would wait for words. Drafts:" in world.manager.get(address, {"try": "VPN down at head office"}).text
    )
    assert "Nothing is remembered for it" in world.manager.get(address, {"try": "Printer jam"}).text
    assert "Its lines would" not in world.manager.get(address).text


def test_forgetting_changes_no_line_that_is_published_and_words_no_later_one(world):
    made = remember(world, "vpn down again", "Connection repaired")
    world.publish(world.upload(row(1, "Acme Dental", "2026-02-10", "1", title="VPN down again")))
    world.manager.post(reverse("tend_remembered", args=[made.pk]), {"forget": "1"})
    assert world.words("acme") == ["Connection repaired"]
    source = world.upload(row(2, "Acme Dental", "2026-02-11", "1", title="VPN down again"))
    assert "1 of 1 lines have no words yet" in world.page(source)
