"""Questions of an import: when they are asked, what they hold back, and which answers hold for later files."""

import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse
from django.utils.timezone import now

from accounts.tenancy import tenant_scope
from imports.models import StandingAnswer
from imports.publishing.standing_answers import standing, take_back
from tests.imports.uploading import HEADER, row

pytestmark = pytest.mark.usefixtures("monday")
WHOLE = ("--accept", "one-company")


@pytest.fixture
def bring(world, tmp_path, capsys):
    """`import_csv --json` of rows: what it printed, what it complained of, and its exit code."""

    def bring(rows, *words, header=HEADER):
        path = tmp_path / "export.csv"
        path.write_text("\n".join((header, *rows, "")))
        capsys.readouterr()
        code, complaint = 0, ""
        try:
            call_command("import_csv", str(path), "--provider", world.provider.slug, "--json", *words)
        except CommandError as error:
            code, complaint = error.returncode, str(error)
        return json.loads(capsys.readouterr().out), complaint, code

    return bring


def acme(number, hours="2", day="2026-02-10", **more):
    return row(number, "Acme Dental", day, hours, **more)


def birch(number, hours="2", day="2026-02-10", **more):
    return row(number, "Birch & Lowe", day, hours, **more)


def asked(said):
    return {each["question"]: each["answered"] for each in said["questions"]}


def test_a_row_that_can_hardly_be_true_stops_the_publication_and_is_named(world, bring):
    said, complaint, code = bring([acme(1, "30"), birch(2)], "--publish")

    assert (code, said["published"], asked(said)) == (1, False, {"long": None})
    assert "more than 24 hours" in complaint
    assert (world.live("acme"), world.live("birch")) == ([], [])


def test_taken_at_its_word_it_is_published(world, bring):
    said, _, code = bring([acme(1, "30"), birch(2)], "--publish", "--accept", "long")

    assert (code, said["published"], asked(said)) == (0, True, {"long": "accepted"})
    assert len(world.live("acme")) == 1


def test_with_hold_whoever_nothing_waits_for_is_published_and_the_rest_is_listed(world, bring):
    said, _, code = bring([acme(1, "30"), birch(2)], "--publish", "--hold")

    assert (code, said["published"], said["held"]) == (0, True, ["acme"])
    assert (world.live("acme"), len(world.live("birch"))) == ([], 1)
    assert said["hours"]["held"] == "30.00"


@pytest.mark.parametrize("company", ["Acme Dental", "acme  dental"])
def test_with_hold_a_refused_row_holds_its_client_and_nobody_else(world, bring, company):
    rows = [acme(1), row(2, company, "2026-02-10", "abc"), birch(3)]
    all_or_nothing, complaint, code = bring(rows, "--publish")
    said, _, held_code = bring(rows, "--publish", "--hold")

    assert (code, all_or_nothing["published"]) == (1, False)
    assert "1 row is refused, the first at line 3" in complaint
    assert (held_code, said["published"], said["held"]) == (0, True, ["acme"])
    assert (world.live("acme"), len(world.live("birch"))) == ([], 1)


def test_a_refused_row_that_is_to_be_skipped_holds_nobody(world, bring):
    rows = [acme(1), row(2, "Acme Dental", "2026-02-10", "abc"), birch(3)]
    said, _, code = bring(rows, "--publish", "--hold", "--skip-bad-rows")

    assert (code, said["published"], said["held"]) == (0, True, [])
    assert (len(world.live("acme")), len(world.live("birch"))) == (1, 1)


@pytest.mark.parametrize("company", ["", "Zeta Corp"])
def test_with_hold_a_refused_row_that_is_no_clients_holds_nobody(world, bring, company):
    said, _, code = bring([acme(1), row(2, company, "", "6"), birch(3)], "--publish", "--hold")

    assert (code, said["held"], said["entries"]["refused"]) == (0, [], 1)
    assert any("1 row is refused" in each for each in said["hindrances"])


def test_with_hold_a_row_of_which_nobody_can_tell_whose_it_is_holds_the_file(world, bring):
    said, complaint, code = bring([acme(1), "2,Acme Dental,2026-02-10", birch(3)], "--publish", "--hold")

    assert (code, said["published"]) == (1, False)
    assert "the row has 3 cells" in complaint


def test_a_company_of_which_a_row_is_refused_is_named_too(world, bring):
    said, _, _ = bring([acme(1), row(2, "Birch & Lowe", "2026-02-10", "abc")])

    assert asked(said) == {}


def test_a_question_about_the_file_holds_all_of_it(world, bring):
    said, complaint, code = bring([acme(1)], "--publish", "--hold")

    assert (code, said["published"], asked(said)) == (1, False, {"one-company": None})
    assert "only one company (Acme Dental). That" in complaint


def test_a_file_that_names_fewer_than_half_as_many_companies_as_before_asks(bring):
    everybody = [
        acme(1),
        birch(2),
        row(3, "Cobalt Freight", "2026-02-10", "1"),
        row(4, "A", "2026-02-10", "1"),
    ]
    everybody += [row(5, "B", "2026-02-10", "1")]
    bring(everybody, "--publish")

    said, _, _ = bring(everybody[:2], "--removals", "keep")

    assert asked(said) == {"one-company": None}


def test_a_row_that_stands_published_unchanged_asks_nothing_again(world, bring):
    rows = [acme(1, "30", technician=""), birch(2)]
    bring(rows, "--publish", "--accept", "long")
    with tenant_scope(world.provider):
        StandingAnswer.objects.all().delete()

    said, _, code = bring([*rows, birch(3)], "--publish")

    assert (code, asked(said)) == (0, {})


def test_a_row_that_was_answered_asks_nothing_in_a_later_file(world, bring):
    rows = [acme(1, "30", technician=""), birch(2)]
    first, _, _ = bring(rows, "--publish", "--accept", "long")
    call_command("undo_import", str(first["import"]))

    assert asked(bring(rows)[0]) == {}
    assert asked(bring([acme(1, "31", technician=""), birch(2)])[0]) == {"long": None}


def test_an_answer_about_long_entries_holds_for_the_technician_until_it_is_taken_back(world, bring):
    bring([acme(1, "30"), birch(2)], "--publish", "--accept", "long")
    assert asked(bring([acme(3, "28"), birch(4)], "--removals", "keep")[0]) == {}

    with tenant_scope(world.provider):
        (answer,) = standing()
        take_back(pk=answer.pk, by=world.manager.user, at=now())
        assert standing() == []

    assert answer.subject == "Priya Nair"
    assert asked(bring([acme(3, "28"), birch(4)], "--removals", "keep")[0]) == {"long": None}


def test_who_gave_an_answer_and_when_is_kept(world):
    source = world.upload(acme(1, "30"), birch(2))
    world.publish(source, accept=("one-company", "long"))

    with tenant_scope(world.provider):
        (answer,) = standing()
    assert (answer.given_by, answer.given_at, answer.given_in) == (world.manager.user, now(), source)


def test_a_column_that_may_stay_unread_asks_nothing_in_the_next_file(bring):
    header = HEADER.replace("Ticket", "Billing status")
    rows = [
        acme(1, ticket="Non-billable"),
        birch(2, ticket="Billable"),
        row(3, "Cobalt Freight", "2026-02-10", "1", ticket="Billable"),
    ]
    generic = ("--format", "generic", "--publish")
    first, _, code = bring(rows, *generic, header=header)
    assert code == 1
    assert {each["column"] for each in first["questions"]} == {"Billing status"}

    bring(rows, *generic, "--accept", "columns", header=header)
    later, _, code = bring([*rows, acme(4, ticket="Billable")], *generic, header=header)

    assert (code, later["questions"], later["unread_columns"]) == (0, [], ["Billing status"])


def test_in_the_browser_a_file_of_one_company_dates_nobody_else(world):
    source = world.upload(acme(1), through="2026-02-13")

    page = world.publish(source, accept=())

    assert "Published for 1 client" in page
    assert world.through("acme") != world.through("birch")
    assert len(world.live("acme")) == 1


def test_in_the_browser_a_question_holds_its_client_until_it_is_ticked(world):
    source = world.upload(acme(1, "30"), birch(2), row(3, "Cobalt Freight", "2026-02-10", "1"))
    page = world.page(source)
    assert "more than 24 hours" in page

    world.post(
        "choose_in_import",
        source,
        asked="long",
        accept="long",
        shown="acme birch cobalt",
        publish=["acme", "birch", "cobalt"],
    )
    world.publish(source, accept=("long",))

    assert len(world.live("acme")) == 1


def test_rejected_and_void_rows_are_excluded(world, bring):
    header = (
        "Time_RecID,company_name,SR_Service_RecID,sr_summary,member_id,Date_Start,hours_actual,Entry Status"
    )
    rows = [
        "1,Acme Dental,10,Mail,jo,2026-02-10,1,Rejected",
        "2,Acme Dental,10,Mail,jo,2026-02-10,3,Approved",
        "3,Birch & Lowe,11,Print,jo,2026-02-10,2,Void",
    ]

    said, _, _ = bring(rows, "--publish", header=header)

    assert said["excluded"] == [{"line": 2, "reason": "rejected"}, {"line": 4, "reason": "rejected"}]
    assert said["hours"]["excluded"] == {"rejected": "3.00"}


def test_hours_that_take_back_what_is_nowhere_ask(bring):
    said, _, _ = bring([acme(1, "-2", technician="Ann"), birch(2)])
    assert asked(said) == {"negative": None}


def test_a_correction_of_published_work_asks_nothing(bring):
    bring([acme(1, "3"), birch(2)], "--publish")
    said, _, code = bring([acme(1, "3"), birch(2), acme(3, "-1", day="2026-02-11")], "--publish")
    assert (code, asked(said)) == (0, {})


def test_an_answer_is_listed_with_who_gave_it_and_taken_back_by_a_manager(world):
    world.publish(world.upload(acme(1, "30"), birch(2)), accept=("one-company", "long"))
    page = world.manager.get(reverse("answers")).content.decode()
    assert "24 hours of Priya Nair are right" in page
    assert world.manager.user.email in page or world.manager.user.name in page

    with tenant_scope(world.provider):
        (answer,) = standing()
    after = world.manager.post(reverse("take_answer_back", args=[answer.pk]), follow=True).content.decode()

    assert "Priya Nair" not in after
    with tenant_scope(world.provider):
        assert StandingAnswer.objects.get().taken_back_by == world.manager.user


def test_a_correction_of_work_that_is_published_and_not_in_the_file_asks_nothing(world):
    world.publish(
        world.upload(row(1, "Acme Dental", "2026-01-12", "4", ticket="77", technician="Priya Nair"))
    )
    later = world.upload(
        row(2, "Acme Dental", "2026-02-10", "-1.5", ticket="77", technician="Sam Roe"),
        row(3, "Birch & Lowe", "2026-02-10", "1"),
    )
    assert "below zero" not in world.page(later)
    world.publish(later)
    assert len(world.live("acme")) == 2


def test_a_correction_beyond_all_that_is_published_of_it_asks(world):
    world.publish(
        world.upload(row(1, "Acme Dental", "2026-01-12", "1", ticket="77", technician="Priya Nair"))
    )
    later = world.upload(row(2, "Acme Dental", "2026-02-10", "-1.5", ticket="77", technician="Sam Roe"))
    assert "below zero" in world.page(later)
    other = world.upload(row(3, "Birch & Lowe", "2026-02-10", "-0.5", ticket="77", technician="Sam Roe"))
    assert "below zero" in world.page(other)


def test_a_date_years_before_an_agreement_is_asked_about_though_nothing_counts_it(world):
    source = world.upload(row(1, "Acme Dental", "2016-02-10", "1"), row(2, "Birch & Lowe", "2026-02-10", "1"))
    assert "more than a year off" in world.page(source)

    world.publish(source)

    assert (world.through("acme"), len(world.live("birch"))) == (None, 1)


def test_a_date_years_ahead_is_off_a_retainer_that_has_no_end(world):
    page = world.page(
        world.upload(row(1, "Acme Dental", "2062-02-10", "1"), row(2, "Birch & Lowe", "2026-02-10", "1"))
    )
    assert "more than a year off" in page
