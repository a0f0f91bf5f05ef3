"""Runs a command as a script would and gives what it said."""

import io
import json

import pytest
from django.core.management import call_command


@pytest.fixture
def run(db):
    def run(*words: str) -> str:
        out = io.StringIO()
        call_command(*words, stdout=out)
        return out.getvalue()

    return run


@pytest.fixture
def run_json(run):
    return lambda *words: json.loads(run(*words, "--json"))
