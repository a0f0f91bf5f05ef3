"""What of a file is of nobody yet, as the plan names it: unknown companies, and agreements that no retainer names."""

from collections import defaultdict
from collections.abc import Sequence

from imports.judging.provider_rules import Desk
from imports.judging.similar_names import likeness
from imports.publishing.compared import Comparison
from imports.publishing.plan_marks import Unknown, client_mark
from imports.publishing.unsettled import sign_of, spaced
from imports.reading.rows import worked_of
from imports.stages import Classified
from retainers.hours import ZERO


def unknowns(rows: Sequence[Classified], compared: Comparison, desk: Desk) -> tuple[Unknown, ...]:
    """The companies that are no client's, and agreements that no retainer of their client names: first those of
    known clients and with clients of like names, the likeliest first, then the others, those with most hours first.
    """
    by_sign: dict[str, list[Classified]] = defaultdict(list)
    for row in rows:
        by_sign[sign_of(row)].append(row)
    found = [_unknown(sign, mine, compared, desk) for sign, mine in by_sign.items()]
    likes = {each.company: max(likeness(each.company, desk.companies).values(), default=0) for each in found}
    return tuple(sorted(found, key=lambda each: (-likes[each.company], -each.hours, each.company, each.sign)))


def in_words(unknown: Unknown) -> str:
    """Of whom nobody knows yet."""
    if unknown.of is not None:
        agreement = f"the agreement “{unknown.agreement}”" if unknown.agreement else "rows that name none"
        return f"{unknown.company}: none of its agreements here takes {agreement}"
    return (
        f"“{unknown.company}” isn't a client yet"
        if unknown.company
        else "A row without a company is nobody’s"
    )


def _unknown(sign: str, rows: Sequence[Classified], compared: Comparison, desk: Desk) -> Unknown:
    owner = desk.clients[rows[0].client] if rows[0].client else None
    return Unknown(
        company=owner.name if owner else sign,
        rows=len(rows),
        near=tuple(client_mark(desk.clients[slug]) for slug in compared.near[sign]),
        hours=sum((worked_of(row.row) for row in rows), ZERO),
        stops=tuple(client_mark(desk.clients[slug]) for slug in compared.stops.get(sign, ())),
        agreements=tuple(sorted({spaced(row.row.agreement) for row in rows} - {""})),
        sign=sign,
        of=client_mark(owner) if owner else None,
    )
