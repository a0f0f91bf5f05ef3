"""What `make test` runs on PostgreSQL too: where the engine may make a difference, and one path through each room.

Everything that uses the database runs on SQLite first. `make test-long` runs on PostgreSQL what `make test` leaves out.
"""

import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
NEEDED = "postgresql"

ON_BOTH: Mapping[str, str] = {
    "accounts/test_guards.py": "triggers: what is written once stays as it was",
    "accounts/test_large_values.py": "long values in parts",
    "accounts/test_limits.py": "counts under a lock",
    "accounts/test_many_rows.py": "COPY against executemany",
    "accounts/test_planner.py": "indexes, and what the planner makes of them",
    "accounts/test_row_policies.py": "row-level security",
    "accounts/test_tenancy.py": "look-ups without a provider",
    "accounts/test_worked_out.py": "SQL that is worked out once",
    "at_once/test_at_once.py": "two do the same at once: locks",
    "faults/test_database_gone.py": "a database that goes away",
    "faults/test_database_restarted.py": "a database that is cut",
    "faults/test_disk_full.py": "a database that is full",
    "faults/test_killed.py": "a transaction whose program is killed",
    "faults/test_replica.py": "a second database that follows the first",
    "faults/test_upgraded.py": "a database that is migrated while it serves",
    "portal/test_misses.py": "counted by several processes",
    "retainers/kept/": "rows that are put in the place of others",
    "retainers/test_coverage_migration.py": "data that a migration turns",
    "retainers/test_first_edition_migration.py": "data that a migration turns",
    "portal/test_approvals_migration.py": "data that a migration turns",
    "desk/test_kept_dashboard.py": "filtered, ordered and paged by the database",
    "desk/test_search.py": "letters as the database compares them",
    "desk/test_month_end.py": "JSON that is read inside the database",
    "test_access.py::test_a_foreign_object": "each address from another provider",
    "test_access.py::test_a_role_opens_what_it_may_and_nothing_else[owner": "each address, of whose provider it is",
    "test_deletion_complete.py": "each table, by hand",
    "test_moving_house.py::test_every_row": "each table, read and written again",
    "test_moving_house.py::test_of_two_who_bring_it_in": "two do the same at once",
    "acceptance/test_import_csv.py::test_the_same": "a path: files to balances",
    "acceptance/test_what_a_file_covers.py::test_removals": "a path: entries taken back by a file",
    "acceptance/test_load_retainers.py::test_changed_terms": "a path: agreements",
    "acceptance/test_restating.py::test_an_import_restates": "a path: what is restated",
    "acceptance/test_share_links.py": "a path: links",
    "acceptance/test_undo_import.py": "a path: files taken back",
    "alerts/test_looked_at.py::test_day_by_day": "rows that are put in the place of others",
    "alerts/test_mornings.py::test_on_the_morning_of_an_update_day": "a path: mails",
    "alerts/hooks/test_delivering.py": "a path: webhooks",
    "alerts/hooks/test_webhooks.py": "a path: what webhooks are told",
    "desk/api/test_programs.py::test_a_post_under": "a path: programs",
    "desk/test_inbox.py": "a path: files from a folder",
    "desk/test_returned_mails.py::test_a_report_in_a_providers_folder": "a path: mails that came back",
    "desk/test_month_acts.py::test_what_is_ticked_is_marked": "a path: what is done at a month's end",
    "imports/test_published.py": "days, flags and documents that the database writes as text",
    "imports/test_publishing_pages.py::test_publishing_carries_the_words": "a path: a file in the browser",
    "imports/test_publishing_pages.py::test_an_import_is_undone": "a path: a file taken back in the browser",
    "imports/test_wording_pages.py::test_words_are_published_at_once": "a path: words",
    "imports/test_rule_pages.py::test_a_rule_that_touches_closed_cycles": "a path: rules",
    "portal/test_asking.py::test_an_approver_confirms": "a path: what clients ask for",
    "portal/test_one_figure.py::test_every_face": "a path: every face of a balance",
}


def is_on_both(item: pytest.Item) -> bool:
    """Whether `make test` runs it on PostgreSQL, where it uses the database."""
    path = item.path.relative_to(item.config.rootpath / "tests").as_posix()
    if item.get_closest_marker("postgresql") is not None:
        assert path in modules(), f"{path} has to say mark.{NEEDED} itself: make test-postgres looks for that"
        return True
    return f"{path}::{item.name}".startswith(tuple(ON_BOTH))


@cache
def modules() -> list[str]:
    """Those that have one of them: to look through the others takes a worker as long as fifty tests."""
    named = tuple({each.partition("::")[0] for each in ON_BOTH})
    return [
        name
        for path in sorted(TESTS.rglob("test_*.py"))
        for name in [path.relative_to(TESTS).as_posix()]
        if name.startswith(named) or f"mark.{NEEDED}" in path.read_text(encoding="utf-8")
    ]


if __name__ == "__main__":
    sys.stdout.write(" ".join(f"tests/{each}" for each in modules()) + "\n")
