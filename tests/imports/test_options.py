"""What is said of a file is read by one rule: the form, the command line and the API refuse the same words."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client as Browser

from accounts import keys
from accounts.tenancy import tenant_scope
from imports.models import Import
from imports.publishing.options import Options
from imports.publishing.read_options import OPTIONS, RefusedOptionsError, read_options
from tests.factories import ProviderFactory
from tests.imports.uploading import HEADER, an_import_world, row

pytestmark = pytest.mark.usefixtures("monday")
FILE = f"{HEADER}\n{row(1, 'Acme Dental', '2026-02-10', '2')}\n"
FORM_FIELDS = {"from": "starts", "to": "ends"}


@pytest.fixture
def by_api(world):
    with tenant_scope(world.provider):
        _, secret = keys.create(name="Weekly report", scopes=keys.PUSHES, by=world.manager.user)

    def post(query, body=FILE):
        return Browser().post(
            f"/api/imports?{query}",
            data=body,
            content_type="text/csv",
            headers={"Authorization": f"Bearer {secret}"},
        )

    return post


@pytest.fixture
def by_command(world, tmp_path, capsys):
    (tmp_path / "week.csv").write_text(FILE)

    def run(*words):
        call_command("import_csv", str(tmp_path / "week.csv"), "--provider", world.provider.slug, *words)
        return capsys.readouterr().out

    return run


def imports_held(world):
    with tenant_scope(world.provider):
        return Import.objects.count()


REFUSED = {
    "a date that is none": ({"through": "soon"}, "“soon” isn’t a date"),
    "a year too far": ({"through": "2999-01-01"}, "too far away"),
    "a period with one end": ({"from": "2026-02-01"}, "A period needs both its first and its last day"),
    "a period that ends first": ({"from": "2026-02-02", "to": "2026-02-01"}, "ends before it starts"),
    "a pool that nobody has": ({"covers": "pool:reactiv"}, "Known: support"),
}
WITHOUT_A_FIELD = {
    "a format that is none": ({"format": "excel"}, "is neither a format nor a saved mapping"),
    "an order that is none": ({"date_order": "ydm"}, "isn’t an order of dates"),
    "another kind of cover": ({"covers": "board:x"}, "say agreement:NAME or pool:KEY"),
    "an answer that is none": ({"removals": "all"}, "isn’t an answer about removals"),
}


@pytest.mark.parametrize(("said", "words"), [*REFUSED.values(), *WITHOUT_A_FIELD.values()])
def test_the_api_refuses_what_makes_no_sense_and_keeps_nothing(world, by_api, said, words):
    answer = by_api("&".join(f"{name}={value}" for name, value in said.items()))
    assert answer.status_code == 400
    assert words in answer.json()["error"]
    assert imports_held(world) == 0


@pytest.mark.parametrize(("said", "words"), [*REFUSED.values(), *WITHOUT_A_FIELD.values()])
def test_the_command_refuses_the_same_in_the_same_words(world, by_command, said, words):
    with pytest.raises(CommandError, match=words):
        by_command(*(f"--{name.replace('_', '-')}={value}" for name, value in said.items()))
    assert imports_held(world) == 0


@pytest.mark.parametrize(("said", "words"), REFUSED.values())
def test_the_form_refuses_the_same_in_the_same_words(world, said, words):
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "2"))
    fields = {FORM_FIELDS.get(name, name): value for name, value in said.items() if name != "covers"}
    pools = said.get("covers", "").removeprefix("pool:")
    page = world.post("reread_import", source, pools=pools, **fields)
    assert words in page
    assert world.fresh(source).options == source.options


def test_everything_that_is_wrong_is_told_at_once(db):
    with pytest.raises(RefusedOptionsError) as raised, tenant_scope(an_import_world().provider):
        read_options(
            {"through": "soon", "from": "2026-02-01", "covers": ["pool:x"], "skip_bad_rows": "maybe"}
        )
    assert {problem.option for problem in raised.value.problems} == {
        "through",
        "to",
        "covers",
        "skip_bad_rows",
    }


def test_all_that_can_be_said_is_kept_as_it_was_said(world):
    said = {
        "format": "generic",
        "date_order": "dmy",
        "through": "2026-02-12",
        "from": "2026-02-01",
        "to": "2026-02-11",
        "covers": ["agreement:Managed  20", "pool:support", "pool:support"],
        "removals": "keep",
        "skip_bad_rows": "1",
        "encoding": "CP850",
        "clock": "12",
        "accept": ["times,long", "years"],
        "restate": "yes",
        "restate_reason": "A sheet came late",
        "replace": "autotask",
    }
    assert said.keys() == set(OPTIONS)
    with tenant_scope(world.provider):
        options = read_options(said)
    assert options.document() == {
        "format": "generic",
        "date_order": "dmy",
        "through": "2026-02-12",
        "starts": "2026-02-01",
        "ends": "2026-02-11",
        "agreements": ("Managed 20",),
        "pools": ("support",),
        "removals": "keep",
        "skip_bad_rows": True,
        "encoding": "cp850",
        "clock": "12",
        "accept": ("times", "long", "years"),
        "restate": True,
        "restate_reason": "A sheet came late",
        "replace": "autotask",
    }
    assert Options.read(options.document()) == options


@pytest.mark.parametrize("query", ["foo=1", "publish=maybe", "skip_bad_rows=2", "held=acme"])
def test_a_parameter_that_the_api_does_not_know_is_refused(world, by_api, query):
    answer = by_api(query)
    assert answer.status_code == 400
    assert query.partition("=")[0] in answer.json()["error"]
    assert imports_held(world) == 0


def test_the_api_takes_the_commands_names_as_they_are_written_there(by_api):
    assert by_api("date-order=mdy&skip-bad-rows=1").status_code == 201


def test_a_date_to_come_is_taken_as_today_and_said_so(by_command):
    said = by_command("--through", "2030-01-01")
    assert "through 2030-01-01, which is in the future; 2026-02-16 is used instead" in said


def test_an_agreement_that_nothing_is_of_is_told(by_command):
    assert "no row has an agreement “Nope”" in by_command("--covers", "agreement:Nope")


def test_an_agreement_that_a_row_names_or_named_needs_no_word(world, by_api):
    file = "Entry ID,Client,Agreement,Date,Billable hours,Hours\n1,Acme Dental,{},2026-02-10,2,2\n"
    first = by_api("covers=agreement:managed&publish=1", file.format("Managed"))
    assert (first.status_code, first.json()["warnings"]) == (200, [])
    assert by_api("covers=agreement:managed", file.format("Other")).json()["warnings"] == []


def test_hours_past_the_cap_are_named_in_the_commands_text(world, tmp_path, capsys):
    (tmp_path / "a.csv").write_text(f"{HEADER}\n{row(1, 'Acme Dental', '2026-02-10', '11')}\n")
    words = ("--provider", world.provider.slug, "--accept", "one-company")
    call_command("import_csv", str(tmp_path / "a.csv"), *words)
    assert "acme/support: 10.00 left → 0.00 left, 1.00 over" in capsys.readouterr().out


def test_of_a_client_that_waits_the_commands_text_says_what_stays(world, tmp_path, capsys):
    rows = (row(1, "Acme Dental", "2026-02-10", "30"), row(2, "Birch & Lowe", "2026-02-10", "2"))
    (tmp_path / "a.csv").write_text("\n".join((HEADER, *rows, "")))

    call_command("import_csv", str(tmp_path / "a.csv"), "--provider", world.provider.slug)

    said = capsys.readouterr().out
    assert (
        "acme/support: 10.00 left, as it was; it waits (0.00 left, 20.00 over once it is published)" in said
    )
    assert "birch/support: 10.00 left → 8.00 left" in said


def publish(world, tmp_path, capsys, *rows):
    (tmp_path / "b.csv").write_text("\n".join((HEADER, *rows, "")))
    call_command(
        "import_csv",
        str(tmp_path / "b.csv"),
        "--provider",
        world.provider.slug,
        "--publish",
        "--accept",
        "one-company",
    )
    return capsys.readouterr().out.splitlines()[-1]


def test_what_publishing_did_is_said_as_it_is(world, tmp_path, capsys):
    known, stranger = row(1, "Acme Dental", "2026-02-10", "2"), row(2, "Zeta Corp", "2026-02-11", "2")
    assert publish(world, tmp_path, capsys, known) == "Published."
    assert publish(world, tmp_path, capsys, known) == "Published. It changes nothing."
    assert publish(world, tmp_path, capsys, stranger).startswith("Published: dates alone")


def test_where_nothing_is_published_the_command_says_so_and_the_preview_waits(db, tmp_path, capsys):
    provider = ProviderFactory()  # with no client yet
    (tmp_path / "c.csv").write_text(f"{HEADER}\n{row(2, 'Zeta Corp', '2026-02-11', '2')}\n")
    call_command("import_csv", str(tmp_path / "c.csv"), "--provider", provider.slug, "--publish")
    assert "Nothing was published" in capsys.readouterr().out
    with tenant_scope(provider):
        assert Import.objects.get().state == Import.State.UPLOADED
