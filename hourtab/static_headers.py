"""What WhiteNoise says of every static file: it runs nothing, and no other site frames it.

WhiteNoise answers before the middlewares that say so of pages.
"""

from collections.abc import MutableMapping

NOTHING_RUNS = "default-src 'none'; frame-ancestors 'none'"


def add(headers: MutableMapping[str, str], path: str, url: str) -> None:
    headers["Content-Security-Policy"] = NOTHING_RUNS
    headers["X-Frame-Options"] = "DENY"
