"""What the tests of import pages start from: three clients on a Monday in February, and a manager with files."""

import pytest

from tests.imports.uploading import NOW, ImportWorld, an_import_world
from tests.shared_rows import shared_rows


@pytest.fixture
def monday(time_machine):
    time_machine.move_to(NOW, tick=False)


@shared_rows
def world(time_machine) -> ImportWorld:
    time_machine.move_to(NOW, tick=False)
    return an_import_world()
