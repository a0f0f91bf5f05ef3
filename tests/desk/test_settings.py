"""The provider's own settings: the owner's, checked before they reach a client's page."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.models import AuditEvent, Role
from accounts.tenancy import tenant_scope
from portal.look_views import logo_href
from tests.world import world  # noqa: F401

PATH = "/settings/"
SAID = {
    "name": "North IT",
    "support_phone": "+1 555 0100",
    "support_email": "help@north.example",
    "timezone": "Europe/Berlin",
    "date_order": "dmy",
    "settles_after_days": 10,
    "trusted_notes": ["autotask"],
    "accent": "#AA3300",
}


def picture():
    out = io.BytesIO()
    Image.new("RGB", (800, 200), "#aa3300").save(out, format="JPEG")
    return SimpleUploadedFile("logo.jpg", out.getvalue(), "image/jpeg")


def test_what_is_said_is_saved_and_on_record(as_role, provider):
    assert as_role(Role.OWNER).post(PATH, SAID).status_code == 302
    provider.refresh_from_db()
    assert (provider.name, provider.timezone, provider.accent) == ("North IT", "Europe/Berlin", "#aa3300")
    assert (provider.date_order, provider.trusted_notes) == ("dmy", ["autotask"])
    with tenant_scope(provider):
        assert "accent" in AuditEvent.objects.get(action="settings changed").detail["changed"]


def test_the_clients_page_shows_name_phone_and_colour(as_role, address):
    client = as_role(Role.OWNER)
    client.post(PATH, SAID)
    page = client.get(address).text
    assert "North IT" in page
    assert "+1 555 0100" in page
    assert "/look/aa3300/" in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"timezone": "Mars/Base"},
        {"accent": "red"},
        {"accent": "#abc"},
        {"support_email": "x"},
        {"date_order": "dym"},
        {"settles_after_days": "-1"},
        {"settles_after_days": "91"},
        {"trusted_notes": ["other"]},
        {"logo": SimpleUploadedFile("logo.png", b"<svg onload=x>", "image/png")},
    ],
)
def test_what_is_wrong_is_refused_and_nothing_is_saved(as_role, provider, wrong):
    name = provider.name
    assert as_role(Role.OWNER).post(PATH, {**SAID, **wrong}).status_code == 422
    provider.refresh_from_db()
    assert (provider.name, provider.accent, bytes(provider.logo)) == (name, "", b"")


def test_a_colour_is_looked_at_before_it_is_saved(as_role, provider):
    page = as_role(Role.OWNER).post(PATH, {**SAID, "look": "1"})
    assert "/look/aa3300/" in page.text
    provider.refresh_from_db()
    assert provider.accent == ""


def test_a_logo_is_written_anew_kept_and_removed_by_a_tick(as_role, provider):
    client = as_role(Role.OWNER)
    client.post(PATH, {**SAID, "logo": picture()})
    provider.refresh_from_db()
    assert bytes(provider.logo).startswith(b"\x89PNG")
    assert client.get(logo_href(provider)).status_code == 200
    assert client.get(f"/logo/{provider.slug}/0123456789abcdef.png").status_code == 404
    client.post(PATH, SAID)
    provider.refresh_from_db()
    assert bytes(provider.logo)
    client.post(PATH, {**SAID, "remove_logo": "on"})
    provider.refresh_from_db()
    assert bytes(provider.logo) == b""


def opened(client, **said):
    """The form as a browser sends it that has opened the page now."""
    return {**SAID, **said, "opened": re.search(r'name="opened" value="([^"]+)"', client.get(PATH).text)[1]}


def test_an_older_form_takes_no_setting_back_that_somebody_else_saved(as_role, provider):
    client = as_role(Role.OWNER)
    client.post(PATH, SAID)
    mine = opened(client, name="Northern IT")
    client.post(PATH, opened(client, support_phone="+1 555 0199", trusted_notes=["autotask", "halopsa"]))
    answer = client.post(PATH, mine)
    page = " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())
    assert answer.status_code == 409
    assert "Phone for clients (optional) +1 555 0199 +1 555 0199" in page
    assert 'value="Northern IT"' in answer.text
    assert 'value="+1 555 0199"' in answer.text
    provider.refresh_from_db()
    assert (provider.name, provider.support_phone) == ("North IT", "+1 555 0199")
    assert provider.trusted_notes == ["autotask", "halopsa"]


def test_a_setting_that_both_changed_stands_as_it_was_typed_beside_what_is_saved(as_role, provider):
    client = as_role(Role.OWNER)
    mine = opened(client, accent="#0a625c")
    client.post(PATH, opened(client, accent="#aa3300"))
    answer = client.post(PATH, mine)
    page = " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())
    assert answer.status_code == 409
    assert "Colour (optional) #aa3300 #0a625c" in page
    again = re.search(r'name="opened" value="([^"]+)"', answer.text)[1]
    assert client.post(PATH, {**mine, "opened": again}).status_code == 302
    provider.refresh_from_db()
    assert provider.accent == "#0a625c"


def test_settings_sent_twice_are_changed_once(as_role, provider):
    client = as_role(Role.OWNER)
    mine = opened(client)
    assert [client.post(PATH, mine).status_code for _ in range(2)] == [302, 302]
    with tenant_scope(provider):
        assert AuditEvent.objects.filter(action="settings changed").count() == 1


def test_a_manager_has_no_settings(as_role, provider):
    assert as_role(Role.MANAGER).get(PATH).status_code == 403
