"""Who is asking: the provider whose rows may be seen, and models that refuse to answer without one.

`tenant_scope(provider)` opens a provider's rows for the current context; every manager of a `TenantModel`
raises outside of one, whatever is asked. The database holds the same line a second time (`guards`).
Rows that must be found before a provider is known (a link by its digest, a membership) are read under
`all_tenants(why)`, in the modules that the architecture test names.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.fields.related_lookups import RelatedExact
from django.db.models.signals import class_prepared
from django.db.models.sql.where import AND

from accounts import scope, security

if TYPE_CHECKING:
    from accounts.models import Provider

M = TypeVar("M", bound=models.Model)


class TenantRequiredError(RuntimeError):
    """A tenant's rows were asked for without saying whose."""


class ForeignTenantError(RuntimeError):
    """A row of another provider was about to be written."""


def current_tenant() -> int | None:
    """The id of the provider in scope; None under `all_tenants`. Raises outside of any scope."""
    tenant = scope.current.get()
    if tenant is None:
        raise TenantRequiredError("No provider is in scope: open tenant_scope(provider) first.")
    return None if tenant == scope.ALL else tenant


@contextmanager
def beyond_policies(why: str) -> Iterator[None]:
    """Let PostgreSQL show every row, while the managers stay with the scope they are in: to look for foreign ties."""
    if not why.strip():
        raise TenantRequiredError("beyond_policies() needs a reason.")
    token = scope.beyond.set(True)
    try:
        yield
    finally:
        scope.beyond.reset(token)


@contextmanager
def tenant_scope(provider: "Provider") -> Iterator[None]:
    """Open one provider's rows. Refuses None and a provider that was never saved."""
    if provider is None or provider.pk is None:
        raise TenantRequiredError("tenant_scope() needs a saved provider.")
    token = scope.current.set(provider.pk)
    try:
        yield
    finally:
        scope.current.reset(token)


@contextmanager
def all_tenants(why: str) -> Iterator[None]:
    """Open every provider's rows, for the few look-ups that happen before a provider is known."""
    if not why.strip():
        raise TenantRequiredError("all_tenants() needs a reason.")
    token = scope.current.set(scope.ALL)
    try:
        yield
    finally:
        scope.current.reset(token)


class TenantQuerySet(models.QuerySet[M]):
    """Checks writes: nothing of another provider is created, nothing is moved to one."""

    def bulk_create(self, objs: Iterable[M], *args: Any, **kwargs: Any) -> list[M]:
        rows = list(objs)
        for row in rows:
            claim(row)
        return super().bulk_create(rows, *args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        if "provider" in kwargs or "provider_id" in kwargs:
            raise ForeignTenantError("A row never changes its provider.")
        return super().update(**kwargs)


class TenantManager(models.Manager[M]):
    """The default manager of every tenant's rows: filtered by the scope, or an error."""

    def get_queryset(self) -> TenantQuerySet[M]:
        """As `filter(provider_id=...)` would leave them, whose way there takes as long as five such steps."""
        tenant = current_tenant()
        rows: TenantQuerySet[M] = TenantQuerySet(self.model, using=self._db)
        if tenant is not None:
            provider: Any = self.model._meta.get_field("provider")
            column = provider.get_col(rows.query.get_initial_alias())
            rows.query.where.add(RelatedExact(column, tenant), AND)
        return rows


def claim(row: models.Model) -> None:
    """Give a new row the provider in scope; refuse one that has another."""
    tenant = current_tenant()
    mine = getattr(row, "provider_id", None)
    if mine is None and tenant is not None:
        row.provider_id = tenant  # type: ignore[attr-defined]  # every TenantModel has one
    elif mine is None or tenant not in (None, mine):
        security.note("foreign row refused", row=type(row).__name__, of=mine, scope=tenant)
        raise ForeignTenantError(f"{type(row).__name__} belongs to provider {mine}, not to the one in scope.")


class TenantModel(models.Model):
    """A row that belongs to exactly one provider."""

    provider = models.ForeignKey("accounts.Provider", on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[TenantManager[Any]] = TenantManager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        claim(self)
        super().save(*args, **kwargs)

    def _do_update(self, base_qs: models.QuerySet[Any], *args: Any, **named: Any) -> Any:
        """Say whose row it is beside its key, as every other statement does, and never write that anew: SQLite looks at
        every row that refers to a key which is written, though it stays the same.
        """
        using, pk, values, *rest = args
        said = [each for each in values if each[0].name != "provider"]
        return super()._do_update(base_qs.filter(provider=self.provider_id), using, pk, said, *rest, **named)


def _tie(sender: type[models.Model], **_said: Any) -> None:
    """Let each foreign key from one tenant's table to another's say the provider too, in joins and in look-ups.

    The rows are those that the key alone gives: the database keeps both in one provider (`guards`). A database that
    is spread by provider can only join what says so.
    """
    for field in sender._meta.local_concrete_fields:
        if issubclass(sender, TenantModel) and isinstance(field, models.ForeignKey):
            vars(field).update(
                get_extra_restriction=partial(_same_provider, field),
                get_extra_descriptor_filter=partial(_of_provider, field),
            )


def _same_provider(
    field: "models.ForeignKey[Any]", there: str | None, here: str | None
) -> "_SameProviderIn | None":
    """What Django puts beside the key's own condition where it joins `here`, the table with the key, and `there`."""
    is_tenants = issubclass(field.related_model, TenantModel)
    return _SameProviderIn(there, here) if is_tenants and there and here else None


@dataclass(frozen=True, slots=True)
class _SameProviderIn:
    """The condition as SQL: a lookup says the same, and each join of each query would take its time."""

    there: str
    here: str

    def as_sql(self, compiler: Any, _connection: object) -> tuple[str, list[Any]]:
        there, here = map(compiler.quote_name_unless_alias, (self.there, self.here))
        return f'{there}."provider_id" = {here}."provider_id"', []


def _of_provider(field: "models.ForeignKey[Any]", row: models.Model) -> dict[str, object]:
    """Where the row that a key names is read, unless the provider wasn't read itself."""
    known = row.__dict__.get("provider_id") if issubclass(field.related_model, TenantModel) else None
    return {} if known is None else {"provider_id": known}


class_prepared.connect(_tie, dispatch_uid="hourtab-same-provider")


class LedgerModel(TenantModel):
    """A row that is written once: the database refuses its change and its deletion (`guards`).

    `set_once` names the columns that may go from NULL to a value, a single time. `follows` names those that may go
    on from a row that is no more to the one that took it over: the table that says so (its `was` and the column of
    that name).
    """

    set_once: ClassVar[tuple[str, ...]] = ()
    follows: ClassVar[Mapping[str, str]] = {}

    class Meta:
        abstract = True


class OfOneProvider(models.BaseConstraint):
    """What keeps rows of one provider together and stands in the table itself on SQLite, where a constraint can't be
    added later. On PostgreSQL the guards add it, under the same name (`accounts.guards`).
    """

    def constraint_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> str:
        if schema_editor is None or schema_editor.connection.vendor != "sqlite":
            return ""
        return f'CONSTRAINT "{self.name}" {self.stated()}'

    def create_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> str:
        return ""  # SQLite makes the table anew

    remove_sql = create_sql

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """The database does."""

    def stated(self) -> str:
        """As SQL says it, behind the name."""
        raise NotImplementedError

    def __eq__(self, other: object) -> bool:
        return isinstance(other, OfOneProvider) and self.deconstruct() == other.deconstruct()

    __hash__ = None  # type: ignore[assignment]  # as Django's own


# for links that such a key holds: a foreign key of their own would look each row up a second time
HELD: dict[str, Any] = {"on_delete": models.PROTECT, "db_constraint": False}


class ProviderKey(OfOneProvider):
    """What a composite foreign key points at: the row's key together with its provider, and with `beside`."""

    def __init__(self, *, name: str, beside: str = "") -> None:
        super().__init__(name=name)
        self.beside = beside

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "beside": self.beside} if self.beside else kwargs

    def stated(self) -> str:
        return f"UNIQUE ({_listed('provider_id', self.beside, 'id')})"


class SameProvider(OfOneProvider):
    """A link to a row of the same provider: a composite foreign key, asked at once.

    `beside`: a column that both rows have, and have alike. Where it is a link itself, it needs no key of its own: the
    row that this one points at has it.
    """

    def __init__(self, *, column: str, parent: str, name: str, beside: str = "") -> None:
        super().__init__(name=name)
        self.column, self.parent, self.beside = column, parent, beside

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        said = {**kwargs, "column": self.column, "parent": self.parent}
        return path, args, {**said, "beside": self.beside} if self.beside else said

    def stated(self) -> str:
        here, there = (_listed("provider_id", self.beside, key) for key in (self.column, "id"))
        return f'FOREIGN KEY ({here}) REFERENCES "{self.parent}" ({there})'


def held_links(model: type[models.Model]) -> dict[str, SameProvider | None]:
    """The links that the model's own keys hold, by their columns: None where the key of another one holds it too."""
    own = {each.column: each for each in model._meta.constraints if isinstance(each, SameProvider)}
    return {**{each.beside: None for each in own.values() if each.beside}, **own}


def _listed(*columns: str) -> str:
    return ", ".join(f'"{column}"' for column in columns if column)
