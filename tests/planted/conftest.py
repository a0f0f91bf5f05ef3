"""A provider all of whose texts bear the secret, and who manages it once the name is known."""

import pytest
from django.test import Client as Browser

from accounts.models import Role
from accounts.tenancy import tenant_scope
from tests.factories import MembershipFactory, installed
from tests.planted.secret import EXPORT, FILE, NOW, PLANTED, it_is_known, say_everything
from tests.shared_rows import shared_rows
from tests.world import World


@shared_rows
def world(tmp_path, time_machine) -> World:
    """Everything that a client can read bears the secret; nobody knew yet that it is one."""
    time_machine.move_to(NOW, tick=False)
    provider = installed(tmp_path, FILE.format(**PLANTED), EXPORT)
    with tenant_scope(provider):
        say_everything(provider)
    return World(provider)


@pytest.fixture
def manager(provider):
    it_is_known(provider)
    member = MembershipFactory(provider=provider, role=Role.OWNER)
    browser = Browser()
    browser.force_login(member.user)
    return browser
