"""A desk for which every file is a large one."""

import pytest

from tests.imports.desk import NOW, row


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def desk(_desk, settings):
    settings.LONG_IMPORT_BYTES, settings.LONG_IMPORT_PROCESSES = 10, False
    return _desk


@pytest.fixture
def source(desk):
    return desk.upload(row(1, "Acme Dental", "2026-02-10", "2"), row(2, "Birch & Lowe", "2026-02-11", "1"))
