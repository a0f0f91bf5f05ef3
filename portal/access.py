"""The one place where a token becomes a client.

A wrong, malformed or revoked token is `None` (one and the same 404, after the same work); a replaced,
expired or ended link is `Gone`; else the `Visit` says whose page it is. A link ends 30 days after its
client's last retainer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.access import today_at
from accounts.models import Provider
from accounts.tenancy import all_tenants, tenant_scope
from portal.link_rows import link_row
from portal.links import digest_of
from portal.models import Badge, ShareLink
from retainers.gate.known import Gate, read_gate
from retainers.models import Client, Retainer
from retainers.selectors import retainers_of

AFTERLIFE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Visit:
    link: ShareLink
    client: Client
    provider: Provider
    today: date
    retainers: list[Retainer]  # published ones, with their newest versions
    gate: Gate  # every text passes it on its way out
    requests: int  # grows with all that happens to the client's requests; 0 without any
    closes_on: date | None  # the last day on which the link opens; None without one
    runs: bool  # an incident runs: what the page says moves with the clock


@dataclass(frozen=True, slots=True)
class Gone:
    """The address was right once; the page says so and whom to ask, and nothing else."""

    provider: Provider


def open_link(token: str) -> Visit | Gone | None:
    """Whose page the token opens. Every token, malformed or not, costs one look-up of its digest."""
    with all_tenants("a token is looked up before its provider is known"):
        row = link_row(digest_of(token))
    if row is None or row.link.revoked_at:
        return None
    link, today, last = row.link, today_at(row.provider), _last_day(row.retainers)
    is_over = any(day is not None and today > day for day in (link.expires_on, last))
    if link.replaced_at or is_over:
        return Gone(row.provider)
    with tenant_scope(row.provider):
        gate = read_gate(row.provider)
    ends = min((day for day in (link.expires_on, last) if day), default=None)
    return Visit(link, row.client, row.provider, today, row.retainers, gate, row.requests, ends, row.runs)


@dataclass(frozen=True, slots=True)
class BadgeVisit:
    """A badge that is asked for, with what its number comes from."""

    badge: Badge
    provider: Provider
    today: date
    retainers: list[Retainer]
    gate: Gate


def open_badge(token: str) -> BadgeVisit | None:
    """Whose badge the token shows, as long as a link of the client would open; else nothing."""
    with all_tenants("a token is looked up before its provider is known"):
        badge = Badge.objects.select_related("client", "provider").filter(digest=digest_of(token)).first()
    if badge is None or badge.revoked_at:
        return None
    today = today_at(badge.provider)
    with tenant_scope(badge.provider):
        retainers = list(retainers_of([badge.client.slug]))
        last = _last_day(retainers)
        if last is not None and today > last:
            return None
        return BadgeVisit(badge, badge.provider, today, retainers, read_gate(badge.provider))


def opens(link: ShareLink) -> bool:
    """Whether the link leads to its client's page today, by all that `open_link` asks of it."""
    return bool(opening([link]))


def opening(links: Sequence[ShareLink]) -> list[ShareLink]:
    """Those of one provider's links that lead to a page today, in as many queries for many as for one."""
    if not links:
        return []
    provider = links[0].provider
    today = today_at(provider)
    handed_out = [
        link
        for link in links
        if not (link.revoked_at or link.replaced_at or (link.expires_on and today > link.expires_on))
    ]
    rows: dict[int, list[Retainer]] = {link.client_id: [] for link in handed_out}
    with tenant_scope(provider):
        for row in retainers_of().filter(client__in=rows):
            rows[row.client_id].append(row)
    lasts = {client: _last_day(found) for client, found in rows.items()}
    return [link for link in handed_out if (last := lasts[link.client_id]) is None or today <= last]


def last_day_of_link(link: ShareLink) -> date | None:
    """30 days after the client's last retainer; None while one has no end (or there is none yet)."""
    with tenant_scope(link.provider):
        return _last_day(list(retainers_of([link.client.slug])))


def _last_day(retainers: list[Retainer]) -> date | None:
    documents = [row.publication.version.document for row in retainers if row.publication]
    ends = [date.fromisoformat(each["ends"]) if each.get("ends") else None for each in documents]
    if not ends or None in ends:
        return None
    return max(day for day in ends if day) + AFTERLIFE
