"""What browsers may do with our pages and static files: load the host's own, run nothing else, frame nothing.

WhiteNoise answers static files before the middlewares that say so of pages.
"""

from collections.abc import MutableMapping

from csp.constants import NONE, SELF

POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}


NOTHING_RUNS = "default-src 'none'; frame-ancestors 'none'"


def add(headers: MutableMapping[str, str], path: str, url: str) -> None:
    headers["Content-Security-Policy"] = NOTHING_RUNS
    headers["X-Frame-Options"] = "DENY"
