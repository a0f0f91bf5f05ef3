"""The wording queue of published lines."""

import re

import pytest
from django.urls import reverse
from django.utils.timezone import now

from accounts.models import AuditEvent, Role
from accounts.tenancy import tenant_scope
from imports.models import RememberedWording, SourceRow, WordingReview
from imports.wording.reword import NewWords, reword
from retainers.models import Entry, LetThrough, Publication
from tests.imports.uploading import bring, hidden, row
from tests.imports.words import number_of, publish, queue, remember, save

pytestmark = pytest.mark.usefixtures("monday")


def test_lines_without_words_wait_grouped_by_title(world):
    publish(
        world,
        row(1, "Acme Dental", "2026-02-09", "1", "Bkp job"),
        row(2, "Cobalt Freight", "2026-02-10", "2.5", "bkp  JOB"),
    )
    page = queue(world)
    assert "2 lines of 2 clients still show fallback text." in page
    assert page.count('name="words-') == 1
    assert "Cobalt Freight and Acme Dental · 9–10 Feb · 2 entries" in page
    assert "3.5 h" in page


def months_of(page: str) -> list[list[str]]:
    """The rows of the table of months, a text a cell."""
    table = page.split('id="months-title"')[1].split("</table>")[0].split("<tbody>")[1]
    rows = re.findall(r"<tr>(.*?)</tr>", table)
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", each) for each in rows]


def test_the_share_of_lines_with_words_is_told_month_by_month(world):
    publish(
        world,
        row(1, "Acme Dental", "2026-01-13", "1", "Bkp job"),
        row(2, "Acme Dental", "2026-01-14", "1", "Odd noise"),
        row(3, "Acme Dental", "2026-01-15", "1", "Strange smell"),
        row(4, "Acme Dental", "2026-02-09", "1", "bkp job"),
        row(6, "Acme Dental", "2025-12-09", "1", "Before the retainer"),
        row(7, "Cobalt Freight", "2026-02-10", "1", "bkp job"),
    )
    save(world, "bkp job", "Backups checked")
    assert months_of(queue(world)) == [
        ["February 2026", "2", "2", "100 %"],
        ["January 2026", "3", "1", "33 %"],
    ]
    save(world, "Odd noise", "Looked for a noise")
    one = world.manager.get(reverse("wording"), {"client": "acme", "q": "another"}).content.decode()
    assert months_of(one) == [["February 2026", "1", "1", "100 %"], ["January 2026", "3", "2", "66 %"]]


def test_lines_that_are_not_counted_are_in_no_months_share(world):
    remember(world, "bkp job", "Backups checked")
    titles = ("Odd noise,yes", "Bkp job,yes", "Bkp job,no")
    rows = [f"{number},Acme Dental,2026-01-13,1,Jo Doe,{title}" for number, title in enumerate(titles)]
    bring(world, *rows, header="Entry ID,Client,Date,Hours,Technician,Title,Billable")
    assert months_of(queue(world)) == [["January 2026", "2", "1", "50 %"]]


def test_months_without_a_line_are_not_told(world):
    assert "months-title" not in queue(world)


def test_excluded_entries_need_no_words(world):
    publish(
        world,
        row(1, "Acme Dental", "2026-02-09", "1", "Drive", work_type="Travel"),
        row(2, "Acme Dental", "2025-12-09", "1", "Before the retainer"),
    )
    assert "Before the retainer" not in queue(world)


def test_words_are_published_at_once_remembered_and_written_down(world):
    publish(world, row(1, "Acme Dental", "2026-02-09", "1", "Bkp job"))
    answer = save(world, "Bkp job", "  Backups   checked ")
    assert "1 line is reworded." in answer.content.decode()
    assert world.words("acme") == ["Backups checked"]
    with tenant_scope(world.provider):
        publication = Entry.objects.get(retired_in=None).added_in
        assert (publication.kind, publication.made_by) == (
            Publication.Kind.WORDING,
            world.manager.user,
        )
        assert RememberedWording.objects.get().text == "Backups checked"
        assert AuditEvent.objects.filter(action="worded").get().detail["clients"] == ["acme"]


def test_words_that_stand_already_are_no_act(world):
    publish(world, row(1, "Acme Dental", "2026-02-09", "1", "Bkp job"))
    queue_page = world.manager.get(reverse("wording")).content.decode()
    for _ in range(2):
        save(world, "Bkp job", "Backups checked", page=queue_page)
    with tenant_scope(world.provider):
        assert AuditEvent.objects.filter(action="worded").count() == 1
        assert Publication.objects.filter(kind=Publication.Kind.WORDING).count() == 1


def test_the_line_that_was_reworded_stays_on_record(world):
    publish(world, row(1, "Acme Dental", "2026-02-09", "1", "Bkp job"))
    save(world, "Bkp job", "Backups checked")
    with tenant_scope(world.provider):
        before, after = Entry.objects.filter(retainer__client__slug="acme").order_by("pk")
    assert (before.wording, before.retired_in) == ("", after.added_in)
    assert before.origin == after.origin


def test_flagged_words_are_not_published_and_not_lost(world):
    publish(world, row(1, "Acme Dental", "2026-02-09", "1", "Bkp job"))
    answer = save(world, "Bkp job", "Priya Nair checked 10.0.0.3")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="Priya Nair checked 10.0.0.3"' in page
    assert "name of a technician" in page
    assert world.words("acme") == [""]


def test_flagged_words_are_let_through_after_they_were_seen(world):
    publish(world, row(1, "Acme Dental", "2026-02-09", "1", "Bkp job"))
    text = "Priya Nair checked the backups"
    seen = save(world, "Bkp job", text).content.decode()
    save(world, "Bkp job", text, page=seen, let="on")
    assert world.words("acme") == [text]
    with tenant_scope(world.provider):
        assert AuditEvent.objects.filter(action="worded").get().detail["let_through"] is True


def test_letting_through_is_for_the_very_words_that_were_seen(world):
    publish(world, row(1, "Acme Dental", "2026-02-09", "1", "Bkp job"))
    seen = save(world, "Bkp job", "Priya Nair checked the backups").content.decode()
    save(world, "Bkp job", "Priya Nair checked 10.0.0.3", page=seen, let="on")
    assert world.words("acme") == [""]


def test_words_that_passed_on_one_line_are_looked_at_before_they_stand_on_another(world):
    publish(
        world,
        row(1, "Acme Dental", "2026-02-09", "1", "Bkp job"),
        row(2, "Acme Dental", "2026-02-10", "1", "Odd noise"),
    )
    text = "Priya Nair checked the backups"
    save(world, "Bkp job", text, page=save(world, "Bkp job", text).content.decode(), let="on")
    with tenant_scope(world.provider):
        LetThrough.objects.all().delete()
        both = NewWords(tuple(entry.origin for entry in world.live("acme")), text)
        done = reword(provider=world.provider, given=[both], by=None, at=now())
    assert (done.lines, len(done.flagged)) == (0, 1)
    assert world.words("acme") == [text, ""]


def test_another_clients_name_is_found_at_the_client_where_it_would_leak(world):
    publish(
        world,
        row(1, "Acme Dental", "2026-02-09", "1", "Bkp job"),
        row(2, "Cobalt Freight", "2026-02-10", "1", "Bkp job"),
    )
    answer = save(world, "Bkp job", "Backups of Cobalt Freight checked")
    assert answer.status_code == 422
    assert world.words("cobalt") == [""]


def test_clean_words_are_published_beside_flagged_ones(world):
    publish(
        world,
        row(1, "Acme Dental", "2026-02-09", "1", "Bkp job"),
        row(2, "Acme Dental", "2026-02-10", "1", "MFA reset"),
    )
    page = queue(world)
    more = {f"words-{number_of(page, 'MFA reset')}": "Two-factor sign-in set up again"}
    fields = {name: hidden(page, name) for name in re.findall(r'type="hidden" name="([\w-]+)"', page)}
    fields |= {f"words-{number_of(page, 'Bkp job')}": "Priya Nair did it", **more}
    world.manager.post(reverse("save_wording"), fields)
    assert world.words("acme") == ["", "Two-factor sign-in set up again"]


def _retitled(world) -> None:
    """A line that a person worded, whose title has changed since."""
    world.publish(
        world.upload(row(1, "Acme Dental", "2026-02-09", "1", "Bkp job")), **{"words-2": "Backups checked"}
    )
    publish(world, row(1, "Acme Dental", "2026-02-09", "1", "Restore of the file server"))


def test_a_title_that_changed_puts_its_words_up_for_review(world):
    _retitled(world)
    page = queue(world)
    assert "Please check again" in page
    assert "Bkp job" in page
    assert "Restore of the file server" in page
    assert 'value="Backups checked"' in page


def test_saving_other_words_does_not_answer_a_review(world):
    _retitled(world)
    save(world, "Restore of the file server", "Backups checked")
    with tenant_scope(world.provider):
        assert WordingReview.objects.count() == 1


def test_words_that_still_fit_are_taken_off_the_review_without_a_publication(world):
    _retitled(world)
    with tenant_scope(world.provider):
        before = Publication.objects.count()
    save(world, "Restore of the file server", "Backups checked", keep="on")
    with tenant_scope(world.provider):
        assert not WordingReview.objects.exists()
        assert Publication.objects.count() == before
    assert world.words("acme") == ["Backups checked"]


def test_new_words_answer_a_review(world):
    _retitled(world)
    save(world, "Restore of the file server", "Deleted files restored")
    assert world.words("acme") == ["Deleted files restored"]
    with tenant_scope(world.provider):
        assert not WordingReview.objects.exists()


def test_a_viewer_reads_the_queue_and_saves_nothing(world):
    publish(world, row(1, "Acme Dental", "2026-02-09", "1", "Bkp job"))
    viewer = world.person(Role.VIEWER)
    assert "Bkp job" in viewer.get(reverse("wording")).content.decode()
    assert viewer.post(reverse("save_wording")).status_code == 403


def test_lines_of_another_provider_are_not_reworded(world, stranger):
    publish(world, row(1, "Acme Dental", "2026-02-09", "1", "Bkp job"))
    with tenant_scope(world.provider):
        origin = SourceRow.objects.get().origin
    stranger.post(reverse("save_wording"), {"words-1": "Taken over", "origins-1": str(origin), "was-1": ""})
    assert world.words("acme") == [""]


def test_what_is_no_mark_is_passed_over(world):
    answer = world.manager.post(reverse("save_wording"), {"words-1": "x y", "origins-1": "no-mark 1"})
    assert answer.status_code == 302


def test_the_imports_page_stops_asking_for_words_that_were_given_since(world):
    source = world.upload(row(1, "Acme Dental", "2026-02-09", "1", "Bkp job"))
    assert "1 line still shows fallback text." in world.publish(source)
    save(world, "Bkp job", "Backups checked")
    assert "still shows fallback text" not in world.page(source)


def test_the_imports_page_asks_for_words_of_no_line_that_is_not_counted(world):
    rows = ["1,Acme Dental,2026-02-09,1,Bkp job,yes", "2,Acme Dental,2026-02-09,1,Odd noise,no"]
    rows += ["3,Acme Dental,2025-12-09,1,Before the retainer,yes", "4,Acme Dental,2026-02-10,1,Bkp job,yes"]
    text = "\n".join(("Entry ID,Client,Date,Hours,Title,Billable", *rows))
    source = world.upload_bytes(text.encode())
    assert "2 lines still show fallback text." in world.publish(source)
    save(world, "Bkp job", "Backups checked")
    assert "fallback text" not in world.page(source)


def test_the_queue_of_published_lines_is_narrowed_to_one_client_and_to_words_of_a_title(world):
    world.publish(
        world.upload(
            row(1, "Acme Dental", "2026-02-10", "2", title="Backup check"),
            row(2, "Birch & Lowe", "2026-02-10", "1", title="Printer offline"),
        )
    )
    queue = world.manager.get(reverse("wording")).text
    assert queue.index("Backup check") < queue.index("Printer offline")  # the most hours first
    of_birch = world.manager.get(reverse("wording"), {"client": "birch"}).text
    assert "Printer offline" in of_birch
    assert "Backup check" not in of_birch
    assert "Printer offline" not in world.manager.get(reverse("wording"), {"q": "backup"}).text


def test_what_the_technician_wrote_stands_beside_the_words_and_reaches_no_page_of_a_client(world):
    text = "Entry ID,Client,Date,Hours,Title,Notes\n1,Acme Dental,2026-02-10,1,Switch dead,PoE inj swapped\n"
    source = world.upload_bytes(text.encode())
    assert "PoE inj swapped" in world.page(source)
    world.publish(source)
    assert "PoE inj swapped" in world.manager.get(reverse("wording")).text
    assert "PoE inj swapped" not in world.manager.get(reverse("view_as_client", args=["acme"])).text


def test_drafts_for_published_lines_are_filled_in_and_published_by_saving_alone(world):
    remember(world, "vpn down at branch", "Connection repaired")
    publish(world, row(1, "Acme Dental", "2026-02-10", "1", title="VPN down at main office"))
    page = queue(world)
    assert 'value="Connection repaired" placeholder' not in page
    address = re.search(r'href="(\?[^"]*drafts=1)"', page)[1]
    filled = world.manager.get(reverse("wording") + address.replace("&amp;", "&")).text
    assert 'value="Connection repaired" placeholder' in filled
    assert world.words("acme") == [""]
    save(world, "VPN down at main office", "Connection repaired", page=filled)
    assert world.words("acme") == ["Connection repaired"]
