"""What programs may ask with a key: by scope, of one provider alone, so often; and what they are told."""

import json
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client as Browser
from django.utils.timezone import now

from accounts import keys
from accounts.models import ApiKey, AuditEvent, Scope
from accounts.tenancy import tenant_scope
from desk.api import once
from desk.api.operations import OPERATIONS
from desk.models import AnsweredRequest
from imports import originals
from imports.models import Import
from retainers.models import Client, MergedClient, Notice
from tests.desk.api.conftest import WEEK, program
from tests.factories import ClientFactory, ProviderFactory, a_retainer

ADDRESSES = [(each.method, f"/api/{each.path.replace('{slug}', 'acme')}", each.scope) for each in OPERATIONS]
READS = [address for method, address, _ in ADDRESSES if method == "GET"]


def ask(browser, method, address):
    if method == "GET":
        return browser.get(address)
    body = {"client": "acme"} if "incidents" in address else None
    return browser.post(address, json.dumps(body) if body else WEEK, content_type="application/json")


def further(answer):
    return answer.headers["Link"].partition(">")[0].removeprefix("<") if "Link" in answer.headers else None


# who may


@pytest.mark.parametrize(("method", "address", "scope"), ADDRESSES)
def test_without_a_key_nothing_is_told(provider, method, address, scope):
    for headers in ({}, {"Authorization": "Bearer ht_wrong"}, {"Authorization": "Basic eDp5"}):
        answer = ask(Browser(headers=headers), method, address)
        assert (answer.status_code, list(answer.json())) == (401, ["error"])
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(("method", "address", "scope"), ADDRESSES)
def test_a_key_opens_what_its_scopes_name_and_nothing_else(key_of, method, address, scope):
    others = program(key_of(*[each for each in (Scope.READ, Scope.IMPORT, Scope.INCIDENT) if each != scope]))
    answer = ask(others, method, address)
    assert answer.status_code == 403
    assert f"the scope “{scope}”" in answer.json()["error"]
    assert ask(program(key_of(scope)), method, address).status_code in (200, 201)


@pytest.mark.parametrize(("method", "address", "scope"), ADDRESSES)
def test_a_parameter_that_no_address_knows_is_refused_by_name(key_of, method, address, scope):
    answer = ask(program(key_of(scope)), method, f"{address}?publsh=1")
    assert answer.status_code == 400
    assert "“publsh” isn" in answer.json()["error"]


def test_a_revoked_key_reads_nothing(reads, provider):
    with tenant_scope(provider):
        ApiKey.objects.update(revoked_at=now())
    assert reads.get("/api/balances").status_code == 401


@pytest.mark.parametrize("address", READS)
def test_nothing_of_another_provider_is_ever_told(key_of, address):
    south = ProviderFactory(slug="south")
    with tenant_scope(south):
        a_retainer(ClientFactory(provider=south, slug="dale", name="Dale Yards"))
        originals.store(data=b"x", file_name="theirs.csv", client=None, options={}, by=None, at=now())
    mine = program(key_of(Scope.READ)).get(address)
    theirs = program(key_of(Scope.READ, provider=south)).get(address)
    assert "dale" not in mine.text.lower()
    assert "theirs" not in mine.text
    assert "acme" not in theirs.text.lower().replace("“acme”", "")
    assert "north.csv" not in theirs.text


def test_a_foreign_client_and_a_missing_one_look_the_same(key_of, reads):
    south = ProviderFactory(slug="south")
    with tenant_scope(south):
        ClientFactory(provider=south, slug="dale")
    foreign, missing = reads.get("/api/clients/dale/log"), reads.get("/api/clients/gone/log")
    assert foreign.status_code == missing.status_code == 404
    assert foreign.text.replace("dale", "gone") == missing.text
    assert reads.get("/api/balances?client=dale").status_code == 404


def test_a_key_asks_so_often_in_a_minute_and_is_told_when_to_go_on(reads, provider, time_machine):
    with tenant_scope(provider):
        ApiKey.objects.update(asked=keys.A_MINUTE, asked_in=now().replace(second=0, microsecond=0))
    time_machine.shift(20)
    answer = reads.get("/api/clients")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "40")
    assert "in a minute" in answer.json()["error"]
    time_machine.shift(40)
    assert reads.get("/api/clients").status_code == 200


# how it is answered


@pytest.mark.parametrize(
    ("method", "address"),
    [("GET", "/api/"), ("GET", "/api/nothing"), ("POST", "/api/x/y"), ("GET", "/api/a%00b")],
)
def test_an_address_that_is_none_is_refused_in_json(method, address):
    answer = Browser().generic(method, address)
    assert (answer.status_code, list(answer.json())) == (404, ["error"])


def test_a_method_that_an_address_has_not_is_named_with_those_it_has(reads):
    answer = reads.delete("/api/imports")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, POST")
    assert answer.json()["error"]


@pytest.mark.parametrize(
    "query",
    ["clients?x=1", "clients?limit=0", "clients?limit=501", "balances?on=soon", "balances?on=1969-12-31",
     "balances?on=2026-01-01&as_published=2026-01-01", "imports?before=x", "imports?state=lost", "imports?x=%00"],
)  # fmt: skip
def test_a_question_that_makes_no_sense_is_refused_in_a_sentence(reads, query):
    answer = reads.get(f"/api/{query}")
    assert (answer.status_code, list(answer.json())) == (400, ["error"])


@pytest.mark.parametrize("address", READS)
def test_what_still_says_the_same_is_not_sent_again(reads, address):
    first = reads.get(address)
    again = reads.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = reads.get(address, headers={"If-None-Match": '"other"'})
    assert (other.status_code, other.content) == (200, first.content)
    assert "private" in first.headers["Cache-Control"]


@pytest.mark.parametrize("address", ["/api/clients", "/api/balances"])
def test_a_list_is_read_page_by_page_to_its_end(reads, address):
    whole, pages, where = reads.get(address).json(), [], f"{address}?limit=1"
    while where:
        answer = reads.get(where)
        pages += answer.json()
        assert len(answer.json()) == 1
        where = further(answer)
    assert pages == whole
    assert len(whole) == 3


def test_imports_are_read_page_by_page_from_the_newest_on(reads, provider):
    with tenant_scope(provider):
        for number in range(3):
            originals.store(data=b"x", file_name=f"{number}.csv", client=None, options={}, by=None, at=now())
    first = reads.get("/api/imports?limit=2")
    second = reads.get(further(first))
    assert [each["file"] for each in first.json() + second.json()] == ["2.csv", "1.csv", "0.csv", "north.csv"]
    assert further(second) is None
    assert [each["file"] for each in reads.get("/api/imports?state=published").json()] == ["north.csv"]


# what is read


def test_balances_are_what_the_command_prints(reads):
    printed = StringIO()
    call_command("balances", provider="north", on="2026-05-03", json=True, stdout=printed)
    assert reads.get("/api/balances?on=2026-05-03").json() == json.loads(printed.getvalue())
    printed = StringIO()
    call_command("balances", provider="north", client="birch", json=True, stdout=printed)
    assert reads.get("/api/balances?client=birch").json() == json.loads(printed.getvalue())


def test_balances_as_published_are_those_of_the_end_of_that_day(reads):
    printed = StringIO()
    call_command("balances", provider="north", as_published="2026-06-07", json=True, stdout=printed)
    then = reads.get("/api/balances?as_published=2026-06-07").json()
    assert then == json.loads(printed.getvalue())
    assert then != reads.get("/api/balances?on=2026-06-07").json()


def test_the_log_is_what_the_clients_page_says(reads):
    said = reads.get("/api/clients/acme/log").json()
    (retainer,) = said["retainers"]
    assert said["client"] == "Acme"
    assert [line["worked"] for line in retainer["log"]] == ["1.50", "2.00"]
    assert "RX-200" not in json.dumps(said)
    earlier = reads.get("/api/clients/acme/log?cycle=2026-05-01").json()["retainers"][0]
    assert (earlier["cycle"]["starts"], earlier["log"]) == ("2026-05-01", [])
    assert reads.get("/api/clients/acme/log?cycle=2026-05-02").status_code == 404


# once


def push(secret, body=WEEK, query="", **headers):
    return program(secret).post(f"/api/imports{query}", body, content_type="text/csv", headers=headers)


def test_a_post_under_the_same_mark_is_done_once_and_answered_alike(key_of, provider):
    secret = key_of(Scope.IMPORT)
    first, again = (push(secret, idempotency_key="a1") for _ in range(2))
    assert (first.status_code, first.content) == (again.status_code, again.content) == (201, first.content)
    assert "Idempotent-Replayed" in again.headers
    assert "Idempotent-Replayed" not in first.headers
    assert push(secret, idempotency_key="a2").json()["import"] != first.json()["import"]
    assert push(key_of(Scope.IMPORT), idempotency_key="a1").json()["import"] != first.json()["import"]
    with tenant_scope(provider):
        assert Import.objects.count() == 4


def test_another_request_under_the_same_mark_is_refused(key_of):
    secret = key_of(Scope.IMPORT)
    push(secret, idempotency_key="a1")
    answer = push(secret, WEEK + "4,Birch,Care,2026-06-04,1,x\n", idempotency_key="a1")
    assert answer.status_code == 409
    assert "another request" in answer.json()["error"]
    assert push(secret, query="?name=other.csv", idempotency_key="a1").status_code == 409


def test_what_is_refused_can_be_mended_under_its_mark(key_of, provider):
    secret = key_of(Scope.INCIDENT)
    headers = {"idempotency_key": "a1"}
    for body, status in (({"client": "nobody"}, 404), ({"client": "acme"}, 201)):
        answer = program(secret).post(
            "/api/incidents", json.dumps(body), content_type="application/json", headers=headers
        )
        assert answer.status_code == status


def test_a_request_that_is_being_answered_is_not_done_beside_itself(key_of, provider, time_machine):
    secret = key_of(Scope.IMPORT)
    push(secret, idempotency_key="a1")
    with tenant_scope(provider):
        AnsweredRequest.objects.update(status=None)
    assert push(secret, idempotency_key="a1").status_code == 409
    time_machine.shift(once.GIVEN_UP)
    assert push(secret, idempotency_key="a1").status_code == 201
    time_machine.shift(once.KEPT + once.GIVEN_UP)
    assert "Idempotent-Replayed" not in push(secret, idempotency_key="a1").headers


# incidents


@pytest.fixture
def say(key_of):
    secret = key_of(Scope.INCIDENT)

    def said(**document):
        return program(secret).post("/api/incidents", json.dumps(document), content_type="application/json")

    return said


def test_an_incident_is_begun_changed_paused_and_ended_as_it_should_stand(say, provider, time_machine):
    begun = say(client="acme", people=2, ticket="T-7", kinds=["after_hours"])
    assert begun.status_code == 201
    assert begun.json()["ticket"] == "T-7"
    time_machine.shift(3600)
    more = say(client="acme", people=3).json()
    assert (more["people"], more["hours_on_the_clock"]) == (3, "2.00")
    assert say(client="acme", people=0).json()["people"] == 0
    over = say(client="acme", ended=True).json()
    assert (over["people"], over["ended"]) == (0, "2026-06-08T16:00:00+00:00")
    with tenant_scope(provider):
        deeds = list(AuditEvent.objects.filter(action__startswith="incident").values_list("action", "actor"))
    assert deeds == [
        ("incident ended", "PSA"),
        ("incident changed", "PSA"),
        ("incident changed", "PSA"),
        ("incident started", "PSA"),
    ]


def test_an_agreement_that_is_over_is_not_asked_about(say, time_machine):
    assert say(client="birch", people=1).status_code == 400  # two run: which one?
    time_machine.move_to(datetime(2027, 1, 5, 15, tzinfo=UTC), tick=False)
    begun = say(client="birch", people=1)
    assert (begun.status_code, begun.json()["retainer"]) == (201, "block")


def test_an_incident_that_stands_so_already_is_left_alone(say, provider):
    first, again = say(client="acme", people=2), say(client="acme", people=2)
    assert (first.status_code, again.status_code) == (201, 200)
    with tenant_scope(provider):
        assert Notice.objects.count() == 1


@pytest.mark.parametrize("named", [{}, {"ticket": "T-7"}, {"people": 0}])
def test_an_incident_that_has_ended_is_ended_once_and_answered_alike(say, provider, time_machine, named):
    say(client="acme", people=2, ticket="T-7")
    time_machine.shift(3600)
    over = say(client="acme", ended=True)
    time_machine.shift(3600)
    again = say(client="acme", ended=True, **named)
    assert (again.status_code, again.json()) == (200, over.json())
    assert again.json()["hours_on_the_clock"] == "2.00"
    with tenant_scope(provider):
        assert AuditEvent.objects.filter(action="incident ended").count() == 1


@pytest.mark.parametrize(
    "document", [{"ended": True, "ticket": "T-8"}, {"ended": True, "pool": "planned"}, {"people": 0}]
)
def test_what_has_ended_is_no_other_incident_and_does_not_pause(say, document):
    say(client="acme", people=2, ticket="T-7")
    say(client="acme", ended=True)
    assert say(client="acme", **document).status_code == 404


@pytest.mark.parametrize(
    ("document", "status"),
    [
        ({}, 400),
        ({"client": "acme", "x": 1}, 400),
        ({"client": "acme", "people": 51}, 400),
        ({"client": "acme", "people": True}, 400),
        ({"client": "acme", "kinds": ["onsite"]}, 400),
        ({"client": "acme", "kinds": [[]]}, 400),
        ({"client": "acme", "pool": "nothing"}, 400),
        ({"client": "acme", "ticket": "a\nb"}, 400),
        ({"client": "acme", "ended": 1}, 400),
        ({"client": "birch"}, 400),
        ({"client": "acme", "retainer": "nothing"}, 404),
        ({"client": "cedar"}, 404),
        ({"client": "nobody"}, 404),
        ({"client": "acme", "ended": True}, 404),
        ({"client": "acme", "people": 0}, 404),
    ],
)
def test_what_can_not_stand_is_refused_in_a_sentence_and_changes_nothing(say, provider, document, status):
    answer = say(**document)
    assert (answer.status_code, list(answer.json())) == (status, ["error"])
    with tenant_scope(provider):
        assert not Notice.objects.exists()


@pytest.mark.parametrize("other", [{"ticket": "T-8"}, {"pool": "planned"}, {"kinds": ["after_hours"]}])
def test_another_incident_is_not_taken_for_the_one_that_runs(say, other):
    say(client="acme", people=2, ticket="T-7")
    answer = say(client="acme", people=3, **other)
    assert answer.status_code == 409


@pytest.mark.parametrize("body", ["", "{", "[]", "3", '{"client": "a' + "\\ud800" + '"}', "[" * 70_000])
def test_a_body_that_is_no_object_is_refused(key_of, body):
    answer = program(key_of(Scope.INCIDENT)).post("/api/incidents", body, content_type="application/json")
    assert answer.status_code == 400


def test_a_client_that_was_merged_answers_by_its_old_key(reads, provider, say):
    with tenant_scope(provider):
        acme = Client.objects.get(slug="acme")
        MergedClient.objects.create(
            was=999, slug="old", name="Old", client=acme, created_at=now(), merged_at=now()
        )
    assert reads.get("/api/clients/old/log").json() == reads.get("/api/clients/acme/log").json()
    assert {each["client"] for each in reads.get("/api/balances?client=old").json()} == {"acme"}
    assert say(client="old", people=1).json()["client"] == "acme"
