"""What the pages about imports read: the imports themselves, the clients that they name, and what became of them."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from django.db.models import Count, F, QuerySet

from accounts.access import theirs
from imports.models import Import, ImportPublication
from retainers.company_names import company_key
from retainers.models import Client, CompanyName, TopUp
from retainers.row_values import top_up_terms
from retainers.selectors import client_of_key
from retainers.terms import TopUp as TopUpTerms

SHOWN_OF_RESULT = ("entries", "balances")  # beside them it lists every row that was left out


def import_of(pk: int) -> Import:
    """The provider's import of that number, else 404."""
    rows = Import.objects.select_related("client", "provider", "published_by", "published_with")
    found: Import = theirs(rows, pk=pk)
    return found


def listed_imports(state: str) -> QuerySet[Import]:
    """All imports, or those of one state, the newest first; of its result each has what the list shows."""
    rows: QuerySet[Import] = Import.objects.select_related("client", "uploaded_by", "uploaded_with")
    rows = (
        rows.order_by("-pk")
        .defer("result")
        .annotate(**{name: F(f"result__{name}") for name in SHOWN_OF_RESULT})
    )
    return rows.filter(state=state) if state else rows


def published_clients(rows: Sequence[Import]) -> dict[int, int]:
    """Of how many clients each of these imports changed a page; the others are left out."""
    found = ImportPublication.objects.filter(made_by__in=[row.pk for row in rows]).order_by()
    counted = found.values("made_by").annotate(clients=Count("client", distinct=True))
    return dict(counted.values_list("made_by", "clients"))


def published_before(source: Import) -> Import | None:
    """Another import of the very same file that is published."""
    same = Import.objects.filter(sha256=source.sha256, state=Import.State.PUBLISHED)
    found: Import | None = same.exclude(pk=source.pk).first()
    return found


def newer_imports(source: Import, links: Sequence[ImportPublication]) -> dict[int, tuple[int, ...]]:
    """The imports that came after these publications and stand, by client (keys)."""
    if not links:
        return {}
    later = ImportPublication.objects.filter(
        client__in={link.client_id for link in links},
        publication__taken_back_by=None,
        pk__gt=max(link.pk for link in links),
    ).exclude(made_by=source)
    found: dict[int, set[int]] = defaultdict(set)
    for client_id, made_by in later.values_list("client", "made_by"):
        found[client_id].add(made_by)
    return {client_id: tuple(sorted(imports)) for client_id, imports in found.items()}


def standing_top_ups(client: Client | None) -> list[TopUpTerms]:
    rows = TopUp.objects.filter(retainer__client=client, retired_in=None)
    return [top_up_terms(row) for row in rows]


def clients_to_choose() -> list[tuple[str, str]]:
    """Every client's key and name."""
    return list(Client.objects.values_list("slug", "name"))


def names_of(slugs: Collection[str]) -> list[str]:
    return list(Client.objects.filter(slug__in=slugs).values_list("name", flat=True))


def client_called(said: str) -> Client | None:
    """The client of that key, else of that name as it was typed or chosen."""
    found = client_of_key(said)
    if found is None:
        named = CompanyName.objects.filter(key=company_key(said)).select_related("client").first()
        found = named.client if named else Client.objects.filter(name__iexact=said.strip()).first()
    return found
