"""Tools whose mapping is proposed ready-made: accepted with one click, then the next weeks come unattended."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from django.core.management import call_command
from django.test import Client as Browser
from django.urls import reverse

from accounts import keys
from accounts.commands import BadInputError
from accounts.models import Role
from accounts.tenancy import tenant_scope
from tests.factories import MembershipFactory

pytestmark = pytest.mark.usefixtures("monday")


@dataclass(frozen=True)
class Tool:
    """`weeks`: three files, one after the other. `said`: what the mapping's page must be told, nothing in the file
    proving it; `accept`: the questions of the first file that are taken at its word.
    """

    name: str
    header: str
    weeks: tuple[str, str, str]
    said: Mapping[str, str] = field(default_factory=dict)
    accept: tuple[str, ...] = ()

    def file(self, week):
        return (self.header + "\n" + self.weeks[week]).encode()


REDMINE = Tool(
    "redmine",
    "Project,Date,Created,Week,User,Activity,Issue,Comment,Hours",
    (
        "Acme Dental,2026-02-03,2026-02-03 10:01,6,Jo Doe,Support,Bug #12: Mail,fixed,1.50\n"
        "Birch & Lowe,2026-02-04,2026-02-04 10:01,6,Jo Doe,Support,Bug #13: Disk,fixed,2.00\n",
        "Acme Dental,2026-02-09,2026-02-09 10:01,7,Jo Doe,Support,Bug #14: Mail,fixed,2.25\n"
        "Birch & Lowe,2026-02-10,2026-02-10 10:01,7,Jo Doe,Support,Bug #15: Disk,fixed,1.00\n",
        "Acme Dental,2026-02-12,2026-02-12 10:01,7,Jo Doe,Support,Bug #16: Mail,fixed,1.00\n"
        "Birch & Lowe,2026-02-12,2026-02-12 10:01,7,Jo Doe,Support,Bug #17: Disk,fixed,0.50\n",
    ),
)
TEMPO = Tool(
    "tempo",
    "Issue Key,Issue summary,Hours,Work date,Username,Full name,Period,Account Key,Account Name,Account Lead,"
    "Account Category,Account Customer,Activity Name,Component,Version Name,Issue Type,Issue Status,Project Key,"
    "Project Name,Epic,Work Description,Reporter,External Hours,Billed Hours",
    (
        "AC-1,Mail,1.5,2026-02-03 09:00,jo,Jo Doe,0226,ACME,Acme support,Ann,Billable,Acme Dental,Support,,,Task,"
        "Done,AC,Acme,,fixed it,Pat,,1.5\n"
        "BL-1,Disk,2,2026-02-04 09:00,jo,Jo Doe,0226,BIRCH,Birch support,Ann,Billable,Birch & Lowe,Support,,,Task,"
        "Done,BL,Birch,,fixed it,Pat,,2\n",
        "AC-2,Mail,2.25,2026-02-09 09:00,jo,Jo Doe,0226,ACME,Acme support,Ann,Billable,Acme Dental,Support,,,Task,"
        "In Progress,AC,Acme,,fixed it,Pat,,2.25\n"
        "BL-2,Disk,1,2026-02-10 09:00,jo,Jo Doe,0226,BIRCH,Birch support,Ann,Billable,Birch & Lowe,Support,,,Task,"
        "Done,BL,Birch,,fixed it,Pat,,1\n",
        "AC-3,Mail,1,2026-02-12 09:00,jo,Jo Doe,0226,ACME,Acme support,Ann,Billable,Acme Dental,Support,,,Task,"
        "Done,AC,Acme,,fixed it,Pat,,1\n"
        "BL-3,Disk,0.5,2026-02-12 09:00,jo,Jo Doe,0226,BIRCH,Birch support,Ann,Billable,Birch & Lowe,Support,,,Task,"
        "Done,BL,Birch,,fixed it,Pat,,0.5\n",
    ),
    accept=("columns",),
)
QUICKBOOKS = Tool(
    "quickbooks-time",
    "username,payroll_id,fname,lname,number,group,local_date,local_day,local_start_time,local_end_time,tz,hours,"
    "jobcode_1,jobcode_2,class,service item,billable,location,notes,approved_status",
    (
        "jo,7,Jo,Doe,7,Techs,2026-02-03,Tue,2026-02-03 09:00:00,2026-02-03 10:30:00,-6,1.5,Acme Dental,Support,,"
        "Remote,Yes,,mail fixed,approved\n"
        "jo,7,Jo,Doe,7,Techs,2026-02-04,Wed,2026-02-04 09:00:00,2026-02-04 11:00:00,-6,2,Birch & Lowe,Support,,"
        "Remote,Yes,,disk fixed,submitted\n",
        "jo,7,Jo,Doe,7,Techs,2026-02-09,Mon,2026-02-09 09:00:00,2026-02-09 11:15:00,-6,2.25,Acme Dental,Support,,"
        "Remote,Yes,,mail fixed,approved\n"
        "jo,7,Jo,Doe,7,Techs,2026-02-10,Tue,2026-02-10 09:00:00,2026-02-10 10:00:00,-6,1,Birch & Lowe,Support,,"
        "Remote,No,,disk fixed,unsubmitted\n",
        "jo,7,Jo,Doe,7,Techs,2026-02-12,Thu,2026-02-12 09:00:00,2026-02-12 10:00:00,-6,1,Acme Dental,Support,,"
        "Remote,Yes,,mail fixed,approved\n"
        "jo,7,Jo,Doe,7,Techs,2026-02-12,Thu,2026-02-12 10:00:00,2026-02-12 10:30:00,-6,0.5,Birch & Lowe,Support,,"
        "Remote,Yes,,disk fixed,approved\n",
    ),
)
ZAMMAD = Tool(
    "zammad",
    "Date,Ticket#,Title,Customer,Organization,Agent,Activity Type,Time Units",
    (
        "2026-02-03,84001,Mail,Pat,Acme Dental,Jo Doe,Remote,6\n"
        "2026-02-04,84002,Disk,Sam,Birch & Lowe,Jo Doe,Remote,8\n",
        "2026-02-09,84003,Mail,Pat,Acme Dental,Jo Doe,Remote,9\n"
        "2026-02-10,84004,Disk,Sam,Birch & Lowe,Jo Doe,Remote,4\n",
        "2026-02-12,84005,Mail,Pat,Acme Dental,Jo Doe,Remote,4\n"
        "2026-02-12,84006,Disk,Sam,Birch & Lowe,Jo Doe,Remote,2\n",
    ),
    said={"unit": "quarter hours"},
)
CLOCKODO = Tool(
    "clockodo",
    "Datum;Kunde;Projekt;Leistung;Beschreibung;Mitarbeiter;Start;Ende;Dauer;Stundensatz;Umsatz;abrechenbar;abgerechnet",
    (
        "03.02.2026;Acme Dental;Support;Fernwartung;Mail;Jo Doe;09:00;10:30;1:30;90,00;135,00;Ja;Nein\n"
        "04.02.2026;Birch & Lowe;Support;Fernwartung;Platte;Jo Doe;09:00;11:00;2:00;90,00;180,00;Ja;Nein\n",
        "09.02.2026;Acme Dental;Support;Fernwartung;Mail;Jo Doe;09:00;11:15;2:15;90,00;202,50;Ja;Nein\n"
        "10.02.2026;Birch & Lowe;Support;Fernwartung;Platte;Jo Doe;09:00;10:00;1:00;90,00;90,00;Ja;Nein\n",
        "12.02.2026;Acme Dental;Support;Fernwartung;Mail;Jo Doe;09:00;10:00;1:00;90,00;90,00;Ja;Nein\n"
        "12.02.2026;Birch & Lowe;Support;Fernwartung;Platte;Jo Doe;10:00;10:30;0:30;90,00;45,00;Ja;Nein\n",
    ),
)
TEMPO_DAYS = Tool(
    "tempo",
    "Issue Key,Issue summary,Time Spent,Work date,Full name,Account Customer,Work Description",
    (
        "AC-1,Mail,1h 30m,2026-02-03 09:00,Jo Doe,Acme Dental,fixed it\n"
        "BL-1,Disk,0.25d,2026-02-04 09:00,Jo Doe,Birch & Lowe,fixed it\n",
        "AC-2,Mail,2h 15m,2026-02-09 09:00,Jo Doe,Acme Dental,fixed it\n"
        "BL-2,Disk,1h,2026-02-10 09:00,Jo Doe,Birch & Lowe,fixed it\n",
        "AC-3,Mail,1h,2026-02-12 09:00,Jo Doe,Acme Dental,fixed it\n"
        "BL-3,Disk,30m,2026-02-12 09:00,Jo Doe,Birch & Lowe,fixed it\n",
    ),
    said={"unit": "days"},
)
TOOLS = (REDMINE, TEMPO, TEMPO_DAYS, QUICKBOOKS, ZAMMAD, CLOCKODO)


@pytest.fixture
def push(world):
    """The report that a schedule sends: `push(file)`, as the API answers."""
    boss = MembershipFactory(provider=world.provider, role=Role.OWNER).user
    with tenant_scope(world.provider):
        _key, secret = keys.create(name="Scheduled report", scopes=keys.PUSHES, by=boss)
    said = {"content_type": "text/csv", "headers": {"Authorization": f"Bearer {secret}"}}
    return lambda data: Browser().post("/api/imports?publish=1", data=data, **said)


def offers_of(world, source):
    """The buttons that accept what is ready-made, by their values."""
    page = world.page(source)
    return dict(re.findall(r'<button type="submit" name="accept" value="([^"]*)"[^>]*>([^<]*)<', page))


def accept_proposal(world, tool):
    """The first week, accepted with one click as it is proposed, and published."""
    source = world.upload_bytes(tool.file(0))
    (value,) = [
        offer for offer in offers_of(world, source) if offer.startswith(tool.said.get("unit", "open"))
    ]
    address = reverse("map_columns", args=[source.pk])
    answer = world.manager.post(address, {"accept": value}, follow=True)
    assert f"Saved as “{tool.name}”" in answer.content.decode()
    world.publish(source, accept=("one-company", *tool.accept))


def hours_of(world, slug):
    return [entry.worked_units / 10_000 for entry in world.live(slug)]


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name + ("-days" if tool is TEMPO_DAYS else ""))
def test_a_tools_weeks_come_unattended_once_its_proposal_was_accepted(world, push, tool, tmp_path):
    accept_proposal(world, tool)
    assert (hours_of(world, "acme"), hours_of(world, "birch")) == ([1.5], [2.0])

    (tmp_path / "next.csv").write_bytes(tool.file(1))
    call_command("import_csv", str(tmp_path / "next.csv"), "--provider", world.provider.slug, "--publish")
    assert (hours_of(world, "acme"), hours_of(world, "birch")) == ([1.5, 2.25], [2.0, 1.0])

    answer = push(tool.file(2))
    assert (answer.status_code, answer.json()["format"], answer.json()["needs"]) == (200, tool.name, [])
    assert (hours_of(world, "acme"), hours_of(world, "birch")) == ([1.5, 2.25, 1.0], [2.0, 1.0, 0.5])


@pytest.mark.parametrize(
    ("tool", "offers"),
    [
        (TEMPO_DAYS, ["Accept as days of eight hours: 2 rows, 3.5 h"]),
        (ZAMMAD, ["Accept as quarter hours: 2 rows, 3.5 h", "Accept as minutes: 2 rows, 0.23 h",
                  "Accept as hours: 2 rows, 14.0 h"]),
        (REDMINE, ["Accept it: 2 rows, 3.5 h"]),
    ],
)  # fmt: skip
def test_a_unit_that_nothing_proves_is_asked_by_a_button_each(world, tool, offers):
    assert list(offers_of(world, world.upload_bytes(tool.file(0))).values()) == offers


def test_a_proposal_without_its_unit_is_not_accepted(world):
    source = world.upload_bytes(ZAMMAD.file(0))
    answer = world.manager.post(reverse("map_columns", args=[source.pk]), {"accept": "open:"})
    assert (answer.status_code, "The file doesn’t say. Choose one." in answer.text) == (422, True)


def test_a_name_that_is_taken_leaves_the_long_way(world):
    accept_proposal(world, REDMINE)
    other = REDMINE.header.replace("Comment", "Comments").replace(
        ",Week", ",Kw,Extra,Third,Fourth,Fifth,Sixth"
    )
    assert offers_of(world, world.upload_bytes((other + "\n").encode())) == {}


@pytest.mark.parametrize("tool", [REDMINE, QUICKBOOKS, CLOCKODO], ids=lambda tool: tool.name)
def test_the_command_names_the_tool_and_reads_its_file_by_that_name(world, tool, tmp_path, capsys):
    (tmp_path / "first.csv").write_bytes(tool.file(0))
    words = ("import_csv", str(tmp_path / "first.csv"), "--provider", world.provider.slug)
    with pytest.raises(BadInputError, match=f"--format {tool.name}"):
        call_command(*words)

    call_command(*words, "--format", tool.name, "--publish")
    assert (hours_of(world, "acme"), hours_of(world, "birch")) == ([1.5], [2.0])


@pytest.mark.parametrize("tool", [ZAMMAD, TEMPO_DAYS], ids=lambda tool: tool.name)
def test_the_command_reads_the_likely_unit_only_once_it_is_taken_at_its_word(world, tool, tmp_path):
    (tmp_path / "first.csv").write_bytes(tool.file(0))
    words = ("import_csv", str(tmp_path / "first.csv"), "--provider", world.provider.slug)
    with pytest.raises(BadInputError, match="unit: "):
        call_command(*words, "--format", tool.name, "--publish")

    call_command(*words, "--format", tool.name, "--publish", "--accept", "unit")
    assert (hours_of(world, "acme"), hours_of(world, "birch")) == ([1.5], [2.0])
