"""The description of the API held to the API: a tester makes requests of it, odd ones too, and looks at each answer.

What it looks at: no fault of the server, no status and no form of an answer that isn't described, JSON always, and
nothing taken that the description rules out. That the description is a right one, is asked of it first.
"""

import json

import pytest
import schemathesis
from django.test.client import ClientHandler
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS
from schemathesis.config import SchemathesisConfig

from accounts import keys
from accounts.models import Scope
from desk.api.openapi import description
from desk.api.operations import OPERATIONS
from tests.desk.api.conftest import AGREEMENTS, WEEK

A_KIND = 12  # requests
SEEN_TO = {
    "ignored_auth": "test_programs asks without a key and with wrong ones",
    "positive_data_acceptance": "what makes no sense here (a client that there isn't) is refused in words",
}
CONFIG = SchemathesisConfig.from_dict({"generation": {"with-security-parameters": False}})
NAMES = {
    "client": ["acme", "birch", "nobody"],
    "slug": ["acme", "birch", "cedar"],
    "retainer": ["support", "block", "care"],
    "cycle": ["2026-05-01", "2026-06-01", "2026-06-02"],
    "format": ["generic", "nothing"],
    "encoding": ["utf-8", "nothing"],
    "covers": [["agreement:Support"], ["pool:reactive"]],
    "accept": [["all"], ["times", "twice"]],
    "through": ["2026-06-07"],
    "kinds": [[], ["after_hours"]],
}
LABELS = [f"{each.method} /api/{each.path}" for each in OPERATIONS]


def answering(environ, start_response):
    """The product behind the tester, in the test's own transaction."""
    answer = ClientHandler()(environ)
    start_response(f"{answer.status_code} {answer.reason_phrase}", list(answer.items()))
    return [answer.content]


@pytest.fixture
def api(provider, key_of, settings, monkeypatch):
    settings.ALLOWED_HOSTS = ["*"]
    monkeypatch.setattr(keys, "A_MINUTE", 10**6)
    loaded = schemathesis.openapi.from_dict(json.loads(json.dumps(description())), config=CONFIG)
    loaded.app = answering
    operations = {found.ok().label: found.ok() for found in loaded.get_all_operations()}
    return operations, {"Authorization": f"Bearer {key_of(*Scope)}"}


def made(case, data):
    """The request with some of its names known here, and now and then an export that can be read."""
    for said in (case.path_parameters, case.query, case.body):
        if isinstance(said, dict):
            for name in sorted(said.keys() & NAMES.keys()):
                said[name] = data.draw(st.sampled_from([said[name], *NAMES[name]]))
    if case.media_type == "text/csv":
        case.body = data.draw(st.sampled_from([case.body, WEEK]))
    return case


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_answers_are_as_they_are_described(api, label, mode):
    operations, bearer = api
    operation, statuses = operations[label], set()
    passed_over = [CHECKS.get_one(name) for name in SEEN_TO]

    @settings(
        max_examples=A_KIND,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), data=st.data())
    def ask(case, data):
        case = made(case, data) if mode is GenerationMode.POSITIVE else case
        answer = case.call(headers=bearer)
        statuses.add(answer.status_code)
        case.validate_response(answer, headers=bearer, excluded_checks=passed_over)

    ask()
    assert mode is GenerationMode.NEGATIVE or statuses & {200, 201}, statuses


def test_the_description_is_sound(api):
    operations, _bearer = api
    loaded = next(iter(operations.values())).schema
    loaded.validate()


def test_what_is_described_is_what_there_is():
    described = {
        (path, method.upper()) for path, methods in description()["paths"].items() for method in methods
    }
    assert described == {(f"/api/{each.path}", each.method) for each in OPERATIONS}
    assert reverse("api_log", args=["x"]) == "/api/clients/x/log"


def test_the_description_is_everybodys_and_names_nobody(client, provider):
    answer = client.get("/api/openapi.json")
    assert answer.json() == json.loads(json.dumps(description()))
    assert "Acme" in AGREEMENTS
    assert "acme" not in answer.text.lower().replace("acme dental", "")
