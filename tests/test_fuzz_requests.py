"""Every address, asked with what no page of ours would send: never a fault of ours, and never dear.

No request takes more than fifty queries or ten seconds of the processor, whoever asks and whatever for. What a
form has is taken from its own page; what stands in it is drawn.
"""

import re
import time
from datetime import UTC, date, datetime

import pytest
from django.db import connection, reset_queries, transaction
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts import keys
from accounts.models import Role
from accounts.tenancy import tenant_scope
from tests.factories import MembershipFactory, publish_work
from tests.one_of_each import address_of
from tests.test_access import ADDRESSES, KEY, TOKEN

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(900)]
QUERIES, SECONDS = 50, 10
FIELD = re.compile(r'<(?:input|select|textarea|button)\b[^>]*\bname="([^"]+)"')
NAMES = (
    "q", "page", "cycle", "retainer", "month", "day", "sort", "state", "copy", "template", "sent", "year", "view",
    "kind", "hours", "people", "do", "wanted", "publish", "client", "covers", "from", "to", "next", "provider",
)  # fmt: skip
ODD = (
    "", "0", "-1", "1e9", "999999999999999999999", "NaN", "Infinity", "2026-02-30", "9999-12-31", "0001-01-01",
    "2026-01-05", "2026-01", "on", "true", "acme", "support", "x" * 500, "💥", "ü" * 90, "%s%n", "'; DROP TABLE x--",
    "<b>x</b>", "../../etc/passwd", "1,5", "1.005", "٣", "\u202e", "a\r\nb", "[]", "{}", "null", "1" * 40,
    "https://evil.example/", "pat@acme.example", "=1+1", "(a+)+$",
)  # fmt: skip
values = st.sampled_from(ODD) | st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20
)
forms = st.lists(st.tuples(st.integers(0, 40), values), max_size=8)
questions = st.lists(st.tuples(st.sampled_from(NAMES), values), max_size=4)


@pytest.fixture
def house(theirs, time_machine):
    """A provider with one of everything, some work, and an owner's browser."""
    time_machine.move_to(datetime(2026, 6, 22, 12, tzinfo=UTC), tick=True)
    provider = theirs["provider"]
    with tenant_scope(provider):
        retainer = theirs["link"].client.retainers.get()
        _key, secret = keys.create(name="drop", scopes=keys.PUSHES, by=theirs["member"].user)
    days = [(date(2026, month, day), "1.25") for month in range(1, 7) for day in (3, 9, 17)]
    publish_work(retainer, *days, at=datetime(2026, 6, 20, 9, tzinfo=UTC))
    owner = MembershipFactory(provider=provider, role=Role.OWNER).user
    return {**theirs, "owner": owner, "secret": secret}


def browser_of(house, policy):
    browser = Browser(raise_request_exception=False)
    if policy not in (TOKEN, KEY, "public"):
        browser.force_login(house["owner"])
    return browser


def asked(browser, method, path, said, house):
    """The answer, once its price is looked at."""
    headers = {"Sec-Fetch-Site": "same-origin", "Authorization": f"Bearer {house['secret']}"}
    reset_queries()  # the log of a long run is cut off otherwise
    before = time.process_time()
    with CaptureQueriesContext(connection) as seen:
        answer = getattr(browser, method)(path, said, headers=headers)
        if answer.streaming:
            b"".join(answer.streaming_content)
    spent = time.process_time() - before
    queries = [each["sql"] for each in seen if "SAVEPOINT" not in each["sql"]]
    assert answer.status_code < 500, (method, path, said, answer.status_code)
    assert len(queries) <= QUERIES, (method, path, said, len(queries), queries[-5:])
    assert spent <= SECONDS, (method, path, said, spent)
    return answer


def one(name, question, filled, house):
    """Ask an address; where it takes a form, send that too, with what its page has and what was drawn."""
    policy, methods, _object = ADDRESSES[name]
    path, browser = address_of(name, house), browser_of(house, policy)
    page = ""
    if "GET" in methods:
        answer = asked(browser, "get", path, dict(question), house)
        is_page = answer.headers.get("Content-Type", "").startswith("text/html")
        page = answer.text if is_page else ""
    if "POST" in methods:
        fields = [*dict.fromkeys(FIELD.findall(page)), *NAMES]
        form = {fields[place % len(fields)]: value for place, value in filled}
        asked(browser, "post", path, form, house)


def fuzz(house, examples):
    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(name=st.sampled_from(sorted(ADDRESSES)), question=questions, filled=forms)
    def run(name, question, filled):
        with transaction.atomic():
            one(name, question, filled, house)
            transaction.set_rollback(True)

    run()


@pytest.mark.long
def test_every_address_is_answered_within_its_price(house):
    for name in sorted(ADDRESSES):
        with transaction.atomic():
            one(name, [], [], house)
            transaction.set_rollback(True)


def test_no_request_of_any_kind_is_a_fault_or_dear(house):
    fuzz(house, 60)


@pytest.mark.long
@pytest.mark.timeout(1500)
def test_no_request_of_any_kind_is_a_fault_or_dear_in_the_long_run(house):
    fuzz(house, 1000)
