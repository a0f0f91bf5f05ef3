"""What a manager chooses on a preview is kept, and nothing typed is lost."""

import pytest

from accounts.models import AuditEvent
from accounts.tenancy import tenant_scope
from imports.models import DraftWording, RememberedWording
from retainers.models import Client, CompanyName, LetThrough
from tests.imports.uploading import hidden, row, tick_of

pytestmark = pytest.mark.usefixtures("monday")


def test_a_company_is_mapped_with_one_click_and_remembered(world):
    source = world.upload(row(1, "Acme Dental Inc.", "2026-02-10", "2"))
    assert "It is Acme Dental" in world.page(source)
    fields = {"company": "0:acme", "company-0": "Acme Dental Inc."}
    page = world.post("answer_company", source, **fields)
    assert "is now mapped to Acme Dental" in page
    assert "of unknown companies" not in page
    with tenant_scope(world.provider):
        assert CompanyName.objects.get(key="acme dental inc.").client.slug == "acme"
        assert AuditEvent.objects.filter(action="company mapped").get().detail == {"client": "acme"}


def test_a_company_is_mapped_to_any_client_from_the_list(world):
    source = world.upload(row(1, "Zeta Corp", "2026-02-10", "2"))
    fields = {"company": "0", "company-0": "Zeta Corp", "client-0": "birch"}
    assert "is now mapped to Birch &amp; Lowe" in world.post("answer_company", source, **fields)


def test_a_client_whose_name_ends_in_a_full_stop_is_named_without_a_second_one(world):
    with tenant_scope(world.provider):
        Client.objects.filter(slug="birch").update(name="Birch & Co.")
    source = world.upload(row(1, "Zeta Corp", "2026-02-10", "2"))
    fields = {"company": "0", "company-0": "Zeta Corp", "client-0": "birch"}
    page = world.post("answer_company", source, **fields)
    assert "is now mapped to Birch &amp; Co." in page
    assert "Co.." not in page


def test_of_unknown_companies_one_row_waits_and_two_rows_wait(world):
    known, first, second = (
        row(number, company, "2026-02-10", "2")
        for number, company in enumerate(("Acme Dental", "Zeta Corp", "Zeta Labs"), 1)
    )
    assert "1 row of an unknown company waits." in world.page(world.upload(known, first))
    assert "2 rows of unknown companies wait." in world.page(world.upload(known, first, second))


def test_mapping_without_a_choice_asks_for_one(world):
    source = world.upload(row(1, "Zeta Corp", "2026-02-10", "2"))
    page = world.post("answer_company", source, **{"company": "0", "company-0": "Zeta Corp", "client-0": ""})
    assert "Choose the client" in page


def test_a_company_left_out_asks_no_more_until_it_is_asked_again(world):
    source = world.upload(row(1, "Zeta Corp", "2026-02-10", "2"))
    page = world.post("answer_company", source, **{"leave": "0", "company-0": "Zeta Corp"})
    assert "Left out: Zeta Corp" in page
    assert "isn’t a client yet" not in page
    assert "isn’t a client yet" in world.post("answer_company", source, ask_again="1")


def test_words_typed_in_the_form_survive_any_of_its_buttons(world):
    source = world.upload(
        row(1, "Acme Dental", "2026-02-10", "2", "Bkp job"), row(2, "Zeta Corp", "2026-02-10", "2")
    )
    fields = {"words-2": "Backups checked", "leave": "0", "company-0": "Zeta Corp"}
    assert 'value="Backups checked"' in world.post("answer_company", source, **fields)


def test_a_tick_taken_away_holds_the_client_back(world):
    source = world.upload(
        row(1, "Acme Dental", "2026-02-10", "2"), row(2, "Cobalt Freight", "2026-02-10", "3")
    )
    shown = hidden(world.page(source), "shown")
    page = world.post("choose_in_import", source, shown=shown, publish=["acme", "birch"])
    assert not tick_of(page, "cobalt")
    assert tick_of(page, "acme")
    assert "Held back" in page


def test_words_with_a_leak_are_marked_and_wait(world):
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "2", "Bkp job"))
    page = world.post("choose_in_import", source, **{"words-2": "Priya Nair checked the backups"})
    assert "<mark" in page
    assert "name of a technician" in page
    world.publish(source)
    assert world.words("acme") == [""]


def test_flagged_words_are_let_through_once(world):
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "2", "Bkp job"))
    words = {"words-2": "Priya Nair checked the backups"}
    world.post("choose_in_import", source, **words)
    world.post("choose_in_import", source, **words, **{"let-2": "on"})
    world.publish(source)
    assert world.words("acme") == ["Priya Nair checked the backups"]
    with tenant_scope(world.provider):
        let = LetThrough.objects.get()
    assert (let.kind, let.client.slug, let.text) == ("words", "acme", "Priya Nair checked the backups")


def test_a_tick_beside_words_that_were_changed_lets_nothing_through(world):
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "2", "Bkp job"))
    world.post("choose_in_import", source, **{"words-2": "Priya Nair did it"})
    world.post("choose_in_import", source, **{"words-2": "Priya Nair did it on 10.0.0.7", "let-2": "on"})
    world.publish(source)
    assert world.words("acme") == [""]


@pytest.mark.parametrize(
    ("text", "read"), [("Priya Nair did it", "Priya Nair did it"), ("Priya Nair did it on 10.0.0.7", "")]
)
def test_what_was_let_through_are_these_words_of_the_memory_and_no_later_ones(world, text, read):
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "2", "Bkp job"))
    with tenant_scope(world.provider):
        DraftWording.objects.create(draft_of=source, line=2, let_through="Priya Nair did it")
        RememberedWording.objects.create(kind="title", key="bkp job", text=text)
    world.publish(source)
    assert world.words("acme") == [read]


def test_a_text_is_allowed_for_good(world):
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "2", "Bkp job"))
    fields = {"words-2": "Priya Nair checked the backups", "allow": "Priya Nair"}
    page = world.post("choose_in_import", source, **fields)
    assert "The leak check now allows" in page
    assert "<mark" not in page
    with tenant_scope(world.provider):
        assert LetThrough.objects.get().let_by == world.manager.user


def test_words_are_given_once_for_a_title_of_several_clients(world):
    source = world.upload(
        row(1, "Acme Dental", "2026-02-10", "2", "Patch day"),
        row(2, "Cobalt Freight", "2026-02-10", "3", "Patch day"),
    )
    assert world.page(source).count('name="words-') == 1
    world.publish(source, **{"words-2": "Monthly updates installed"})
    assert world.words("acme") == world.words("cobalt") == ["Monthly updates installed"]


def test_an_offered_wording_of_a_similar_title_is_taken_with_one_click(world):
    first = world.upload(row(1, "Acme Dental", "2026-02-09", "1", "VPN down at branch"))
    world.publish(first, **{"words-2": "Remote access restored"})
    second = world.upload(row(2, "Acme Dental", "2026-02-10", "1", "VPN down at main branch"))
    assert "as for “vpn down at branch”" in world.page(second)
    page = world.post("choose_in_import", second, **{"words-2": "", "use-2": "Remote access restored"})
    assert 'value="Remote access restored"' in page
