"""What a page makes of parameters that it doesn't know: nothing; the API refuses them (`tests/desk/api`)."""

import pytest

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


def test_a_page_ignores_parameters_that_it_does_not_know(owner, retainer, subtests):
    for address in LISTS:
        with subtests.test(address):
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
def test_a_page_number_that_is_none_shows_a_page(owner, retainer, page, subtests):
    for address in LISTS:
        with subtests.test(address):
            assert owner.get(address, {"page": page}).status_code == 200
