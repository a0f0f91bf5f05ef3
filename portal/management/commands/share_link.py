"""`share_link create|list|revoke --provider SLUG --client SLUG`: a client's links from the command line."""

from datetime import date
from typing import Any

from django.core.management.base import CommandParser
from django.db.models import QuerySet
from django.utils import timezone

from accounts.access import today_at
from accounts.commands import BadInputError, BadUsageError, read_day, say_who
from accounts.commands import Command as BaseCommand
from accounts.tenancy import tenant_scope
from portal import links
from portal.models import ShareLink
from retainers.merging import client_of_command
from retainers.models import Client

MOST_CHARACTERS = ShareLink._meta.get_field("label").max_length or 80


class Command(BaseCommand):
    help = "Creates, lists and revokes the links at which a client reads its balance."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        for name in ("create", "list", "revoke"):
            action = actions.add_parser(name)
            action.add_argument("--provider", required=True, metavar="SLUG")
            action.add_argument("--client", required=True, metavar="SLUG")
            say_who(action)
            if name == "create":
                action.add_argument("--label", default="", metavar="TEXT")
                action.add_argument("--expires", metavar="DATE", help="the last day on which it opens")
            if name == "revoke":
                action.add_argument("--link", type=int, metavar="ID", help="as `list` shows it")
                action.add_argument("--url", metavar="URL", help="the address itself")
                action.add_argument("--label", metavar="TEXT")
                action.add_argument("--all", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        provider = self.find_provider(options["provider"])
        with tenant_scope(provider):
            client = client_of_command(provider, options["client"])
            getattr(self, f"_{options['action']}")(client, options)

    def _create(self, client: Client, options: dict[str, Any]) -> None:
        expires: date | None = read_day(options["expires"]) if options["expires"] else None
        if expires and expires < today_at(client.provider):
            raise BadInputError(f"{expires} is over: the link would open nothing.")
        label = " ".join(options["label"].split())
        if len(label) > MOST_CHARACTERS:
            raise BadInputError(
                f"A label has at most {MOST_CHARACTERS} characters, this one has {len(label)}."
            )
        _, token = links.create(client=client, label=label, expires_on=expires, by=None)
        self.stdout.write(links.address_of(token))

    def _list(self, client: Client, options: dict[str, Any]) -> None:
        for link in ShareLink.objects.filter(client=client):
            opened = f"opened {link.opened_count} times" if link.opened_count else "never opened"
            ends = f", until {link.expires_on}" if link.expires_on else ""
            state = _state(link, today_at(client.provider))
            self.stdout.write(f"{link.pk}\t{link.label or '-'}\t{state}{ends}\t{opened}")

    def _revoke(self, client: Client, options: dict[str, Any]) -> None:
        revoked = list(self._named(client, options))
        if not revoked:
            raise BadInputError(f"{client.name} has no such link to revoke.")
        for link in revoked:
            try:
                links.revoke(link=link, by=None, at=timezone.now())
            except links.EndedError as error:
                raise BadInputError(f"{link.pk} has just been replaced. List the links again.") from error
            self.stdout.write(f"{link.pk} is revoked.")

    def _named(self, client: Client, options: dict[str, Any]) -> QuerySet[ShareLink]:
        """The client's links that the options name; the only one needs no name."""
        rows: QuerySet[ShareLink] = ShareLink.objects.filter(client=client, revoked_at=None)
        if options["link"] is not None:
            return rows.filter(pk=options["link"])
        if options["url"]:
            token = options["url"].rstrip("/").rsplit("/", 1)[-1]
            return rows.filter(digest=links.digest_of(token))
        if options["label"] is not None:
            return rows.filter(label=options["label"])
        if not options["all"] and rows.count() > 1:
            raise BadUsageError("Which one? Say --link ID, --url URL or --label TEXT, or --all.")
        return rows


def _state(link: ShareLink, today: date) -> str:
    if link.revoked_at:
        return "revoked"
    if link.expires_on and today > link.expires_on:
        return "expired"
    return "replaced" if link.replaced_at else "open"
