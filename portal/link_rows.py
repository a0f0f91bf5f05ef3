"""The one statement behind a token: the link of a digest with its client, its provider, and what is agreed with it.

An unchanged page costs little more than this statement, so it is put together once (`WorkedOut`) and asks for all at
once: a row for each agreement of the client, of which one that is not published yet is left out.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import Any

from django.db.models import Count, Exists, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts import scope
from accounts.models import Provider
from accounts.worked_out import Records, WorkedOut
from portal.models import ClientRequest, SecondStep, ShareLink
from retainers.gate.known import Known, known_beside, known_from
from retainers.models import AgreementVersion, Client, Notice, Publication, Retainer
from retainers.rule_books import newest_rules

READ: tuple[tuple[type[Model], str], ...] = (
    (ShareLink, ""),
    (Client, "client__"),
    (SecondStep, "client__second_step__"),
    (Provider, "provider__"),
    (Retainer, "client__retainers__"),
    (Publication, "client__retainers__publication__"),
    (AgreementVersion, "client__retainers__publication__version__"),
)
NAMES = [[field.attname for field in model._meta.concrete_fields] for model, _prefix in READ]
ENDS = list(accumulate(len(names) for names in NAMES))
ALONGSIDE = ("requests", "runs", "rule_book")
REQUESTS, RUNS, RULES = range(ENDS[-1], ENDS[-1] + len(ALONGSIDE))
KNOWN = ENDS[-1] + len(ALONGSIDE)  # and all columns behind it
DOCUMENT = ENDS[-2] + NAMES[-1].index("document")
OPENED = [NAMES[0].index(name) for name in ("last_opened_at", "opened_count")]  # on no page
PICTURES = [ENDS[2] + NAMES[3].index("logo"), NAMES[0].index("sealed")]


@dataclass(frozen=True)
class LinkRow:
    """What a link opens, as one statement found it; of it is made what is asked for, and once.

    `retainers` are the published ones, each with its newest version and the provider's rules beside it.
    """

    found: Records

    @cached_property
    def mark(self) -> str:
        """Names everything that the statement found, but for who has opened the link."""
        first, *others = self.found.rows
        said = list(first)
        for at in OPENED:
            said[at] = None
        for at in PICTURES:
            said[at] = hashlib.sha256(said[at] or b"").digest()
        agreed = [each[ENDS[3] : ENDS[-1]] for each in others]
        return hashlib.sha256(repr((said, agreed)).encode()).hexdigest()

    @cached_property
    def link(self) -> ShareLink:
        link: ShareLink = self._made(0)
        _tie(link, client=self.client, provider=self.provider)
        return link

    @cached_property
    def client(self) -> Client:
        client: Client = self._made(1)
        _tie(client, provider=self.provider, second_step=self._made(2))
        return client

    @cached_property
    def provider(self) -> Provider:
        provider: Provider = self._made(3)
        return provider

    @cached_property
    def retainers(self) -> list[Retainer]:
        return [self._retainer(record) for record in self.found.rows if record[DOCUMENT] is not None]

    @cached_property
    def known(self) -> Known:
        """What the provider knows of its texts."""
        return known_from(self.found.rows[0][KNOWN:])

    @property
    def requests(self) -> int:
        """Grows with all that happens to the client's requests; 0 without any."""
        return int(self.found.rows[0][REQUESTS])

    @property
    def runs(self) -> bool:
        """Whether an incident runs."""
        return bool(self.found.rows[0][RUNS])

    @property
    def ends(self) -> list[date | None]:
        """The last day of each published agreement; None of one that goes on."""
        return [each.ends for each in self._agreed]

    @property
    def tells_what_is_over(self) -> bool:
        """Whether the page may tell of cycles that are over, whatever it is asked: of a last one, or of a block's."""
        return any(each.ends or each.has_a_block for each in self._agreed)

    @cached_property
    def _agreed(self) -> list["_Agreed"]:
        return [_agreed(each[DOCUMENT]) for each in self.found.rows if each[DOCUMENT] is not None]

    def _retainer(self, record: Sequence[Any]) -> Any:
        """An agreement with its publication and version."""
        row, publication, version = (self._made(at, record) for at in (4, 5, 6))
        _tie(publication, version=version)
        _tie(row, client=self.client, provider=self.provider, publication=publication)
        (row.rule_book,) = self.found.values(record, RULES, RULES + 1)
        return row

    def _made(self, which: int, record: Sequence[Any] | None = None) -> Any:
        """The object of these columns; None where the join found none."""
        first = ENDS[which] - len(NAMES[which])
        own = self.found.values(record or self.found.rows[0], first, ENDS[which])
        model, _prefix = READ[which]
        return None if own[0] is None else model.from_db(scope.read_from.get(), NAMES[which], own)


@dataclass(frozen=True, slots=True)
class _Agreed:
    """What of an agreement's document decides before anything is made of it."""

    ends: date | None
    has_a_block: bool


@lru_cache(maxsize=256)
def _agreed(text: str) -> _Agreed:
    """`text`: the document as the database has it."""
    document = json.loads(text)
    ends = document.get("ends")
    blocks = (not any(Decimal(pool["hours"]) for pool in terms["pools"]) for terms in document["terms"])
    return _Agreed(date.fromisoformat(ends) if ends else None, any(blocks))


def link_row(digest: str) -> LinkRow | None:
    """The link of that digest; None where there is none. For whoever may look for any provider's."""
    found = ROWS.records(digest)
    return LinkRow(found) if found.rows else None


def _tie(row: Any, **others: Any) -> None:
    """Let it know the rows that it points at, so that nobody asks for them again."""
    for name, other in others.items():
        row._meta.get_field(name).set_cached_value(row, other)


def _rows(digest: str) -> QuerySet[Any]:
    beside = known_beside()
    running = Notice.objects.filter(retainer__client=OuterRef("client"), retired_in=None, running=True)
    rows = ShareLink.objects.filter(digest=digest).annotate(
        requests=_requests(), runs=Exists(running), rule_book=newest_rules(), **beside
    )
    names = [f"{prefix}{name}" for (_, prefix), own in zip(READ, NAMES, strict=True) for name in own]
    found: QuerySet[Any] = rows.order_by("client__retainers__key").values_list(*names, *ALONGSIDE, *beside)
    return found


def _requests() -> Coalesce:
    """A number that grows with every request of the client, and with every answer and confirmation."""
    rows = ClientRequest.objects.filter(retainer__client=OuterRef("client")).order_by()
    counted = rows.values("retainer__client").annotate(
        events=Count("pk") + Count("answered_at") + Count("confirmed_at")
    )
    return Coalesce(Subquery(counted.values("events")), 0)


ROWS = WorkedOut(_rows)
