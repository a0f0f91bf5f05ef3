"""A backup is made and put back by processes of its own, on installations of their own (`tests/faults`)."""

from itertools import count
from pathlib import Path

import pytest

from tests.faults.conftest import installation, made
from tests.faults.installation import WEEK, Installation
from tests.faults.templates import Template

__all__ = ["installation", "made"]

_numbers = count(1)
SIGN_IN = "from django.contrib.sessions.backends.db import SessionStore as S; s = S(); s['a'] = 1; s.save()"


def backup(installation: Installation, *words: str) -> Path:
    """The file that the command made."""
    return Path(installation.do("backup", *words).split(": ")[0])


@pytest.fixture(scope="session")
def kept(made: Template, tmp_path_factory: pytest.TempPathFactory) -> tuple[Installation, Path]:
    """An installation with a published import and somebody signed in, and its backup: only to be read."""
    folder = tmp_path_factory.mktemp("kept")
    first = Installation(made.copy("kept"), folder, "kept", {"BACKUPS_ROOT": str(folder / "backups")})
    first.do("import_csv", "-", "--provider", "north", "--publish", said=WEEK)
    first.do("shell", "-v", "0", "-c", SIGN_IN)
    return first, backup(first)


@pytest.fixture
def worked(installation: Installation) -> Installation:
    """An installation with a published import; its backups lie in a folder of its own."""
    installation.more["BACKUPS_ROOT"] = str(installation.folder / "backups")
    installation.do("import_csv", "-", "--provider", "north", "--publish", said=WEEK)
    return installation


@pytest.fixture
def empty(made: Template, tmp_path: Path) -> Installation:
    """A machine with nothing on it, not even tables."""
    name = f"empty_{next(_numbers)}"
    folder = tmp_path / "other"
    folder.mkdir()
    return Installation(made.create(name), folder, name, {"BACKUPS_ROOT": str(folder / "backups")})
