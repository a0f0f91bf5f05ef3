"""A world in which every file is a large one."""

import pytest

from tests.imports.uploading import NOW, row


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def world(world, settings):
    settings.LONG_IMPORT_BYTES, settings.LONG_IMPORT_PROCESSES = 10, False
    return world


@pytest.fixture
def source(world):
    return world.upload(row(1, "Acme Dental", "2026-02-10", "2"), row(2, "Birch & Lowe", "2026-02-11", "1"))
