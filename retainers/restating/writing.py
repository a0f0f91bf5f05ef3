"""Around a deed that may change closed cycles: refuses what nobody has agreed to, writes down what was restated.

Nothing has to be foreseen here: what stood before is read by the publications of before, once the deed is done. What
the deed's publications come to is handed on to who keeps their figures.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Self

from accounts.audit import Recorded, record_all
from accounts.models import Provider, User
from leaks import Hit
from retainers.closings import closings
from retainers.effects import between
from retainers.gate.known import read_gate
from retainers.kept.handed import hand_on
from retainers.models import Restatement, Retainer
from retainers.published_rows import Beside
from retainers.publishing import Press
from retainers.restating import tidy_reason
from retainers.restating.changes import Law, Restated, digest, restated_in
from retainers.restating.sides import both
from retainers.selectors import Standing
from retainers.wire import cycle_json


class RestatingError(Exception):
    """The deed would restate closed cycles, and nobody has said that it may; `restated` are those."""

    def __init__(self, restated: tuple[Restated, ...]) -> None:
        super().__init__("; ".join(each.line() for each in restated))
        self.restated = restated


class LeakingReasonError(RestatingError):
    """The reason that was given for restating them must not reach one of the clients; `hits` say what in it."""

    def __init__(self, restated: tuple[Restated, ...], hits: tuple[Hit, ...]) -> None:
        super().__init__(restated)
        self.hits = hits

    @property
    def said(self) -> str:
        return f"The reason can’t be shown on the client’s page: {' '.join(dict.fromkeys(h.why for h in self.hits))}"


BATCH = 500


@dataclass(frozen=True, slots=True)
class Consent:
    """What somebody has agreed to, and why, in words that the client reads; "" where the cause says it all.

    `to`: the digest of what was looked at, "" for nothing; True for whatever comes of it (`--restate`).
    """

    to: str | Literal[True] = ""
    reason: str = ""

    @classmethod
    def to_all(cls, reason: str = "") -> Self:
        """`--restate`, with its reason."""
        return cls(True, tidy_reason(reason))


Agreed = str | Literal[True] | Consent


@dataclass
class Deed:
    """What may restate. `cause`, or `causes` by retainer (its key), may still be said while it is done.

    `agreed`: what somebody has agreed to, a `Consent` or what it is `to`; its reason stands above `reason`, which is
    the deed's own. `restated` is what came of it, once it is done.
    """

    cause: str
    law: Law = Law.COMPLETE
    agreed: Agreed = ""
    reason: str = ""
    causes: dict[int, str] = field(default_factory=dict)
    restated: tuple[Restated, ...] = ()

    def may(self, found: Sequence[Restated]) -> bool:
        return self.consent.to is True or not found or self.consent.to == digest(found)

    @property
    def consent(self) -> Consent:
        return self.agreed if isinstance(self.agreed, Consent) else Consent(self.agreed)

    @property
    def why(self) -> str:
        """The reason in the client's words."""
        return tidy_reason(self.consent.reason or self.reason)


@contextmanager
def restating(provider: Provider, retainers: Collection[int], deed: Deed, press: Press) -> Iterator[Deed]:
    """Inside a deed's transaction, around all that its press publishes for these (locked) retainers.

    Raises `RestatingError` where closed cycles would be restated and the deed may not: the transaction goes.
    """
    heads = dict(_heads(retainers))
    yield deed
    pairs, stood = both(provider, heads, press.at)
    changes = [(now.retainer, between(was, now)) for was, now in pairs]
    deed.restated = restated_in(changes, closings([was for was, _now in pairs], provider), deed.law)
    if not deed.may(deed.restated):
        raise RestatingError(deed.restated)
    hits = leaks_in(deed.why, deed.restated)
    if hits:
        raise LeakingReasonError(deed.restated, hits)
    _write_down(deed, press.by, press.at)
    _hand_on([now for _was, now in pairs], stood, press)


def leaks_in(reason: str, restated: Sequence[Restated]) -> tuple[Hit, ...]:
    """What of a reason must not reach one of the clients whose cycles are restated."""
    if not reason or not restated:
        return ()
    gate = read_gate(restated[0].retainer.provider)
    slugs = sorted({each.retainer.client.slug for each in restated})
    return tuple(hit for slug in slugs for hit in gate.find(reason, slug))


def _heads(retainers: Collection[int]) -> Iterable[tuple[int, int]]:
    rows = Retainer.objects.filter(pk__in=retainers, publication__isnull=False)
    return rows.values_list("pk", "publication_id")


def _hand_on(found: Sequence[Standing], stood: Beside, press: Press) -> None:
    """What was worked out of the press's own publications, for who keeps their figures."""
    made = {pk: row.pk for pk, row in press.made.items() if pk not in press.handed}
    for each in found:
        pk, version = each.retainer.pk, each.publication.version_id
        if each.cycles and made.get(pk) == each.publication.pk:
            press.handed[pk] = hand_on(each.cycles, date.min, stood, frozenset(), each.on, version)


def _write_down(deed: Deed, by: User | None, at: datetime) -> None:
    """All of them in as many queries as one."""
    Restatement.objects.bulk_create((_row(each, deed, by, at) for each in deed.restated), batch_size=BATCH)
    record_all(
        [
            Recorded(
                by,
                "cycle restated",
                each.retainer.key,
                (each.retainer.client.slug,),
                {"cycle": each.cycle_starts.isoformat(), "said": each.line()},
            )
            for each in deed.restated
        ]
    )


def _row(each: Restated, deed: Deed, by: User | None, at: datetime) -> Restatement:
    row, change = each.retainer, each.change
    return Restatement(
        retainer=row,
        cycle_starts=each.cycle_starts,
        publication=row.publication,
        cause=deed.causes.get(row.pk, deed.cause),
        reason=deed.why,
        before=cycle_json(change.before, provisional=False) if change.before else None,
        after=cycle_json(change.after, provisional=False) if change.after else None,
        made_at=row.publication.made_at if row.publication else at,
        made_by=by,
    )
