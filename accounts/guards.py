"""What the database itself refuses, on both engines: rows that tie two providers together, and changes
to rows that are written once.

The statements are made from the models, so a new model is guarded by being one. They are installed
after every migration, and on SQLite taken away before one, which would otherwise trip over them. PostgreSQL
holds the provider line with composite foreign keys; SQLite has them where a table says so itself (`SameProvider`: those
that an import fills), and triggers everywhere else.
"""

import re
from collections.abc import Iterator, Sequence

from django.apps import AppConfig, apps
from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from accounts import row_policies
from accounts.tenancy import LedgerModel, ProviderKey, SameProvider, TenantModel, held_links

MADE = re.compile(
    r'(?:CREATE TRIGGER|CREATE OR REPLACE TRIGGER|ADD CONSTRAINT) "?(\w+)"?(?: BEFORE [A-Z ]+ ON "(\w+)")?'
)
IN_A_TABLE = re.compile(r'CONSTRAINT "(\w+)"')
STANDING = {
    "sqlite": (
        "SELECT name || ' on ' || tbl_name FROM sqlite_master WHERE type = 'trigger'"
        " UNION SELECT name FROM sqlite_master WHERE type = 'index'"
    ),
    "postgresql": (
        "SELECT tgname || ' on ' || relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
        " WHERE NOT tgisinternal AND tgenabled <> 'D' UNION SELECT conname::text FROM pg_constraint"
        f" UNION SELECT relname::text FROM pg_class WHERE relkind = 'i' UNION {row_policies.STANDING}"
    ),
}
ERASING = "EXISTS (SELECT 1 FROM accounts_erasure WHERE provider_id = OLD.provider_id)"

POSTGRES_FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION hourtab_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE allowed record := OLD; was jsonb; becomes jsonb; name text; taken_over boolean;
BEGIN
  IF TG_OP = 'UPDATE' AND TG_ARGV[0] = 'retired_in_id' THEN  -- most often no more than that changes
    IF OLD.retired_in_id IS NULL THEN allowed.retired_in_id := NEW.retired_in_id; END IF;
    IF allowed IS NOT DISTINCT FROM NEW THEN RETURN NEW; END IF;
  END IF;
  IF {ERASING} THEN RETURN COALESCE(NEW, OLD); END IF;
  IF TG_OP = 'DELETE' THEN
    RAISE integrity_constraint_violation
      USING MESSAGE = TG_TABLE_NAME || ' is written once and never deleted';
  END IF;
  was := to_jsonb(OLD); becomes := to_jsonb(NEW);
  FOREACH name IN ARRAY COALESCE(TG_ARGV, ARRAY[]::text[]) LOOP
    IF strpos(name, '>') > 0 THEN
      EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I WHERE provider_id = $1 AND was = $2 AND %I = $3)',
                     split_part(name, '>', 2), split_part(name, '>', 1))
        INTO taken_over USING OLD.provider_id, (was ->> split_part(name, '>', 1))::bigint,
                              (becomes ->> split_part(name, '>', 1))::bigint;
      IF taken_over THEN
        was := was - split_part(name, '>', 1); becomes := becomes - split_part(name, '>', 1);
      END IF;
    ELSIF was -> name = 'null'::jsonb THEN
      was := was - name; becomes := becomes - name;
    END IF;
  END LOOP;
  IF was IS DISTINCT FROM becomes THEN
    RAISE integrity_constraint_violation
      USING MESSAGE = TG_TABLE_NAME || ' is written once and never changed';
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION hourtab_keeps_provider() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.provider_id IS DISTINCT FROM OLD.provider_id THEN
    RAISE integrity_constraint_violation USING MESSAGE = TG_TABLE_NAME || ' never changes its provider';
  END IF;
  RETURN NEW;
END $$;
"""


def lift(sender: AppConfig, using: str = "default", plan: Sequence[object] = (), **kwargs: object) -> None:
    """Take SQLite's triggers away while migrations run (a `pre_migrate` receiver); `install` puts them back.

    A migration that rebuilds a table fails where a trigger of another table reads it.
    """
    connection = connections[using]
    if connection.vendor != "sqlite" or not plan:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP TRIGGER "{name}"')


def install(sender: AppConfig, using: str = "default", **kwargs: object) -> None:
    """Install the guards of one app's models (a `post_migrate` receiver; safe to run again)."""
    connection = connections[using]
    guarded = _guarded(sender, set(connection.introspection.table_names()))
    if not guarded:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRES_FUNCTIONS)
        for model in guarded:
            if _is_there(connection, cursor, model):
                for statement in statements(connection, model):
                    cursor.execute(statement)


def _guarded(sender: AppConfig, tables: set[str]) -> list[type[TenantModel]]:
    """The app's models with rows of a provider; none before there is the table that the guards read."""
    if "accounts_erasure" not in tables:
        return []
    owned = (model for model in sender.get_models() if model._meta.db_table in tables)
    return [model for model in owned if issubclass(model, TenantModel)]


def _is_there(connection: BaseDatabaseWrapper, cursor: CursorWrapper, model: type[models.Model]) -> bool:
    """Whether the table has all columns: not after migrations that were taken back, for older code then."""
    found = connection.introspection.get_table_description(cursor, model._meta.db_table)
    return {column.name for column in found} >= {field.column for field in model._meta.concrete_fields}


def statements(connection: BaseDatabaseWrapper, model: type[TenantModel]) -> Iterator[str]:
    """The SQL that guards one model's table on this engine."""
    if connection.vendor == "postgresql":
        yield from _postgres(connection, model)
    else:
        yield from _sqlite(model)


def missing(connection: BaseDatabaseWrapper) -> set[str]:
    """The guards that should stand in the database and don't: after a migration that was cut off, for example."""
    return wanted(connection) - _standing(connection)


def wanted(connection: BaseDatabaseWrapper) -> set[str]:
    """Every trigger, policy and constraint of ours, those included that the models name themselves."""
    guarded = [model for model in apps.get_models() if issubclass(model, TenantModel)]
    made = {name for model in guarded for text in statements(connection, model) for name in _names(text)}
    policies = row_policies.wanted() if connection.vendor == "postgresql" else set()
    return made | policies | {each.name for model in guarded for each in model._meta.constraints}


def _names(statement: str) -> Iterator[str]:
    """What the statement makes: a trigger with its table, or a constraint."""
    for name, table in MADE.findall(statement):
        yield f"{name} on {table}" if table else name


def _standing(connection: BaseDatabaseWrapper) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(STANDING[connection.vendor])
        standing = {str(row[0]) for row in cursor.fetchall()}
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'table'")
            standing |= {name for (sql,) in cursor.fetchall() for name in IN_A_TABLE.findall(sql or "")}
    return standing


def tenant_links(model: type[models.Model]) -> Iterator[tuple[str, str]]:
    """(column, parent table) of each foreign key from one tenant's row to another."""
    for field in model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey) and field.name != "provider":
            parent = field.remote_field.model
            if any(f.name == "provider" for f in parent._meta.concrete_fields):
                yield field.column, parent._meta.db_table


def guarded_tables() -> list[str]:
    """Every table that has guards, for the test that looks whether they are in place."""
    return [model._meta.db_table for model in apps.get_models() if issubclass(model, TenantModel)]


def _set_once(model: type[LedgerModel]) -> list[str]:
    return [_column(model, name) for name in model.set_once]


def _follows(model: type[LedgerModel]) -> dict[str, str]:
    """Columns that may go on to what took the row over that they point at, each with the table that says so."""
    return {_column(model, name): table for name, table in model.follows.items()}


def _column(model: type[LedgerModel], name: str) -> str:
    return str(next(field.column for field in model._meta.concrete_fields if field.name == name))


def _postgres(connection: BaseDatabaseWrapper, model: type[TenantModel]) -> Iterator[str]:
    table, held = model._meta.db_table, held_links(model)
    for column, parent in tenant_links(model):
        usual = SameProvider(column=column, parent=parent, name=f"same_provider_{table}_{column}")
        if own := held.get(column, usual):
            yield from _postgres_same_provider(own, table)
        yield _postgres_without(table, column)
    if _parent_has_provider(model):
        yield _postgres_without(table, "provider_id")
    yield (
        f'CREATE OR REPLACE TRIGGER keeps_provider BEFORE UPDATE ON "{table}"'
        " FOR EACH ROW EXECUTE FUNCTION hourtab_keeps_provider()"
    )
    if issubclass(model, LedgerModel):
        following = (f"{column}>{table}" for column, table in _follows(model).items())
        names = ", ".join(f"'{name}'" for name in (*_set_once(model), *following))
        yield (
            f'CREATE OR REPLACE TRIGGER written_once BEFORE UPDATE OR DELETE ON "{table}"'
            f" FOR EACH ROW EXECUTE FUNCTION hourtab_written_once({names})"
        )


def _postgres_same_provider(held: SameProvider, table: str) -> Iterator[str]:
    of_one = (held.beside or "provider_id").removesuffix("_id")
    key = ProviderKey(name=f"one_{of_one}_{held.parent}", beside=held.beside)
    yield _postgres_constraint(held.parent, key.name, key.stated())
    yield _postgres_constraint(table, held.name, f"{held.stated()} DEFERRABLE INITIALLY IMMEDIATE")


def _parent_has_provider(model: type[TenantModel]) -> bool:
    """Whether a parent row holds each to its provider, so that a key of its own says it twice: where imports write."""
    held = held_links(model)
    return any(field.column in held and not field.null for field in model._meta.concrete_fields)


def _postgres_constraint(table: str, name: str, definition: str) -> str:
    name = name[:63]
    return (  # the names are our own models', never a user's
        f"DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = '{name}') THEN"
        f' ALTER TABLE "{table}" ADD CONSTRAINT "{name}" {definition}; END IF; END $$'
    )


def _postgres_without(table: str, column: str) -> str:
    """Take away the foreign key of that column alone: one together with the provider says more, and each costs a look
    for every row.
    """
    return (
        "DO $$ DECLARE doubled name; BEGIN FOR doubled IN SELECT conname FROM pg_constraint"
        f" JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1] AND attname = '{column}'"
        f" WHERE contype = 'f' AND cardinality(conkey) = 1 AND conrelid = '\"{table}\"'::regclass"
        f" LOOP EXECUTE format('ALTER TABLE \"{table}\" DROP CONSTRAINT %I', doubled); END LOOP; END $$"
    )


def _sqlite_same_provider(table: str, column: str, parent: str) -> Iterator[str]:
    foreign = (
        f'NEW."{column}" IS NOT NULL AND'
        f' (SELECT provider_id FROM "{parent}" WHERE id = NEW."{column}") IS NOT NEW.provider_id'
    )
    for event in ("INSERT", "UPDATE"):
        name = f"same_provider_{column}_{event.lower()}"
        yield from _sqlite_trigger(table, name, event, foreign, "ties two providers together")


def _sqlite(model: type[TenantModel]) -> Iterator[str]:
    table = model._meta.db_table
    held = held_links(model)
    for column, parent in tenant_links(model):
        if column not in held:
            yield from _sqlite_same_provider(table, column, parent)
    yield from _sqlite_trigger(
        table,
        "keeps_provider",
        "UPDATE",
        "NEW.provider_id IS NOT OLD.provider_id",
        "never changes its provider",
    )
    if issubclass(model, LedgerModel):
        yield from _sqlite_trigger(
            table, "never_deleted", "DELETE", f"NOT {ERASING}", "is written once and never deleted"
        )
        changed = " OR ".join(_sqlite_changed(model, str(f.column)) for f in model._meta.concrete_fields)
        yield from _sqlite_trigger(
            table,
            "never_changed",
            "UPDATE",
            f"({changed}) AND NOT {ERASING}",
            "is written once and never changed",
        )


def _sqlite_changed(model: type[LedgerModel], column: str) -> str:
    """When a change of that column is refused."""
    changes = f'NEW."{column}" IS NOT OLD."{column}"'
    if column in _set_once(model):
        return f'(OLD."{column}" IS NOT NULL AND {changes})'
    table = _follows(model).get(column)
    if table is None:
        return changes
    return (
        f'({changes} AND NOT EXISTS (SELECT 1 FROM "{table}" WHERE provider_id = OLD.provider_id'
        f' AND was = OLD."{column}" AND "{column}" = NEW."{column}"))'
    )


def _sqlite_trigger(table: str, name: str, event: str, when: str, says: str) -> Iterator[str]:
    yield f'DROP TRIGGER IF EXISTS "{table}_{name}"'
    yield (
        f'CREATE TRIGGER "{table}_{name}" BEFORE {event} ON "{table}" WHEN {when}'
        f" BEGIN SELECT RAISE(ABORT, '{table} {says}'); END"
    )
