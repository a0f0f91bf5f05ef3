"""What the tests of import pages start from: three clients on a Monday in February, and a manager with files. And what
of a file is read or opened.
"""

import pytest

from imports.reading import build as building
from imports.reading import parse as parsing
from tests.imports.uploading import NOW, ImportWorld, an_import_world
from tests.shared_rows import shared_rows


@pytest.fixture
def monday(time_machine):
    time_machine.move_to(NOW, tick=False)


@shared_rows
def world(time_machine) -> ImportWorld:
    time_machine.move_to(NOW, tick=False)
    return an_import_world()


@pytest.fixture
def read(monkeypatch):
    """The lines of the rows that were read, file by file."""
    files = []
    parse_rows = building.build_all

    def build_all(entries, *args):
        files[-1].extend(entry.record.line for entry in entries)
        return parse_rows(entries, *args)

    monkeypatch.setattr(building, "build_all", build_all)
    return files


@pytest.fixture
def opened(monkeypatch):
    """How many files were opened, whatever of them was read."""
    files, records = [], parsing.read_records

    def read_records(*args):
        files.append(args)
        return records(*args)

    monkeypatch.setattr(parsing, "read_records", read_records)
    return files
