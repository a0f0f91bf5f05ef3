"""An export for all clients against all that its format brought: moves, what waits, ids that begin anew."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from imports.publishing.reconcile import reconcile
from imports.reading.rows import Row
from imports.stages import Classified, Place, Reconciliation, Scope, StandingEntry, Waiting

PRESENT = frozenset({"company", "technician", "ticket", "title", "entry_id"})
MARCH = Scope(date(2026, 3, 1), date(2026, 3, 31))


def row(entry_id: str = "", day: int = 2, line: int = 0, **texts: str) -> Row:
    said = {"company": "Acme", "ticket": "T1", "technician": "Mel", "title": "VPN"} | texts
    return Row(line=line, date=date(2026, 3, day), worked=Decimal(1), entry_id=entry_id, **said)


def published(*rows: tuple[str, Row]) -> list[StandingEntry]:
    return [StandingEntry(ref, one, client) for ref, (client, one) in enumerate(rows)]


def found(
    entries: list[StandingEntry],
    *rows: tuple[str, Row],
    scope: Scope = MARCH,
    waiting: Waiting | None = None,
    anew: tuple[int, ...] = (),
) -> Reconciliation:
    judged = [Classified(one, Place(client)) for client, one in rows]
    return reconcile(entries, judged, scope=scope, present=PRESENT, waiting=waiting, anew=anew)


def refs(entries: tuple[StandingEntry, ...]) -> list[int]:
    return [entry.ref for entry in entries]


def test_an_id_under_another_client_has_moved_and_is_no_removal() -> None:
    answer = found(published(("acme", row("1"))), ("birch", row("1", company="Birch")))

    assert [(pair.published.client, pair.row.place.client) for pair in answer.moved] == [("acme", "birch")]
    assert answer.moved == answer.changed
    assert (answer.new, answer.removed) == ((), ())


def test_an_entry_moves_even_where_its_row_says_the_same() -> None:
    answer = found(published(("acme", row("1"))), ("birch", row("1")))

    assert len(answer.moved) == 1


def test_an_id_moves_into_an_export_for_one_client_too() -> None:
    only = replace(MARCH, client="birch")

    assert len(found(published(("acme", row("1"))), ("birch", row("1")), scope=only).moved) == 1


def test_equal_content_without_an_id_never_pairs_across_clients() -> None:
    answer = found(published(("acme", row())), ("birch", row()))

    assert (len(answer.new), refs(answer.removed)) == (1, [0])


def test_an_export_for_one_client_removes_nothing_of_another() -> None:
    entries = published(("acme", row("1")), ("birch", row("2")))

    assert refs(found(entries, scope=replace(MARCH, client="birch")).removed) == [1]
    assert refs(found(entries).removed) == [0, 1]


def test_a_client_without_a_row_is_compared_like_the_others() -> None:
    entries = published(("acme", row("1")), ("birch", row("2")))

    assert refs(found(entries, ("acme", row("1"))).removed) == [1]


def test_an_id_in_a_refused_row_keeps_its_entry_as_it_was() -> None:
    answer = found(published(("acme", row("007"))), waiting=Waiting(ids={"7"}))

    assert (refs(answer.kept), answer.removed) == ([0], ())


def test_an_id_under_an_unknown_company_keeps_its_entry_as_it_was() -> None:
    answer = found(
        published(("acme", row("1")), ("acme", row("2"))), waiting=Waiting([row("1", company="Acme LLC")])
    )

    assert (refs(answer.kept), refs(answer.removed)) == ([0], [1])


def test_without_ids_equal_rows_under_an_unknown_company_keep_as_many_entries() -> None:
    entries = published(("acme", row()), ("acme", row()), ("acme", row(day=3)))

    answer = found(entries, waiting=Waiting([row(company="Acme LLC")]))

    assert (refs(answer.kept), refs(answer.removed)) == ([0], [1, 2])


WEEK_ONE = [
    ("acme", row(str(n), 2 + n, technician="Ann", ticket=f"T{n}", title=f"one {n}")) for n in range(5)
]
WEEK_TWO = [
    ("acme", row(str(n), 9 + n, line=n, technician="Bob", ticket=f"T1{n}", title=f"two {n}"))
    for n in range(5)
]
SECOND_WEEK = Scope(date(2026, 3, 9), date(2026, 3, 15))


def test_ids_of_another_day_ticket_technician_and_title_seem_to_have_begun_anew() -> None:
    answer = found(published(*WEEK_ONE), WEEK_TWO[0], scope=SECOND_WEEK)

    assert answer.anew == answer.changed


def test_a_correction_of_day_and_technician_begins_nothing_anew() -> None:
    (_, was), *_rest = WEEK_ONE
    corrected = was._replace(date=date(2026, 3, 9), technician="Bob")

    assert found(published(*WEEK_ONE), ("acme", corrected)).anew == ()


def test_where_one_technician_does_all_the_work_many_other_tickets_are_ids_that_begin_anew() -> None:
    alone = [(client, one._replace(technician="Ann")) for client, one in WEEK_TWO]

    assert len(found(published(*WEEK_ONE), *alone, scope=SECOND_WEEK).anew) == 5
    assert found(published(*WEEK_ONE), *alone[:1], *WEEK_ONE[1:]).anew == ()


def test_where_neither_ticket_nor_title_tells_many_days_that_the_file_does_not_speak_for_are_anew() -> None:
    old = [(client, one._replace(ticket="", title="", technician="Ann")) for client, one in WEEK_ONE]
    young = [(client, one._replace(ticket="", title="", technician="Ann")) for client, one in WEEK_TWO]

    assert len(found(published(*old), *young, scope=SECOND_WEEK).anew) == 5
    assert found(published(*old), *young[:2], scope=SECOND_WEEK).anew == ()
    assert found(published(*old), *young, scope=MARCH).anew == ()  # five days corrected in one file


def test_ids_that_are_said_to_begin_anew_are_new_entries_beside_the_old_ones() -> None:
    answer = found(published(*WEEK_ONE), *WEEK_TWO, scope=SECOND_WEEK, anew=tuple(range(5)))

    assert (len(answer.new), answer.changed, answer.removed, answer.anew) == (5, (), (), ())


def test_of_two_entries_of_an_id_that_began_anew_the_equal_one_is_continued() -> None:
    entries = published(*WEEK_ONE, *WEEK_TWO)

    answer = found(entries, *WEEK_TWO, scope=SECOND_WEEK)

    assert [pair.published.ref for pair in answer.unchanged] == [5, 6, 7, 8, 9]
    assert (answer.new, answer.changed, answer.removed) == ((), (), ())


def test_of_two_entries_of_an_id_neither_of_them_equal_the_one_of_the_day_is_continued() -> None:
    (_, old), (_, young) = WEEK_ONE[0], WEEK_TWO[0]

    answer = found(published(("acme", old), ("acme", young)), ("acme", old._replace(title="corrected")))

    assert [pair.published.ref for pair in answer.changed] == [0]
