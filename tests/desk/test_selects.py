"""What a page of all clients asks the database does not grow with the clients."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from desk.dashboard.selectors import forget_all
from tests.desk.conftest import spread

FEW, MANY = 2, 7
OF_ALL = (
    "dashboard",
    "dashboard_csv",
    "agreements_file",
    "incidents",
    "month_end",
    "month_end_uncounted",
    "month_end_csv",
    "month_end_rates",
    "waiting",
    "requests",
    "companies",
    "mappings",
    "answers",
    "let_through",
    "imports",
    "rules",
    "rule_new",
    "business_hours",
    "wording",
    "remembered",
    "mails",
)


def selects(browser, address):
    """The SELECTs of a page that nobody has asked for in this process; its session's and texts' are warm."""
    browser.get(address)
    forget_all()
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200
    return [each["sql"] for each in asked if each["sql"].startswith("SELECT")]


def add(world, numbers):
    for number in numbers:
        world.client(f"Client {number}", *spread("3", 2, 19))


@pytest.mark.parametrize("name", OF_ALL)
def test_a_page_of_all_clients_asks_as_often_for_many_as_for_few(world, manager, name):
    add(world, range(FEW))
    of_few = selects(manager, reverse(name))
    add(world, range(FEW, MANY))

    of_many = selects(manager, reverse(name))

    assert len(of_many) == len(of_few)


def test_the_form_of_one_agreement_reads_that_clients_work_alone(world, manager):
    add(world, range(FEW))
    address = reverse("agreement", args=["client-0", "support"])
    of_few = selects(manager, address)
    add(world, range(FEW, MANY))

    of_many = selects(manager, address)

    assert len(of_many) == len(of_few)
