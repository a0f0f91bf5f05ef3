"""The month of June 2026 of an invented MSP: whichever export it comes in, the balances are the same."""

from pathlib import Path

import pytest

from accounts.models import Provider
from accounts.tenancy import tenant_scope
from imports.models import Import
from retainers.models import Entry

SAMPLES = Path(__file__).parent.parent / "samples"
PROVIDER = ("--provider", "harbor-point")


@pytest.fixture
def harbor_point(run):
    run("load_retainers", str(SAMPLES / "harbor_point.toml"))


def june(run_json, client):
    (answer,) = run_json("balances", *PROVIDER, "--client", client, "--on", "2026-06-30")
    return answer["cycles"]


@pytest.mark.parametrize(
    "sample", ["connectwise_rpt_time_view", "autotask_time_entries_grid", "syncro_ticket_time_entry_report"]
)
def test_june_comes_out_alike_from_every_psa(harbor_point, run, run_json, sample):
    run("import_csv", str(SAMPLES / f"{sample}.csv"), *PROVIDER, "--publish", "--accept=one-company")
    acme = june(run_json, "acme-dental")[-1]["total"]
    assert (acme["used"], acme["remaining"]) == ("15.00", "5.00")
    assert june(run_json, "birch-lowe")[-1]["total"]["used"] == "5.00"
    assert sum(float(cycle["total"]["used"]) for cycle in june(run_json, "cobalt-freight")) == 6.5


def test_the_providers_own_company_is_no_client(harbor_point, run_json):
    said = run_json("import_csv", str(SAMPLES / "connectwise_rpt_time_view.csv"), *PROVIDER)
    assert said["unknown_companies"] == []
    assert [each["reason"] for each in said["excluded"]].count("not a client") == 1
    assert said["published"] is False
    counts = said["entries"]
    assert said["rows"] == 25 == sum(counts.values()) - counts["removed"]


def test_the_same_file_twice_changes_nothing(harbor_point, run_json):
    file = str(SAMPLES / "connectwise_rpt_time_view.csv")
    first = run_json("import_csv", file, *PROVIDER, "--publish", "--accept=one-company")
    again = run_json("import_csv", file, *PROVIDER, "--publish", "--accept=one-company")
    assert first["entries"]["new"] == again["entries"]["unchanged"]
    assert (again["entries"]["new"], again["entries"]["changed"], again["entries"]["removed"]) == (0, 0, 0)


def test_an_undone_import_leaves_nothing_but_its_record(harbor_point, run, run_json):
    before = run_json("balances", *PROVIDER)
    said = run_json(
        "import_csv",
        str(SAMPLES / "connectwise_rpt_time_view.csv"),
        *PROVIDER,
        "--publish",
        "--accept",
        "one-company",
    )
    run("undo_import", str(said["import"]))
    assert run_json("balances", *PROVIDER) == before
    with tenant_scope(Provider.objects.get()):
        assert Import.objects.get().state == Import.State.UNDONE
        assert not Entry.objects.filter(retired_in=None).exists()
        excluded = [each for each in said["excluded"] if each["reason"] != "not a client"]
        assert Entry.objects.count() == said["entries"]["new"] + len(excluded)


def test_loading_the_agreements_twice_changes_nothing(harbor_point, run):
    assert "Nothing to change" in run("load_retainers", str(SAMPLES / "harbor_point.toml"))


def test_a_dump_loads_as_the_same_agreements(harbor_point, run, tmp_path):
    file = tmp_path / "dump.toml"
    file.write_text(run("dump_retainers", *PROVIDER))
    assert "Nothing to change" in run("load_retainers", str(file))
