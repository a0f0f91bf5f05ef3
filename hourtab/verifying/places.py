"""How a fault says where it is, and rows read in portions."""

from collections.abc import Iterator
from typing import Any, TypeVar

from django.db import models

from retainers.models import Publication, Retainer

M = TypeVar("M", bound=models.Model)
AT_ONCE = 1000  # rows in memory


def portions(rows: models.QuerySet[M]) -> Iterator[M]:
    return rows.iterator(chunk_size=AT_ONCE)


def place(retainer: Retainer) -> str:
    return f"{retainer.client.slug}/{retainer.key}"


def of_publication(publication: Publication) -> str:
    return f"{place(publication.retainer)}: publication {publication.number}"


def numbered(rows: models.QuerySet[Any], *parents: str) -> Iterator[tuple[Any, ...]]:
    """The parents whose rows are not numbered 1, 2, 3 … without a gap, with how many there are."""
    counted = (
        rows.order_by()
        .values_list(*parents)
        .annotate(first=models.Min("number"), last=models.Max("number"), count=models.Count("pk"))
    )
    wrong = ~models.Q(first=1) | ~models.Q(last=models.F("count"))
    yield from counted.filter(wrong).order_by(*parents).iterator(chunk_size=AT_ONCE)
