"""What an address may be asked: declared once, for who reads the description and for who checks the words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import HttpRequest, QueryDict

from accounts.access import today_at
from accounts.models import ApiKey
from desk.api.door import ApiRefusedError
from imports.publishing.read_options import LAST_YEAR
from retainers.merging import client_called
from retainers.models import Client

MOST = 500
TEXT: Mapping[str, Any] = {"type": "string"}
DAY: Mapping[str, Any] = {"type": "string", "format": "date"}
FIRST_YEAR = 1970


@dataclass(frozen=True, slots=True)
class Parameter:
    """`many`: it may stand several times."""

    name: str
    text: str
    schema: Mapping[str, Any] = field(default_factory=lambda: TEXT)
    where: str = "query"
    many: bool = False


LIMIT = Parameter(
    "limit",
    "How many at most; the Link header leads to the next ones.",
    {"type": "integer", "minimum": 1, "maximum": MOST},
)


def only_known(request: HttpRequest, parameters: tuple[Parameter, ...]) -> QueryDict:
    """The address's question, where all of it is known."""
    known = [each.name for each in parameters if each.where == "query"]
    unknown = sorted(request.GET.keys() - set(known))
    if unknown:
        rest = f"Known: {', '.join(known)}." if known else "There are none here."
        raise ApiRefusedError(f"“{unknown[0]}” isn’t a parameter. {rest}")
    return request.GET


def limit_of(asked: QueryDict, otherwise: int | None) -> int | None:
    said = asked.get("limit")
    if said is None:
        return otherwise
    if not (said.isascii() and said.isdecimal() and 1 <= int(said[:9]) <= MOST):
        raise ApiRefusedError(f"limit: “{said}” isn’t a number from 1 to {MOST}.")
    return int(said)


def number_of(asked: QueryDict, name: str) -> int | None:
    said = asked.get(name)
    if said is None:
        return None
    if not (said.isascii() and said.isdecimal()) or len(said) > 18:
        raise ApiRefusedError(f"{name}: “{said}” isn’t a number.")
    return int(said)


def day_of(asked: QueryDict, name: str, key: ApiKey) -> date:
    """The day that is named; without one, today on the provider's wall."""
    said = asked.get(name)
    if said is None:
        return today_at(key.provider)
    try:
        day = date.fromisoformat(said)
    except ValueError as error:
        raise ApiRefusedError(f"{name}: “{said}” isn’t a date. Write it as 2026-03-15.") from error
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ApiRefusedError(f"{name}: HourTab counts from the year {FIRST_YEAR} to {LAST_YEAR}.")
    return day


def flag_of(asked: QueryDict, name: str) -> bool:
    said = asked.get(name, "0")
    if said not in ("0", "1"):
        raise ApiRefusedError(f"{name}: “{said}” is neither 1 nor 0.")
    return said == "1"


def client_named(slug: str) -> Client:
    """The client of that key, or the one that it was merged into; 404 where there is none."""
    found = client_called(slug)
    if found is None:
        raise ApiRefusedError(f"There is no client “{slug}”.", status=404)
    return found


def further(request: HttpRequest, **place: object) -> str:
    """The same question from that place on, as a reference relative to this installation."""
    asked = request.GET.copy()
    for name, value in place.items():
        asked[name] = str(value)
    return f"{request.path}?{asked.urlencode()}"
