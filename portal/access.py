"""The one place where a token becomes a client.

A wrong, malformed or revoked token is `None` (one and the same 404, after the same work); a replaced,
expired or ended link is `Gone`; else the `Visit` says whose page it is. A link ends 30 days after its
client's last retainer.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from accounts.access import today_at
from accounts.models import Provider
from accounts.tenancy import all_tenants, tenant_scope
from portal.link_rows import LinkRow, link_row
from portal.links import digest_of
from portal.models import Badge, ShareLink
from retainers.gate.known import Gate, read_gate
from retainers.models import Client, Retainer
from retainers.selectors import retainers_of

AFTERLIFE = timedelta(days=30)


@dataclass(frozen=True)
class Visit:
    """Who may see what; each part is made when it is asked for: an unchanged page needs few of them.

    `closes_on`: the last day on which the link opens; None without one.
    """

    row: LinkRow
    today: date
    closes_on: date | None

    @property
    def link(self) -> ShareLink:
        return self.row.link

    @property
    def client(self) -> Client:
        return self.row.client

    @property
    def provider(self) -> Provider:
        return self.row.provider

    @property
    def retainers(self) -> list[Retainer]:
        """The published ones, with their newest versions."""
        return self.row.retainers

    @cached_property
    def gate(self) -> Gate:
        """Every text passes it on its way out."""
        return Gate(self.row.known)


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
    today, last = today_at(row.provider), _last_day(row.ends)
    if not _is_handed_out(row.link, today) or not _is_by(today, last):
        return Gone(row.provider)
    return Visit(row, today, min((day for day in (row.link.expires_on, last) if day), default=None))


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
        last = _last_day(_ends_of(retainers))
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
    handed_out = [link for link in links if _is_handed_out(link, today)]
    rows: dict[int, list[Retainer]] = {link.client_id: [] for link in handed_out}
    with tenant_scope(provider):
        for row in retainers_of().filter(client__in=rows):
            rows[row.client_id].append(row)
    lasts = {client: _last_day(_ends_of(found)) for client, found in rows.items()}
    return [link for link in handed_out if _is_by(today, lasts[link.client_id])]


def _is_handed_out(link: ShareLink, today: date) -> bool:
    """Neither taken back nor replaced, and not past its own day."""
    return not link.revoked_at and not link.replaced_at and _is_by(today, link.expires_on)


def _is_by(today: date, last: date | None) -> bool:
    return last is None or today <= last


def last_day_of_link(link: ShareLink) -> date | None:
    """30 days after the client's last retainer; None while one has no end (or there is none yet)."""
    with tenant_scope(link.provider):
        return _last_day(_ends_of(retainers_of([link.client.slug])))


def _last_day(ends: Collection[date | None]) -> date | None:
    """`ends`: the last day of each published agreement, None of one that goes on."""
    known = [day for day in ends if day]
    return max(known) + AFTERLIFE if known and len(known) == len(ends) else None


def _ends_of(retainers: Iterable[Retainer]) -> list[date | None]:
    documents = [row.publication.version.document for row in retainers if row.publication]
    return [date.fromisoformat(each["ends"]) if each.get("ends") else None for each in documents]
