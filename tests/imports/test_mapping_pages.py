"""Mapping columns by hand: suggested, checked, saved by name, and recognised the next time."""

import re

import pytest
from django.urls import reverse

from accounts.models import Role
from accounts.tenancy import tenant_scope
from imports.saved_mappings import saved_mappings
from tests.imports.mapped_file import CHOSEN, FILE, HEADER, address, chosen, map_page, save

pytestmark = pytest.mark.usefixtures("monday")


# who may


@pytest.mark.parametrize("name", ["map_columns", "import_headers"])
def test_mapping_is_for_managers(world, name):
    source = world.upload_bytes(FILE)
    viewer = world.person(Role.VIEWER)
    assert viewer.get(address(source, name)).status_code == 403
    assert world.manager.get(address(source, name)).status_code == 200


def test_a_viewer_may_not_save_a_mapping(world):
    source = world.upload_bytes(FILE)
    fields = {**CHOSEN, "name": "x", "do": "save"}
    assert world.person(Role.VIEWER).post(address(source), fields).status_code == 403
    with tenant_scope(world.provider):
        assert saved_mappings() == []


@pytest.mark.parametrize("name", ["map_columns", "import_headers"])
def test_an_import_of_another_provider_is_404_like_a_missing_one(world, name, stranger):
    source = world.upload_bytes(FILE)
    assert stranger.get(address(source, name)).status_code == 404
    assert stranger.get(reverse(name, args=[source.pk + 999])).status_code == 404


def test_the_links_stand_where_the_format_is_unknown_and_for_managers(world):
    source = world.upload_bytes(FILE)
    page = world.page(source)
    assert address(source) in page
    assert address(source, "import_headers") in page
    assert address(source) not in world.person(Role.VIEWER).get(address(source, "import")).content.decode()


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04 a workbook", b"a,b\n", b"Date,Client,Hours\n02/03/2026,Acme,1\n"]
)
def test_a_file_that_mapping_can_not_help_has_no_link_to_it(world, data):
    source = world.upload_bytes(data)
    assert address(source) not in world.page(source)


def test_a_file_that_is_no_table_leads_back_to_why(world):
    source = world.upload_bytes(b"PK\x03\x04 a workbook")
    for name in ("map_columns", "import_headers"):
        answer = world.manager.get(address(source, name), follow=True)
        assert answer.status_code == 200
        assert "Excel workbook" in answer.content.decode()


# what the page shows


def test_the_first_rows_are_in_view_and_not_the_sixth(world):
    rows = "".join(f"2026-02-{day:02},Acme Dental,row {day}\n" for day in range(1, 8))
    page = map_page(world, world.upload_bytes(f"Wann,Kundin,Wie lang\n{rows}".encode()))
    assert "row 5" in page
    assert "row 6" not in page


@pytest.mark.parametrize(
    "header", ["Internal client description", "Private description", "Hidden customer description"]
)
def test_an_internal_column_is_never_suggested_for_what_clients_read(world, header):
    data = f"Wann,Kundin,Wie lang,{header}\n2026-02-10,Acme Dental,1:30,x\n".encode()
    assert chosen(map_page(world, world.upload_bytes(data)), "description") == ""


def test_a_column_made_for_the_client_is_suggested(world):
    data = b"Wann,Kundin,Wie lang,Client description\n2026-02-10,Acme Dental,1:30,x\n"
    assert chosen(map_page(world, world.upload_bytes(data)), "description") == "3"


def test_an_internal_column_that_a_person_chooses_for_clients_is_warned_of(world):
    page = map_page(world, world.upload_bytes(FILE), **CHOSEN, **{"column-description": "4"}, do="check")
    assert "sounds internal" in page


# the check


def test_every_row_is_checked_and_refused_ones_are_named_by_their_line(world):
    source = world.upload_bytes(FILE)
    answer = world.manager.post(address(source), {**CHOSEN, "do": "check"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "2 of 3 rows are read, 1 refused" in page
    assert "2026-02-30" in page.split('id="check"')[1]
    assert 'data-label="Line"><span>4</span>' in page
    with tenant_scope(world.provider):
        assert saved_mappings() == []


def test_the_first_rows_are_shown_as_they_are_read(world):
    page = map_page(world, world.upload_bytes(FILE), **CHOSEN, do="check")
    assert "Tue 10 Feb 2026" in page
    assert "<td>1.5</td>" in page


def test_the_unit_is_asked_where_nothing_says_it(world):
    source = world.upload_bytes(FILE)
    answer = world.manager.post(address(source), {**CHOSEN, "unit": "open", "name": "x", "do": "save"})
    assert answer.status_code == 422
    assert "The file doesn’t say" in answer.content.decode()
    clocks = world.upload_bytes(
        FILE.replace(b",90,", b",1:30,").replace(b",30,", b",0:30,").replace(b",60,", b",1:00,")
    )
    assert "The file doesn’t say" not in map_page(world, clocks, **{**CHOSEN, "unit": "open"}, do="check")


def test_the_order_of_dates_is_asked_where_nothing_says_it(world):
    data = b"Wann,Kundin,Wie lang\n02/03/2026,Acme Dental,90\n"
    source = world.upload_bytes(data)
    assert "could be read either way" in map_page(world, source, **CHOSEN, do="check")
    page = map_page(world, source, **CHOSEN, date_order="dmy", do="check")
    assert "could be read either way" not in page
    assert "Mon 2 Mar 2026" in page
    world.provider.date_order = "mdy"
    world.provider.save()
    assert "Tue 3 Feb 2026" in map_page(world, source, **CHOSEN, do="check")


def test_what_yes_means_is_said(world):
    source = world.upload_bytes(FILE)
    fields = {**CHOSEN, "column-is_billable": "3", "do": "check"}
    assert "<td>no</td>" in map_page(world, source, **fields, flag_means="billable")
    assert "<td>yes</td>" in map_page(world, source, **fields, flag_means="non-billable")


@pytest.mark.parametrize(
    ("lacks", "said"),
    [("date", "day of the work"), ("worked", "holds the hours"), ("company", "names the client")],
)
def test_a_mapping_without_what_every_entry_needs_is_not_saved(world, lacks, said):
    source = world.upload_bytes(FILE)
    fields = {**CHOSEN, "name": "x", "do": "save", f"column-{lacks}": ""}
    answer = world.manager.post(address(source), fields)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert f'<a href="#column-{lacks}">' in answer.content.decode()
    with tenant_scope(world.provider):
        assert saved_mappings() == []


def test_a_file_for_one_client_needs_no_column_of_clients(world):
    source = world.upload_bytes(FILE, client="acme")
    assert "2 of 3 rows are read" in map_page(world, source, **{**CHOSEN, "column-company": ""}, do="check")


def test_a_choice_that_is_no_column_is_passed_over(world):
    source = world.upload_bytes(FILE)
    page = map_page(world, source, **{**CHOSEN, "column-title": "99", "column-notes": "x", "unit": "years"})
    assert chosen(page, "title") == chosen(page, "notes") == ""


# the headers, for support


def test_the_copy_for_support_holds_the_headers_only(world):
    answer = world.manager.get(address(world.upload_bytes(FILE, name="Acme.csv"), "import_headers"))
    assert answer.content.decode() == ",".join(HEADER) + "\r\n"
    assert answer["Content-Type"] == "text/csv"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert "Acme" not in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"


# renamed columns, ready-made proposals, times alone


def test_a_header_of_which_a_column_was_renamed_opens_with_what_was_saved(world):
    save(world, world.upload_bytes(FILE))
    renamed = world.upload_bytes(FILE.replace(b"Wie lang", b"Dauer"))
    page = map_page(world, renamed)
    assert (chosen(page, "date"), chosen(page, "company"), chosen(page, "worked")) == ("0", "1", "2")
    assert 'value="Wochenblatt"' in page
    answer = save(world, renamed)
    assert "Saved as “Wochenblatt”" in answer
    with tenant_scope(world.provider):
        (kept,) = saved_mappings()
    assert (kept.name, kept.columns["worked"]) == ("Wochenblatt", "Dauer")


def test_a_tools_proposal_is_accepted_with_one_click(world):
    data = (
        b"Project,Date,User,Activity,Issue,Comment,Hours\n"
        b"Acme Dental,2026-02-10,Jo Doe,Support,Bug #12: Mail,fixed,1.5\n"
    )
    source = world.upload_bytes(data)
    page = map_page(world, source)
    assert 'value="redmine"' in page
    fields = dict(re.findall(r'<select id="([\w-]+)".*?<option value="([\w.-]*)" selected>', page, re.DOTALL))
    answer = map_page(world, source, **fields, name="redmine", do="save")
    assert "Saved as “redmine”" in answer


def test_times_alone_are_enough(world):
    source = world.upload_bytes(b"Firma,Tag,Von,Bis\nAcme Dental,2026-02-10,08:37,11:06\n")
    fields = {"column-date": "1", "column-company": "0", "column-start": "2", "column-end": "3"}
    page = map_page(world, source, **fields, do="check")
    assert "The 1 row is read." in page
    assert "2.48" in page


def test_a_mapping_with_a_column_for_clients_can_be_trusted(world):
    save(world, world.upload_bytes(FILE), name="for clients", **{"column-description": "4"})
    settings = world.manager.get(reverse("provider_settings"))
    boss = world.person(Role.OWNER).get(reverse("provider_settings")).content.decode()
    assert settings.status_code == 403
    assert 'value="for clients"' in boss


def test_only_what_is_chosen_or_needed_stands_open_and_the_rest_is_folded(world):
    page = map_page(world, world.upload_bytes(FILE))
    folded = "".join(re.findall(r"<details class=\"more\">.*?</details>", page, re.DOTALL))
    assert 'id="column-location"' in folded
    assert 'id="column-date"' not in folded
    assert 'id="hidden_if"' in folded


def test_a_mapping_is_offered_the_files_name_without_its_dates(world):
    source = world.upload_bytes(
        b"Wann,Kundin,Wie lang\n2026-02-10,Acme Dental,1:30\n", name="Week_of 2026-02-10.csv"
    )
    assert 'value="Week of"' in map_page(world, source)


def test_an_unread_column_that_matters_is_told_when_the_mapping_is_checked(world):
    source = world.upload_bytes(b"Wann,Kundin,Wie lang,Billable?\n2026-02-10,Acme Dental,1:30,No\n")
    page = map_page(world, source, **{**CHOSEN, "unit": "open"}, do="check")
    assert "The column “Billable?” (No) isn’t read" in page


def test_a_file_whose_code_page_was_said_can_be_mapped(world):
    data = "Wann,Kundin,Wie lang\n2026-02-10,Söhne & Töchter,1:30\n".encode("cp850")
    source = world.upload_bytes(data)
    world.manager.post(address(source, "reread_import"), {"encoding": "cp850"})
    page = map_page(world, source)
    assert "Söhne &amp; Töchter" in page
    assert world.manager.get(address(source, "import_headers")).status_code == 200


UNTRUSTED = "No client reads its client description yet: an owner ticks “Wochenblatt” in Settings first."


@pytest.mark.parametrize(
    ("column", "trusted", "told"), [("4", [], True), ("", [], False), ("4", ["Wochenblatt"], False)]
)
def test_saving_says_that_no_client_reads_a_column_until_an_owner_trusts_it(world, column, trusted, told):
    world.provider.trusted_notes = trusted
    world.provider.save()
    page = save(world, world.upload_bytes(FILE), **{"column-description": column})
    assert (UNTRUSTED in page) is told


@pytest.mark.parametrize(
    ("cells", "field"),
    [(("Ja", "Nein"), "hidden"), (("Kunde war verärgert, Rabatt prüfen", ""), "internal_notes")],
)
def test_a_column_called_internal_is_a_mark_of_its_rows_unless_it_holds_the_notes_themselves(
    world, cells, field
):
    rows = "".join(f'2026-02-1{n};Acme Dental;1,5;Drucker;"{cell}"\n' for n, cell in enumerate(cells))
    source = world.upload_bytes(f"Tag;Firma;Stunden;Thema;Intern\n{rows}".encode(), name="woche.csv")
    page = map_page(world, source)
    assert {name: chosen(page, name) for name in ("hidden", "internal_notes")} == {
        "hidden": "4" if field == "hidden" else "",
        "internal_notes": "4" if field == "internal_notes" else "",
    }
