"""Each test of a fault has an installation of its own, copied from one that is made once."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from tests.faults.installation import Installation
from tests.faults.templates import Template, shared

_numbers = count(1)
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Many processes are started one after the other: on a busy machine that takes its time."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.timeout(900))


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Template]:
    """Made once for all workers, and for the backups' tests too."""
    base = tmp_path_factory.getbasetemp()
    common = (base if worker_id == "master" else base.parent) / "template-of-faults"
    with shared(tmp_path_factory.mktemp("faults"), common, django_settings.DATABASES) as found:
        yield found


@pytest.fixture
def empty(made: Template, tmp_path: Path) -> Installation:
    """One whose database has no table yet."""
    name = f"empty_{next(_numbers)}"
    return Installation(made.create(name), tmp_path, name)


@pytest.fixture
def installation(made: Template, tmp_path: Path) -> Installation:
    name = f"of_{next(_numbers)}"
    return Installation(made.copy(name), tmp_path, name)
