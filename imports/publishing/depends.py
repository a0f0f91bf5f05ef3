"""What a plan depends on: gathered before it is computed, and once more under the locks.

Where both are the same, nothing that went into the plan has changed in between, and it can be published without
being computed a second time.
"""

from collections.abc import Iterable
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Max

from accounts.models import Membership, Provider
from accounts.seen import Seen
from imports.models import AllowedText, EntryChoice, Import, RememberedWording, SavedMapping
from imports.publishing.answers import said_of
from imports.publishing.options import Basis, Options
from retainers.models import Client, CompanyName, Retainer, RuleBook, Statement


def basis_of(source: Import, today: date) -> Basis:
    """All that the plan of this import depends on."""
    return Basis(heads_of(source.provider, today), said_of(source), _reading_of(source, today))


def heads_of(provider: Provider, today: date) -> str:
    """The mark of what every import of the provider in scope depends on: publications, versions, rules, names,
    statements, words, the day.
    """
    heads = list(Retainer.objects.order_by("pk").values_list("pk", "publication_id", "version_id"))
    seen = Seen(
        publications={pk: publication for pk, publication, _version in heads},
        versions={
            "agreements": _name((pk, version) for pk, _publication, version in heads),
            "rules": list(RuleBook.objects.aggregate(Max("number")).values()),
            "stated": list(Statement.objects.aggregate(Max("pk")).values()),
            "names": _name(_names(provider)),
            "words": _words(),
            "decided": list(EntryChoice.objects.aggregate(Count("pk"), Max("given_at")).values()),
            "mappings": _name(_mappings()),
            "provider": _name(_said_by(Provider.objects.get(pk=provider.pk))),
            "today": today,
        },
    )
    return seen.mark


def _names(provider: Provider) -> Iterable[object]:
    """Clients and by which names they are known, and the people who must not be named."""
    yield from Client.objects.order_by("pk").values_list("pk", "slug", "name")
    yield from CompanyName.objects.order_by("pk").values_list("pk", "name", "client")
    members = Membership.objects.filter(provider=provider)
    yield from members.order_by("pk").values_list("user__name", flat=True)


def _words() -> list[object]:
    """Words that people gave, and texts that they let pass."""
    remembered = RememberedWording.objects.aggregate(Count("pk"), Max("pk"), Max("given_at"))
    allowed = AllowedText.objects.aggregate(Count("pk"), Max("pk"))
    return [*remembered.values(), *allowed.values()]


def _mappings() -> Iterable[object]:
    return SavedMapping.objects.order_by("pk").values_list("name", "document")


def _said_by(provider: Provider) -> tuple[object, ...]:
    return provider.timezone, provider.date_order, provider.business_hours, provider.trusted_notes


def _reading_of(source: Import, today: date) -> str:
    """What decides how the file is read."""
    options = Options.read(source.options)
    provider = source.provider
    return _name(
        (
            _release(),
            (source.sha256, source.client_id, today),
            (options.format, options.date_order, options.timezone),
            (provider.date_order, provider.timezone),
            *_mappings(),
        )
    )


@cache
def _release() -> str:
    """The code that reads, judges and plans: what another release has kept is not taken up."""
    root = Path(settings.BASE_DIR)
    code = (path for room in ("imports", "leaks", "retainers") for path in (root / room).rglob("*.py"))
    return _name(path.read_bytes() for path in sorted(code))


def _name(values: Iterable[object]) -> str:
    """One name for all of these values."""
    said = sha256()
    for value in values:
        said.update(repr(value).encode())
    return said.hexdigest()
