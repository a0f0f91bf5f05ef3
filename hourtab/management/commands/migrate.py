"""`manage.py migrate`: Django's, but that a migration and the line that records it are one transaction.

Django writes that line after the commit wherever a table's indexes are made last. A process killed between the two
leaves a migration that is done and can't be done again (stack.md, "Reliability").
"""

from typing import Any

from django.core.management.commands import migrate
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration
from django.db.migrations.state import ProjectState

from accounts.tenancy import all_tenants


class Recording(MigrationExecutor):
    """Records each migration in the transaction that does it."""

    def apply_migration(
        self, state: ProjectState, migration: Migration, fake: bool = False, fake_initial: bool = False
    ) -> ProjectState:
        """The state after the migration; what was recorded already, or isn't atomic, goes Django's way."""
        if fake or fake_initial or not migration.atomic:
            return super().apply_migration(state, migration, fake=fake, fake_initial=fake_initial)
        if self.progress_callback:
            self.progress_callback("apply_start", migration, fake)
        with self.connection.schema_editor(atomic=True) as editor:
            state = migration.apply(state, editor)
            for statement in editor.deferred_sql:
                editor.execute(statement, None)
            editor.deferred_sql.clear()
            record: Any = self.record_migration
            record(migration)
        if self.progress_callback:
            self.progress_callback("apply_success", migration, fake)
        return state


class Command(migrate.Command):
    def handle(self, *arguments: Any, **options: Any) -> None:
        djangos: Any = migrate
        djangos.MigrationExecutor = Recording
        with all_tenants("a migration is about everybody's rows"):
            super().handle(*arguments, **options)
