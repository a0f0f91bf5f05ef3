"""Publishing from the preview, taking back, and hours that a ledger grants."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.urls import reverse

from accounts.tenancy import tenant_scope
from desk.imports.pages.moves import moves_of_result
from imports.models import DraftWording, Import, RememberedWording
from retainers.models import CompanyName, Publication, Retainer, TopUp
from retainers.terms import Agreement, Pool, Terms
from tests.factories import ClientFactory, a_retainer, bank, publish_work
from tests.imports.uploading import hidden, row

LEDGER = Path(__file__).parent.parent / "samples" / "halopsa_prepay_ledger.csv"
pytestmark = pytest.mark.usefixtures("monday")


# publishing


def test_publishing_carries_the_words_and_remembers_them(world):
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "2", "Bkp job"))
    world.publish(source, **{"words-2": "Backups checked"})
    assert world.words("acme") == ["Backups checked"]
    with tenant_scope(world.provider):
        assert RememberedWording.objects.get().text == "Backups checked"


def test_the_result_counts_who_got_work_and_whose_date_alone_moved_as_the_button_did(world):
    page = world.publish(world.upload(row(1, "Acme Dental", "2026-02-10", "2")))
    assert (
        page.count("Published for 1 client, and moved the dates of 2 more") == 3
    )  # title, message and heading

    rows = [row(n, name, "2026-02-11", "1") for n, name in enumerate(("Birch & Lowe", "Cobalt Freight"), 2)]
    page = world.publish(world.upload(*rows))
    assert "Published for 2 clients, and moved the date of 1 more." in page


def test_the_result_of_a_file_with_nobodys_work_says_that_dates_moved(world):
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "2"))
    page = world.publish(source, ("birch", "cobalt"))
    assert "Moved the dates of 2 clients" in page


def test_a_stale_digest_publishes_nothing_and_keeps_the_words(world):
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "2", "Bkp job"))
    page = world.post(
        "publish_import",
        source,
        digest="0" * 64,
        publish="acme",
        shown="acme",
        **{"words-2": "Backups checked"},
    )
    assert "has changed since the preview" in page
    assert 'value="Backups checked"' in page
    assert world.live("acme") == []


def test_a_client_that_is_held_stays_as_it_is_and_is_looked_at_again(world):
    source = world.upload(
        row(1, "Acme Dental", "2026-02-10", "2"), row(2, "Cobalt Freight", "2026-02-10", "3", "Dock printer")
    )
    page = world.publish(source, publish=("acme", "birch"), **{"words-3": "Label printer repaired"})
    assert "Cobalt Freight was held back" in page
    assert world.live("cobalt") == []
    again_page = world.post("open_import_again", source)
    again = world.fresh(source)
    with tenant_scope(world.provider):
        again = Import.objects.first()
        assert again.original == source.original
        assert DraftWording.objects.get(draft_of=again).text == "Label printer repaired"
    assert "held back, with nothing new in this file" in again_page
    world.publish(again, publish=("cobalt",))
    assert world.words("cobalt") == ["Label printer repaired"]
    assert len(world.live("acme")) == 1


def test_refused_rows_block_until_it_is_said_to_publish_without_them(world):
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "2"), row(2, "Acme Dental", "2026-02-10", "x"))
    assert "1 row is refused" in world.publish(source, asks_bad_rows="1")
    assert world.live("acme") == []
    world.publish(source, asks_bad_rows="1", skip_bad_rows="on")
    assert len(world.live("acme")) == 1


def test_words_flagged_at_publishing_are_shown_first(world):
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "2", "Bkp job"))
    page = world.publish(source, **{"words-2": "Priya Nair checked the backups"})
    assert "The leak check found something in your words." in page
    assert world.live("acme") == []


def test_nothing_is_published_when_every_client_is_held(world):
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "2"))
    assert "Nothing to publish" in world.publish(source, publish=())
    assert world.fresh(source).state == Import.State.UPLOADED


def test_an_import_is_published_once(world):
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "2"))
    fields = {
        "digest": hidden(world.page(source), "digest"),
        "publish": ["acme"],
        "shown": "acme birch cobalt",
    }
    world.post("publish_import", source, **fields)
    assert "was first: Import published" in world.post("publish_import", source, **fields)
    assert "was first: Import published" in world.post("choose_in_import", source, shown="acme")


def test_the_head_says_who_undid_it_or_discarded_it_and_when(world):
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "2"))
    world.publish(source)
    head = world.post("undo_import", source).split('class="tally"')[0]
    assert f"undone 16 Feb 2026, 12:00 by {world.manager.user}" in head
    assert f"{world.manager.user} was first: Import undone" in world.post("undo_import", source)
    dropped = world.upload(row(1, "Acme Dental", "2026-02-10", "3"))
    world.post("discard_import", dropped)
    assert f"discarded 16 Feb 2026, 12:00 by {world.manager.user}" in world.page(dropped)


def _lacking(world):
    """An import that lacks three of four published entries."""
    first = world.upload(
        row(1, "Acme Dental", "2026-02-09", "1"),
        *(row(number, "Acme Dental", "2026-02-10", "2", "VPN") for number in (2, 3, 4)),
    )
    world.publish(first)
    return world.upload(row(1, "Acme Dental", "2026-02-09", "1"), starts="2026-02-09", ends="2026-02-10")


def test_removals_are_asked_for_with_their_sentences(world):
    source = _lacking(world)
    page = world.page(source)
    assert "3 published entries are missing from this file." in page
    assert "3 of 4 compared entries of the client would be removed, more than half." in page
    assert "Waits for your answer" in page


def test_removals_that_were_agreed_to_are_published(world):
    world.publish(_lacking(world), publish=(), **{"removals-acme": "remove"})
    assert len(world.live("acme")) == 1


def test_keeping_what_a_file_lacks_is_looked_at_before_it_is_published(world):
    source = _lacking(world)
    page = world.publish(source, **{"removals-acme": "keep"})
    assert "check the figures again" in page
    world.publish(source, **{"removals-acme": "keep"})
    assert len(world.live("acme")) == 4


def test_a_client_whose_removals_are_held_stays_as_it_is(world):
    source = _lacking(world)
    world.publish(source, **{"removals-acme": "hold"})
    assert len(world.live("acme")) == 4
    assert world.fresh(source).state == Import.State.PUBLISHED


# taking back


def test_an_import_is_undone_for_one_client_and_then_for_all(world):
    source = world.upload(
        row(1, "Acme Dental", "2026-02-10", "2"), row(2, "Cobalt Freight", "2026-02-10", "3")
    )
    world.publish(source)
    assert "Taken back for Acme Dental" in world.post("undo_import", source, client="acme")
    assert (len(world.live("acme")), len(world.live("cobalt"))) == (0, 1)
    world.post("undo_import", source)
    assert world.live("cobalt") == []
    assert world.fresh(source).state == Import.State.UNDONE
    assert "Preview this file again" in world.page(source)


def test_a_whole_undo_is_said_in_the_head_and_nothing_is_called_left_out(world):
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "2"), row(2, "Zenith", "2026-02-10", "3"))
    world.publish(source)
    assert "Preview what was left out" in world.page(source)
    world.post("undo_import", source)
    page = world.page(source)
    assert f"undone 16 Feb 2026, 12:00 by {world.manager.user}" in page
    assert "Preview this file again" in page
    assert "left out" not in page
    assert "Not published" not in page


def test_who_took_a_client_back_and_when_stands_beside_it(world):
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "2"))
    world.publish(source)
    world.post("undo_import", source, client="acme")
    assert f"16 Feb 2026, 12:00 by {world.manager.user}" in world.page(source)


def test_undoing_for_one_client_asks_first(world):
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "2"))
    world.publish(source)
    page = world.page(source)
    asked = page[page.index('<details class="sure">') :]
    assert "Undo it for Acme Dental" in asked[: asked.index("</details>")]


def test_the_result_of_many_clients_comes_in_pages_who_is_over_first(world):
    rows = [row(1, "Cobalt Freight", "2026-02-10", "90")]
    with tenant_scope(world.provider):
        for number in range(30):
            client = ClientFactory(provider=world.provider, slug=f"c{number:02}", name=f"Aaa {number:02}")
            CompanyName.objects.create(client=client, name=client.name, key=client.name.casefold())
            a_retainer(client)
            rows.append(row(100 + number, client.name, "2026-02-10", "1", technician=f"T{number}"))
    source = world.upload(*rows)
    world.publish(source, publish=("cobalt", *(f"c{number:02}" for number in range(30))), accept=("long",))
    first = world.page(source)
    assert first.index("Cobalt Freight") < first.index("Aaa 00")
    assert "Page 1 of 2" in first
    address = reverse("import", args=[source.pk])
    assert "Aaa 29" in world.manager.get(address, {"page": "2"}).text
    found = world.manager.get(address, {"q": "aaa 07"}).text
    assert found.count("<tr>") == 2
    assert "No client of this import" in world.manager.get(address, {"q": "zzz"}).text


def test_undoing_below_a_newer_import_is_refused_by_name(world):
    first = world.upload(row(1, "Acme Dental", "2026-02-10", "2"))
    world.publish(first)
    second = world.upload(row(2, "Acme Dental", "2026-02-12", "1"))
    world.publish(second)
    assert f"Import {second.pk} came later" in world.page(first)
    page = world.post("undo_import", first, client="acme")
    assert f"Acme Dental has a newer import ({second.pk}): undo that one first." in page
    assert len(world.live("acme")) == 2


def test_of_many_newer_imports_the_newest_is_named_alone(world):
    first, *later = [world.upload(row(number, "Acme Dental", "2026-02-10", "1")) for number in range(1, 6)]
    for source in (first, *later):
        world.publish(source)
    said = f"4 imports came later: undo them first, {later[-1].pk} before the others."
    assert said in world.page(first)


SEPARATE = Terms(
    date(2026, 1, 1),
    (Pool("reactive", "Reactive support", Decimal(18)), Pool("planned", "Planned work", Decimal(14))),
    sharing="separate",
)
SUPPORT = Agreement("support", "Support", date(2026, 1, 1), (SEPARATE,))
MOVED = {
    "before": "23.75",
    "after": "22.75",
    "over_before": "0.00",
    "over_after": "0.00",
    "pools": {"reactive": ["13.00", "12.00"], "planned": ["10.75", "10.75"]},
}


def told(balance, agreement, *, several=False):
    return [
        (each.name, each.before, each.after) for each in moves_of_result(balance, agreement, several=several)
    ]


def test_the_result_never_adds_up_separate_pools():
    assert told(MOVED, SUPPORT) == [("Reactive support", "13.0", "12.0")]
    assert told(MOVED, SUPPORT, several=True) == [("Support, Reactive support", "13.0", "12.0")]


def test_the_result_says_which_of_separate_pools_is_over(world):
    over = {"reactive": ["0.00", "1.00"], "planned": ["0.00", "0.00"]}
    pools = {"reactive": ["13.00", "0.00"], "planned": ["10.75", "10.75"]}
    balance = {**MOVED, "after": "10.75", "over_after": "1.00", "pools": pools, "pools_over": over}
    assert told(balance, SUPPORT) == [("Reactive support", "13.0", "0, 1.0 over")]


def test_the_result_speaks_of_the_agreement_where_it_is_shared_over_or_gone():
    shared = replace(SUPPORT, terms=(replace(SEPARATE, sharing="shared"),))
    assert told(MOVED, shared) == [("", "23.75", "22.75")]
    assert told(MOVED, None) == [("", "23.75", "22.75")]
    (over,) = told({**MOVED, "after": "10.75", "over_after": "1.00"}, SUPPORT)
    assert "1.0 over" in over[2]


# top-ups


def test_hours_that_a_ledger_grants_are_added_once(world):
    source = world.upload_bytes(LEDGER.read_bytes())
    line = hidden_line(world.page(source))
    fields = {"top_up": line, f"retainer-{line}": "support|"}
    assert "Added" in world.post("grant_top_up", source, **fields)
    assert "were already added" in world.post("grant_top_up", source, **fields)
    with tenant_scope(world.provider):
        top_up = TopUp.objects.get()
        assert top_up.added_in.kind == Publication.Kind.TOP_UP
        assert top_up.added_in.made_by == world.manager.user


def test_why_hours_are_not_added_stands_where_the_page_opens(world):
    source = world.upload_bytes(LEDGER.read_bytes())
    line = hidden_line(world.page(source))
    fields = {"top_up": line, f"retainer-{line}": "support|"}
    address = reverse("grant_top_up", args=[source.pk])
    assert world.manager.post(address, fields).url.endswith("?open=top-ups#top-ups")
    assert world.manager.post(address, fields).url.endswith("?open=top-ups")  # they are there already


def hidden_line(page: str) -> str:
    return page.split('name="top_up" value="', 1)[1].split('"', 1)[0]


def test_what_was_published_since_the_preview_makes_it_stale(world):
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "2", "Bkp job"))
    page = world.page(source)
    with tenant_scope(world.provider):
        retainer = Retainer.objects.get(client__slug="acme")
    publish_work(retainer, (date(2026, 2, 9), "1"), at=datetime(2026, 2, 16, 11, tzinfo=UTC))
    sent = {"digest": hidden(page, "digest"), "shown": hidden(page, "shown"), "publish": ["acme"]}
    answer = world.post("publish_import", source, **sent)
    assert "has changed since the preview" in answer
    assert [entry.day for entry in world.live("acme")] == [date(2026, 2, 9)]


def test_what_was_published_is_told_by_the_agreements_names_and_in_whole_words(world):
    with tenant_scope(world.provider):
        client = ClientFactory(provider=world.provider, slug="dune", name="Dune")
    for key, name in (("k1", "Managed support"), ("k2", "Project days")):
        a_retainer(client, replace(bank(key=key, name=name), psa_agreements=(name,)))
    header, bad = "Entry ID,Date,Hours,Title,Agreement\n", "3,2026-02-30,1,x,Managed support\n"
    rows = "1,2026-02-10,1,a,Managed support\n2,2026-02-11,2,b,Project days\n"
    source = world.upload_bytes((header + rows + bad).encode(), client="dune")
    page = world.publish(source, publish=("dune",), asks_bad_rows="1", skip_bad_rows="on")
    assert "Published for" in page
    assert "Managed support" in page
    assert "Project days" in page
    assert "1 refused row." in page
