"""Two clients that become one: what stood with the one goes on with the other, and its old addresses with it.

Every row is moved, table by table: a new table follows by being one. What may be merged, and what that does, is judged
above (`imports.judging.merging`).
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.commands import BadInputError
from accounts.models import Provider, User
from retainers.company_names import company_key
from retainers.models import Client, CompanyName, Contact, MergedClient


def join(
    *, gone: Client, goes_on: Client, keys: Mapping[str, str], at: datetime, by: User | None
) -> MergedClient:
    """All that is `gone`'s is `goes_on`'s from now on (both locked); `gone` is no client any more.

    `keys`: agreements whose key has changed, old → new. Nothing but the client of a row changes. Where both have
    the same thing (an address, a text that was let through), the one of `goes_on` stands.
    """
    named: MergedClient = MergedClient.objects.create(
        was=gone.pk,
        slug=gone.slug,
        name=gone.name,
        client=goes_on,
        keys=dict(keys),
        created_at=gone.created_at,
        merged_at=at,
        merged_by=by,
    )
    _give_rights(gone, goes_on)
    for rows, name in rows_of(gone):
        _drop_doubles(rows, name, goes_on)
        rows.update(**{name: goes_on})
    CompanyName.objects.get_or_create(
        key=company_key(gone.name), defaults={"client": goes_on, "name": gone.name}
    )
    gone.delete()
    return named


def rows_of(client: Client) -> Iterator[tuple[models.QuerySet[Any], str]]:
    """Every table that names the client, with the field that does."""
    for relation in Client._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel):
            name = relation.field.name
            rows: models.QuerySet[Any] = relation.related_model._default_manager.filter(**{name: client})
            yield rows, name


def _give_rights(gone: Client, goes_on: Client) -> None:
    """Who is a contact of both may do what either contact may."""
    for contact in Contact.objects.filter(client=gone):
        same = Contact.objects.filter(client=goes_on, email=contact.email)
        rights = {name: True for name in ("approves", "alerts") if getattr(contact, name)}
        if rights:
            same.update(**rights)


def _drop_doubles(rows: models.QuerySet[Any], name: str, goes_on: Client) -> None:
    """Rows that would stand twice with the client that goes on, by the table's own constraints."""
    model = rows.model
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and name in constraint.fields:
            others = [field for field in constraint.fields if field not in (name, "provider")]
            same = Q(**{field: OuterRef(field) for field in others})
            doubles = rows.filter(Exists(model._default_manager.filter(same, **{name: goes_on})))
            model._default_manager.filter(pk__in=list(doubles.values_list("pk", flat=True))).delete()


def client_of_command(provider: Provider, slug: str | None) -> Client | None:
    """The client that a command names by `--client`; None where it names none. Raises `BadInputError`."""
    if slug is None:
        return None
    client = client_called(slug)
    if client is None:
        raise BadInputError(f"{provider.name} has no client “{slug}”.")
    return client


def client_called(slug: str) -> Client | None:
    """The client with that key, or the one that the client with that key was merged into."""
    found: Client | None = Client.objects.filter(slug=slug).first()
    if found is not None:
        return found
    former = former_client(slug)
    return former.client if former else None


def former_client(slug: str) -> MergedClient | None:
    """The client of that key that is no more."""
    found: MergedClient | None = MergedClient.objects.select_related("client").filter(slug=slug).first()
    return found


def is_taken(slug: str) -> bool:
    """Whether a client has, or had, that key: it is never given out again."""
    return client_called(slug) is not None
