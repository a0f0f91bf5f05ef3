"""What an import has done with is let go: of a file with many rows it holds little more than the rows."""

import gc

from imports.publishing import planning, questions
from retainers.balance import Draw
from tests.imports.test_running_kept import bring
from tests.imports.uploading import row

WEEK = [
    row(number, company, f"2026-02-1{number % 4}", f"0.{number}", technician=f"T{number}")
    for number in range(1, 9)
    for company in ("Acme Dental", "Birch & Lowe")
]
PLAIN = [line.replace(",", f"{place},", 1) for place, line in enumerate(WEEK)]  # each with an id of its own


def alive(kind):
    return sum(type(each) is kind for each in gc.get_objects())


def held_at(monkeypatch, module, name, kind):
    """How many of that kind there are each time that the function begins."""
    found, really = [], getattr(module, name)
    monkeypatch.setattr(module, name, lambda *its, **said: found.append(alive(kind)) or really(*its, **said))
    return found


def test_what_rows_of_a_kind_draw_is_let_go_once_a_clients_rows_are_planned(world, monkeypatch):
    held = held_at(monkeypatch, planning, "reckoned", Draw)
    before = alive(Draw)
    assert bring(world, *PLAIN).result["entries"]["new"] == len(PLAIN)
    assert held == [before]


def test_no_row_is_put_beside_its_client_where_nothing_is_odd(world, monkeypatch):
    asked, really = [], questions._with_client
    monkeypatch.setattr(questions, "_with_client", lambda *its: asked.append(its) or really(*its))
    bring(world, *PLAIN)
    assert asked == []
    bring(world, *PLAIN, row(900, "Acme Dental", "2026-02-12", "-1"))
    assert asked
