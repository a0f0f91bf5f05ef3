"""What is kept of a last file is true, or of no use: `verify` tells one from the other."""

from decimal import Decimal

import pytest

from accounts.commands import BadInputError
from accounts.tenancy import tenant_scope
from imports.models import LastFile
from imports.publishing.depends import judged_now
from imports.publishing.kept_files import NewTable, unpacked
from imports.publishing.still_rows import Still
from tests.factories import agreement_file, client_table, installed, publish_export
from tests.verifying.breaking import JANUARY, MORE, NOW, verify


@pytest.fixture
def last_file(house, tmp_path) -> LastFile:
    """What is kept of a file that was published just now."""
    publish_export(tmp_path, MORE.replace("3.50", "4.50"))
    with tenant_scope(house):
        row = LastFile.objects.get()
        assert row.judged_by == judged_now(house)
        assert unpacked(row.kept).rows
        yield row


def packed(rows, heads, deciding=b"") -> bytes:
    table = NewTable()
    table.add(dict(zip(Still._fields, zip(*rows, strict=True), strict=True)))
    return table.packed(heads, "", is_plain=False, deciding=deciding)


def keep(row: LastFile, *, heads=None, **otherwise) -> None:
    """Its first row said otherwise."""
    kept = unpacked(row.kept)
    first, *others = kept.rows
    rows = [first._replace(**otherwise), *others]
    row.kept = packed(rows, kept.heads if heads is None else heads)
    row.save()


@pytest.mark.parametrize(
    "otherwise",
    [
        {"counted": Decimal("7.75")},
        {"worked": Decimal("7.75")},
        {"reason": "travel"},
        {"stands_in": True},
        {"date": JANUARY},
        {"wording": "Other words"},
        {"origin": "0" * 32},
    ],
    ids=lambda otherwise: next(iter(otherwise)),
)
def test_a_row_of_the_last_file_that_differs_from_its_entry_is_named(last_file, otherwise):
    assert "north: last files: ok" in verify()
    keep(last_file, **otherwise)
    with pytest.raises(BadInputError, match=r"north: last files: .*differs from its entry"):
        verify()


def test_a_row_that_draws_more_than_is_counted_is_what_was_kept_of_it(db, tmp_path, time_machine):
    time_machine.move_to(NOW, tick=False)
    nights = [{"category": "night", "name": "At night", "factor": "2"}]
    rule = {"name": "All", "when": {"title": "*"}, "then": {"category": "night"}}
    agreed = agreement_file(client_table(multipliers=nights), rules=[rule], date_order="ymd")
    provider = installed(
        tmp_path, agreed, "Entry ID,Client,Date,Hours,Title\n1,Acme Dental,2026-02-10,1.5,Disk\n"
    )

    with tenant_scope(provider):
        (row,) = unpacked(LastFile.objects.get().kept).rows
        assert (row.worked, row.counted) == (Decimal("1.5"), Decimal("1.5"))
    assert "north: last files: ok" in verify()


def test_rows_of_the_last_file_that_can_not_be_read_are_named(last_file):
    last_file.kept = b"nothing"
    last_file.save()
    with pytest.raises(BadInputError, match=r"north: last files: .*can't be read"):
        verify()


def test_cells_of_the_last_file_that_can_not_be_read_are_named(last_file):
    kept = unpacked(last_file.kept)
    assert kept.deciding
    for deciding in (b"nothing", kept.deciding):  # and those that are of no row
        last_file.kept = packed(kept.rows, kept.heads, deciding=deciding)
        last_file.save()
        with pytest.raises(BadInputError, match=r"north: last files: .*can't be read"):
            verify()


def test_lines_that_are_kept_for_other_rows_are_named(last_file):
    kept = unpacked(last_file.kept)
    last_file.kept = packed(kept.rows[1:], kept.heads)
    last_file.save()
    with pytest.raises(BadInputError, match="not a line for each row"):
        verify()


def test_what_is_kept_of_the_last_file_and_is_of_no_use_any_more_is_no_fault(last_file):
    keep(last_file, counted=Decimal("7.75"), heads=dict.fromkeys(unpacked(last_file.kept).heads, 1))
    assert "north: last files: ok" in verify()
    for kept, judged_by in ((b"", last_file.judged_by), (b"nothing", "another release")):
        last_file.kept, last_file.judged_by = kept, judged_by
        last_file.save()
        assert "north: last files: ok" in verify()
