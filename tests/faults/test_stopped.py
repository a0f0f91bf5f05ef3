"""The server is told to stop while it publishes and is read: what was begun is answered, nothing is half done."""

import pytest

from tests.faults.installation import WEEK, Installation
from tests.faults.templates import Template


@pytest.mark.long
def test_a_stop_lets_what_was_begun_end(installation: Installation, made: Template) -> None:
    publishing = installation.folder / "publishing"
    pause = {"PAUSE": 'INSERT INTO "retainers_entry"', "PAUSE_SAYS": str(publishing)}
    with installation.serving("--threads", "4", **pause) as site:

        def drop_off() -> int:
            headers = {"Authorization": f"Bearer {made.key}", "Content_Type": "text/csv"}
            return site.ask("/api/imports?publish=1", WEEK.encode(), **headers).status

        with site.meanwhile(drop_off) as answer:
            site.wait_for(publishing)
            assert site.ask(made.path).status == 200
            site.process.terminate()
            assert answer.result() == 200
        assert site.process.wait(60) == 0
    assert installation.used() == {"acme": "3.75", "beta": "4.50"}
