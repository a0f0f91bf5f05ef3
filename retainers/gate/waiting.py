"""What stands published and is held back at the gate, with neutral words in its place until somebody sees to it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from accounts.models import Provider
from leaks import Hit
from retainers.agreements.fields import agreement_from_document
from retainers.gate.known import EVERYBODY, Gate
from retainers.gate.texts import agreement_texts
from retainers.models import Adjustment, Client, Entry, Notice, Statement, TopUp
from retainers.selectors import retainers_of

AGREEMENT, NOTICE, GRANT, STATEMENT, WORDS, NAME = (
    "agreement",
    "notice",
    "grant",
    "statement",
    "words",
    "name",
)
Text = tuple[str, str, str]  # the client's slug, what it is, the text


@dataclass(frozen=True, slots=True)
class HeldBack:
    """`what` names the kind of text; `slug` is "" for what the provider calls itself."""

    slug: str
    what: str
    text: str
    hits: tuple[Hit, ...]


def held_back(provider: Provider, gate: Gate, client: Client | None = None) -> list[HeldBack]:
    """Every text of the provider in scope, or of one client, that stands and may not be read, by client."""
    slugs = None if client is None else [client.slug]
    found = [
        HeldBack(slug, what, text, hits)
        for slug, what, text in dict.fromkeys(_texts(slugs))
        if (hits := gate.find(text, slug))
    ]
    own = [] if client else [(EVERYBODY, text) for text in _own(provider)]
    own += Client.objects.values_list("slug", "name") if client is None else [(client.slug, client.name)]
    found += [
        HeldBack(slug, NAME, text, hits) for slug, text in own if (hits := gate.find_in_own(text, slug))
    ]
    return sorted(found, key=lambda each: (each.slug, each.what, each.text))


def _own(provider: Provider) -> Iterable[str]:
    return provider.name, provider.support_phone, provider.support_email


def _texts(slugs: list[str] | None) -> Iterator[Text]:
    for row in retainers_of(slugs):
        if row.publication:
            agreement = agreement_from_document(row.publication.version.document)
            yield from (
                (row.client.slug, AGREEMENT, text)
                for place, text in agreement_texts(agreement)
                if "rules" not in place.path
            )
    mine = {} if slugs is None else {"retainer__client__slug__in": slugs}
    standing = {**mine, "retired_in": None}
    columns = (
        (NOTICE, Notice.objects.filter(**standing), "text"),
        (GRANT, TopUp.objects.filter(**standing), "note"),
        (GRANT, Adjustment.objects.filter(**standing), "reason"),
        (STATEMENT, Statement.objects.filter(**mine), "reason"),
        (WORDS, Entry.objects.filter(**standing), "wording"),
    )
    for what, rows, column in columns:
        said = rows.exclude(**{column: ""}).order_by().values_list("retainer__client__slug", column)
        yield from ((slug, what, text) for slug, text in said.distinct())
