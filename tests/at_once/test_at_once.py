"""Two deeds at once on PostgreSQL: both are done, or the second one is told; never an error, never a half."""

import ast
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import combinations, combinations_with_replacement, pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction

from accounts.providers import called
from accounts.seen import StaleError
from hourtab import founding
from imports.judging.books import provider_book
from imports.judging.reclassify import reclassify
from imports.judging.rulebook import adding, save
from imports.publishing.hindrances import HinderedError
from imports.publishing.undo import undo
from imports.wording.reword import NewWords, reword
from portal.links import EndedError
from portal.models import ShareLink
from retainers import granting, notices, publishing
from retainers.agreements.reading import read_file
from retainers.effects import change_of
from retainers.gate.letting import letting
from retainers.loading import load
from retainers.models import Entry, LetThrough, Restatement, Retainer
from retainers.restating.changes import digest, foreseen
from retainers.restating.writing import Consent, RestatingError
from retainers.seen import DoneError
from retainers.selectors import standings
from retainers.terms import TopUp
from retainers.wire import cycle_json
from tests.at_once.conftest import AT
from tests.at_once.deeds import DEEDS
from tests.at_once.deeds.provider_rules import WARRANTY
from tests.at_once.two import behind, overlapping

APPS = ("accounts", "retainers", "imports", "portal", "desk", "alerts", "hourtab")
NO_SERVICES = {
    "saved_mappings._write": "a savepoint of save_mapping",
    "database.one_moment": "only reads: verifying",
    "row_policies.install": "a part of migrate",
    "postgres.load": "puts a backup back while nobody works: tests/backing_up",
    "postgres._drop_everything": "a part of it",
    "bringing._brought_in": "into an installation without a provider; two at once: test_moving_house",
    "unattended._publish": "publish, and what it has done with is let go",
    "many_rows.insert_columns": "a part of what stores an import or moves lines: publish, load",
    "openings.note_opening": "waits 50 ms and lets go: test_openings",
    "doors.too_many_misses": "waits 50 ms and lets go; four at once are counted in test_misses",
    "doors._counted": "a savepoint of too_many_misses",
}


def write_services() -> Iterator[str]:
    """Each function of the product that opens a transaction, as file.function."""
    for app in APPS:
        for path in sorted((Path(settings.BASE_DIR) / app).rglob("*.py")):
            if {"migrations", "demo"}.isdisjoint(path.parts):
                tree = ast.parse(path.read_text(encoding="utf-8"))
                functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
                yield from (f"{path.stem}.{each.name}" for each in functions if opens_a_transaction(each))


def opens_a_transaction(function: ast.FunctionDef) -> bool:
    opened = [
        item.context_expr for node in ast.walk(function) if isinstance(node, ast.With) for item in node.items
    ]
    return any("transaction.atomic" in ast.unparse(node) for node in (*function.decorator_list, *opened))


def test_every_write_service_is_listed():
    assert sorted(write_services()) == sorted([*DEEDS, *NO_SERVICES])


@pytest.mark.postgresql
@pytest.mark.parametrize("name", DEEDS)
def test_a_deed_done_twice_at_once_is_done_or_told(house, name):
    first, second, check = DEEDS[name](house)
    done = overlapping(house.provider, first, second)
    assert not isinstance(done[0], Exception), repr(done[0])
    check(*done)
    for numbers in house.numbers():
        assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.postgresql
def test_one_import_published_twice_at_once_is_published_once(house):
    deed = house.publishing(house.upload(1))
    _, second = overlapping(house.provider, deed, deed)
    assert isinstance(second, HinderedError)
    assert Entry.objects.filter(retired_in=None).count() == 2


@pytest.mark.postgresql
def test_a_clients_request_does_not_wait_for_an_import(house):
    ask, _, _ = DEEDS["asking.ask"](house)
    answer = overlapping(house.provider, house.publishing(house.upload(1)), ask)[1]
    assert not isinstance(answer, Exception), repr(answer)


@pytest.mark.postgresql
@pytest.mark.parametrize("order", [("links.revoke", "links.replace"), ("links.replace", "links.revoke")])
def test_a_link_revoked_and_replaced_at_once_is_one_of_the_two(house, order):
    """The first one is done, the second one is told: nobody thinks revoked what lives on as another one."""
    first, second = (DEEDS[name](house)[0] for name in order)
    done = overlapping(house.provider, first, second)

    assert not isinstance(done[0], Exception)
    assert isinstance(done[1], EndedError)
    live = ShareLink.objects.filter(revoked_at=None, replaced_at=None).count()
    assert live == (0 if order[0] == "links.revoke" else 1)


def several_retainers(house) -> dict:
    """The deeds that lock more than one retainer."""
    book = provider_book()
    fresh, newest = house.upload(20), house.published(1)
    origins = tuple(Entry.objects.filter(retired_in=None).values_list("origin", flat=True))
    by, at, provider = house.owner, AT, house.provider
    return {
        "load": lambda: load(read_file(house.file(hours=12)), at=at, by=by, reclassify=reclassify),
        "publish": house.publishing(fresh),
        "undo": lambda: undo(source=newest, by=by, at=at),
        "rules": lambda: save(provider=provider, book=book, edit=adding(book, WARRANTY), by=by, at=at),
        "reword": lambda: reword(provider=provider, given=[NewWords(origins, "Set up")], by=by, at=at),
    }


ON_SEVERAL = ("load", "publish", "undo", "rules", "reword")
PAIRS = [*combinations_with_replacement(ON_SEVERAL, 2)]
TURNED = [
    pytest.param(second, first, marks=pytest.mark.long) for first, second in combinations(ON_SEVERAL, 2)
]


@pytest.mark.postgresql
@pytest.mark.parametrize(("first", "second"), [*PAIRS, *TURNED])
def test_two_deeds_on_several_retainers_never_wait_for_each_other(house, first, second):
    """Both begin while a third one holds the first retainer: who locks in another order holds the other one."""
    deeds = several_retainers(house)

    def holds():
        publishing.lock([house.acme.pk])

    for done in behind(house.provider, holds, deeds[first], deeds[second]):
        assert not isinstance(done, DatabaseError), repr(done)


def letting_deeds(house) -> dict:
    """The deeds that let the same words through: by a publication and by a form."""
    house.published(1)
    (entry,) = Entry.objects.filter(retainer=house.acme, retired_in=None)
    words = [NewWords((entry.origin,), "Moved srv-sql-02", let_through=True)]
    said = {"by": house.owner, "at": AT}

    def form():
        with letting(["Moved srv-sql-02"], house.acme.client, **said):
            notices.post_notice(retainer=house.acme, text="Moved srv-sql-02", pending_hours=None, **said)

    return {"words": lambda: reword(provider=house.provider, given=words, **said), "form": form}


@pytest.mark.postgresql
@pytest.mark.parametrize("order", [("words", "form"), ("form", "words")])
def test_a_form_and_a_publication_that_let_the_same_words_through_are_both_done(house, order):
    """Whoever writes down the words first has its retainer already: nobody holds what the other one needs."""
    deeds = letting_deeds(house)

    def holds():
        publishing.lock([house.acme.pk])

    for done in behind(house.provider, holds, *(deeds[name] for name in order)):
        assert not isinstance(done, Exception), repr(done)
    assert LetThrough.objects.count() == 1


@pytest.mark.postgresql
def test_who_had_to_wait_reads_what_was_published_meanwhile(house):
    def post():
        notices.post_notice(retainer=house.acme, text="One", pending_hours=None, by=house.owner, at=AT)

    @transaction.atomic
    def look():
        return publishing.lock(Retainer.objects.values_list("pk", flat=True))[
            house.acme.pk
        ].publication.number

    assert overlapping(house.provider, post, look)[1] == 2


MAY_10 = TopUp(date(2026, 5, 10), Decimal(5), "support", note="PO 4711")
UNDONE = (StaleError, RestatingError, DoneError)  # who came second is told to look once more


def restating_deeds(house) -> dict:
    """Deeds that restate May, each agreed to as it looked before any of them."""
    house.published(2)  # May is complete by it
    zone, acme, by = ZoneInfo("UTC"), house.fresh(house.acme), house.owner
    (standing,) = standings([acme], on=AT.date(), zone=zone)
    change = change_of(standing, top_ups=[MAY_10])
    agreed = digest(foreseen(house.provider, [change]))
    form = granting.seen_of(acme, top_ups=[MAY_10]).mark
    return {
        "grant": lambda: granting.grant_hours(
            retainer=acme, top_ups=[MAY_10], form=form, by=by, at=AT, agreed=Consent(agreed, "Found late")
        ),
        "terms": lambda: load(
            read_file(house.file(hours=12)), at=AT, by=by, reclassify=reclassify, agreed=Consent.to_all()
        ),
    }


@pytest.mark.postgresql
@pytest.mark.parametrize("second", ["grant", "terms"])
@pytest.mark.parametrize("first", ["grant", "terms"])
def test_two_deeds_that_restate_a_cycle_leave_one_story_of_it(house, first, second):
    """Each record goes on where the one before ended, and the last says what the page says now."""
    deeds = restating_deeds(house)
    done = overlapping(house.provider, deeds[first], deeds[second])
    assert not isinstance(done[0], Exception), repr(done[0])
    assert not isinstance(done[1], Exception) or isinstance(done[1], UNDONE), repr(done[1])

    rows = Restatement.objects.filter(retainer=house.acme, cycle_starts=date(2026, 5, 1))
    told = list(rows.order_by("publication__number"))
    assert told
    for before, after in pairwise(told):
        assert before.after == after.before
    (standing,) = standings([house.fresh(house.acme)], on=AT.date(), zone=ZoneInfo("UTC"))
    may = next(cycle for cycle in standing.cycles if cycle.starts == date(2026, 5, 1))
    assert told[-1].after["total"] == cycle_json(may, provisional=False)["total"]


@pytest.mark.postgresql
def test_of_two_who_would_be_the_first_provider_one_is_told(house, monkeypatch):
    """Two who have the code, each with a name of their own: no row is there yet for which the second could wait."""
    monkeypatch.setattr(founding, "is_empty", lambda: not (called("one-it") or called("two-it")))
    first, second = overlapping(
        house.provider,
        lambda: founding.found(founding.Wish("One IT", "mel@one.example"), first=True),
        lambda: founding.found(founding.Wish("Two IT", "kim@two.example"), first=True),
    )
    assert first.provider.slug == "one-it"
    assert isinstance(second, founding.NotFoundedError), repr(second)
