"""The one statement behind a token: the link of a digest with its client, its provider, and what is agreed with it.

An unchanged page costs little more than this statement, so it is put together once (`WorkedOut`) and asks for all at
once: a row for each agreement of the client, of which one that is not published yet is left out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import Count, Exists, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts import scope
from accounts.models import Provider
from accounts.worked_out import WorkedOut
from portal.models import ClientRequest, SecondStep, ShareLink
from retainers.models import AgreementVersion, Client, Notice, Publication, Retainer
from retainers.rule_books import newest_rules

READ: tuple[tuple[type[Model], str], ...] = (
    (ShareLink, ""),
    (Client, "client__"),
    (SecondStep, "client__second_step__"),
    (Provider, "provider__"),
    (Retainer, "client__retainers__"),
    (Publication, "client__retainers__publication__"),
    (AgreementVersion, "client__retainers__publication__version__"),
)
OF_LINK = sum(len(model._meta.concrete_fields) for model, _prefix in READ[:4])
ALONGSIDE = ("requests", "runs", "rule_book")


@dataclass(frozen=True, slots=True)
class LinkRow:
    """`requests` grows with all that happens to the client's requests; `runs`: an incident does.

    `retainers` are the published ones, each with its newest version and the provider's rules beside it.
    """

    link: ShareLink
    client: Client
    provider: Provider
    retainers: list[Retainer]
    requests: int
    runs: bool


def link_row(digest: str) -> LinkRow | None:
    """The link of that digest; None where there is none. For whoever may look for any provider's."""
    records = list(ROWS.rows(digest))
    if not records:
        return None
    values = iter(records[0])
    link, client, step, provider = (_made(model, values) for model, _prefix in READ[:4])
    *_, requests, runs, rules = records[0]
    _tie(link, client=client, provider=provider)
    _tie(client, provider=provider, second_step=step)
    its = (_retainer(record[OF_LINK:]) for record in records)
    retainers = [row for row in its if row is not None]
    for row in retainers:
        _tie(row, client=client, provider=provider)
        row.rule_book = rules
    return LinkRow(link, client, provider, retainers, requests, runs)


def _retainer(record: Sequence[Any]) -> Any:
    """An agreement with its publication and version; None where it is not published, or there is none."""
    values = iter(record)
    row, publication, version = (_made(model, values) for model, _prefix in READ[4:])
    if row is None or publication is None:
        return None
    _tie(publication, version=version)
    _tie(row, publication=publication)
    return row


def _made(model: type[Model], values: Iterator[Any]) -> Any:
    """The object of the next columns; None where the join found none."""
    names = [field.attname for field in model._meta.concrete_fields]
    own = list(islice(values, len(names)))
    return None if own[0] is None else model.from_db(scope.read_from.get(), names, own)


def _tie(row: Any, **others: Any) -> None:
    """Let it know the rows that it points at, so that nobody asks for them again."""
    for name, other in others.items():
        row._meta.get_field(name).set_cached_value(row, other)


def _rows(digest: str) -> QuerySet[Any]:
    running = Notice.objects.filter(retainer__client=OuterRef("client"), retired_in=None, running=True)
    rows = ShareLink.objects.filter(digest=digest).annotate(
        requests=_requests(), runs=Exists(running), rule_book=newest_rules()
    )
    names = [f"{prefix}{field.attname}" for model, prefix in READ for field in model._meta.concrete_fields]
    found: QuerySet[Any] = rows.order_by("client__retainers__key").values_list(*names, *ALONGSIDE)
    return found


def _requests() -> Coalesce:
    """A number that grows with every request of the client, and with every answer and confirmation."""
    rows = ClientRequest.objects.filter(retainer__client=OuterRef("client")).order_by()
    counted = rows.values("retainer__client").annotate(
        events=Count("pk") + Count("answered_at") + Count("confirmed_at")
    )
    return Coalesce(Subquery(counted.values("events")), 0)


ROWS = WorkedOut(_rows)
