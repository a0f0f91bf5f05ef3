"""What MSPs agree on by dates, through the commands: cases that once went wrong, each with what is right."""

import pytest

from accounts.models import Provider
from accounts.tenancy import tenant_scope
from portal.templatetags.figures import kept_together
from retainers.models import MAY_COUNT, Entry
from tests.acceptance.conftest import at

HEAD = """
[provider]
slug = "northwind"
name = "Northwind"
timezone = "America/Chicago"
date_order = "ymd"
"""
CLIENT = """
[[clients]]
slug = "acme"
name = "Acme"
[[clients.retainers]]
key = "support"
name = "IT support"
starts = 2026-01-01
[[clients.retainers.terms]]
hours_from = "worked"
"""
HOURS = """
[provider.business_hours]
days = ["mon", "tue", "wed", "thu", "fri"]
start = "08:00"
end = "17:00"
holidays = [%s]
%s
[[rules]]
when = { time = "after_hours" }
then = { category = "after_hours" }
"""
TWICE = 'multipliers = [{ category = "after_hours", name = "After hours", factor = "2" }]\n'
COLUMNS = "Entry ID,Client,Date,Start,End,Hours,Technician,Ticket,Title"


def capped(hours, more=""):
    return HEAD + CLIENT + f'pools = [{{ key = "main", name = "Main", hours = "{hours}" }}]\n{more}'


def granted(kind, day, hours, **words):
    said = "".join(f"{name} = {value}\n" for name, value in words.items())
    return f'[[clients.retainers.{kind}]]\ndate = {day}\nhours = "{hours}"\n{said}'


@pytest.fixture
def agreed(load):
    def agreed(text, moment="2026-01-01 15:00"):
        with at(moment):
            said = load(text)
        assert said.code == 0, said.err

    return agreed


@pytest.fixture
def worked(shell, file):
    """Entries as (day, hours) or (day, start, end, hours), published at that moment."""

    def worked(*rows, moment="2026-03-02 15:00"):
        lines = [COLUMNS]
        for number, row in enumerate(rows, 1):
            day, start, end, hours = row if len(row) == 4 else (row[0], "", "", row[1])
            lines.append(f"{number},Acme,{day},{start},{end},{hours},Ann,T{number},x")
        path = file("\n".join([*lines, ""]), "export.csv")
        with at(moment):
            said = shell("import_csv", path, "--provider", "northwind", "--publish", "--format", "generic")
        assert said.code == 0, said.err

    return worked


@pytest.fixture
def totals(balances):
    """The totals of each cycle on a day."""

    def totals(on):
        return [cycle["total"] for cycle in balances("--on", on)["acme", "support"]["cycles"]]

    return totals


def test_hours_given_as_goodwill_stay_on_a_prepaid_block(agreed, worked, totals):
    grants = granted("top_ups", "2026-01-02", "10") + granted("adjustments", "2026-02-03", "2")
    agreed(capped("0", grants))
    worked(("2026-01-20", "5"))

    assert [total["remaining"] for total in totals("2026-03-02")] == ["5.00", "7.00", "7.00"]


def test_bought_hours_outlive_a_rollover_with_a_cap(agreed, worked, totals):
    agreed(capped("20", 'rollover = { hours = "10" }\n' + granted("top_ups", "2026-01-10", "5")))
    worked(("2026-01-12", "20"), ("2026-02-12", "5"))

    assert totals("2026-03-02")[-1]["remaining"] == "35.00"


def test_the_billing_day_moves_from_a_day_on_and_history_stays(agreed, worked, balances):
    agreed(capped("10"))
    worked(("2026-01-06", "12"), ("2026-02-20", "4"))
    before = balances("--on", "2026-03-02")["acme", "support"]["cycles"]
    later = (
        "[[clients.retainers.terms]]\nfrom = 2026-04-01\nanchor_day = 15\n"
        'hours_from = "worked"\npools = [{ key = "main", name = "Main", hours = "10" }]\n'
    )

    agreed(capped("10", later), "2026-03-10 15:00")

    after = balances("--on", "2026-04-16")["acme", "support"]["cycles"]
    assert balances("--on", "2026-03-02")["acme", "support"]["cycles"] == before
    assert [(cycle["starts"], cycle["ends"]) for cycle in after[-2:]] == [
        ("2026-04-01", "2026-04-14"),
        ("2026-04-15", "2026-05-14"),
    ]
    assert after[-2]["total"]["allocated"] == "4.52"


def test_a_note_that_is_corrected_under_its_key_grants_nothing_twice(agreed, totals):
    for note in ("PO 4711", "PO 4712"):
        agreed(capped("10", granted("top_ups", "2026-01-10", "5", key='"po"', note=f'"{note}"')))

    assert totals("2026-01-10")[0]["topped_up"] == "5.00"


def test_next_years_holidays_leave_last_years_as_they_were(agreed, worked, totals):
    retainer = CLIENT.replace("2026-01-01", "2025-12-01") + TWICE
    pools = 'pools = [{ key = "main", name = "Main", hours = "10" }]\n'
    agreed(HEAD + HOURS % ("2025-12-25", "") + retainer + pools, "2025-12-01 15:00")
    worked(("2025-12-25", "10:00", "13:00", "3"), ("2025-12-10", "10:00", "17:00", "7"))

    agreed(HEAD + HOURS % ("2026-12-25", "") + retainer + pools, "2026-01-05 15:00")

    assert totals("2026-01-02")[0]["used"] == "13.00"


def test_work_over_closing_time_is_cut_at_the_boundary(agreed, worked, totals):
    terms = TWICE + 'pools = [{ key = "main", name = "Main", hours = "20" }]\n'
    agreed(HEAD + HOURS % ("2026-12-25", 'split = "boundary"') + CLIENT + terms)
    worked(("2026-01-06", "16:30", "18:30", "2"), ("2026-01-07", "06:00", "10:00", "4"))

    assert totals("2026-01-31")[0]["used"] == "9.50"


def test_a_night_that_ends_past_midnight_is_cut_at_its_stated_end(agreed, worked, totals):
    terms = TWICE + 'pools = [{ key = "main", name = "Main", hours = "20" }]\n'
    agreed(HEAD + HOURS % ("2026-12-25", 'split = "boundary"') + CLIENT + terms)
    worked(("2026-01-06", "16:00", "01:00", "9"))

    assert totals("2026-01-31")[0]["used"] == "17.00"  # an hour by day, eight by night


def test_the_clients_log_has_a_line_for_each_part(agreed, worked, shell, client):
    terms = TWICE + 'pools = [{ key = "main", name = "Main", hours = "20" }]\n'
    agreed(HEAD + HOURS % ("2026-12-25", 'split = "boundary"') + CLIENT + terms)
    worked(("2026-01-06", "16:30", "18:30", "2"), moment="2026-01-20 15:00")
    with at("2026-01-20 16:00"):
        said = shell("share_link", "create", "--provider", "northwind", "--client", "acme").out
        path = "/" + said.strip().split("/", 3)[3]
        (retainer,) = client.get(f"{path}balance.json").json()["retainers"]
        page = client.get(path).content.decode()

    lines = [(line["worked"], line["counted"], line["factor"], line["hours"]) for line in retainer["log"]]
    assert lines == [("0.50", "0.50", "1", "0.50"), ("1.50", "1.50", "2", "3.00")]
    assert retainer["cycle"]["total"]["used"] == "3.50"
    assert kept_together("1.5 h of 2.0 h, × 2 after hours = 3.0 h") in page


def test_rules_and_hours_that_change_judge_what_is_published_anew(agreed, worked, totals):
    terms = TWICE + 'pools = [{ key = "main", name = "Main", hours = "20" }]\n'
    agreed(HEAD + HOURS % ("2026-12-25", "") + CLIENT + terms)
    worked(("2026-01-06", "16:30", "18:30", "2"))
    assert totals("2026-01-31")[0]["used"] == "2.00"

    agreed(HEAD + HOURS % ("2026-12-25", 'split = "boundary"') + CLIENT + terms, "2026-03-02 16:00")

    assert totals("2026-01-31")[0]["used"] == "3.50"


def test_hours_that_lapse_on_a_day_are_said_as_lapsed(agreed, worked, totals):
    agreed(capped("10", granted("top_ups", "2026-01-10", "5", expires="2026-01-20")))
    worked(("2026-01-15", "3"))

    (on_the_day,), (after,) = totals("2026-01-20"), totals("2026-01-21")
    assert (on_the_day["remaining"], on_the_day["lapsed"]) == ("12.00", "0.00")
    assert (after["remaining"], after["lapsed"]) == ("10.00", "2.00")


def test_work_of_which_a_part_counts_waits_for_its_words(agreed, worked):
    free = '[[rules]]\nwhen = { time = "after_hours" }\nthen = { exclude = "nights are free" }\n'
    hours = HOURS % ("2026-12-25", 'split = "boundary"') + free
    agreed(HEAD + hours + CLIENT + 'pools = [{ key = "main", name = "Main", hours = "20" }]\n')
    worked(("2026-01-06", "07:00", "10:00", "3"), ("2026-01-07", "05:00", "06:00", "1"))

    with tenant_scope(Provider.objects.get(slug="northwind")):
        waiting = Entry.objects.filter(MAY_COUNT, retired_in=None, wording="")
        assert [entry.day.isoformat() for entry in waiting] == ["2026-01-06"]
