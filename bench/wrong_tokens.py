"""Whether the time of an answer tells one kind of wrong token from another, or from none at all.

    python -m bench.wrong_tokens [times]

Each kind is asked for in turn, in another order every round, of a client's page and its figures in a throw-away
SQLite database. Printed are the median of each kind and how far it lies from the others': as a part of an answer's
time, and in milliseconds. Less than five of them is what nobody can measure over a network.
"""

import os
import random
import secrets
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from bench import prepared

TIMES = 400
MOST_MILLISECONDS = 5
PLACES = ("", "balance.json")


def kinds() -> dict[str, Callable[[], str]]:
    """A token of each kind; what was never given out is another one every time."""
    from accounts.tenancy import tenant_scope
    from portal import links
    from portal.models import ShareLink
    from tests.factories import ClientFactory, ProviderFactory

    def link(provider: object) -> tuple[ShareLink, str]:
        made, token = links.create(client=ClientFactory(provider=provider), by=None)
        return made, token

    from django.utils import timezone

    provider = ProviderFactory()
    with tenant_scope(provider):
        revoked, revoked_token = link(provider)
        links.revoke(link=revoked, by=None, at=timezone.now())
    return {
        "unknown": lambda: secrets.token_urlsafe(32),
        "revoked": lambda: revoked_token,
        "a sign changed": lambda: revoked_token[:-1] + ("A" if revoked_token[-1] != "A" else "B"),
        "too short": lambda: secrets.token_urlsafe(8),
        "other signs": lambda: "%" + secrets.token_urlsafe(31),
    }


def measured(times: int) -> dict[tuple[str, str], float]:
    """The median seconds of each kind at each place."""
    from django.test import Client

    made, browser = kinds(), Client(raise_request_exception=False)
    found: dict[tuple[str, str], list[float]] = {(place, kind): [] for place in PLACES for kind in made}
    for number in range(times + 5):
        for place, kind in random.sample(list(found), len(found)):
            address = f"/b/{made[kind]()}/{place}"
            from_here = {"REMOTE_ADDR": f"10.{number % 250}.{random.randrange(250)}.{random.randrange(250)}"}
            began = perf_counter()
            status = browser.get(address, **from_here).status_code
            took = perf_counter() - began
            if status != 404:
                raise SystemExit(f"{kind}: {status}")
            if number >= 5:  # the first ones warm up
                found[place, kind].append(took)
    return {each: statistics.median(took) for each, took in found.items()}


def main() -> None:
    times = int(sys.argv[1]) if len(sys.argv) > 1 else TIMES
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= prepared.PRODUCTION | {"LOG_LEVEL": "CRITICAL"}
        prepared.begin(Path(folder))
        from django.conf import settings
        from django.core.management import call_command

        settings.ALLOWED_HOSTS = ["testserver"]
        call_command("collectstatic", interactive=False, verbosity=0)
        medians = measured(times)
    for place in PLACES:
        own = {kind: took for (where, kind), took in medians.items() if where == place}
        middle = statistics.median(own.values())
        for kind, took in own.items():
            print(f"{place or 'page'}, {kind}: {took * 1000:.2f} ms, {took / middle:.2f} of the middle one")
        apart = (max(own.values()) - min(own.values())) * 1000
        print(f"{place or 'page'}: {apart:.2f} ms apart, at most {MOST_MILLISECONDS} wanted")


if __name__ == "__main__":
    main()
