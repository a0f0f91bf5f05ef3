"""What no page of ours sends is refused in one way, whichever database stands behind it."""

import io
import re
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from accounts.models import Role
from accounts.tenancy import tenant_scope
from imports.models import Import
from tests.factories import MembershipFactory
from tests.portal.conftest import address, link, world  # noqa: F401


@pytest.fixture
def browser(provider) -> Browser:
    browser = Browser(raise_request_exception=False)
    browser.force_login(MembershipFactory(provider=provider, role=Role.OWNER).user)
    return browser


@pytest.mark.parametrize(
    "path",
    [
        "/clients/acme/retainers/sup%00port/grants/",
        "/admin/rules/a%00b.c/1/",
        "/clients/ac%00me/",
        "/b/%00/",
        "/nothing%00",
    ],
)
def test_an_address_with_a_zero_byte_is_not_found(browser, path):
    assert browser.get(path).status_code == 404


@pytest.mark.parametrize(
    "path", ["/clients/acme/agreements/new/?copy=a%00.b", "/?q=%00", "/month-end/?month=%00", "/?%00=1"]
)
def test_a_question_with_a_zero_byte_is_refused(browser, path):
    assert browser.get(path).status_code == 400


@pytest.mark.parametrize(
    "path", ["/switch/", "/views/save/", "/clients/acme/links/", "/clients/new/", "/accounts/login/"]
)
@pytest.mark.parametrize("form", [{"provider": "1\x00", "name": "x"}, {"name": "a\x00b", "q": "x"}])
def test_a_form_with_a_zero_byte_is_refused(browser, path, form):
    assert browser.post(path, form).status_code == 400  # multipart
    text = "&".join(f"{name}={value}" for name, value in form.items()).replace("\x00", "%00")
    assert browser.post(path, text, content_type="application/x-www-form-urlencoded").status_code == 400


def test_a_clients_form_with_a_zero_byte_is_refused(address):  # noqa: F811
    form = "hours=1&name=Pat%00&email=pat@acme.example&text=x"
    answer = Browser().post(
        f"{address}ask/top_up/",
        form,
        content_type="application/x-www-form-urlencoded",
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert answer.status_code == 400


def test_a_file_keeps_its_zero_bytes(browser, provider):
    data = b"Client,Date,Hours\x00\nAcme Dental,2026-06-02,1\n"
    browser.post("/admin/imports/upload/", {"file": SimpleUploadedFile("a.csv", data), "client": ""})
    with tenant_scope(provider):
        assert Import.objects.order_by("-pk").first().size == len(data)


@pytest.mark.parametrize("month", ["0001-01", "9999-12", "1969-12", "2201-01", "2026-13", "x"])
def test_a_month_that_we_do_not_count_is_not_found(browser, month):
    assert browser.get(f"/month-end/?month={month}").status_code == 404
    assert browser.get(f"/month-end/invoice-lines.csv?month={month}").status_code == 404


@pytest.mark.parametrize("month", ["1970-01", "2200-12"])
def test_the_first_and_the_last_month_that_we_count_are_shown(browser, month):
    assert browser.get(f"/month-end/?month={month}").status_code == 200


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_at_the_end_of_the_calendar_breaks_no_page(browser, address, day):  # noqa: F811
    paths = [
        f"/clients/acme/as-of/{day}/",
        f"/clients/acme/view/?cycle={day}",
        f"{address}?cycle={day}",
        f"{address}statement/{day}/",
    ]
    assert [browser.get(path).status_code for path in paths if browser.get(path).status_code >= 500] == []


@pytest.mark.parametrize(("starts", "says"), [("9999-12-31", "too far away"), ("0001-01-01", "too long ago")])
def test_an_agreement_starts_in_a_year_that_we_count(browser, starts, says):
    page = browser.get("/clients/acme/agreements/new/?template=bank").text
    fields = dict(re.findall(r'<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"', page))
    form = {**fields, "key": "more", "name": "More", "starts": starts, "do": "check"}
    answer = browser.post("/clients/acme/agreements/new/", form)
    assert answer.status_code < 500
    assert says in answer.text


class Unread(io.BytesIO):
    """A body that must not be looked at."""

    def read(self, *_):
        raise AssertionError("the body was read")


def announced(path, size, **more):
    """The answer to a form that says that it is so large."""
    browser = Browser()
    return browser.generic(
        "POST", path, b"", content_type="multipart/form-data; boundary=B", CONTENT_LENGTH=str(size), **more
    )


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/login/",
        "/accounts/password/reset/",
        "/b/x/ask/top_up/",
        "/switch/",
        "/nothing/",
    ],
)
def test_a_form_of_more_than_a_megabyte_is_refused_unread(path):
    answer = announced(path, 1024 * 1024 + 1, **{"wsgi.input": Unread()})
    assert answer.status_code == 413
    assert "at most 1 MB" in answer.text


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/api/imports", 51),
        ("/admin/imports/upload/", 51),
        ("/admin/imports/1/publish/", 3),
        ("/settings/", 2),
    ],
)
def test_a_file_and_a_preview_have_limits_of_their_own(db, path, most):
    assert announced(path, most * 1024 * 1024, **{"wsgi.input": Unread()}).status_code in (302, 401)
    assert announced(path, most * 1024 * 1024 + 1, **{"wsgi.input": Unread()}).status_code == 413


def test_a_program_is_told_the_limit_as_json():
    assert "at most 51 MB" in announced("/api/imports", 10**9).json()["error"]


@pytest.mark.parametrize("length", ["-1", "abc", "1e9"])
def test_a_length_that_is_no_number_is_refused(length):
    assert announced("/accounts/login/", length).status_code == 413


def test_a_form_that_is_encoded_as_blanks_costs_no_more_than_its_size(browser):
    """CVE-2026-33033: each piece of it was joined to all of the blanks before."""
    form = (
        b'--B\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n" + b" \n" * 2_500_000 + b"\r\n--B--\r\n"
    )
    before = time.process_time()
    answer = browser.generic(
        "POST", "/admin/imports/upload/", form, content_type="multipart/form-data; boundary=B"
    )
    assert answer.status_code < 500
    assert time.process_time() - before < 10
