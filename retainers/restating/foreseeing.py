"""What a deed would restate, before it is done: computed from its effects on balances, never written."""

from collections.abc import Iterable, Sequence

from accounts.models import Provider
from retainers.closings import closings_of
from retainers.effects import BalanceChange
from retainers.models import Retainer
from retainers.restating.changes import Law, Restated, restated_in


def foreseen(
    provider: Provider, changes: Iterable[BalanceChange], law: Law = Law.COMPLETE
) -> tuple[Restated, ...]:
    """The closed cycles that would be restated where the balances of the provider's retainers change so.

    What `restating` finds once it is done, in the same order, so that the two have one `digest`.
    """
    pairs = _pairs(each for each in changes if any(cycle.closed for cycle in each.before))
    if not pairs:
        return ()
    cycles = {row.pk: change.before for row, change in pairs}
    known = closings_of(cycles, [row for row, _change in pairs], pairs[0][1].on, provider)
    return restated_in(pairs, known, law)


def _pairs(changes: Iterable[BalanceChange]) -> Sequence[tuple[Retainer, BalanceChange]]:
    found = {(each.client.pk, each.key): each for each in changes}
    rows = Retainer.objects.filter(client__in={pk for pk, _key in found}, publication__isnull=False)
    ordered = rows.select_related("client", "publication").order_by("client__slug", "key")
    return [(row, found[row.client_id, row.key]) for row in ordered if (row.client_id, row.key) in found]
