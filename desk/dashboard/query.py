"""What the dashboard's address asks for: search, state, order and page; and the addresses that ask it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Self
from urllib.parse import urlencode

from desk.dashboard.states import URGENCY, ClientState
from desk.dashboard.status import ClientCase
from retainers.terms import collapse

Key = Callable[[ClientCase], tuple[Any, ...]]
NEVER = datetime(1, 1, 1, tzinfo=UTC)
DOWN = "-"  # before an order: the other way round

ORDERS: Mapping[str, Key] = {
    "act": lambda case: (URGENCY[case.first], case.share),
    "name": lambda case: (collapse(case.name), case.slug),
    "left": lambda case: (case.share,),
    "through": lambda case: (case.through or date.min,),
    "opened": lambda case: (case.links.opened_at or NEVER,),
}


@dataclass(frozen=True, slots=True)
class DashboardQuery:
    """`state` "" means any; `order` is a key of `ORDERS`, with a `-` before it the other way round.

    What an address says beyond that is left alone.
    """

    words: str = ""
    state: str = ""
    order: str = "act"
    page: str = "1"

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Self:
        state, order = query.get("state", ""), query.get("sort", "")
        return cls(
            words=query.get("q", "").strip(),
            state=state if state in set(ClientState) else "",
            order=order if order.removeprefix(DOWN) in ORDERS else "act",
            page=query.get("page", "1"),
        )

    def address(self, **changes: str) -> str:
        """The address of this question with some of it changed, on page 1, as short as it can be.

        >>> Question(words="acme", page="3").address(state="low")
        '?q=acme&state=low'
        >>> Question().address()
        './'
        """
        asked = replace(self, **{"page": "1", **changes})
        said = {"q": asked.words, "state": asked.state, "sort": asked.order, "page": asked.page}
        plain = {"sort": "act", "page": "1"}
        kept = {name: text for name, text in said.items() if text and text != plain.get(name)}
        return f"?{urlencode(kept)}" if kept else "./"

    @property
    def goes_down(self) -> bool:
        return self.order.startswith(DOWN)

    def turned(self, order: str) -> str:
        """The order that a column's heading asks for: this one, or the other way round where it holds already."""
        return f"{DOWN}{order}" if self.order == order else order

    @property
    def narrows(self) -> bool:
        return bool(self.words or self.state)


def chosen(
    cases: Sequence[ClientCase], question: DashboardQuery, names: Mapping[str, str]
) -> list[ClientCase]:
    """The clients asked for, in the order asked for; equal ones by name. `names`: more names, by client."""
    found = [case for case in cases if _fits(case, question, names.get(case.slug, ""))]
    named = sorted(found, key=ORDERS["name"])
    return sorted(named, key=ORDERS[question.order.removeprefix(DOWN)], reverse=question.goes_down)


def _fits(case: ClientCase, question: DashboardQuery, more: str) -> bool:
    if question.state and question.state not in case.states:
        return False
    said = collapse(" ".join((case.name, case.slug, more, *(each.name for each in case.retainers))))
    return all(word in said for word in collapse(question.words).split())
