"""What a client's visit leaves behind in the server's log, whatever becomes of it: never the link's token."""

import re
from urllib.parse import quote

from tests.faults.installation import Installation
from tests.faults.templates import Template


def test_no_line_of_the_servers_log_has_a_token(installation: Installation, made: Template) -> None:
    token = made.path.strip("/").split("/")[-1]
    coded = "".join(f"%{ord(sign):02X}" for sign in token)
    form = {"Sec_Fetch_Site": "same-origin", "Content_Type": "application/x-www-form-urlencoded"}
    asked = [
        (made.path, 200),
        (f"/b/{coded}/", 200),
        (f"/b/{token}", 200),  # led to the slash
        (f"/B/{token}/", 404),
        (f"/b;{token}/", 404),
        (f"{made.path}nothing/", 404),
        (f"/accounts/login/?next={quote(made.path)}", 200),
    ]
    with installation.serving(CONN_MAX_AGE="0") as site:
        for path, status in asked:
            assert site.ask(path, Referer=f"http://localhost{made.path}").status == status, path
        assert site.ask(f"{made.path}ask/top_up/", b"hours=x", **form).status == 200
        with made.away(installation.name):
            assert site.ask(made.path).status == 503

    log = site.log.read_text()
    assert "/b/[redacted]/" in log
    assert not re.search(re.escape(token), log)
    assert coded.casefold() not in log.casefold()
    assert not list(installation.folder.rglob("gunicorn.ctl"))
