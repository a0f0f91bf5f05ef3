"""What a page makes of parameters that it doesn't know: nothing; the API refuses them (`tests/desk/api`)."""

import pytest

from accounts.models import Role
from tests.world import world  # noqa: F401

LONG = pytest.mark.long  # one number that is none is as good as another
LISTS = (
    "/",
    "/clients.csv",
    "/waiting/",
    "/requests/",
    "/incidents/",
    "/month-end/",
    "/month-end/not-counted/",
    "/month-end/rates/",
    "/trail/",
    "/mails/",
    "/search/",
    "/companies/",
    "/mappings/",
    "/answers/",
    "/leak-check/",
    "/members/",
    "/settings/",
    "/admin/imports/",
    "/admin/imports/wording/",
    "/admin/imports/wording/remembered/",
    "/admin/rules/",
    "/clients/acme/",
    "/clients/acme/sharing/",
    "/clients/acme/history/",
    "/clients/acme/as-of/",
)


@pytest.mark.parametrize("address", LISTS)
def test_a_page_ignores_parameters_that_it_does_not_know(as_role, retainer, address):
    owner = as_role(Role.OWNER)
    plain, asked = owner.get(address), owner.get(address, {"foo": "1", "utm_source": "mail"})
    assert (plain.status_code, asked.status_code) == (200, 200)
    assert "utm_source" not in asked.text


@pytest.mark.parametrize(
    "page",
    [
        "99999999999999999999",
        *(pytest.param(each, marks=LONG) for each in ("0", "-1", "two", "\N{SUPERSCRIPT TWO}", "")),
    ],
)
@pytest.mark.parametrize("address", LISTS)
def test_a_page_number_that_is_none_shows_a_page(as_role, retainer, address, page):
    assert as_role(Role.OWNER).get(address, {"page": page}).status_code == 200
