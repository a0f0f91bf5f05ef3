"""What a client's page said on an earlier day, whatever was published since."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.tenancy import tenant_scope
from imports.judging.books import provider_book
from imports.judging.rulebook import adding, save
from retainers.terms import Effects, Rule, TextCondition
from tests.factories import ClientFactory
from tests.imports.ruled import AGREEMENT, EXPORT, NOW, load_ruled
from tests.shared_rows import shared_rows
from tests.world import World

LATER = NOW + timedelta(days=2)
SWITCHES = Rule(
    "Switches",
    Effects(exclude="warranty", wording="Switch replaced"),
    texts=(TextCondition("title", ("Switch*",)),),
)


@shared_rows
def world(tmp_path, time_machine) -> World:
    """Published on 22 June; a rule, a new cap and an import without a line came on 24 June."""
    time_machine.move_to(NOW, tick=False)
    provider = load_ruled(tmp_path)
    time_machine.move_to(LATER, tick=False)
    with tenant_scope(provider):
        edit = adding(provider_book(), SWITCHES)
        save(provider=provider, book=provider_book(), edit=edit, by=None, at=LATER, agreed=True)
    (tmp_path / "cap.toml").write_text(
        AGREEMENT.split("[[rules]]")[0]
        + "[[clients]]"
        + AGREEMENT.split("[[clients]]")[1].replace('hours = "10"', 'hours = "30"')
    )
    call_command("load_retainers", str(tmp_path / "cap.toml"), "--restate", verbosity=0)
    lines = [line for line in EXPORT.splitlines() if not line.startswith("1,")]
    (tmp_path / "less.csv").write_text("\n".join(lines))
    command = [
        "import_csv",
        str(tmp_path / "less.csv"),
        "--provider",
        "north",
        "--publish",
        "--accept",
        "one-company",
    ]
    call_command(*command, "--from", "2026-05-11", "--to", "2026-06-05", "--removals", "apply", verbosity=0)
    return World(provider)


def day_of(day, slug="acme"):
    return reverse("as_of_day", args=[slug, day])


def left(answer):
    cycle = answer.context["page"].retainers[0].cycle
    return [cycle.lead.left, *(number.left for number in cycle.others)]


def test_the_page_of_a_day_has_the_figures_words_and_terms_of_its_end(viewer):
    then = viewer.get(day_of("2026-06-22"))
    page = then.content.decode()
    assert "As published on Mon 22 Jun 2026." in page
    assert left(then) == ["6.5", "5.0"]
    now = viewer.get(day_of("2026-06-24"))
    assert left(now) == ["28.0", "5.0"]


def test_an_earlier_cycle_of_that_day_shows_what_it_said_then(viewer):
    then = viewer.get(day_of("2026-06-22"), {"retainer": "support", "cycle": "2026-05-01"})
    assert left(then) == ["9.0", "3.0"]
    assert "corrected" not in then.content.decode().casefold()
    now = viewer.get(day_of("2026-06-24"), {"retainer": "support", "cycle": "2026-05-01"})
    assert left(now) == ["29.0", "5.0"]


def test_the_links_on_it_stay_on_that_day(viewer):
    page = viewer.get(day_of("2026-06-22")).content.decode()
    assert 'href="./?retainer=support&amp;cycle=2026-05-01"' in page
    assert 'href="log.csv"' in page
    assert "ask/" not in page


def test_its_log_and_its_figures_are_those_of_that_day(viewer):
    log = viewer.get(reverse("as_of_log", args=["acme", "2026-06-22"]))
    rows = list(csv.reader(io.StringIO(log.content.decode("utf-8-sig"))))
    assert [(row[0], row[5]) for row in rows[1:]] == [
        ("2026-06-02", "1.50"),
        ("2026-06-03", "2.00"),
        ("Total", "3.50"),
    ]
    assert "as-of-2026-06-22" in log.headers["Content-Disposition"]
    said = viewer.get(reverse("as_of_json", args=["acme", "2026-06-22"])).json()
    assert said["retainers"][0]["cycle"]["total"]["used"] == "3.50"
    later = viewer.get(reverse("as_of_json", args=["acme", "2026-06-24"])).json()
    assert later["retainers"][0]["cycle"]["total"]["used"] == "2.00"


def test_before_anything_was_published_there_is_no_page_to_show(viewer):
    answer = viewer.get(day_of("2026-06-21"))
    assert answer.status_code == 200
    assert "Nothing had been published by the end of Sun 21 Jun 2026." in answer.content.decode()
    assert viewer.get(reverse("as_of_log", args=["acme", "2026-06-21"])).status_code == 404
    assert viewer.get(reverse("as_of_json", args=["acme", "2026-06-21"])).status_code == 404


@pytest.mark.parametrize("day", ["2026-06-25", "2026-02-30", "yesterday", "20260622", "2026-W26-1"])
def test_a_day_to_come_and_what_is_no_day_have_no_page(viewer, day):
    assert viewer.get(day_of(day)).status_code == 404


def test_a_cycle_that_there_was_not_has_no_page(viewer):
    assert viewer.get(day_of("2026-06-22"), {"cycle": "2026-04-01"}).status_code == 404


def test_a_day_is_chosen_by_a_form_or_among_those_on_which_it_changed(viewer):
    address = reverse("as_of", args=["acme"])
    page = viewer.get(address)
    assert [each.address for each in page.context["as_of"].days] == ["2026-06-24", "2026-06-22"]
    assert page.context["as_of"].days[0].kinds == "rules, agreement, import"
    answer = viewer.get(address, {"on": "2026-06-22"})
    assert answer.headers["Location"] == day_of("2026-06-22")


@pytest.mark.parametrize(("on", "words"), [("2026-06-25", "still to come"), ("soon", "isn’t a date")])
def test_a_day_that_cannot_be_shown_is_said_so(viewer, on, words):
    answer = viewer.get(reverse("as_of", args=["acme"]), {"on": on})
    assert answer.status_code == 422
    assert words in answer.content.decode()


NAMES = ("as_of", "as_of_day", "as_of_log", "as_of_json")


@pytest.mark.parametrize("name", NAMES)
def test_nobody_signed_in_is_sent_to_the_sign_in_page(provider, client, name):
    args = ["acme"] if name == "as_of" else ["acme", "2026-06-22"]
    assert client.get(reverse(name, args=args)).status_code == 302


@pytest.mark.parametrize("name", NAMES)
def test_a_foreign_client_and_a_missing_one_look_the_same(stranger, name):
    for slug in ("acme", "nobody"):
        args = [slug] if name == "as_of" else [slug, "2026-06-22"]
        assert stranger.get(reverse(name, args=args)).status_code == 404


def test_a_client_of_whom_nothing_was_published_has_an_empty_list(provider, viewer):
    with tenant_scope(provider):
        ClientFactory(slug="fresh")
    assert "Nothing has been published" in viewer.get(reverse("as_of", args=["fresh"])).content.decode()
    assert viewer.get(day_of("2026-06-22", "fresh")).status_code == 200


def test_the_command_says_the_same(provider, viewer, capsys):
    call_command("balances", "--provider", "north", "--as-published", "2026-06-22")
    assert "acme/support: 11.50 left, 3.50 used" in capsys.readouterr().out
