"""A database of each earlier release, with rows in it, becomes one of this release: no figure has changed.

What the releases left is in `tests/releases`; `keep.py` there says how it was written down.
"""

import json
from typing import Any

import pytest

from tests.database_roles import OWNER
from tests.faults.installation import Installation
from tests.on_postgres import as_role
from tests.releases import keep, rows

STAGED = """
import json, sys
import django
django.setup()
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
MigrationExecutor(connection).migrate([tuple(each) for each in json.loads(sys.argv[1])])
"""
RELEASES = ("first", "second", "third")


def as_it_was(installation: Installation, release: dict[str, Any]) -> None:
    """The tables of that release, with its rows, and its files."""
    url = as_role(installation.url, OWNER) if "@" in installation.url else installation.url
    done = installation.run("-c", STAGED, json.dumps(list(release["migrations"].items())), DATABASE_URL=url)
    assert done.returncode == 0, done.stderr
    rows.insert(installation.url, release["tables"])
    for path, text in release["originals"].items():
        file = installation.folder / "originals" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def balances(installation: Installation) -> Any:
    return json.loads(installation.do("balances", "--provider", "north", "--on", keep.ON, "--json"))


def told_otherwise(before: Any, after: Any, place: str = "") -> list[str]:
    """Where `after` does not say what `before` said; it may say more."""
    if isinstance(before, dict):
        return [
            found
            for name, said in before.items()
            for found in told_otherwise(said, after.get(name, "nothing"), f"{place}/{name}")
        ]
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        pairs = enumerate(zip(before, after, strict=True))
        return [found for n, (was, now) in pairs for found in told_otherwise(was, now, f"{place}/{n}")]
    return [] if before == after else [f"{place}: {before!r} became {after!r}"]


@pytest.mark.long
@pytest.mark.parametrize("name", RELEASES)
def test_a_database_of_an_earlier_release_says_what_it_said(empty: Installation, name: str) -> None:
    release = rows.read(name)
    as_it_was(empty, release)

    empty.do("migrate", "--verbosity", "0")
    assert told_otherwise(release["balances"], balances(empty)) == []
    assert empty.do("verify").splitlines()[-1].endswith("ok")
    assert "No changes" in empty.do("makemigrations", "--check", "--dry-run")
