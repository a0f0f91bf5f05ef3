"""Looking tickets and names up takes steps in proportion to the text: counted line by line, nothing is timed."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import leaks
from leaks.folding import fold
from leaks.hits import LeakContext
from leaks.names import find_names
from leaks.search import Index, Phrase
from leaks.tickets import known, known_tickets
from tests.leaks.asking import hits

ROOM = str(Path(leaks.__file__).parent)
TWICE = 2.2


def steps(work: Callable[[], Iterator[Any]]) -> int:
    """How many lines of the leak check run while `work` is done to its end."""
    count = 0

    def step(frame: FrameType, event: str, arg: object) -> Any:
        nonlocal count
        count += event == "line"
        return step

    def enter(frame: FrameType, event: str, arg: object) -> Any:
        return step if frame.f_code.co_filename.startswith(ROOM) else None

    before = sys.gettrace()
    sys.settrace(enter)
    try:
        list(work())
    finally:
        sys.settrace(before)
    return count


def rows_with_tickets(count: int) -> int:
    """The steps for that many rows whose tickets share their first word and stand in the client's words too."""
    texts = [fold(f"INC-{number:06d}: fixed printer {number % 50}") for number in range(count)]
    tickets = known_tickets(frozenset(f"INC-{number:06d} printer" for number in range(count)))
    return steps(lambda: (found for text in texts for found in known(text, tickets)))


def one_long_ticket(words: int) -> int:
    text = "f0:" * words
    folded, tickets = fold(text), known_tickets(frozenset({text + "f1"}))
    assert len(folded.words) == words
    return steps(lambda: known(folded, tickets))


def people_of_one_name(count: int) -> int:
    context = LeakContext(technicians=frozenset(f"Priya Nair{number}" for number in range(count)))
    texts = [fold(f"Rebooted with Priya Nair{number}x") for number in range(100)]
    for text in texts:
        list(find_names(text, context, frozenset()))  # builds what is kept
    return steps(lambda: (found for text in texts for found in find_names(text, context, frozenset())))


def test_twice_the_rows_with_tickets_take_twice_the_steps() -> None:
    assert rows_with_tickets(8000) <= TWICE * rows_with_tickets(4000)


def test_a_ticket_that_repeats_itself_takes_steps_in_proportion_to_its_length() -> None:
    assert one_long_ticket(8000) <= TWICE * one_long_ticket(4000)


def test_a_text_takes_no_more_steps_where_more_people_share_a_first_name() -> None:
    assert people_of_one_name(200) == people_of_one_name(100)


def test_of_a_very_long_ticket_the_first_words_give_it_away() -> None:
    ticket = "f7 " + " ".join(f"part{number}" for number in range(40))
    context = LeakContext(tickets=frozenset({ticket}))
    assert hits(f"Done: {ticket}.", context)
    assert not hits("Done: f7 and part0.", context)


def test_the_longest_of_the_phrases_that_begin_at_a_word_comes_first() -> None:
    index = Index([Phrase(("acme",), "single"), Phrase(("acme", "dental", "group"), "sure")])
    found = index.at(fold("for Acme Dental-Group"), 1)
    assert [phrase.sort for phrase in found] == ["sure", "single"]


def test_the_words_of_a_phrase_stand_close_together() -> None:
    index = Index([Phrase(("acme", "dental"), "sure")])
    assert index.at(fold("acme. dental"), 0)
    assert not index.at(fold("acme; dental"), 0)
