"""Which removals must be asked for: a filtered export must not empty a page."""

from datetime import date
from decimal import Decimal

import pytest

from imports.publishing.removals import asks
from imports.reading.rows import Row
from imports.stages import StandingEntry


def entry(number: int, **marks: object) -> StandingEntry:
    row = Row(
        line=0,
        date=date(2026, 3, 2),
        worked=Decimal(1),
        technician=str(marks.pop("technician", f"tech {number}")),
        agreement=str(marks.pop("agreement", f"agreement {number}")),
    )
    return StandingEntry(
        number, row, **({"client": "acme", "retainer": "support", "pool": f"pool {number}"} | marks)
    )


def entries(count: int, **marks: object) -> list[StandingEntry]:
    return [entry(number, **marks) for number in range(count)]


def why(compared: list[StandingEntry], gone: list[StandingEntry], *, empty: bool = False) -> dict[str, str]:
    return {client: " ".join(lines) for client, lines in asks(gone, compared, empty=empty).items()}


def test_more_than_a_tenth_of_a_file_and_more_than_five_are_asked_for() -> None:
    fifty = entries(50)

    assert why(fifty, fifty[:5]) == {}
    assert why(fifty, fifty[:6]) == {"acme": "6 of 50 compared entries would be removed, more than a tenth."}
    assert why(entries(60), fifty[:6]) == {}


def test_every_client_that_would_lose_entries_of_such_a_file_is_asked_for() -> None:
    both = [*entries(25), *entries(25, client="birch"), *entries(9, client="cobalt")]

    assert sorted(why(both, [*both[:3], *both[25:28]])) == ["acme", "birch"]


@pytest.mark.parametrize(
    ("marks", "name"),
    [
        ({"client": "birch"}, "client"),
        ({"pool": "onsite"}, "pool onsite (support)"),
        ({"retainer": "block", "pool": "main"}, "pool main (block)"),
        ({"agreement": "Block"}, "agreement Block"),
        ({"agreement": ""}, "agreement without a name"),
        ({"technician": "Ravi"}, "technician Ravi"),
        ({"technician": ""}, "technician without a name"),
    ],
)
def test_more_than_half_of_a_group_and_more_than_two_are_asked_for(
    marks: dict[str, object], name: str
) -> None:
    rest = entries(40)

    def said(size: int, gone: int) -> str:
        group = [entry(100 + n, **marks) for n in range(size)]
        return " ".join(why([*rest, *group], group[:gone]).values())

    assert said(5, 3) == f"3 of 5 compared entries of the {name} would be removed, more than half."
    assert said(6, 3) == ""
    assert said(2, 2) == ""


def test_a_pool_of_another_client_is_another_pool() -> None:
    here, there = entries(6, pool="main"), entries(6, pool="main", client="birch")

    assert "pool main" in why([*here, *there], here[:4])["acme"]
    assert "birch" not in why([*here, *there], here[:4])


def test_a_technician_is_the_same_one_for_all_clients() -> None:
    mel = [entry(n, technician="Mel", client=f"client {n}") for n in range(5)]
    rest = entries(40)

    assert sorted(why([*mel, *rest], mel[:3])) == ["client 0", "client 1", "client 2"]


def test_one_removal_in_a_settled_cycle_is_asked_for() -> None:
    found = [*entries(20), entry(99, settled=True)]

    assert why(found, found[-1:]) == {"acme": "Entries of settled cycles would be removed, dated 2026-03-02."}


def test_a_file_without_any_entry_always_asks() -> None:
    found = entries(40)

    assert why(found, found[:1], empty=True) == {"acme": "The file has no entries."}
    assert why(found, [], empty=True) == {}


def test_entries_that_count_nothing_need_no_asking() -> None:
    found = [*entries(20), *entries(20, client="birch", counted=False, settled=True)]

    assert why(found, found[20:]) == {}
