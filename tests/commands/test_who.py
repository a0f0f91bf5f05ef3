"""Who acts on a provider from the command line, and what for, stands in that provider's trail."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client as Browser

from accounts.commands import BadUsageError
from accounts.models import AuditEvent, Provider, Role
from accounts.tenancy import tenant_scope
from imports.models import Import
from tests.factories import MembershipFactory
from tests.faults.installation import WEEK
from tests.faults.templates import AGREEMENT

WHO = ("--by", "Kim  Reyes", "--reason", "ticket 4711")
IMPORT = ("--provider", "north", "--publish")


@pytest.fixture
def files(db, tmp_path, time_machine):
    time_machine.move_to("2026-02-16T12:00:00Z")
    (tmp_path / "north.toml").write_text(AGREEMENT)
    (tmp_path / "week.csv").write_text(WEEK)
    call_command("load_retainers", str(tmp_path / "north.toml"), stdout=StringIO())
    return tmp_path


def the_last(action):
    with tenant_scope(Provider.objects.get()):
        event = AuditEvent.objects.filter(action=action).first()
    return event.actor, event.actor_kind, event.detail.get("command_reason")


def test_who_imports_links_and_takes_back_is_on_the_trail_with_the_reason(files):
    call_command("import_csv", str(files / "week.csv"), *IMPORT, *WHO, stdout=StringIO())
    call_command("share_link", "create", "--provider", "north", "--client", "acme", *WHO, stdout=StringIO())
    with tenant_scope(Provider.objects.get()):
        number = Import.objects.get().pk
    call_command("undo_import", str(number), *WHO, stdout=StringIO())
    for action in ("uploaded", "import published", "link created", "import undone"):
        assert the_last(action) == ("Kim Reyes", "command", "ticket 4711")


def test_who_loads_agreements_is_on_the_trail(files):
    (files / "north.toml").write_text(AGREEMENT.replace("Acme Dental", "Acme Dentistry"))
    call_command("load_retainers", str(files / "north.toml"), *WHO, stdout=StringIO())
    assert the_last("agreements loaded") == ("Kim Reyes", "command", "ticket 4711")


def test_commands_of_the_contract_go_on_working_without(files):
    call_command("import_csv", str(files / "week.csv"), *IMPORT, stdout=StringIO())
    assert the_last("import published") == ("command line", "command", None)


def test_taking_a_provider_away_or_out_says_who_and_what_for(files):
    for words in (("export_provider", str(files / "all.zip")), ("delete_provider", "--yes")):
        with pytest.raises(CommandError, match="--by, --reason"):
            call_command(*words, "--provider", "north")
    call_command("export_provider", str(files / "all.zip"), "--provider", "north", *WHO, stdout=StringIO())
    assert the_last("provider exported") == ("Kim Reyes", "command", "ticket 4711")


@pytest.mark.parametrize("words", [("--by", "Kim"), ("--reason", "x"), ("--by", " ", "--reason", "x")])
def test_one_without_the_other_is_refused(files, words):
    with pytest.raises(BadUsageError, match="Say who"):
        call_command("import_csv", str(files / "week.csv"), *IMPORT, *words)


def test_the_trail_shows_both(files):
    call_command("import_csv", str(files / "week.csv"), *IMPORT, *WHO, stdout=StringIO())
    browser = Browser()
    browser.force_login(MembershipFactory(provider=Provider.objects.get(), role=Role.OWNER).user)
    page = browser.get("/trail/").text
    assert "Kim Reyes, at the command line" in page
    assert "ticket 4711" in page
