"""What the provider's own data knows of its texts: its people, its other clients, and what was let pass.

Read in one query; a `Gate` then answers for any number of texts and clients. It knows nothing of files: what a
file knows besides (its technicians, its tickets) is handed in by who reads it.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from django.db.models import Aggregate, CharField, F, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce

from accounts.models import Membership, Provider
from accounts.tenancy import ForeignTenantError, current_tenant
from accounts.worked_out import WorkedOut
from leaks import Hit, LeakContext, find_leaks
from leaks.folding import key_of
from retainers.models import Client, CompanyName, LetThrough, StaffName

EVERYBODY = ""  # the slug that stands for every client
OWN_NAME = frozenset({"client", "technician"})  # nobody hides who they are from their own clients
OWN = OWN_NAME | {"mail"}  # nor where they are reached

MEMBER, STAFF, COMPANY, WORDS, FIND = "member", "staff", "company", "words", "find"
Row = tuple[str, str, str]  # what it is, the client's slug or "", the text

LET_NOW: ContextVar[tuple[Row, ...]] = ContextVar("let_now", default=())  # with what is being saved


@dataclass(frozen=True, slots=True)
class Known:
    """`companies` are the names of each client; `words` the keys of texts let through at it; `finds` for all."""

    members: frozenset[str] = frozenset()
    staff: frozenset[str] = frozenset()
    companies: Mapping[str, frozenset[str]] = field(default_factory=dict)
    words: Mapping[str, frozenset[str]] = field(default_factory=dict)
    finds: frozenset[str] = frozenset()

    @classmethod
    def of(cls, rows: Iterable[Row]) -> "Known":
        found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for what, slug, text in rows:
            if text:
                found[what][slug].add(text)
        by_client = {
            what: {slug: frozenset(texts) for slug, texts in found[what].items()} for what in (COMPANY, WORDS)
        }
        members = frozenset(found[MEMBER][EVERYBODY])
        return cls(
            members=members,
            staff=frozenset(found[STAFF][EVERYBODY]),
            companies=by_client[COMPANY],
            words=by_client[WORDS],
            finds=frozenset(text for text in found[FIND][EVERYBODY] if not names_member(text, members)),
        )


def words_key(text: str) -> str:
    """Names a text that was let through, whatever its case and white space.

    >>> words_key("Call  Priya") == words_key("call priya"), len(words_key(""))
    (True, 64)
    """
    return hashlib.sha256(key_of(text).encode()).hexdigest()


def spelled(key: str) -> str:
    """A key as words.

    >>> spelled("server_block-2")
    'server block 2'
    """
    return key.replace("_", " ").replace("-", " ")


def names_member(text: str, members: Collection[str]) -> bool:
    """Whether a member is named in it, by any form of the name: such a text is never allowed for good."""
    context = LeakContext(technicians=frozenset(members))
    return any(hit.kind == "technician" for hit in find_leaks(f"by {text}", context))


class Gate:
    """What must not be read at which client of one provider. `tickets` are gone through once a text is looked at."""

    def __init__(self, known: Known, *, technicians: Iterable[str] = (), tickets: Iterable[str] = ()) -> None:
        self.known = known
        self._technicians = known.members | known.staff | frozenset(filter(None, technicians))
        self._told = tickets
        self._contexts: dict[str, LeakContext] = {}
        self._found: dict[tuple[str, str], tuple[Hit, ...]] = {}

    def find(self, text: str, slug: str = EVERYBODY) -> tuple[Hit, ...]:
        """What in `text` must not reach that client's eyes; () for what a person let through."""
        if not text.strip():
            return ()
        if (slug, text) not in self._found:
            self._found[slug, text] = () if self._was_let(text, slug) else self._look(text, slug)
        return self._found[slug, text]

    def passes(self, text: str, slug: str = EVERYBODY) -> bool:
        return not self.find(text, slug)

    def out(self, text: str, slug: str = EVERYBODY, instead: str = "") -> str:
        """The text on its way out: `instead` stands where it leaks."""
        return text if self.passes(text, slug) else instead

    def find_in_own(self, text: str, slug: str = EVERYBODY) -> tuple[Hit, ...]:
        """As `find`, in what somebody calls themselves: their own names and addresses are no secret there."""
        return tuple(hit for hit in self.find(text, slug) if hit.kind not in OWN)

    def out_own(self, text: str, slug: str = EVERYBODY, instead: str = "") -> str:
        """As `out`, for what the provider or the client calls itself and is reached at."""
        return instead if self.find_in_own(text, slug) else text

    def names_somebody(self, key: str, slug: str = EVERYBODY) -> bool:
        """Whether a key of an agreement, which clients read in addresses and JSON, names a person or a client."""
        return bool(self.find_in_key(key, slug))

    def find_in_key(self, key: str, slug: str = EVERYBODY) -> tuple[Hit, ...]:
        """The names in a key, which is written with "_" and "-" between its words."""
        return tuple(hit for hit in self.find(spelled(key), slug) if hit.kind in OWN_NAME)

    def is_allowable(self, text: str) -> bool:
        """Whether it may be allowed for good: a text that names a member never is."""
        return not names_member(text, self.known.members)

    @property
    def digest(self) -> str:
        """Names all that the gate knows: another digest, perhaps another answer."""
        known = self.known
        parts = (
            sorted(self._technicians),
            sorted((slug, *sorted(names)) for slug, names in known.companies.items()),
            sorted((slug, *sorted(keys)) for slug, keys in known.words.items()),
            sorted(known.finds),
        )
        return hashlib.sha256(repr(parts).encode()).hexdigest()

    @cached_property
    def _tickets(self) -> frozenset[str]:
        return same_tickets(frozenset(filter(None, self._told)))

    def _was_let(self, text: str, slug: str) -> bool:
        words = self.known.words
        return bool(words) and words_key(text) in words.get(EVERYBODY, frozenset()) | words.get(
            slug, frozenset()
        )

    def _look(self, text: str, slug: str) -> tuple[Hit, ...]:
        """What passes where every client is another one passes at each: most texts are looked at once for all."""
        if slug != EVERYBODY and not self.find(text):
            return ()
        context = self._context(slug)
        return find_leaks(text, context) if self._tickets else found_before(text, context)

    def _context(self, slug: str) -> LeakContext:
        if slug not in self._contexts:
            companies = self.known.companies
            others = (names for other, names in companies.items() if other != slug)
            context = LeakContext(
                technicians=self._technicians,
                other_clients=frozenset().union(*others),
                this_client=min(companies.get(slug, {""}), key=len),
                tickets=self._tickets,
                allowed=self.known.finds,
            )
            self._contexts[slug] = context if self._tickets else same_context(context)
        return self._contexts[slug]


@lru_cache(maxsize=1024)
def same_context(context: LeakContext) -> LeakContext:
    """One object for equal contexts, so that comparing them costs nothing."""
    return context


@lru_cache(maxsize=8)  # as many as the leak check remembers, which are the same objects
def same_tickets(tickets: frozenset[str]) -> frozenset[str]:
    """One object for equal tickets of files: at each text the leak check finds by them what it knows of them."""
    return tickets


@lru_cache(maxsize=16384)
def found_before(text: str, context: LeakContext) -> tuple[Hit, ...]:
    """`find_leaks`, remembered by the process: a page's texts are read far more often than they change."""
    return find_leaks(text, context)


def read_gate(provider: Provider, *, technicians: Iterable[str] = (), tickets: Iterable[str] = ()) -> Gate:
    """The gate of the provider in scope; `technicians` and `tickets` are those of the file at hand."""
    return Gate(read_known(provider), technicians=technicians, tickets=tickets)


def read_known(provider: Provider) -> Known:
    """What the provider in scope knows of its texts."""
    if provider.pk != current_tenant():
        raise ForeignTenantError(f"What provider {provider.pk} knows is read in another one's scope.")
    return Known.of((*ROWS.rows(), *LET_NOW.get()))


Kind = tuple[QuerySet[Any], str, Any, Any]  # the rows, what they are, whose slug, and the text


def _kinds() -> dict[str, Kind]:
    """Members, staff, companies and what was let through: all that a gate knows, of whichever provider."""
    let, client = LetThrough.objects, Coalesce("client__slug", Value(EVERYBODY))
    return {
        "members": (Membership.objects.all(), MEMBER, Value(EVERYBODY), F("user__name")),
        "staff": (StaffName.objects.all(), STAFF, Value(EVERYBODY), F("name")),
        "companies": (CompanyName.objects.all(), COMPANY, F("client__slug"), F("name")),
        "clients": (Client.objects.all(), COMPANY, F("slug"), F("name")),
        "words": (let.filter(kind=LetThrough.Kind.WORDS), WORDS, client, F("key")),
        "finds": (let.filter(kind=LetThrough.Kind.FIND), FIND, Value(EVERYBODY), F("text")),
    }


def _rows() -> QuerySet[Any]:
    """All of it of the provider in scope, in one query."""
    mine = current_tenant()
    first, *others = (_part(rows.filter(provider=mine), *said) for rows, *said in _kinds().values())
    return first.union(*others, all=True)


def _part(rows: QuerySet[Any], what: str, slug: Any, text: Any) -> QuerySet[Any]:
    """One kind of rows as `Row`s."""
    named = rows.order_by().annotate(
        gate_what=Value(what, output_field=CharField()),
        gate_slug=Cast(slug, CharField()),
        gate_text=Cast(text, TextField()),
    )
    found: QuerySet[Any] = named.values_list("gate_what", "gate_slug", "gate_text")
    return found


ROWS = WorkedOut(_rows)


class _Listed(Aggregate):
    """The rows of a group as one text, a list of lists in JSON; where the database would choose their order, sorted."""

    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(
            compiler, connection, template="JSON_GROUP_ARRAY(JSON_ARRAY(%(expressions)s))", **context
        )

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "CAST(JSONB_AGG(DISTINCT JSONB_BUILD_ARRAY(%(expressions)s)) AS TEXT)"
        return self.as_sql(compiler, connection, template=template, **context)


def known_beside() -> dict[str, Subquery]:
    """All that the provider of a row knows, as columns beside the row: for a query that must not need a second one."""
    return {
        f"known_{name}": Subquery(
            rows.filter(provider=OuterRef("provider"))
            .order_by()
            .values("provider")
            .annotate(listed=_listed(what, slug, text))
            .values("listed")
        )
        for name, (rows, what, slug, text) in _kinds().items()
    }


def _listed(what: str, slug: Any, text: Any) -> _Listed:
    """A kind of rows as `Row`s, all of them."""
    columns: tuple[Any, ...] = (Value(what), slug, text)
    return _Listed(*(Cast(column, TextField()) for column in columns))


def known_from(columns: Iterable[str | None]) -> Known:
    """What the columns of `known_beside` say."""
    rows = ((what, slug, text) for column in columns for what, slug, text in json.loads(column or "[]"))
    return Known.of((*rows, *LET_NOW.get()))
