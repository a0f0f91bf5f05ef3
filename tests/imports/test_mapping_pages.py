"""Mapping columns by hand: suggested, checked, saved by name, and recognised the next time."""

import io
import re

import pytest
from django.core.management import call_command
from django.test import Client as Browser
from django.urls import reverse

from accounts import keys
from accounts.commands import BadInputError, BadUsageError
from accounts.models import AuditEvent, Role
from accounts.tenancy import tenant_scope
from imports.models import SavedMapping
from imports.reading.formats.table import Unit
from imports.reading.mapped import Mapping, header_signature
from imports.saved_mappings import NotSavedError, mapping_of, save_mapping, saved_mappings
from tests.factories import MembershipFactory, ProviderFactory

HEADER = ("Wann", "Kundin", "Wie lang", "Gratis", "Internal client description")
FILE = (
    ",".join(HEADER) + "\n"
    "2026-02-10,Acme Dental,90,No,secret one\n"
    "2026-02-11,Acme Dental,30,No,secret two\n"
    "2026-02-30,Birch & Lowe,60,Yes,secret three\n"
).encode()
CHOSEN = {"column-date": "0", "column-company": "1", "column-worked": "2", "unit": "minutes"}
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def address(source, name="map_columns"):
    return reverse(name, args=[source.pk])


def map_page(desk, source, **fields):
    """The mapping page, opened or posted to."""
    if not fields:
        return desk.browser.get(address(source)).content.decode()
    return desk.browser.post(address(source), fields, follow=True).content.decode()


def save(desk, source, name="Wochenblatt", **more):
    return map_page(desk, source, **{**CHOSEN, "name": name, "do": "save", **more})


def chosen(page, field):
    """The column that a field's select stands at."""
    select = re.search(rf'<select id="column-{field}".*?</select>', page, re.DOTALL).group(0)
    found = re.search(r'<option value="(\d*)" selected>', select)
    return found.group(1) if found else ""


def mapping(name="Wochenblatt", header=HEADER, **more):
    columns = {"date": header[0], "company": header[1], "worked": header[2]}
    return Mapping(name, header_signature(header), columns, **{"unit": Unit.MINUTES, **more})


# who may


@pytest.mark.parametrize("name", ["map_columns", "import_headers"])
def test_mapping_is_for_managers(desk, name):
    source = desk.upload_bytes(FILE)
    viewer = desk.as_role(Role.VIEWER)
    assert viewer.get(address(source, name)).status_code == 403
    assert desk.browser.get(address(source, name)).status_code == 200


def test_a_viewer_may_not_save_a_mapping(desk):
    source = desk.upload_bytes(FILE)
    fields = {**CHOSEN, "name": "x", "do": "save"}
    assert desk.as_role(Role.VIEWER).post(address(source), fields).status_code == 403
    with tenant_scope(desk.provider):
        assert saved_mappings() == []


@pytest.mark.parametrize("name", ["map_columns", "import_headers"])
def test_an_import_of_another_provider_is_404_like_a_missing_one(desk, name):
    source = desk.upload_bytes(FILE)
    stranger = Browser()
    stranger.force_login(MembershipFactory(role=Role.OWNER).user)
    assert stranger.get(address(source, name)).status_code == 404
    assert stranger.get(reverse(name, args=[source.pk + 999])).status_code == 404


def test_the_links_stand_where_the_format_is_unknown_and_for_managers(desk):
    source = desk.upload_bytes(FILE)
    page = desk.page(source)
    assert address(source) in page
    assert address(source, "import_headers") in page
    assert address(source) not in desk.as_role(Role.VIEWER).get(address(source, "import")).content.decode()


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04 a workbook", b"a,b\n", b"Date,Client,Hours\n02/03/2026,Acme,1\n"]
)
def test_a_file_that_mapping_can_not_help_has_no_link_to_it(desk, data):
    source = desk.upload_bytes(data)
    assert address(source) not in desk.page(source)


def test_a_file_that_is_no_table_leads_back_to_why(desk):
    source = desk.upload_bytes(b"PK\x03\x04 a workbook")
    for name in ("map_columns", "import_headers"):
        answer = desk.browser.get(address(source, name), follow=True)
        assert answer.status_code == 200
        assert "Excel workbook" in answer.content.decode()


# what the page shows


def test_the_first_rows_are_in_view_and_not_the_sixth(desk):
    rows = "".join(f"2026-02-{day:02},Acme Dental,row {day}\n" for day in range(1, 8))
    page = map_page(desk, desk.upload_bytes(f"Wann,Kundin,Wie lang\n{rows}".encode()))
    assert "row 5" in page
    assert "row 6" not in page


@pytest.mark.parametrize(
    "header", ["Internal client description", "Private description", "Hidden customer description"]
)
def test_an_internal_column_is_never_suggested_for_what_clients_read(desk, header):
    data = f"Wann,Kundin,Wie lang,{header}\n2026-02-10,Acme Dental,1:30,x\n".encode()
    assert chosen(map_page(desk, desk.upload_bytes(data)), "description") == ""


def test_a_column_made_for_the_client_is_suggested(desk):
    data = b"Wann,Kundin,Wie lang,Client description\n2026-02-10,Acme Dental,1:30,x\n"
    assert chosen(map_page(desk, desk.upload_bytes(data)), "description") == "3"


def test_an_internal_column_that_a_person_chooses_for_clients_is_warned_of(desk):
    page = map_page(desk, desk.upload_bytes(FILE), **CHOSEN, **{"column-description": "4"}, do="check")
    assert "sounds internal" in page


# the check


def test_every_row_is_checked_and_refused_ones_are_named_by_their_line(desk):
    source = desk.upload_bytes(FILE)
    answer = desk.browser.post(address(source), {**CHOSEN, "do": "check"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "2 of 3 rows are read, 1 refused" in page
    assert "2026-02-30" in page.split('id="check"')[1]
    assert 'data-label="Line"><span>4</span>' in page
    with tenant_scope(desk.provider):
        assert saved_mappings() == []


def test_the_first_rows_are_shown_as_they_are_read(desk):
    page = map_page(desk, desk.upload_bytes(FILE), **CHOSEN, do="check")
    assert "Tue 10 Feb 2026" in page
    assert "<td>1.5</td>" in page


def test_the_unit_is_asked_where_nothing_says_it(desk):
    source = desk.upload_bytes(FILE)
    answer = desk.browser.post(address(source), {**CHOSEN, "unit": "open", "name": "x", "do": "save"})
    assert answer.status_code == 422
    assert "Nothing in the file says it" in answer.content.decode()
    clocks = desk.upload_bytes(
        FILE.replace(b",90,", b",1:30,").replace(b",30,", b",0:30,").replace(b",60,", b",1:00,")
    )
    assert "Nothing in the file says it" not in map_page(
        desk, clocks, **{**CHOSEN, "unit": "open"}, do="check"
    )


def test_the_order_of_dates_is_asked_where_nothing_says_it(desk):
    data = b"Wann,Kundin,Wie lang\n02/03/2026,Acme Dental,90\n"
    source = desk.upload_bytes(data)
    assert "could be read either way" in map_page(desk, source, **CHOSEN, do="check")
    page = map_page(desk, source, **CHOSEN, date_order="dmy", do="check")
    assert "could be read either way" not in page
    assert "Mon 2 Mar 2026" in page
    desk.provider.date_order = "mdy"
    desk.provider.save()
    assert "Tue 3 Feb 2026" in map_page(desk, source, **CHOSEN, do="check")


def test_what_yes_means_is_said(desk):
    source = desk.upload_bytes(FILE)
    fields = {**CHOSEN, "column-is_billable": "3", "do": "check"}
    assert "<td>no</td>" in map_page(desk, source, **fields, flag_means="billable")
    assert "<td>yes</td>" in map_page(desk, source, **fields, flag_means="non-billable")


@pytest.mark.parametrize(
    ("lacks", "said"),
    [("date", "day of the work"), ("worked", "holds the hours"), ("company", "names the client")],
)
def test_a_mapping_without_what_every_entry_needs_is_not_saved(desk, lacks, said):
    source = desk.upload_bytes(FILE)
    fields = {**CHOSEN, "name": "x", "do": "save", f"column-{lacks}": ""}
    answer = desk.browser.post(address(source), fields)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert f'<a href="#column-{lacks}">' in answer.content.decode()
    with tenant_scope(desk.provider):
        assert saved_mappings() == []


def test_a_file_for_one_client_needs_no_column_of_clients(desk):
    source = desk.upload_bytes(FILE, client="acme")
    assert "2 of 3 rows are read" in map_page(desk, source, **{**CHOSEN, "column-company": ""}, do="check")


def test_a_choice_that_is_no_column_is_passed_over(desk):
    source = desk.upload_bytes(FILE)
    page = map_page(desk, source, **{**CHOSEN, "column-title": "99", "column-notes": "x", "unit": "years"})
    assert chosen(page, "title") == chosen(page, "notes") == ""


# saved and recognised


def test_a_saved_mapping_leads_to_the_preview_and_is_written_down(desk):
    source = desk.upload_bytes(FILE)
    page = save(desk, source)
    assert "Saved as “Wochenblatt”" in page
    assert "Acme Dental" in page
    assert '<span class="to">8.0</span>' in page
    with tenant_scope(desk.provider):
        kept = SavedMapping.objects.get()
        event = AuditEvent.objects.filter(action="mapping saved").get()
    assert kept.made_by == desk.member.user
    assert (event.actor, event.subject) == (desk.member.user.email, "Wochenblatt")


def test_the_next_file_is_recognised_without_being_asked(desk):
    save(desk, desk.upload_bytes(FILE))
    turned = b"Gratis,Wie lang,Internal client description,Wann,Kundin\nNo,120,x,2026-02-12,Acme Dental\n"
    page = desk.page(desk.upload_bytes(turned, name="next.csv"))
    assert "Wochenblatt" in page
    assert '<span class="to">8.0</span>' in page


def test_a_format_that_was_named_wrongly_no_longer_stands_in_the_way(desk):
    source = desk.upload_bytes(FILE, format="toggl")
    save(desk, source)
    assert "format" not in desk.fresh(source).options


def test_another_provider_does_not_recognise_it(desk):
    save(desk, desk.upload_bytes(FILE))
    with tenant_scope(ProviderFactory()):
        assert saved_mappings() == []


def test_a_saved_mapping_is_offered_again_for_its_header_and_can_be_changed(desk):
    source = desk.upload_bytes(FILE)
    save(desk, source)
    page = map_page(desk, source)
    assert "These headers are saved as <strong>Wochenblatt</strong>" in page
    assert chosen(page, "worked") == "2"
    map_page(desk, source, **{**CHOSEN, "unit": "hours"}, do="save")
    with tenant_scope(desk.provider):
        (kept,) = saved_mappings()
    assert (kept.name, kept.unit) == ("Wochenblatt", Unit.HOURS)


def test_a_saved_mapping_can_be_chosen_as_a_format(desk):
    source = desk.upload_bytes(FILE)
    save(desk, source)
    assert '<option value="Wochenblatt">Wochenblatt</option>' in desk.page(source)


@pytest.mark.parametrize(("name", "said"), [("", "Give it a name"), ("Toggl", "a format that HourTab knows")])
def test_a_name_that_can_not_be_is_refused_and_nothing_is_lost(desk, name, said):
    page = save(desk, desk.upload_bytes(FILE), name=name)
    assert said in page
    assert chosen(page, "worked") == "2"


def test_a_published_import_is_not_mapped(desk):
    source = desk.upload_bytes(FILE.replace(b"02-30", b"02-12"))
    save(desk, source, **{"column-internal_notes": "4"})  # read, so that nothing is asked of it
    desk.publish(source)
    answer = desk.browser.get(address(source))
    assert (answer.status_code, answer["Location"]) == (302, address(source, "import"))


# the service


def test_a_mapping_is_read_back_as_it_was_saved(desk):
    mine = mapping(date_order="dmy", flag_means="non-billable")
    with tenant_scope(desk.provider):
        row = save_mapping(mapping=mine, by=None, at=desk.provider.created_at)
        assert saved_mappings() == [mine]
    assert mapping_of(row.name, {**row.document, "columns": {**row.document["columns"], "x": "Y"}}) == mine


def test_headers_keep_the_name_that_they_were_saved_under(desk):
    with tenant_scope(desk.provider):
        save_mapping(mapping=mapping(), by=None, at=desk.provider.created_at)
        with pytest.raises(NotSavedError, match="saved as “Wochenblatt” already"):
            save_mapping(mapping=mapping("Other"), by=None, at=desk.provider.created_at)


def test_a_name_of_other_headers_is_taken_over_only_when_that_is_said(desk):
    other = mapping(header=("Tag", "Firma", "Zeit"))
    with tenant_scope(desk.provider):
        save_mapping(mapping=mapping(), by=None, at=desk.provider.created_at)
        with pytest.raises(NotSavedError) as raised:
            save_mapping(mapping=other, by=None, at=desk.provider.created_at)
        assert raised.value.may_replace
        save_mapping(mapping=other, by=None, at=desk.provider.created_at, replacing=True)
        assert saved_mappings() == [other]


def test_the_page_asks_before_a_name_is_taken_over(desk):
    with tenant_scope(desk.provider):
        save_mapping(mapping=mapping(header=("Tag", "Firma", "Zeit")), by=None, at=desk.provider.created_at)
    source = desk.upload_bytes(FILE)
    assert 'name="replace"' in save(desk, source)
    assert "Saved as “Wochenblatt”" in save(desk, source, replace="on")


# the headers, for support


def test_the_copy_for_support_holds_the_headers_only(desk):
    answer = desk.browser.get(address(desk.upload_bytes(FILE, name="Acme.csv"), "import_headers"))
    assert answer.content.decode() == ",".join(HEADER) + "\r\n"
    assert answer["Content-Type"] == "text/csv"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert "Acme" not in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"


# on the command line, and dropped off


def run(desk, path, *words):
    out = io.StringIO()
    call_command("import_csv", str(path), "--provider", desk.provider.slug, *words, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("words", [(), ("--format", "Wochenblatt")])
def test_the_command_reads_by_a_saved_mapping(desk, tmp_path, words):
    save(desk, desk.upload_bytes(FILE))
    (tmp_path / "next.csv").write_bytes(FILE)
    assert "(Wochenblatt): 3 rows" in run(desk, tmp_path / "next.csv", *words)


def test_a_program_may_name_a_saved_mapping(desk):
    save(desk, desk.upload_bytes(FILE))
    with tenant_scope(desk.provider):
        _, secret = keys.create(name="Weekly report", scopes=keys.DROPS, by=desk.member.user)

    def post(format_name):
        return Browser().post(
            f"/api/imports?format={format_name}",
            data=FILE,
            content_type="text/csv",
            headers={"Authorization": f"Bearer {secret}"},
        )

    assert post("Wochenblatt").json()["format"] == "Wochenblatt"
    refused = post("Blatt")
    assert refused.status_code == 400
    assert "clockodo, Wochenblatt" in refused.json()["error"]


def test_an_unknown_format_is_told_with_formats_and_mappings(desk, tmp_path):
    save(desk, desk.upload_bytes(FILE))
    (tmp_path / "next.csv").write_bytes(FILE)
    with pytest.raises(BadUsageError, match=r"(?s)generic.*Wochenblatt"):
        run(desk, tmp_path / "next.csv", "--format", "Blatt")


def test_a_header_alone_is_bad_input_to_the_command(desk, tmp_path):
    (tmp_path / "empty.csv").write_text("Date,Client,Hours\n")
    with pytest.raises(BadInputError, match="no time entry") as raised:
        run(desk, tmp_path / "empty.csv", "--publish", "--accept=one-company")
    assert raised.value.returncode == 1


# renamed columns, ready-made proposals, times alone


def test_a_header_of_which_a_column_was_renamed_opens_with_what_was_saved(desk):
    save(desk, desk.upload_bytes(FILE))
    renamed = desk.upload_bytes(FILE.replace(b"Wie lang", b"Dauer"))
    page = map_page(desk, renamed)
    assert (chosen(page, "date"), chosen(page, "company"), chosen(page, "worked")) == ("0", "1", "2")
    assert 'value="Wochenblatt"' in page
    answer = save(desk, renamed)
    assert "Saved as “Wochenblatt”" in answer
    with tenant_scope(desk.provider):
        (kept,) = saved_mappings()
    assert (kept.name, kept.columns["worked"]) == ("Wochenblatt", "Dauer")


def test_a_tools_proposal_is_accepted_with_one_click(desk):
    data = (
        b"Project,Date,User,Activity,Issue,Comment,Hours\n"
        b"Acme Dental,2026-02-10,Jo Doe,Support,Bug #12: Mail,fixed,1.5\n"
    )
    source = desk.upload_bytes(data)
    page = map_page(desk, source)
    assert 'value="redmine"' in page
    fields = dict(re.findall(r'<select id="([\w-]+)".*?<option value="([\w.-]*)" selected>', page, re.DOTALL))
    answer = map_page(desk, source, **fields, name="redmine", do="save")
    assert "Saved as “redmine”" in answer


def test_times_alone_are_enough(desk):
    source = desk.upload_bytes(b"Firma,Tag,Von,Bis\nAcme Dental,2026-02-10,08:37,11:06\n")
    fields = {"column-date": "1", "column-company": "0", "column-start": "2", "column-end": "3"}
    page = map_page(desk, source, **fields, do="check")
    assert "The 1 row is read." in page
    assert "2.48" in page


def test_a_mapping_with_a_column_for_clients_can_be_trusted(desk):
    save(desk, desk.upload_bytes(FILE), name="for clients", **{"column-description": "4"})
    settings = desk.browser.get(reverse("provider_settings"))
    boss = desk.as_role(Role.OWNER).get(reverse("provider_settings")).content.decode()
    assert settings.status_code == 403
    assert 'value="for clients"' in boss


def test_only_what_is_chosen_or_needed_stands_open_and_the_rest_is_folded(desk):
    page = map_page(desk, desk.upload_bytes(FILE))
    folded = "".join(re.findall(r"<details class=\"more\">.*?</details>", page, re.DOTALL))
    assert 'id="column-location"' in folded
    assert 'id="column-date"' not in folded
    assert 'id="hidden_if"' in folded


def test_a_mapping_is_offered_the_files_name_without_its_dates(desk):
    source = desk.upload_bytes(
        b"Wann,Kundin,Wie lang\n2026-02-10,Acme Dental,1:30\n", name="Week_of 2026-02-10.csv"
    )
    assert 'value="Week of"' in map_page(desk, source)


def test_an_unread_column_that_matters_is_told_when_the_mapping_is_checked(desk):
    source = desk.upload_bytes(b"Wann,Kundin,Wie lang,Billable?\n2026-02-10,Acme Dental,1:30,No\n")
    page = map_page(desk, source, **{**CHOSEN, "unit": "open"}, do="check")
    assert "The column “Billable?” (No) isn’t read" in page


def test_a_file_whose_code_page_was_said_can_be_mapped(desk):
    data = "Wann,Kundin,Wie lang\n2026-02-10,Söhne & Töchter,1:30\n".encode("cp850")
    source = desk.upload_bytes(data)
    desk.browser.post(address(source, "reread_import"), {"encoding": "cp850"})
    page = map_page(desk, source)
    assert "Söhne &amp; Töchter" in page
    assert desk.browser.get(address(source, "import_headers")).status_code == 200
