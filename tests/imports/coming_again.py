"""A file that comes again, row by row: which of its lines were read this time (the fixture `read`)."""

from tests.imports import uploading
from tests.imports.uploading import row

ROWS = [row(number, "Acme Dental", "2026-02-10", "2", technician=f"T{number}") for number in range(1, 6)]


def bring(world, files, *rows, **said):
    """Publish a file as a program does; the lines that were read for it."""
    files.append([])
    uploading.bring(world, *rows, **said)
    return files[-1]
