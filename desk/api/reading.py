"""What programs read: clients, balances, a client's log, imports. The same figures as the pages show."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from accounts.access import today_at
from accounts.models import ApiKey, Scope
from desk.api.door import ApiRefusedError, behind_key, looked_up, written
from desk.api.parameters import (
    DAY,
    LIMIT,
    Parameter,
    client_named,
    day_of,
    further,
    limit_of,
    number_of,
    only_known,
)
from desk.balances import told as balances_told
from imports.models import Import
from portal.answering import balance_document, by_staff
from presentation.facts import Asked
from retainers.agreements.fields import agreement_from_document
from retainers.models import Client, Retainer
from retainers.selectors import retainers_of

A_PAGE = 100
OF_CLIENTS = (LIMIT, Parameter("after", "Only those after the client with this key."))
OF_BALANCES = (
    Parameter("client", "Only this client, by its key."),
    Parameter("on", "As of this day; by default, today.", DAY),
    Parameter("as_published", "As the pages said at the end of this day.", DAY),
    LIMIT,
    Parameter("after", "Only those after this one: CLIENT/RETAINER."),
)
OF_LOG = (
    Parameter("cycle", "The first day of an earlier cycle.", DAY),
    Parameter("retainer", "One agreement, by its key."),
    Parameter(
        "year", "Of a prepaid block’s long log, one year.", {"type": "string", "pattern": "^[0-9]{4}$"}
    ),
)
STATES: Sequence[str] = Import.State.values
OF_IMPORTS = (
    Parameter("state", "Only those in this state.", {"type": "string", "enum": list(STATES)}),
    LIMIT,
    Parameter(
        "before", "Only those older than the import with this number.", {"type": "integer", "minimum": 1}
    ),
)


@behind_key(Scope.READ)
def clients(request: HttpRequest, key: ApiKey) -> HttpResponse:
    """By their keys, each with its published agreements."""
    asked = only_known(request, OF_CLIENTS)
    limit = limit_of(asked, A_PAGE) or A_PAGE
    found = list(_clients_after(asked.get("after", ""))[: limit + 1])
    shown = found[:limit]
    agreements = _agreements([row.slug for row in shown])
    more = further(request, after=shown[-1].slug) if len(found) > limit else ""
    return looked_up(request, written([_client_json(row, agreements.get(row.pk, [])) for row in shown]), more)


def _clients_after(slug: str) -> QuerySet[Client]:
    rows: QuerySet[Client] = Client.objects.filter(slug__gt=slug)
    return rows.order_by("slug").prefetch_related("company_names")


def _agreements(slugs: Sequence[str]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for row in retainers_of(slugs):
        found.setdefault(row.client_id, []).append(_retainer_json(row))
    return found


def _retainer_json(row: Retainer) -> dict[str, Any]:
    if row.publication is None:
        raise LookupError("a retainer that was never published is not told of")
    agreement = agreement_from_document(row.publication.version.document)
    return {
        "retainer": row.key,
        "name": agreement.name,
        "starts": agreement.starts.isoformat(),
        "ends": agreement.ends.isoformat() if agreement.ends else None,
    }


def _client_json(row: Client, agreements: list[dict[str, Any]]) -> dict[str, Any]:
    names = [each.name for each in row.company_names.all()]
    return {"client": row.slug, "name": row.name, "psa_names": names, "retainers": agreements}


@behind_key(Scope.READ)
def balances(request: HttpRequest, key: ApiKey) -> HttpResponse:
    """Every retainer with its cycles, as `balances --json` prints them."""
    asked = only_known(request, OF_BALANCES)
    if "on" in asked and "as_published" in asked:
        raise ApiRefusedError("Give on or as_published, not both.")
    is_past = "as_published" in asked
    on = day_of(asked, "as_published" if is_past else "on", key)
    limit = limit_of(asked, None)
    one = asked.get("client")
    slugs = None if one is None else [client_named(one).slug]
    rows = _after(retainers_of(slugs), asked.get("after", ""))
    shown = rows[:limit]
    told = balances_told(shown, on, key.provider, as_published=is_past)
    more = further(request, after=_place(shown[-1])) if len(shown) < len(rows) else ""
    return looked_up(request, told, more)


def _place(row: Retainer) -> str:
    return f"{row.client.slug}/{row.key}"


def _after(rows: QuerySet[Retainer], after: str) -> list[Retainer]:
    """Those after that place, in an order that is the same on every database."""
    place = tuple(after.partition("/")[::2])
    ordered = sorted(rows, key=lambda row: (row.client.slug, row.key))
    return [row for row in ordered if (row.client.slug, row.key) > place]


@behind_key(Scope.READ)
def log(request: HttpRequest, key: ApiKey, slug: str) -> HttpResponse:
    """The client's page in figures with its log: what `balance.json` says behind a link."""
    asked = only_known(request, OF_LOG)
    reading = by_staff(key.provider, client_named(slug), today_at(key.provider))
    try:
        return looked_up(request, written(balance_document(reading, Asked.read(asked))))
    except LookupError as error:
        raise ApiRefusedError(
            f"“{slug}” has no such agreement or cycle, or nothing is published of it yet.", status=404
        ) from error


@behind_key(Scope.READ)
def imports(request: HttpRequest, key: ApiKey) -> HttpResponse:
    """The provider's files, the newest first."""
    asked = only_known(request, OF_IMPORTS)
    limit, before = limit_of(asked, A_PAGE) or A_PAGE, number_of(asked, "before")
    state = asked.get("state", "")
    if "state" in asked and state not in STATES:
        raise ApiRefusedError(f"state: there is no state “{state}”. Known: {', '.join(STATES)}.")
    found = list(_imports_before(before, state)[: limit + 1])
    more = further(request, before=found[limit - 1].pk) if len(found) > limit else ""
    return looked_up(request, written(list(_imports_json(found[:limit]))), more)


def _imports_before(pk: int | None, state: str) -> QuerySet[Import]:
    """The newest first; those of one state, and from before one of them, where that is asked."""
    rows: QuerySet[Import] = Import.objects.select_related("client", "uploaded_by", "uploaded_with")
    asked = {name: said for name, said in {"state": state or None, "pk__lt": pk}.items() if said is not None}
    return rows.defer("result").filter(**asked).order_by("-pk")


def _imports_json(rows: Sequence[Import]) -> Iterator[dict[str, Any]]:
    for row in rows:
        yield {
            "import": row.pk,
            "file": row.file_name,
            "size": row.size,
            "format": row.format,
            "client": row.client.slug if row.client else None,
            "state": row.state,
            "uploaded_at": row.uploaded_at.isoformat(),
            "uploaded_with": row.uploaded_with.name if row.uploaded_with else None,
            "published_at": row.published_at.isoformat() if row.published_at else None,
            "through": row.through.isoformat() if row.through else None,
        }
