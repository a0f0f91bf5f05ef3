"""The cycle that runs, kept as it was handed on: the next file says what is left before it without reading an entry.

It counts for the publication that it names, in the edition of the ledger that made it, as it was sealed, and from the
day on which it was worked out to the last one on which it is the same (`Handed.until`). Everything else is passed over,
and the entries are read.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from msgspec import Raw
from msgspec.json import Decoder

from retainers.balance import CycleBalance
from retainers.drawn import Incidents, IncidentSum
from retainers.kept import edition
from retainers.kept.document import compact
from retainers.kept.handed import Handed, OfPublication, hand_on
from retainers.kept.reading import disagrees
from retainers.models import KeptFigures, Publication
from retainers.published_rows import EXACT_AT_ONCE, beside
from retainers.tally import Tally, read_tally

_parts = Decoder(tuple[str, str, Raw, list[list[str]], int, int, str])


def running_text(its: Handed) -> str:
    """What is kept of it."""
    incidents = [
        [each.mark, each.account, str(each.hours), str(each.first), str(each.last), str(each.since)]
        for each in its.incidents.sums
    ]
    line = Raw(its.lines[-1].encode())
    said = [str(its.on), str(its.until), line, incidents, its.incidents.count, its.unworded, its.tally]
    return compact(said)


def running_seal(retainer_id: int, publication_id: int, text: str) -> str:
    """The digest of all that is said so of a publication."""
    return hashlib.sha256(f"{retainer_id} {publication_id} {edition()}\n{text}".encode()).hexdigest()


def running_of(heads: Mapping[int, Publication], on: date) -> OfPublication:
    """What is kept of these publications (by the retainer's key) and holds on that day, as it would be handed on."""
    found: dict[int, Handed] = {}
    for retainer_id, publication_id, text, seal in _rows(list(heads)) if heads else ():
        head = heads.get(retainer_id)
        if head is None or head.pk != publication_id:
            continue
        if seal != running_seal(retainer_id, publication_id, text):
            disagrees(retainer_id, "seal")
        elif its := _handed(text, on, head.version_id):
            found[head.pk] = its
    return found


def is_running_as_kept(head: Publication, cycles: Sequence[CycleBalance], on: date) -> bool:
    """Whether what is kept of the cycle that runs is what `cycles`, worked out of all entries, come to on that day."""
    kept = running_of({head.retainer_id: head}, on).get(head.pk)
    if kept is None:
        return True
    if not cycles:
        return False
    stood = beside([head.retainer_id], cycles[-1].starts)
    made = hand_on(cycles, date.max, stood, frozenset(), on, head.version_id, dated=())
    same = _said(made) == _said(kept)
    return same and (not kept.tally or _tally(made) == _tally(kept))


def _said(its: Handed) -> tuple[object, ...]:
    return its.lines, its.incidents, its.unworded


def _tally(its: Handed) -> Tally | None:
    return read_tally(its.tally) if its.tally else None


def _rows(retainers: Sequence[int]) -> Iterable[tuple[int, int, str, str]]:
    rows: QuerySet[KeptFigures] = KeptFigures.objects.filter(code=edition()).exclude(running="").order_by()
    mine = rows.filter(retainer__in=retainers) if len(retainers) <= EXACT_AT_ONCE else rows
    return mine.values_list("retainer", "publication", "running", "running_seal")


def _handed(text: str, on: date, version: int) -> Handed | None:
    first, until, line, incidents, count, unworded, tally = _parts.decode(text)
    if not first <= on.isoformat() <= until:
        return None
    lines = (bytes(line).decode(),)
    sums = Incidents(tuple(_incident(*each) for each in incidents), count)
    return Handed(on, version, lines, sums, unworded, date.fromisoformat(until), tally)


def _incident(mark: str, account: str, hours: str, first: str, last: str, since: str) -> IncidentSum:
    days = date.fromisoformat(first), date.fromisoformat(last)
    return IncidentSum(mark, account, Decimal(hours), *days, Decimal(since))
