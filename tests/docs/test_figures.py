"""The table of docs/performance.md is written by `python -m bench`, whatever becomes of its parts."""

import subprocess
import sys
from datetime import UTC, date, datetime

import pytest
from django.db import transaction

from accounts.tenancy import all_tenants, tenant_scope
from bench import cpu, import_export, imports, prepared, work
from bench.__main__ import BEGIN, END, PAGE, lines_of, parts, with_table
from retainers.models import Client, Entry, KeptFigures, Publication, Retainer
from tests.factories import ClientFactory, ProviderFactory, a_retainer, publish_work

TAKEN = {"R": 1.0, "one": 0.75, "first": 5.5, "again": 2.0, "changed": 3.5}  # seconds
HELD = {"one": 40.0, "first": 150.0, "again": 170.0, "changed": 220.0}  # MB


@pytest.fixture
def measured(monkeypatch):
    """A round of imports, as if it had been run."""
    found = cpu.Beside()
    for step, seconds in TAKEN.items():
        found.add(step if step == "R" else f"{step} {cpu.ROOT}", seconds)
    for step, size in HELD.items():
        found.add(f"{step} {cpu.ROOT} memory", size)
    monkeypatch.setattr(imports, "measured", lambda *_said: found)
    return found


def test_beside_each_import_stands_what_it_takes_without_the_commands_start(measured):
    lines = imports.figures(10_000, 1, cpu.Engine("SQLite"))

    assert [(line.value, line.limit) for line in lines] == [
        (0.75, None),
        (5.5, 5.0),
        (4.75, 5.0),
        (2.0, 1.5),
        (1.25, 1.5),
        (3.5, 2.5),
        (2.75, 2.5),
    ]
    assert [line.what.endswith("without the command’s start") for line in lines[1:]] == [False, True] * 3


def test_memory_is_told_of_many_rows_above_what_a_command_has_when_it_begins(measured):
    lines = imports.figures(imports.MUCH, 1, cpu.Engine("SQLite"))

    assert [line.line.split(" | ")[1:4] for line in lines if line.unit == "MB"] == [
        ["110 MB", "120 MB", "yes"],
        ["130 MB", "120 MB", "**no**"],
        ["180 MB", "120 MB", "**no**"],
    ]


def test_the_most_that_a_command_held_is_its_own_and_not_that_of_one_before_or_of_who_asks():
    mine = b"1" * 50_000_000
    words = [sys.executable, "-c", "import sys; b'1' * int(sys.argv[1])"]
    much, little = (cpu.ran([*words, size]).peak for size in ("100000000", "1"))

    assert much > 100_000_000 > len(mine) > little


def test_a_figure_just_over_its_limit_does_not_read_as_the_limit():
    lines = [cpu.Figure("it", value, "R", 0.15).line for value in (0.1512, 0.1498, 0.16)]

    assert [line.split(" | ")[1:4] for line in lines] == [
        ["0.151 R", "0.15 R", "**no**"],
        ["0.15 R", "0.15 R", "yes"],
        ["0.16 R", "0.15 R", "**no**"],
    ]


def test_the_table_is_put_in_the_place_of_the_one_before():
    text = PAGE.read_text(encoding="utf-8")
    said = with_table(with_table(text, ["| old | 1 R | | | |"]), ["| new | 2 R | | | |"])
    before, table = said.split(BEGIN)
    table, after = table.split(END)
    assert (before, after) == (text.split(BEGIN)[0], text.split(END)[1])
    assert table.splitlines()[2:] == ["| new | 2 R | | | |"]


def test_a_part_that_fails_is_a_line_of_the_table(capsys):
    assert lines_of("bench.nothing") == ["| `python -m bench.nothing` ended with 1 | | | **no** | |"]
    assert "s of processor time" in capsys.readouterr().out


def test_a_part_that_says_nothing_is_a_line_of_the_table():
    assert lines_of("bench.cpu") == ["| `python -m bench.cpu` measured nothing | | | **no** | |"]


def test_what_is_asked_for_is_handed_on():
    assert ("bench.imports", "--table", "10", "3") in set(parts(["10"]))
    assert ("bench.imports", "--table", "10000", "3", "100000", "1") in set(parts([]))
    assert ("bench.previews", "100000") in set(parts([]))
    assert ("bench.pages", "7") in set(parts(["10", "7"]))


def test_what_many_begin_with_is_made_once_a_run(tmp_path):
    made = []

    def make(part):
        made.append(part)
        part.write_text("it")

    assert [prepared.once(tmp_path / "a" / "it", make).read_text() for _ in range(2)] == ["it", "it"]
    assert len(made) == 1


def test_what_was_not_made_whole_is_made_again(tmp_path):
    def half(part):
        part.write_text("ha")
        raise OSError

    with pytest.raises(OSError):
        prepared.once(tmp_path / "it", half)

    assert prepared.once(tmp_path / "it", lambda part: part.write_text("whole")).read_text() == "whole"


def test_each_measurement_has_a_copy_of_the_database(tmp_path):
    engine, folders = cpu.Engine("SQLite"), [tmp_path / name for name in ("kept", "one", "other")]
    for each in folders:
        each.mkdir()
    kept = engine.database(folders[0])
    (folders[0] / "bench.sqlite3").write_text("migrated")
    assert len({kept, *(engine.database(each, kept) for each in folders[1:])}) == 3
    (folders[1] / "bench.sqlite3").write_text("changed")

    assert (folders[2] / "bench.sqlite3").read_text() == "migrated"


def test_a_part_of_the_rows_counts_so_many_times_but_for_the_start(tmp_path, monkeypatch):
    took = {"one": 2.0, "theirs": 12.0}  # seconds
    monkeypatch.setattr(import_export, "taken_by_theirs", lambda _file, place, _engine: took[place.name])
    monkeypatch.setattr(prepared, "database", lambda *_said, **_more: "")
    monkeypatch.setattr(cpu, "manage", lambda *_said, **_more: cpu.Ran(6.0, 0))
    found = cpu.Beside()
    import_export.one_round(found, 50, 5, tmp_path, cpu.Engine("SQLite"))

    assert found.ratio(import_export.THEIRS, import_export.OURS) == (2 + 5 * 10) / 6


def test_a_part_of_the_rows_is_every_so_maniest_of_the_file(tmp_path):
    (tmp_path / "all").write_text("id,notes\n" + "".join(f'{number},"of\n{number}"\n' for number in range(6)))
    part = import_export.every(tmp_path / "all", 3, tmp_path / "some")

    assert part.read_text() == 'id,notes\n0,"of\n0"\n3,"of\n3"\n'


WORKS = [(date(2026, 1, 5), "1.5"), (date(2026, 2, 3), "0.25")]
AT = datetime(2026, 2, 20, 12, tzinfo=UTC)
OF_THEIR_OWN = {
    "id",
    "provider_id",
    "client_id",
    "retainer_id",
    "publication_id",
    "version_id",
    "added_in_id",
}
OF_THEIR_OWN |= {"origin", "slug", "name", "created_at", "seal", "ended_seal", "running_seal"}


def rows_of(provider):
    """What each of its rows says, but for keys and names."""
    with all_tenants("to compare"):
        return [
            {name: value for name, value in row.items() if name not in OF_THEIR_OWN}
            for model in (Client, Retainer, Publication, Entry, KeptFigures)
            for row in model.objects.filter(provider=provider).order_by("pk").values()
        ]


@pytest.mark.django_db(transaction=True)
def test_clients_that_are_published_at_once_are_as_if_each_had_been_published_by_itself():
    single, many = ProviderFactory(), ProviderFactory()
    for _ in range(2):
        with tenant_scope(single), transaction.atomic():
            row = a_retainer(ClientFactory(provider=single))
        publish_work(row, *WORKS, at=AT)
    work.publish(work.agreed(many, 2), WORKS, at=AT)

    key = str
    assert sorted(rows_of(single), key=key) == sorted(rows_of(many), key=key)
    assert len(rows_of(many)) == 2 + 2 + 4 + 4 + 2


def test_what_is_built_writes_no_security_events(tmp_path):
    said = """if True:
        from pathlib import Path
        from bench import prepared
        prepared.database = lambda *_said: "sqlite:///nothing"
        prepared.begin(Path("nowhere"))
        from accounts import security
        security.note("link created")
    """
    done = subprocess.run([sys.executable, "-c", said], cwd=cpu.ROOT, capture_output=True, check=True)

    assert done.stderr == done.stdout == b""
