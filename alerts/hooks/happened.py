"""What happened at a provider that webhooks are told of, read from what is on record: nothing can be missed.

A document names clients, agreements and figures, and what a client wrote. It holds no title, technician or note of the
PSA, and no address of a client's page.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from alerts.hooks.models import Event
from alerts.models import Crossing
from imports.models import Import
from portal.models import ClientRequest
from retainers.hours import from_units, write_hours
from retainers.models import Approval, Restatement, Retainer


@dataclass(frozen=True, slots=True)
class Happened:
    """`key` names the occurrence, whatever else happens; `path` is the page of the desk about it."""

    key: str
    event: Event
    at: datetime
    data: Mapping[str, Any]
    path: str

    def document(self) -> dict[str, Any]:
        return {"data": dict(self.data), "path": self.path}


def happened(events: set[str], since: datetime) -> Iterator[Happened]:
    """Of these kinds, in the provider in scope, since that moment."""
    for event, look in LOOKS.items():
        if event in events:
            yield from look(since)


def _published(since: datetime) -> Iterator[Happened]:
    """Each import that stands published; the figures are those that it published."""
    rows = list(Import.objects.filter(state=Import.State.PUBLISHED, published_at__gte=since).order_by("pk"))
    names = _names_in(rows)
    for row in rows:
        data = {
            "import": row.pk,
            "format": row.format,
            "through": row.through.isoformat() if row.through else None,
            "balances": [_balance(each, names) for each in row.result.get("balances", ())],
        }
        yield Happened(
            f"published:{row.pk}:{row.published_at.isoformat()}",
            Event.PUBLISHED,
            row.published_at,
            data,
            reverse("import", args=[row.pk]),
        )


Names = Mapping[tuple[str, str], dict[str, str]]


def _names_in(imports: Iterable[Import]) -> Names:
    """Who is meant in what these imports published, by the client's slug and the retainer's key."""
    slugs = {each["client"] for row in imports for each in row.result.get("balances", ())}
    rows = Retainer.objects.filter(client__slug__in=slugs).select_related("client", "version")
    return {(row.client.slug, row.key): _who(row) for row in rows} if slugs else {}


def _balance(told: Mapping[str, Any], names: Names) -> dict[str, Any]:
    figures = ("client", "retainer", "before", "after", "over_before", "over_after")
    who = names.get((told["client"], told["retainer"]), {})
    return {**{name: told.get(name) for name in figures}, **who}


def _crossings(since: datetime) -> Iterator[Happened]:
    """Where several thresholds were reached at once, the highest, as in the mail."""
    rows = (
        Crossing.objects.filter(reached_at__gte=since)
        .select_related("retainer__client", "retainer__version")
        .order_by("pk")
    )
    told = {_occasion(row): row for row in rows}
    for row in told.values():
        what, _at, granted = row.threshold.partition("@")
        data = {
            **_who(row.retainer),
            "pool": row.account or None,
            "pool_name": _pool_name(row.retainer, row.account) if row.account else None,
            "cycle": row.cycle_starts.isoformat(),
            "threshold": what,
            "granted": granted or None,
        }
        yield Happened(f"crossing:{row.pk}", Event.CROSSING, row.reached_at, data, _page(row.retainer))


def _occasion(row: Crossing) -> tuple[object, ...]:
    own = row.threshold if row.threshold.startswith(("ends:", "incident:")) else ""
    return row.retainer_id, row.account, row.cycle_starts, row.reached_at, own


def _requests(since: datetime) -> Iterator[Happened]:
    """Whatever a client asks; an approval is told once it is confirmed."""
    rows = ClientRequest.objects.filter(made_at__gte=since, may_approve=False)
    for row in rows.select_related("retainer__client", "retainer__version").order_by("pk"):
        data = {
            **_who(row.retainer),
            "kind": row.kind,
            "hours": None if row.hours_units is None else write_hours(from_units(row.hours_units)),
            "name": row.name,
            "email": row.email,
            "text": row.text,
        }
        yield Happened(f"request:{row.pk}", Event.REQUEST, row.made_at, data, reverse("requests"))


def _approvals(since: datetime) -> Iterator[Happened]:
    rows = Approval.objects.filter(confirmed_at__gte=since).select_related(
        "retainer__client", "retainer__version"
    )
    for row in rows.order_by("pk"):
        data = {
            **_who(row.retainer),
            "cycle": row.cycle.isoformat(),
            "hours": write_hours(from_units(row.hours_units)),
            "name": row.name,
            "email": row.email,
        }
        yield Happened(f"approval:{row.pk}", Event.APPROVAL, row.confirmed_at, data, _page(row.retainer))


def _restatements(since: datetime) -> Iterator[Happened]:
    rows = Restatement.objects.filter(made_at__gte=since, publication__isnull=False)
    for row in rows.select_related("retainer__client", "retainer__version").order_by("pk"):
        data = {
            **_who(row.retainer),
            "cycle": row.cycle_starts.isoformat(),
            "cause": row.cause,
            "reason": row.reason,
            "before": _remaining(row.before),
            "after": _remaining(row.after),
        }
        yield Happened(f"restatement:{row.pk}", Event.RESTATEMENT, row.made_at, data, _page(row.retainer))


def _remaining(cycle: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return (
        None if cycle is None else {name: cycle["total"][name] for name in ("used", "remaining", "overage")}
    )


def _who(retainer: Retainer) -> dict[str, str]:
    said = retainer.version.document if retainer.version else {}
    return {
        "client": retainer.client.slug,
        "client_name": retainer.client.name,
        "retainer": retainer.key,
        "retainer_name": said.get("name", retainer.key),
    }


def _pool_name(retainer: Retainer, key: str) -> str:
    """What the newest terms that have the pool call it."""
    said = retainer.version.document if retainer.version else {"terms": ()}
    pools = {pool["key"]: str(pool["name"]) for terms in said["terms"] for pool in terms["pools"]}
    return pools.get(key, key)


def _page(retainer: Retainer) -> str:
    return reverse("client", args=[retainer.client.slug])


LOOKS: Mapping[Event, Callable[[datetime], Iterator[Happened]]] = {
    Event.PUBLISHED: _published,
    Event.CROSSING: _crossings,
    Event.REQUEST: _requests,
    Event.APPROVAL: _approvals,
    Event.RESTATEMENT: _restatements,
}
