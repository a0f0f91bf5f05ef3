"""kill -9 at any moment: a deed is done wholly or not at all, and doing it again makes it done."""

import pytest

from tests.faults.installation import WEEK, Installation

KILLED = -9
UNPUBLISHED = {"acme": "0.00", "beta": "0.00"}
PUBLISHED = {"acme": "3.75", "beta": "4.50"}
IMPORT = ("import_csv", "-", "--provider", "north", "--publish")

# where it dies, and whether the week stands on the pages then
STAGES = {
    "before the file has its name": ("RENAME 1", False),
    "after the file has its name": ("after RENAME 1", False),
    "before the upload is on record": ("COMMIT 1", False),
    "after the upload is on record": ("after COMMIT 1", False),
    "while publications are made": ('after INSERT INTO "retainers_publication" 1', False),
    "while rows are kept": ('after INSERT INTO "imports_sourcerow" 1', False),
    "while entries are added": ('after INSERT INTO "retainers_entry" 1', False),
    "before all of it is kept": ("COMMIT 2", False),
    "after all of it is kept": ("after COMMIT 2", True),
}
WORST = "while entries are added"
EACH = [pytest.param(name, marks=[] if name == WORST else pytest.mark.long) for name in STAGES]


@pytest.mark.parametrize("stage", EACH)
def test_an_import_that_is_killed_is_published_wholly_or_not_at_all(
    installation: Installation, stage: str
) -> None:
    fault, stands = STAGES[stage]
    assert installation.manage(*IMPORT, said=WEEK, FAULT=fault).returncode == KILLED
    assert installation.used() == (PUBLISHED if stands else UNPUBLISHED)
    installation.do(*IMPORT, said=WEEK)
    assert installation.used() == PUBLISHED


UNDO_STAGES = ['after UPDATE "retainers_entry" 1', "COMMIT 1", "after COMMIT 1"]


@pytest.mark.long
@pytest.mark.parametrize("fault", UNDO_STAGES)
def test_an_undo_that_is_killed_took_back_all_or_nothing(installation: Installation, fault: str) -> None:
    installation.do(*IMPORT, said=WEEK)
    assert installation.manage("undo_import", "1", FAULT=fault).returncode == KILLED
    is_done = fault.startswith("after COMMIT")
    assert installation.used() == (UNPUBLISHED if is_done else PUBLISHED)
    if not is_done:
        installation.do("undo_import", "1")
    assert installation.used() == UNPUBLISHED


MIGRATIONS = ["CREATE TABLE 5", "COMMIT 12", "CREATE TRIGGER 3", "after COMMIT 30"]


@pytest.mark.long
@pytest.mark.parametrize("fault", MIGRATIONS)
def test_a_migration_that_is_killed_is_not_ready_and_goes_on_where_it_stopped(
    empty: Installation, fault: str
) -> None:
    if "TRIGGER" in fault and empty.url.startswith("postgres"):
        fault = "CREATE OR REPLACE TRIGGER 3"
    assert empty.manage("migrate", "--verbosity", "0", FAULT=fault).returncode == KILLED
    assert empty.manage("verify").returncode == 1
    empty.do("migrate", "--verbosity", "0")
    assert empty.do("verify") == "guards: ok\n"
