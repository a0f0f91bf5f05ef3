"""The first day: an empty machine, `setup` or the one-time code, the owner's password, the desk."""

import os
import pty
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse

from accounts.commands import BadInputError, BadUsageError
from accounts.models import Membership, Provider, Role, User
from accounts.tenancy import tenant_scope
from hourtab.founding import is_good, new_code
from hourtab.management.commands import runserver
from retainers.models import RuleBook
from retainers.rule_books import opening_times_of
from retainers.terms import WEEKDAYS
from tests import kept_database
from tests.factories import MembershipFactory, ProviderFactory

NORTH = ("--provider", "Northwind IT", "--owner", "dana@northwind.example", "--timezone", "America/Chicago")
PASSWORD = "a sentence nobody guesses"
NOW = datetime(2026, 6, 22, 12, 30, tzinfo=UTC)


def setup(*words):
    out = StringIO()
    call_command("setup", *words, stdout=out)
    return out.getvalue()


def address(printed):
    return re.search(r"/invitations/[\w-]+/", printed)[0]


@pytest.fixture
def nobody_at_a_terminal(monkeypatch):
    monkeypatch.setattr(sys, "stdin", StringIO())


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_at_a_terminal")]


def test_setup_makes_a_provider_with_the_shipped_rules_and_its_owner():
    setup(*NORTH)
    provider = Provider.objects.get()
    assert (provider.slug, provider.name, provider.timezone) == (
        "northwind-it",
        "Northwind IT",
        "America/Chicago",
    )
    assert Membership.objects.get().role == Role.OWNER
    with tenant_scope(provider):
        assert RuleBook.objects.count() == 1


def test_the_owner_sets_a_password_at_the_printed_address_and_is_at_the_desk(client):
    page = address(setup(*NORTH))
    assert client.get(page).status_code == 200
    client.post(page, {"name": "Dana", "password": PASSWORD})
    assert "Dana" in client.get("/").text
    client.logout()
    client.post(reverse("account_login"), {"login": "dana@northwind.example", "password": PASSWORD})
    assert client.get(reverse("members")).status_code == 200
    assert client.get(page).status_code == 410


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("--provider", "Northwind IT", "--owner", "new@northwind.example"),
            "already a provider “northwind-it”",
        ),
        (("--provider", "Other", "--owner", "Dana@Northwind.example"), "already has an account"),
    ],
)
def test_a_slug_or_an_owner_that_is_there_is_refused_and_nothing_is_made(words, said):
    setup(*NORTH)
    with pytest.raises(BadInputError, match=said):
        setup(*words)
    assert (Provider.objects.count(), User.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    "words",
    [
        ("--provider", "North", "--owner", "no address"),
        ("--provider", "North", "--owner", "a@b.example", "--timezone", "Mars/Base"),
        ("--provider", "North", "--owner", "a@b.example", "--slug", "No Slug!"),
        ("--provider", "x" * 121, "--owner", "a@b.example"),
    ],
)
def test_what_cant_be_used_is_told_and_nothing_is_made(words):
    with pytest.raises(BadInputError):
        setup(*words)
    assert not Provider.objects.exists()
    assert not User.objects.exists()


def test_without_a_terminal_what_is_missing_is_named():
    with pytest.raises(BadUsageError, match="--provider and --owner"):
        setup()


@pytest.mark.one_engine
def test_at_a_terminal_what_is_missing_is_asked_for(tmp_path):
    shutil.copy(kept_database.file(), tmp_path / "db.sqlite3")  # migrated
    here = {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}"}
    ours, theirs = pty.openpty()
    os.write(ours, b"North IT\ndana@north.example\n\n\n")
    done = subprocess.run(
        [sys.executable, "manage.py", "setup"],
        cwd=settings.BASE_DIR, env=here, stdin=theirs, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "it is called north-it." in done.stdout
    assert "/invitations/" in done.stdout


def test_on_an_empty_installation_every_way_in_leads_to_the_page_that_asks_for_the_code(client):
    assert client.get("/").headers["Location"] == reverse("setup")
    assert "One-time code" in client.get(reverse("setup")).content.decode()


def test_who_has_the_code_makes_the_first_provider_in_the_browser(client):
    code = re.search(r"code ([A-Z2-7-]+)", setup("--code"))[1]
    said = {"name": "North IT", "timezone": "Europe/Berlin", "owner": "dana@north.example", "code": code}
    answer = client.post(reverse("setup"), said)
    client.post(address(answer.headers["Location"]), {"name": "Dana", "password": PASSWORD})
    assert "Dana" in client.get("/").text
    assert Provider.objects.get().timezone == "Europe/Berlin"


def in_the_browser(client, **said):
    code = re.search(r"code ([A-Z2-7-]+)", setup("--code"))[1]
    known = {"name": "North IT", "timezone": "UTC", "owner": "dana@north.example", "code": code}
    return client.post(reverse("setup"), known | said)


def test_the_page_asks_for_opening_hours_and_the_order_of_dates(client):
    in_the_browser(client, date_order="dmy", opens="08:30", closes="17:00")
    provider = Provider.objects.get()
    assert provider.date_order == "dmy"
    (hours,) = opening_times_of(provider)
    assert (f"{hours.start:%H:%M}", f"{hours.end:%H:%M}", hours.days) == ("08:30", "17:00", WEEKDAYS[:5])


@pytest.mark.parametrize("times", [{"opens": "08:30"}, {"opens": "17:00", "closes": "08:30"}])
def test_opening_hours_that_make_no_sense_are_said_and_nothing_is_made(client, times):
    assert in_the_browser(client, **times).status_code == 422
    assert not Provider.objects.exists()


def test_without_the_code_nothing_is_made(client):
    said = {
        "name": "North IT",
        "timezone": "UTC",
        "owner": "dana@north.example",
        "code": "AAAA-AAAA-AAAA-AAAA",
    }
    assert client.post(reverse("setup"), said).status_code == 422
    assert not Provider.objects.exists()


def test_what_the_page_cant_use_is_said_on_it(client):
    User.objects.create_superuser("dana@north.example")
    code = new_code(datetime.now(UTC))
    said = {"name": "日本", "timezone": "UTC", "owner": "dana@north.example", "code": code}
    answer = client.post(reverse("setup"), said)
    assert answer.status_code == 422
    assert "dana@north.example already has an account" in answer.content.decode()
    client.post(reverse("setup"), {**said, "owner": "mel@north.example"})
    assert Provider.objects.get().slug == "provider"


def test_the_page_is_gone_once_there_is_a_provider(client):
    code = new_code(datetime.now(UTC))
    ProviderFactory()
    said = {"name": "North IT", "timezone": "UTC", "owner": "dana@north.example", "code": code}
    assert client.post(reverse("setup"), said).headers["Location"] == "/"
    assert Provider.objects.count() == 1
    assert client.get("/").headers["Location"].startswith("/accounts/login/")
    with pytest.raises(BadInputError, match="already set up"):
        setup("--code")


def test_a_code_holds_for_a_day_and_for_as_long_as_there_is_nobody():
    code = new_code(NOW)
    assert is_good(code.lower().replace("-", " "), NOW)
    assert is_good(code, NOW + timedelta(hours=23))
    assert not is_good(code, NOW + timedelta(hours=24, minutes=30))
    MembershipFactory()
    assert not is_good(code, NOW)


def test_the_code_stands_alone():
    with pytest.raises(BadUsageError):
        setup("--code", *NORTH)


@pytest.mark.parametrize(("said", "leads_to"), [("", "http://localhost:8111"), ("https://h.example", "")])
def test_links_made_on_ones_own_machine_lead_to_the_port_that_is_served(
    settings, monkeypatch, said, leads_to
):
    settings.PRODUCTION = False
    settings.BASE_URL = said or "http://localhost:8000"
    if said:
        monkeypatch.setenv("BASE_URL", said)
    else:
        monkeypatch.delenv("BASE_URL", raising=False)
    monkeypatch.setattr(runserver, "keep_sending", lambda stop: None)
    monkeypatch.setattr(runserver, "keep_delivering", lambda stop: None)
    monkeypatch.setattr(runserver.BaseCommand, "inner_run", lambda self, *args, **options: None)
    server = runserver.Command(stdout=StringIO())
    server.port = "8111"
    server.inner_run()
    assert (leads_to or said) == settings.BASE_URL
