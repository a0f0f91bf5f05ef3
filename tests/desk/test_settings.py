"""The provider's own settings: the owner's, checked before they reach a client's page."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.models import AuditEvent, Role
from accounts.tenancy import tenant_scope
from tests.desk.acting import address, as_role, provider, retainer  # noqa: F401

PATH = "/settings/"
SAID = {
    "name": "North IT",
    "support_phone": "+1 555 0100",
    "support_email": "help@north.example",
    "timezone": "Europe/Berlin",
    "date_order": "dmy",
    "trusted_notes": ["autotask"],
    "accent": "#AA3300",
}


def picture():
    out = io.BytesIO()
    Image.new("RGB", (800, 200), "#aa3300").save(out, format="JPEG")
    return SimpleUploadedFile("logo.jpg", out.getvalue(), "image/jpeg")


def test_what_is_said_is_saved_and_on_record(as_role, provider):  # noqa: F811
    assert as_role(Role.OWNER).post(PATH, SAID).status_code == 302
    provider.refresh_from_db()
    assert (provider.name, provider.timezone, provider.accent) == ("North IT", "Europe/Berlin", "#aa3300")
    assert (provider.date_order, provider.trusted_notes) == ("dmy", ["autotask"])
    with tenant_scope(provider):
        assert "accent" in AuditEvent.objects.get(action="settings changed").detail["changed"]


def test_the_clients_page_shows_name_phone_and_colour(as_role, address):  # noqa: F811
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
        {"trusted_notes": ["other"]},
        {"logo": SimpleUploadedFile("logo.png", b"<svg onload=x>", "image/png")},
    ],
)
def test_what_is_wrong_is_refused_and_nothing_is_saved(as_role, provider, wrong):  # noqa: F811
    name = provider.name
    assert as_role(Role.OWNER).post(PATH, {**SAID, **wrong}).status_code == 422
    provider.refresh_from_db()
    assert (provider.name, provider.accent, bytes(provider.logo)) == (name, "", b"")


def test_a_colour_is_looked_at_before_it_is_saved(as_role, provider):  # noqa: F811
    page = as_role(Role.OWNER).post(PATH, {**SAID, "look": "1"})
    assert "/look/aa3300/" in page.text
    provider.refresh_from_db()
    assert provider.accent == ""


def test_a_logo_is_written_anew_kept_and_removed_by_a_tick(as_role, provider):  # noqa: F811
    client = as_role(Role.OWNER)
    client.post(PATH, {**SAID, "logo": picture()})
    provider.refresh_from_db()
    assert bytes(provider.logo).startswith(b"\x89PNG")
    client.post(PATH, SAID)
    provider.refresh_from_db()
    assert bytes(provider.logo)
    client.post(PATH, {**SAID, "remove_logo": "on"})
    provider.refresh_from_db()
    assert bytes(provider.logo) == b""


def test_a_manager_has_no_settings(as_role, provider):  # noqa: F811
    assert as_role(Role.MANAGER).get(PATH).status_code == 403
