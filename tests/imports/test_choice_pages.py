"""What a manager chooses on a preview is kept, and nothing typed is lost."""

import pytest

from accounts.models import AuditEvent
from accounts.tenancy import tenant_scope
from imports.models import DraftWording, RememberedWording
from retainers.models import CompanyName, LetThrough
from tests.imports.desk import hidden, row, tick_of

pytestmark = pytest.mark.usefixtures("monday")


def test_a_company_is_mapped_with_one_click_and_remembered(desk):
    source = desk.upload(row(1, "Acme Dental Inc.", "2026-02-10", "2"))
    assert "It is Acme Dental" in desk.page(source)
    fields = {"company": "0:acme", "company-0": "Acme Dental Inc."}
    page = desk.post("map_company", source, **fields)
    assert "is now mapped to Acme Dental" in page
    assert "of unknown companies" not in page
    with tenant_scope(desk.provider):
        assert CompanyName.objects.get(key="acme dental inc.").client.slug == "acme"
        assert AuditEvent.objects.filter(action="company mapped").get().detail == {"client": "acme"}


def test_a_company_is_mapped_to_any_client_from_the_list(desk):
    source = desk.upload(row(1, "Zeta Corp", "2026-02-10", "2"))
    fields = {"company": "0", "company-0": "Zeta Corp", "client-0": "birch"}
    assert "is now mapped to Birch &amp; Lowe" in desk.post("map_company", source, **fields)


def test_of_unknown_companies_one_row_waits_and_two_rows_wait(desk):
    known, first, second = (
        row(number, company, "2026-02-10", "2")
        for number, company in enumerate(("Acme Dental", "Zeta Corp", "Zeta Labs"), 1)
    )
    assert "1 row of an unknown company waits." in desk.page(desk.upload(known, first))
    assert "2 rows of unknown companies wait." in desk.page(desk.upload(known, first, second))


def test_mapping_without_a_choice_asks_for_one(desk):
    source = desk.upload(row(1, "Zeta Corp", "2026-02-10", "2"))
    page = desk.post("map_company", source, **{"company": "0", "company-0": "Zeta Corp", "client-0": ""})
    assert "Choose the client" in page


def test_a_company_left_out_asks_no_more_until_it_is_asked_again(desk):
    source = desk.upload(row(1, "Zeta Corp", "2026-02-10", "2"))
    page = desk.post("map_company", source, **{"leave": "0", "company-0": "Zeta Corp"})
    assert "Left out: Zeta Corp" in page
    assert "isn’t a client yet" not in page
    assert "isn’t a client yet" in desk.post("map_company", source, ask_again="1")


def test_words_typed_in_the_form_survive_any_of_its_buttons(desk):
    source = desk.upload(
        row(1, "Acme Dental", "2026-02-10", "2", "Bkp job"), row(2, "Zeta Corp", "2026-02-10", "2")
    )
    fields = {"words-2": "Backups checked", "leave": "0", "company-0": "Zeta Corp"}
    assert 'value="Backups checked"' in desk.post("map_company", source, **fields)


def test_a_tick_taken_away_holds_the_client_back(desk):
    source = desk.upload(
        row(1, "Acme Dental", "2026-02-10", "2"), row(2, "Cobalt Freight", "2026-02-10", "3")
    )
    shown = hidden(desk.page(source), "shown")
    page = desk.post("choose_in_import", source, shown=shown, publish=["acme", "birch"])
    assert not tick_of(page, "cobalt")
    assert tick_of(page, "acme")
    assert "Held back" in page


def test_words_with_a_leak_are_marked_and_wait(desk):
    source = desk.upload(row(1, "Acme Dental", "2026-02-10", "2", "Bkp job"))
    page = desk.post("choose_in_import", source, **{"words-2": "Priya Nair checked the backups"})
    assert "<mark" in page
    assert "name of a technician" in page
    desk.publish(source)
    assert desk.words("acme") == [""]


def test_flagged_words_are_let_through_once(desk):
    source = desk.upload(row(1, "Acme Dental", "2026-02-10", "2", "Bkp job"))
    words = {"words-2": "Priya Nair checked the backups"}
    desk.post("choose_in_import", source, **words)
    desk.post("choose_in_import", source, **words, **{"let-2": "on"})
    desk.publish(source)
    assert desk.words("acme") == ["Priya Nair checked the backups"]
    with tenant_scope(desk.provider):
        let = LetThrough.objects.get()
    assert (let.kind, let.client.slug, let.text) == ("words", "acme", "Priya Nair checked the backups")


def test_a_tick_beside_words_that_were_changed_lets_nothing_through(desk):
    source = desk.upload(row(1, "Acme Dental", "2026-02-10", "2", "Bkp job"))
    desk.post("choose_in_import", source, **{"words-2": "Priya Nair did it"})
    desk.post("choose_in_import", source, **{"words-2": "Priya Nair did it on 10.0.0.7", "let-2": "on"})
    desk.publish(source)
    assert desk.words("acme") == [""]


@pytest.mark.parametrize(
    ("text", "read"), [("Priya Nair did it", "Priya Nair did it"), ("Priya Nair did it on 10.0.0.7", "")]
)
def test_what_was_let_through_are_these_words_of_the_memory_and_no_later_ones(desk, text, read):
    source = desk.upload(row(1, "Acme Dental", "2026-02-10", "2", "Bkp job"))
    with tenant_scope(desk.provider):
        DraftWording.objects.create(draft_of=source, line=2, let_through="Priya Nair did it")
        RememberedWording.objects.create(kind="title", key="bkp job", text=text)
    desk.publish(source)
    assert desk.words("acme") == [read]


def test_a_text_is_allowed_for_good(desk):
    source = desk.upload(row(1, "Acme Dental", "2026-02-10", "2", "Bkp job"))
    fields = {"words-2": "Priya Nair checked the backups", "allow": "Priya Nair"}
    page = desk.post("choose_in_import", source, **fields)
    assert "The leak check now allows" in page
    assert "<mark" not in page
    with tenant_scope(desk.provider):
        assert LetThrough.objects.get().let_by == desk.member.user


def test_words_are_given_once_for_a_title_of_several_clients(desk):
    source = desk.upload(
        row(1, "Acme Dental", "2026-02-10", "2", "Patch day"),
        row(2, "Cobalt Freight", "2026-02-10", "3", "Patch day"),
    )
    assert desk.page(source).count('name="words-') == 1
    desk.publish(source, **{"words-2": "Monthly updates installed"})
    assert desk.words("acme") == desk.words("cobalt") == ["Monthly updates installed"]


def test_an_offered_wording_of_a_similar_title_is_taken_with_one_click(desk):
    first = desk.upload(row(1, "Acme Dental", "2026-02-09", "1", "VPN down at branch"))
    desk.publish(first, **{"words-2": "Remote access restored"})
    second = desk.upload(row(2, "Acme Dental", "2026-02-10", "1", "VPN down at main branch"))
    assert "as for “vpn down at branch”" in desk.page(second)
    page = desk.post("choose_in_import", second, **{"words-2": "", "use-2": "Remote access restored"})
    assert 'value="Remote access restored"' in page
