"""What the tests of signing in share."""

import io
import json
import logging

import pytest

from hourtab.logs import NoTokens


@pytest.fixture
def lines():
    """What the log of security events says from now on, read as its reader would."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(NoTokens())
    log = logging.getLogger("hourtab.security")
    log.addHandler(handler)
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    log.removeHandler(handler)
