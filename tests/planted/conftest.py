"""A provider all of whose texts bear the secret, and who manages it once the name is known."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client as Browser

from accounts.models import Provider, Role
from accounts.tenancy import tenant_scope
from tests.factories import MembershipFactory
from tests.planted.secret import EXPORT, NOW, PLANTED, it_is_known, load, say_everything
from tests.shared_rows import shared_rows


@shared_rows
def north(tmp_path, time_machine):
    """Everything that a client can read bears the secret; nobody knew yet that it is one."""
    time_machine.move_to(NOW, tick=False)
    load(tmp_path, PLANTED)
    (tmp_path / "week.csv").write_text(EXPORT)
    call_command(
        "import_csv", str(tmp_path / "week.csv"), "--provider", "north", "--publish", stdout=StringIO()
    )
    provider = Provider.objects.get()
    with tenant_scope(provider):
        say_everything(provider)
    return provider


@pytest.fixture
def manager(north):
    it_is_known(north)
    member = MembershipFactory(provider=north, role=Role.OWNER)
    browser = Browser()
    browser.force_login(member.user)
    return browser
