"""Words that are given to lines before they are published."""

import re

import pytest

from tests.imports.uploading import row
from tests.imports.words import remember

pytestmark = pytest.mark.usefixtures("monday")


def test_every_title_can_be_reached_a_page_at_a_time_and_what_was_typed_is_kept(world):
    rows = [
        row(
            n, "Acme Dental", "2026-02-10", "1", title=f"{chr(97 + n % 26) * 4}{chr(97 + n // 26)} broke down"
        )
        for n in range(45)
    ]
    source = world.upload(*rows)
    page = world.page(source)
    assert page.count('name="words-') == 40
    assert "1–40 of 45 titles" in page
    first = re.search(r'name="(words-\d+)"', page)[1]
    page = world.post("choose_in_import", source, turn="words:2", **{first: "Repaired"})
    assert page.count('name="words-') >= 4
    assert "41–44 of 44 titles" in page


def test_titles_of_one_shape_are_one_line_and_take_the_same_words(world):
    titles = ("ACM-LT-001 no audio in Teams", "ACM-LT-002 no audio in Teams")
    source = world.upload(
        *(row(n, "Acme Dental", "2026-02-10", "1", title=each) for n, each in enumerate(titles))
    )
    page = world.page(source)
    assert "and 1 title like it" in page
    line = re.search(r'name="words-(\d+)"', page)[1]
    world.post("choose_in_import", source, **{f"words-{line}": "Sound in calls restored"})
    world.publish(source)
    assert world.words("acme") == ["Sound in calls restored"] * 2
    again = world.upload(row(9, "Acme Dental", "2026-02-11", "1", title="ACM-LT-009 no audio in Teams"))
    world.publish(again, removals="keep")
    assert world.words("acme")[-1] == "Sound in calls restored"


def test_of_many_titles_of_one_shape_the_first_are_shown_and_the_others_counted(world):
    rows = (
        row(n, "Acme Dental", "2026-02-10", "0.25", title=f"ACM-LT-{n:03} no audio in Teams")
        for n in range(60)
    )
    page = world.page(world.upload(*rows))

    assert "and 59 titles like it" in page
    assert len(set(re.findall(r"ACM-LT-\d+ no audio", page))) == 51
    assert "and 9 more" in page


def test_words_given_in_a_preview_are_offered_for_its_other_titles_that_look_alike(world):
    titles = ("weird popup on screen", "weird popup on the screen again")
    source = world.upload(
        *(row(n, "Acme Dental", "2026-02-10", "1", title=each) for n, each in enumerate(titles))
    )
    line = re.search(r'name="words-(\d+)"', world.page(source))[1]
    page = world.post("choose_in_import", source, **{f"words-{line}": "Unwanted notice removed"})
    assert re.search(r'name="use-\d+" value="Unwanted notice removed"', page)


def test_words_for_a_title_become_a_rule_that_is_looked_at_before_it_is_saved(world):
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "1", title="Backup check srv01"))
    line = re.search(r'name="words-(\d+)"', world.page(source))[1]
    fields = {f"words-{line}": "Backup checked", f"title-{line}": "Backup check srv01", "always": line}
    page = world.post("choose_in_import", source, **fields)
    assert 'value="Backup check *"' in page
    assert "Backup checked" in page
    assert 'name="do" value="save"' in page
    assert "Backup checked" in world.page(source)


def test_all_drafts_in_view_are_taken_at_once_and_leave_what_was_typed(world):
    remember(world, "vpn down at branch", "Connection repaired")
    titles = ("VPN down at main office", "VPN down at the depot", "VPN down at head office", "Printer jam")
    source = world.upload(
        *(row(n, "Acme Dental", "2026-02-10", "1", title=each) for n, each in enumerate(titles, 1))
    )
    page = world.page(source)
    drafts = dict(re.findall(r'name="(draft-\d+)" value="([^"]+)"', page))
    assert set(drafts.values()) == {"Connection repaired"}
    assert "Take the drafts of 3 titles" in page
    words = {name.replace("draft", "words"): "" for name in drafts}
    typed = sorted(words)[0]

    page = world.post(
        "choose_in_import", source, take_drafts="1", **drafts, **words | {typed: "Typed by hand"}
    )

    assert "1 of 4 lines have no words yet" in page
    assert "Take the draft" not in page
    world.publish(source)
    assert sorted(world.words("acme")) == ["", "Connection repaired", "Connection repaired", "Typed by hand"]


def test_no_draft_is_taken_unless_it_was_asked_for(world):
    remember(world, "vpn down at branch", "Connection repaired")
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "1", title="VPN down at main office"))
    page = world.page(source)
    draft = re.search(r'name="draft-(\d+)"', page)[1]
    fields = {f"draft-{draft}": "Connection repaired", f"words-{draft}": ""}
    assert "1 of 1 lines have no words yet" in world.post("choose_in_import", source, **fields)


def test_titles_that_were_worded_in_this_preview_can_all_be_reached(world):
    rows = [
        row(
            n, "Acme Dental", "2026-02-10", "1", title=f"{chr(97 + n % 26) * 4}{chr(97 + n // 26)} broke down"
        )
        for n in range(45)
    ]
    source = world.upload(*rows)
    for _page in range(2):
        inputs = re.findall(r'name="(words-\d+)" value=""', world.page(source))
        world.post("choose_in_import", source, **{name: f"Repair of {name}" for name in inputs})
    assert "1–40 of 45 titles" in world.page(source)
    assert world.post("choose_in_import", source, turn="worded:2").count('value="Repair of') == 5
