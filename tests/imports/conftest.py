"""What the tests of import pages start from: a Monday in February, and a provider's desk on it."""

import pytest
import time_machine

from tests.imports.desk import NOW, a_desk


@pytest.fixture
def monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk(db, monday):
    return a_desk()
