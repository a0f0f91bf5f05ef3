"""Which client, retainer and pool a row belongs to, and what the rules say about it; nothing is priced here.

Whether a row counts on its date, as travel or as non-billable work, is for the ledger: rows keep what it
needs. `match_rules` says what the rules say of a row, `reconcile` compares with what is published.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import chain
from operator import attrgetter
from typing import Protocol

from imports.judging.match_rules import Judge, Taker, Verdict, nearest
from imports.judging.splitting import joined, pieces_of
from imports.reading.marks import is_rejected
from imports.reading.rows import Beginning, Problem, Row
from imports.reading.same_row import may_repeat, with_first
from imports.stages import NOT_A_CLIENT, OUTSIDE, REJECTED, REPEATED, Classified, Place, claim_key
from retainers.balance import Part
from retainers.company_names import company_key
from retainers.hours import ZERO
from retainers.terms import Agreement, OpeningTimes, Rule

_made = partial(tuple.__new__, Classified)  # without a look at how many values there are
_rejects = lru_cache(maxsize=1_000)(is_rejected)
DECIDING = frozenset({"company", "agreement", "status"})  # whatever the rules are
MOST_REMEMBERED = 5_000


@dataclass(frozen=True, slots=True)
class Classification:
    """Every row of a file, once: classified, or refused with its problem. Both keep the order of the file."""

    rows: tuple[Classified, ...]
    refused: tuple[Problem, ...]


class Classifier:
    """Rules, clients and agreements, ready for the rows of one import.

    `companies` maps every name by which a client is known (its own and the PSA's) to the client's slug.
    `agreements` are (client's slug, agreement in its newest version). With `only_client` the import is for
    that client alone: rows of another or of an unknown company are refused, rows without one are its own.
    `not_ours` are companies that are no clients, as they are compared, and agreements of clients that never
    count (`claim_key`).
    """

    def __init__(
        self,
        *,
        rules: Sequence[Rule],
        companies: Mapping[str, str],
        agreements: Sequence[tuple[str, Agreement]],
        business_hours: OpeningTimes = (),
        only_client: str | None = None,
        not_ours: Collection[str] = (),
    ) -> None:
        self._not_ours = not_ours
        self._judge = Judge(rules, business_hours)
        self._clients = _Clients(companies, only_client)
        self._only_client = only_client
        self._routes = _Routes(agreements, rules, business_hours)
        self._merged: dict[tuple[Verdict, Verdict], Verdict] = {}
        self._kinds: dict[object, _Kind] = {}
        self._said = self._looking()

    def classify(self, rows: Sequence[Row]) -> Classification:
        """All rows of one file. A second row of an id repeats the first: `parse` has refused those that differ."""
        if self._only_client is None and not may_repeat(rows):
            return Classification(tuple(self.placed(rows)), ())
        return self._told_apart(rows)

    def _told_apart(self, rows: Sequence[Row]) -> Classification:
        """The same where some may repeat others, or be refused as another client's."""
        classified: list[Classified] = []
        refused: list[Problem] = []
        for (row, first), placed in zip(with_first(rows), self.placed(rows), strict=True):
            client, is_nobodys = placed.place.client, placed.place.exclusion == NOT_A_CLIENT
            if self._only_client not in (None, client) and not is_nobodys:
                refused.append(self._wrong_client(row, client))
            elif first is row or client is None:
                classified.append(placed)
            else:
                classified.append(Classified(row, Place(client, exclusion=REPEATED)))
        return Classification(tuple(classified), tuple(refused))

    def place(self, row: Row) -> Place:
        """Of one row by itself, whatever file it came from: no repeats, and nothing is refused."""
        return next(self.placed([row])).place

    def placed(self, rows: Sequence[Row]) -> Iterator[Classified]:
        """The same of many rows, in their order."""
        return map(self._placed, rows) if self._said is None else self._by_kind(rows, self._said)

    def _by_kind(self, rows: Sequence[Row], look: Callable[[Row], object]) -> Iterator[Classified]:
        """Rows that say the same of all that is looked at are placed once for each retainer and its verdicts."""
        places: list[Place] = []
        for row, said in zip(rows, map(look, rows), strict=True):
            kind = self._kinds.get(said)
            if kind is None:
                if len(self._kinds) >= MOST_REMEMBERED:
                    self._kinds.clear()
                kind = self._kinds[said] = _Kind(self._takers(row))
            taker = nearest(kind.takers, row.date)
            which = taker, taker.judge.verdict(row) if taker and taker.judge else None
            if which not in kind.places:
                kind.places[which] = self._place(row)
            places.append(kind.places[which])
        return map(_made, zip(rows, places, strict=True))

    def _takers(self, row: Row) -> Sequence[Taker]:
        """The retainers of which one takes the row."""
        client = self._clients[row.company]
        return self._routes.takers(client, row, self._judge.verdict(row).retainers) if client else ()

    def _placed(self, row: Row) -> Classified:
        return Classified(row, self._place(row))

    def _place(self, row: Row) -> Place:
        client = self._clients[row.company]
        if client is None:
            return Place(None, exclusion=NOT_A_CLIENT if self._is_nobodys(row) else None)
        verdict = self._judge.verdict(row)
        taker = nearest(self._routes.takers(client, row, verdict.retainers), row.date)
        if taker is None:
            return self._untaken(client, row, verdict)
        if taker.later or taker.judge:
            verdict = self._say(taker, row)
        return Place(
            client,
            taker.key,
            verdict.pool,
            verdict.categories,
            REJECTED if _rejects(row.status) else verdict.exclusion,
            verdict.wording,
            verdict.unjudged_time,
            self._parts(taker, row),
        )

    def _looking(self) -> Callable[[Row], object] | None:
        """A function that gives all that decides the place of a row but for its day and its retainer's own rules; None
        where the clock is asked too.
        """
        if any(judge.asks_the_clock for judge in (self._judge, *self._routes.judges)):
            return None
        return attrgetter(*sorted(DECIDING | self._judge.asks_about))

    def _untaken(self, client: str, row: Row, verdict: Verdict) -> Place:
        """A row that no retainer takes: excluded with its own reason, else it waits where agreements of the PSA
        decide, unless somebody said that this one never counts.
        """
        reason = REJECTED if _rejects(row.status) else verdict.exclusion
        is_settled = bool(reason) or claim_key(client, row.agreement) in self._not_ours
        unclaimed = not is_settled and self._routes.has_retainers(client)
        return Place(client, exclusion=reason or OUTSIDE, unclaimed=unclaimed)

    def _is_nobodys(self, row: Row) -> bool:
        """Whether somebody said that the row's company is no client."""
        return bool(self._not_ours) and company_key(row.company) in self._not_ours

    def _say(self, taker: "Taker", row: Row, at: Beginning | None = None) -> Verdict:
        """What the retainer's own rules and the provider's say of the row, or of its part from that moment on."""
        verdict = (taker.later or self._judge).verdict(row, at)
        return verdict if taker.judge is None else self._merge(taker.judge.verdict(row, at), verdict)

    def _parts(self, taker: "Taker", row: Row) -> tuple[Part, ...]:
        """The row cut at the boundary; nothing where no rule asks what the clock says."""
        if not taker.cuts and (taker.later or not self._judge.asks_the_clock):
            return ()
        judged = ((piece, self._say(taker, row, piece.at)) for piece in pieces_of(row, taker.hours))
        return joined(
            Part(piece.seconds, verdict.pool, frozenset(verdict.categories), verdict.exclusion)
            for piece, verdict in judged
        )

    def _merge(self, own: Verdict, later: Verdict) -> Verdict:
        merged = self._merged.get((own, later))
        if merged is None:
            merged = self._merged[own, later] = own.before(later)
        return merged

    def _wrong_client(self, row: Row, client: str | None) -> Problem:
        if client is None:
            message = (
                f"this import is for {self._only_client}, and no client is known as this company: "
                "add the name to the client, or take the row out"
            )
        else:
            message = (
                f"belongs to {client}, this import is for {self._only_client}: "
                "take the row out, or import the file for all clients"
            )
        return Problem(
            row.line, "Client", row.company, message, row.worked or ZERO, row.entry_id, row.company
        )


@dataclass(frozen=True, slots=True)
class _Kind:
    """Rows that any of these retainers may take; their places by the one that takes them and what its own rules say."""

    takers: Sequence[Taker]
    places: dict[tuple[Taker | None, Verdict | None], Place] = field(default_factory=dict)


class Side(Protocol):
    """What a classifier needs to know of the provider: its rules, its companies and its agreements."""

    @property
    def rules(self) -> Sequence[Rule]: ...
    @property
    def companies(self) -> Mapping[str, str]: ...
    @property
    def agreements(self) -> Mapping[str, Mapping[str, Agreement]]: ...
    @property
    def business_hours(self) -> OpeningTimes: ...
    @property
    def not_ours(self) -> Collection[str]: ...


def classifier_of(side: Side, only: str | None = None) -> Classifier:
    """The classifier of a provider's rows; `only`: the slug of the one client that a file is for."""
    return Classifier(
        rules=side.rules,
        companies=side.companies,
        agreements=[(slug, each) for slug, by_key in side.agreements.items() for each in by_key.values()],
        business_hours=side.business_hours,
        only_client=only,
        not_ours=side.not_ours,
    )


class _Clients(dict[str, str | None]):
    """The client of each company, as it is spelt in the file; found once for each spelling."""

    def __init__(self, companies: Mapping[str, str], only_client: str | None) -> None:
        super().__init__()
        self._by_name = {company_key(name): client for name, client in companies.items()}
        self._without_company = only_client

    def __missing__(self, company: str) -> str | None:
        name = company_key(company)
        client = self._by_name.get(name) if name else self._without_company
        self[company] = client
        return client


class _Routes:
    """From company to retainer, once the client is known (domain.md, same heading)."""

    def __init__(
        self,
        agreements: Sequence[tuple[str, Agreement]],
        rules: Sequence[Rule],
        business_hours: OpeningTimes,
    ) -> None:
        self._by_client: dict[str, dict[str, Taker]] = {}
        for client, agreement in sorted(agreements, key=lambda pair: (pair[1].starts, pair[1].key)):
            self._by_client.setdefault(client, {})[agreement.key] = Taker(agreement, rules, business_hours)
        self._candidates: dict[tuple[str, str], tuple[Taker, ...]] = {}

    @property
    def judges(self) -> Iterator[Judge]:
        """Who knows the rules of single retainers, and the provider's by their hours."""
        takers = chain.from_iterable(by_key.values() for by_key in self._by_client.values())
        return (judge for taker in takers for judge in (taker.judge, taker.later) if judge is not None)

    def has_retainers(self, client: str) -> bool:
        return bool(self._by_client.get(client))

    def takers(self, client: str, row: Row, named: Sequence[str]) -> Sequence[Taker]:
        """The retainer that a rule names, else those claiming the row's agreement, else those that name none; the
        `nearest` to the row's date takes it.
        """
        for key in named:
            if taker := self._by_client.get(client, {}).get(key):
                return (taker,)
        candidates = self._candidates.get((client, row.agreement))
        if candidates is None:
            candidates = self._candidates[client, row.agreement] = self._claimants(client, row.agreement)
        return candidates

    def _claimants(self, client: str, psa_agreement: str) -> tuple[Taker, ...]:
        takers = self._by_client.get(client, {}).values()
        name = company_key(psa_agreement)
        claiming = tuple(taker for taker in takers if name in taker.names)
        return claiming or tuple(taker for taker in takers if not taker.names)
