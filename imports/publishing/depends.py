"""What a plan depends on: gathered before it is computed, and once more under the locks.

Where both are the same, nothing that went into the plan has changed in between, and it can be published without
being computed a second time.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from hashlib import sha256
from json import loads
from typing import Any, NamedTuple

from django.db.models import CharField, Count, F, Max, QuerySet, TextField, Value
from django.db.models.functions import Cast

from accounts.models import Provider
from accounts.seen import Seen
from accounts.worked_out import WorkedOut
from imports.judging.provider_setup import Companies
from imports.models import (
    DraftWording,
    EntryChoice,
    Import,
    NeverOurs,
    RememberedWording,
    SavedMapping,
    StandingAnswer,
)
from imports.publishing.answers import drafts_of, said_with, words_said
from imports.publishing.options import Basis, Options
from imports.reading.mapped import Mapping as Columns
from imports.saved_mappings import mapping_of
from retainers.gate.known import Gate, Known, read_known
from retainers.kept import edition_of
from retainers.models import Client, ClosedMonth, CompanyName, InvoicedCycle, Retainer, RuleBook, Statement

Rows = Iterator[QuerySet[Any]]
Texts = tuple[str, ...]
HEAD, COUNTED, SAID, NAMED = "head", "counted", "said", "named"
MAPPING, PROVIDER = "mapping", "provider"
SHOWN, NAME, CLIENT, NEVER = "shown", "name", "client", "never"
WORDS, DECIDED, MARKED = "words", "decided", "marked"
COUNTS = ("rules", "stated", "invoiced", "closed", "answers")
KINDS = {
    SHOWN: HEAD,
    **dict.fromkeys(COUNTS, COUNTED),
    **dict.fromkeys((WORDS, DECIDED, MARKED), SAID),
    **dict.fromkeys((NAME, CLIENT, NEVER), NAMED),
}


class Ground(NamedTuple):
    """What a plan stands on, looked up once: its basis, and what reading and planning need of the same rows. `words`
    is one name for the drafts.
    """

    basis: Basis
    mappings: tuple[Columns, ...]
    companies: Companies
    known: Known
    drafts: Mapping[int, DraftWording]
    words: str


class _Stands(NamedTuple):
    """The provider's side, as few queries tell it. `counts`: how many there are of what only grows, and the newest;
    `said`: what people said of titles, tickets and entries, which they may say otherwise.
    """

    known: Known
    heads: Sequence[Texts]
    counts: Sequence[Texts]
    said: Sequence[Texts]
    names: Sequence[Texts]
    mappings: Sequence[Texts]
    provider: Sequence[Texts]

    @classmethod
    def read(cls, provider: Provider) -> "_Stands":
        found: dict[str, list[Texts]] = defaultdict(list)
        for row in sorted(EVERY.rows(provider.pk), key=lambda row: tuple(map(str, row))):
            found[KINDS.get(row[0], row[0])].append(row)
        parts = (found[kind] for kind in (HEAD, COUNTED, SAID, NAMED, MAPPING, PROVIDER))
        return cls(read_known(provider), *parts)

    @property
    def publications(self) -> dict[int, int | None]:
        rows = (row for row in self.heads if row[0] == HEAD)
        return {int(pk): int(newest) if newest else None for _head, pk, newest, _version in rows}

    @property
    def companies(self) -> Companies:
        """By which names clients are known, and who is none."""
        slugs = {pk: slug for what, pk, slug, _name in self.names if what == CLIENT}
        names = {name: slugs[whose] for what, _pk, whose, name in self.names if what == NAME}
        return Companies(names, [key for what, _pk, _none, key in self.names if what == NEVER])


def ground_of(source: Import, today: date) -> Ground:
    """All that the plan of this import depends on."""
    stands, drafts = _Stands.read(source.provider), drafts_of(source)
    reading = _reading_of(source, stands, today)
    words = words_said(drafts)
    basis = Basis(_mark(stands, today), said_with(source, words), reading, _judging_of(stands))
    mappings = sorted(
        (mapping_of(name, loads(document)) for _mapping, _pk, name, document in stands.mappings),
        key=lambda each: each.name,
    )
    return Ground(basis, tuple(mappings), stands.companies, stands.known, drafts, words)


def heads_of(provider: Provider, today: date) -> str:
    """The mark of what every import of the provider in scope depends on: publications, versions, rules, names,
    statements, words, the day.
    """
    return _mark(_Stands.read(provider), today)


def _mark(stands: _Stands, today: date) -> str:
    seen = Seen(
        publications=stands.publications,
        versions={
            "agreements": _name((pk, version) for head, pk, _newest, version in stands.heads if head == HEAD),
            "counts": _name(stands.counts),
            "said": _name(stands.said),
            "names": _name(stands.names),
            "gate": Gate(stands.known).digest,
            "mappings": _name(stands.mappings),
            "provider": _name(stands.provider),
            "today": today,
        },
    )
    return seen.mark


def _heads() -> Rows:
    """Each retainer with its newest publication and version, and the version that this publication shows."""
    yield _row(HEAD, Retainer.objects.all(), F("pk"), F("publication"), F("version"))
    yield _row(SHOWN, Retainer.objects.all(), F("pk"), F("publication__version"), Value(""))


def _names() -> Rows:
    """Clients, by which names they are known, and who is none."""
    yield _row(NAME, CompanyName.objects.all(), F("pk"), F("client"), F("name"))
    yield _row(CLIENT, Client.objects.all(), F("pk"), F("slug"), F("name"))
    yield _row(NEVER, NeverOurs.objects.all(), F("pk"), Value(""), F("key"))


def _counts() -> Rows:
    """What only grows: rules, what settles a cycle, answers about files. What is taken back is counted too."""
    pk, number = Max("pk"), Count("pk")
    yield _row("rules", RuleBook.objects.all(), Max("number"), number, Value(""))
    yield _row("stated", Statement.objects.all(), pk, number, Value(""))
    yield _row("invoiced", InvoicedCycle.objects.all(), pk, number, Count("taken_back_at"))
    yield _row("closed", ClosedMonth.objects.all(), pk, number, Count("taken_back_at"))
    yield _row("answers", StandingAnswer.objects.all(), pk, number, Count("taken_back_at"))


def _said() -> Rows:
    """Words that people gave and choices for entries, each as it is: they are changed in place, and the newest time
    among them doesn't tell of one that was given earlier and is written later, or at the same moment.
    """
    choices = EntryChoice.objects.all()
    yield _row(WORDS, RememberedWording.objects.all(), F("pk"), F("text"), Value(""))
    yield _row(DECIDED, choices, F("pk"), F("pool"), F("exclusion"))
    yield _row(MARKED, choices, F("pk"), F("categories"), Value(""))


def _row(what: str, rows: QuerySet[Any], *said: Any) -> QuerySet[Any]:
    """These rows, or what is counted of them, as texts that one query can bring with others."""
    texts = {f"said_{at}": Cast(each, TextField()) for at, each in enumerate(said)}
    named = rows.order_by().annotate(kind_of_row=Value(what, output_field=CharField())).values("kind_of_row")
    found: QuerySet[Any] = named.annotate(**texts).values_list("kind_of_row", *texts)
    return found


def _mappings() -> Rows:
    yield _row(MAPPING, SavedMapping.objects.all(), F("pk"), F("name"), F("document"))


def _provider(pk: int) -> Rows:
    """What it says of itself that a plan takes up."""
    row = Provider.objects.filter(pk=pk)
    yield _row(PROVIDER, row, F("name"), F("timezone"), F("date_order"))
    yield _row(PROVIDER, row, F("business_hours"), F("trusted_notes"), F("settles_after_days"))


def _every(provider: int) -> QuerySet[Any]:
    """All of them in one query."""
    first, *others = (*_heads(), *_counts(), *_said(), *_names(), *_mappings(), *_provider(provider))
    return first.union(*others, all=True)


EVERY = WorkedOut(_every)


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
            *stands.companies.names,
        )
    )


def judged_now(provider: Provider) -> str:
    """The name of all that decides today what becomes of a row."""
    return _judging_of(_Stands.read(provider))


def _judging_of(stands: _Stands) -> str:
    """What decides what becomes of a row, its cells aside: rules, agreements, names, words, what was decided of
    entries, and the provider's own settings. Not the gate: words that stand published stay.
    """
    return _name(
        (
            _release(),
            *((pk, version) for head, pk, _newest, version in stands.heads if head == HEAD),
            *(row for row in stands.heads if row[0] == SHOWN),
            *(row for row in stands.counts if row[0] == "rules"),
            *stands.said,
            *stands.names,
            *stands.mappings,
            *stands.provider,
        )
    )


@cache
def _release() -> str:
    """The code that reads, judges and plans, with its lists: what another release has kept is not taken up."""
    rooms, kinds = ("imports", "leaks", "retainers"), ("py", "txt")
    return edition_of(*(f"{room}/**/*.{kind}" for room in rooms for kind in kinds))


def _name(values: Iterable[object]) -> str:
    """One name for all of these values."""
    said = sha256()
    for value in values:
        said.update(repr(value).encode())
    return said.hexdigest()
