"""What of a file is nobody's: unknown companies and agreements, as the plan names them; and rows that become no entry.

What is excluded by a rule, as travel or as non-billable is an entry all the same, with its reason. Rows of unknown
companies and of those that are no clients, rows that no retainer takes or whose agreement none of the client's names,
and rows that repeat another one are not: they are added up for the month-end, so that no hour gets lost.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import chain

from imports.judging.provider_setup import ProviderSetup
from imports.judging.similar_names import likeness
from imports.publishing.compared import Comparison
from imports.publishing.plan_marks import LeftOut, Unknown, client_mark
from imports.publishing.unsettled import sign_of, spaced
from imports.reading.rows import worked_of
from imports.stages import OUTSIDE, Classified
from retainers.hours import ZERO, round_half_up


def unknowns(rows: Sequence[Classified], compared: Comparison, setup: ProviderSetup) -> tuple[Unknown, ...]:
    """The companies that are no client's, and agreements that no retainer of their client names: first those of
    known clients and with clients of like names, the likeliest first, then the others, those with most hours first.
    """
    by_sign: dict[str, list[Classified]] = defaultdict(list)
    for row in rows:
        by_sign[sign_of(row)].append(row)
    found = [_unknown(sign, mine, compared, setup) for sign, mine in by_sign.items()]
    owners = likeness({each.company for each in found if each.of}, setup.companies)
    like = {each.sign: owners[each.company] if each.of else compared.near[each.sign] for each in found}
    likes = {sign: max(best.values(), default=0) for sign, best in like.items()}
    return tuple(sorted(found, key=lambda each: (-likes[each.sign], -each.hours, each.company, each.sign)))


def in_words(unknown: Unknown) -> str:
    """Of whom nobody knows yet."""
    if unknown.of is not None:
        agreement = f"the agreement “{unknown.agreement}”" if unknown.agreement else "rows that name none"
        return f"{unknown.company}: none of its agreements here takes {agreement}"
    return (
        f"“{unknown.company}” isn't a client yet"
        if unknown.company
        else "A row without a company has no client"
    )


def _unknown(sign: str, rows: Sequence[Classified], compared: Comparison, setup: ProviderSetup) -> Unknown:
    owner = setup.clients[rows[0].place.client] if rows[0].place.client else None
    return Unknown(
        company=owner.name if owner else sign,
        rows=len(rows),
        near=tuple(client_mark(setup.clients[slug]) for slug in compared.near[sign]),
        hours=sum((worked_of(row.row) for row in rows), ZERO),
        stops=tuple(client_mark(setup.clients[slug]) for slug in compared.stops.get(sign, ())),
        agreements=tuple(sorted({spaced(row.row.agreement) for row in rows} - {""})),
        sign=sign,
        of=client_mark(owner) if owner else None,
    )


UNKNOWN = "unknown company"
UNCLAIMED = "unknown agreement"


def left_out(unknown: Iterable[Classified], untaken: Iterable[Classified]) -> tuple[LeftOut, ...]:
    """What is left out of an import, by company (or unknown agreement), reason and month of the work."""
    found: dict[tuple[str, str, str, str], tuple[int, Decimal]] = {}
    reasoned = chain(
        ((row, _why(row)) for row in unknown), ((row, row.place.exclusion or OUTSIDE) for row in untaken)
    )
    for classified, reason in reasoned:
        row = classified.row
        named = row.agreement if classified.place.unclaimed else row.company
        key = (classified.place.client or "", " ".join(named.split()), reason, f"{row.date:%Y-%m}")
        rows, hours = found.get(key, (0, ZERO))
        found[key] = rows + 1, hours + worked_of(classified.row)
    return tuple(LeftOut(*key, rows, round_half_up(hours)) for key, (rows, hours) in sorted(found.items()))


def _why(row: Classified) -> str:
    return UNCLAIMED if row.place.unclaimed else UNKNOWN
