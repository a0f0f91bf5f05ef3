"""A client by any address that it ever had."""

from retainers.models import Client, MergedClient


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
