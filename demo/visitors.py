"""The demo's share links, and that their readers came by."""

from datetime import datetime, time, timedelta

from accounts.services import find_user
from demo.calendar import DAY, said_at
from demo.scenario import Customer, Scenario, Table
from portal import links
from portal.models import ShareLink
from retainers.models import Client

HISTORY = 210 * DAY  # the time in which a link was opened as often as the file says
MADE_AFTER = timedelta(days=2, hours=3)  # links were made so long after the first agreements


def invite(scenario: Scenario, now: datetime) -> None:
    """Make the links that are missing, and note their openings up to `now`."""
    clients = {client.slug: client for client in Client.objects.all()}
    for customer in scenario.customers:
        for table in customer.links if customer.slug in clients else ():
            link = _the_link(scenario, clients[customer.slug], table["label"])
            if "opened" in table and link.revoked_at is None:
                _note_openings(link, table, scenario, now)


def address(customer: Customer, now: datetime) -> str:
    """Where the client reads its balance: its link's address once more, or a new link's where none works."""
    client = Client.objects.get(slug=customer.slug)
    link = ShareLink.objects.filter(client=client, revoked_at=None, replaced_at=None).first()
    if link is None:
        _, token = links.create(client=client, label=customer.links[0]["label"], by=None)
        return links.address_of(token)
    copied = links.copy(link=link, by=None)
    if copied is None:  # the key that sealed it is gone
        _, token = links.replace(link=link, by=None, at=now)
        return links.address_of(token)
    return copied


def _the_link(scenario: Scenario, client: Client, label: str) -> ShareLink:
    found: ShareLink | None = ShareLink.objects.filter(client=client, label=label).order_by("-pk").first()
    if found is not None:
        return found
    at = client.created_at + MADE_AFTER
    with said_at(at):
        link, _ = links.create(client=client, label=label, by=find_user(scenario.demo["manager"]))
    link.created_at = at
    link.save(update_fields=["created_at"])
    return link


def _note_openings(link: ShareLink, table: Table, scenario: Scenario, now: datetime) -> None:
    """The newest opening that the file tells of, where no later one was seen."""
    at = _last_before(now, table, scenario)
    if link.last_opened_at is None or link.last_opened_at < at:
        since = (now.astimezone(scenario.zone).date() - scenario.first) / HISTORY
        times = table["opened"] + int(table["opened"] * since)
        ShareLink.objects.filter(pk=link.pk).update(
            last_opened_at=at, opened_count=max(times, link.opened_count)
        )


def _last_before(now: datetime, table: Table, scenario: Scenario) -> datetime:
    day = now.astimezone(scenario.zone).date() - table["ago"] * DAY
    at = datetime.combine(day, time.fromisoformat(table["at"]), tzinfo=scenario.zone)
    return at if at <= now else at - DAY
