"""What a plan depends on: gathered before it is computed, and once more under the locks.

Where both are the same, nothing that went into the plan has changed in between, and it can be published without
being computed a second time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import CharField, Count, F, Max, QuerySet, TextField, Value
from django.db.models.functions import Cast

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
from imports.reading.mapped import Mapping
from imports.saved_mappings import mapping_of
from retainers.gate.known import Gate, Known, read_known
from retainers.models import Client, ClosedMonth, CompanyName, InvoicedCycle, Retainer, RuleBook, Statement

NAME, MAPPING = "name", "mapping"
_HEAD = ("pk", "publication_id", "version_id", "publication__version_id")


@dataclass(frozen=True, slots=True)
class Ground:
    """What a plan stands on, looked up once: its basis, and what reading and planning need of the same rows."""

    basis: Basis
    mappings: tuple[Mapping, ...]
    companies: tuple[str, ...]
    known: Known


@dataclass(frozen=True, slots=True)
class _Stands:
    """The provider's side, as few queries tell it. `counts`: how many there are of what only grows, and the newest."""

    provider: Provider
    heads: Sequence[tuple[int, int | None, int | None, int | None]]
    counts: Sequence[tuple[str, ...]]
    names: Sequence[tuple[str, ...]]
    mappings: Sequence[tuple[str, dict[str, Any]]]
    known: Known

    @classmethod
    def read(cls, provider: Provider) -> "_Stands":
        return cls(
            Provider.objects.get(pk=provider.pk),
            list(Retainer.objects.order_by("pk").values_list(*_HEAD)),
            list(_counts()),
            sorted(_names()),
            list(SavedMapping.objects.order_by("pk").values_list("name", "document")),
            read_known(provider),
        )

    @property
    def companies(self) -> tuple[str, ...]:
        """The names by which clients are known."""
        return tuple(name for what, _pk, _whose, name in self.names if what == NAME)


def ground_of(source: Import, today: date) -> Ground:
    """All that the plan of this import depends on."""
    stands = _Stands.read(source.provider)
    reading = _reading_of(source, stands, today)
    basis = Basis(_mark(stands, today), said_of(source), reading, _judging_of(stands))
    mappings = sorted((mapping_of(*saved) for saved in stands.mappings), key=lambda each: each.name)
    return Ground(basis, tuple(mappings), stands.companies, stands.known)


def heads_of(provider: Provider, today: date) -> str:
    """The mark of what every import of the provider in scope depends on: publications, versions, rules, names,
    statements, words, the day.
    """
    return _mark(_Stands.read(provider), today)


def _mark(stands: _Stands, today: date) -> str:
    seen = Seen(
        publications={pk: publication for pk, publication, *_versions in stands.heads},
        versions={
            "agreements": _name((pk, version) for pk, _publication, version, _published in stands.heads),
            "counts": _name(stands.counts),
            "names": _name(stands.names),
            "gate": Gate(stands.known).digest,
            "mappings": _name(stands.mappings),
            "provider": _name(_said_by(stands.provider)),
            "today": today,
        },
    )
    return seen.mark


def _names() -> Iterable[tuple[str, ...]]:
    """Clients, by which names they are known, and who is none."""
    return _together(
        _row(NAME, CompanyName.objects.all(), F("pk"), F("client"), F("name")),
        _row("client", Client.objects.all(), F("pk"), F("slug"), F("name")),
        _row("never", NeverOurs.objects.all(), F("pk"), Value(""), F("key")),
    )


def _counts() -> Iterable[tuple[str, ...]]:
    """What only grows: rules, what settles a cycle, words that people gave, choices for entries, answers about
    files. What is taken back stays, and is counted too.
    """
    pk, number = Max("pk"), Count("pk")
    return _together(
        _row("rules", RuleBook.objects.all(), Max("number"), number, Value("")),
        _row("stated", Statement.objects.all(), pk, number, Value("")),
        _row("words", RememberedWording.objects.all(), pk, number, Max("given_at")),
        _row("decided", EntryChoice.objects.all(), pk, number, Max("given_at")),
        _row("invoiced", InvoicedCycle.objects.all(), pk, number, Count("taken_back_at")),
        _row("closed", ClosedMonth.objects.all(), pk, number, Count("taken_back_at")),
        _row("answers", StandingAnswer.objects.all(), pk, number, Count("taken_back_at")),
    )


def _row(what: str, rows: QuerySet[Any], *said: Any) -> QuerySet[Any]:
    """These rows, or what is counted of them, as texts that one query can bring with others."""
    texts = {f"said_{at}": Cast(each, TextField()) for at, each in enumerate(said)}
    named = rows.order_by().annotate(kind_of_row=Value(what, output_field=CharField())).values("kind_of_row")
    found: QuerySet[Any] = named.annotate(**texts).values_list("kind_of_row", *texts)
    return found


def _together(first: QuerySet[Any], *others: QuerySet[Any]) -> Iterable[tuple[str, ...]]:
    return first.union(*others, all=True)


def _said_by(provider: Provider) -> tuple[object, ...]:
    return (
        provider.name,
        provider.timezone,
        provider.date_order,
        provider.business_hours,
        provider.trusted_notes,
        provider.settles_after_days,
    )


def _reading_of(source: Import, stands: _Stands, today: date) -> str:
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
            *stands.mappings,
            *(row for row in stands.counts if row[0] == "answers"),
            *stands.companies,
        )
    )


JUDGES = frozenset({"rules", "words", "decided"})


def _judging_of(stands: _Stands) -> str:
    """What decides what becomes of a row, its cells aside: rules, agreements, names, words, what was decided of
    entries, and the provider's own settings. Not the gate: words that stand published stay.
    """
    return _name(
        (
            _release(),
            *((pk, version, published) for pk, _publication, version, published in stands.heads),
            *(row for row in stands.counts if row[0] in JUDGES),
            *stands.names,
            *stands.mappings,
            _said_by(stands.provider),
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
