"""What the tests of import pages start from: a Monday in February and a desk on it; rules, and who edits them."""

import pytest

from accounts.models import Role
from tests.factories import MembershipFactory
from tests.imports import ruled
from tests.imports.desk import NOW, a_desk
from tests.shared_rows import shared_rows


@pytest.fixture
def monday(time_machine):
    time_machine.move_to(NOW, tick=False)


@shared_rows
def _desk(time_machine):
    time_machine.move_to(NOW, tick=False)
    return a_desk()


@pytest.fixture
def desk(monday, _desk):
    return _desk


@shared_rows
def north(tmp_path, time_machine):
    time_machine.move_to(ruled.NOW, tick=False)
    return ruled.load_ruled(tmp_path)


@pytest.fixture
def as_role(north, client):
    def sign_in(role=Role.MANAGER, provider=north):
        client.force_login(MembershipFactory(provider=provider, role=role, user__password=None).user)
        return client

    return sign_in


@pytest.fixture
def dana(as_role):
    return as_role()
