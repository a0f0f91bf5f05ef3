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

from accounts.models import Provider
from accounts.seen import Seen
from imports.models import (
    EntryChoice,
    Import,
    NeverOurs,
    RememberedWording,
    SavedMapping,
    StandingAnswer,
)
from imports.publishing.answers import said_of
from imports.publishing.options import Basis, Options
from retainers.gate.known import read_gate
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
            "names": _name(_names()),
            "gate": read_gate(provider).digest,
            "words": _words(),
            "decided": list(EntryChoice.objects.aggregate(Count("pk"), Max("given_at")).values()),
            "mappings": _name(_mappings()),
            "answers": _answers(),
            "provider": _name(_said_by(Provider.objects.get(pk=provider.pk))),
            "today": today,
        },
    )
    return seen.mark


def _names() -> Iterable[object]:
    """Clients and by which names they are known."""
    yield from Client.objects.order_by("pk").values_list("pk", "slug", "name")
    yield from CompanyName.objects.order_by("pk").values_list("pk", "name", "client")
    yield from NeverOurs.objects.order_by("pk").values_list("pk", "key")


def _words() -> list[object]:
    """Words that people gave."""
    remembered = RememberedWording.objects.aggregate(Count("pk"), Max("pk"), Max("given_at"))
    return list(remembered.values())


def _mappings() -> Iterable[object]:
    return SavedMapping.objects.order_by("pk").values_list("name", "document")


def _answers() -> list[object]:
    """Answers about files that still hold, and how many were taken back."""
    rows = StandingAnswer.objects.aggregate(Max("pk"), Count("pk"), Count("taken_back_at"))
    return list(rows.values())


def _said_by(provider: Provider) -> tuple[object, ...]:
    return (
        provider.name,
        provider.timezone,
        provider.date_order,
        provider.business_hours,
        provider.trusted_notes,
    )


def _reading_of(source: Import, today: date) -> str:
    """What decides how the file is read."""
    options = Options.read(source.options)
    provider = source.provider
    return _name(
        (
            _release(),
            (source.sha256, source.client_id, today),
            (options.format, options.date_order, options.timezone, options.encoding, options.clock),
            (options.units, options.reads),
            (provider.date_order, provider.timezone),
            *_mappings(),
            *_answers(),
            *CompanyName.objects.order_by("pk").values_list("name"),
        )
    )


@cache
def _release() -> str:
    """The code that reads, judges and plans, with its lists: what another release has kept is not taken up."""
    root = Path(settings.BASE_DIR)
    files = (path for room in ("imports", "leaks", "retainers") for path in (root / room).rglob("*.*"))
    return _name(path.read_bytes() for path in sorted(files) if path.suffix in (".py", ".txt"))


def _name(values: Iterable[object]) -> str:
    """One name for all of these values."""
    said = sha256()
    for value in values:
        said.update(repr(value).encode())
    return said.hexdigest()
