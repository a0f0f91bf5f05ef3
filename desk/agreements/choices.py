"""Each choice of the form beside what it would mean: every answer is tried by the ledger before it is taken."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from desk.agreements.fields import Field
from desk.agreements.tried import Tried, tried
from desk.agreements.worked import (
    broken,
    calls,
    close,
    columns,
    kinds,
    non_billable,
    overage,
    shared,
    stacked,
    travel,
)
from retainers.terms import Agreement, Rollover, Terms

Line = Callable[[Tried], str]

ANSWERS: Mapping[str, Line] = {  # of a choice: what each answer would mean
    "hours_from": columns,
    "non_billable": non_billable,
    "travel": travel,
    "stacking": stacked,
    "sharing": shared,
    "rollover": close,
    "overage": overage,
}
FIGURES: Mapping[str, Line] = {"minimum": calls}  # what is typed, told where it stands
PRORATION = "proration"


def explained(
    fields: Iterable[Field], prefix: str, agreement: Agreement | None, at: int
) -> tuple[Field, ...]:
    """The fields of the version `at` with what their answers mean; without it where the form can't be read yet."""
    return tuple(_explained(field, field.name.removeprefix(prefix), agreement, at) for field in fields)


def _explained(field: Field, name: str, agreement: Agreement | None, at: int) -> Field:
    is_choice = name in ANSWERS or name == PRORATION
    shown = replace(field, kind="choice") if is_choice else field
    if agreement is None:
        return shown
    terms = agreement.terms[at]
    if name in FIGURES:
        return replace(shown, worked=FIGURES[name](tried(agreement, terms)))
    if not is_choice:
        return shown
    options = (
        replace(option, worked=_meaning(name, option.value, agreement, at)) for option in field.options
    )
    return replace(shown, options=tuple(options))


def _meaning(name: str, value: str, agreement: Agreement, at: int) -> str:
    terms = _with(agreement.terms[at], name, value)
    if name == PRORATION:
        versions = (*agreement.terms[:at], terms, *agreement.terms[at + 1 :])
        return broken(replace(agreement, terms=versions))
    return ANSWERS[name](tried(agreement, terms))


def _with(terms: Terms, name: str, value: str) -> Terms:
    """The terms with that answer; of hours that are carried over, as much and as long as they say now."""
    answer: Any = value
    if name == "rollover":
        answer = (terms.rollover or Rollover()) if value else None
    return replace(terms, **{name: answer})


def kinds_line(agreement: Agreement | None, at: int) -> str:
    """What an hour of each kind of work takes; "" while the form can't be read."""
    return kinds(tried(agreement, agreement.terms[at])) if agreement else ""
