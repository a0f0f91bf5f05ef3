"""What published files have left over: clients that were held back, and rows that count for nobody.

A later file for all clients, or for that client alone, takes its place: what is still wrong then is
left over of that one.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from imports.models import Import
from presentation import counts
from retainers.models import Client

LOOKED_BACK = timedelta(days=35)  # a cycle, and some days
MOST_FILES = 60


@dataclass(frozen=True, slots=True)
class LeftOver:
    """`client` is the slug of who was held back, "" for rows."""

    source: int
    file_name: str
    client: str
    text: str


def lately_published(since: date) -> QuerySet[Any, Any]:
    """The imports that were published on that day or later."""
    rows: QuerySet[Any, Any] = Import.objects.filter(
        state=Import.State.PUBLISHED, published_at__date__gte=since
    )
    return rows


def left_over(today: date) -> list[LeftOver]:
    """The newest file for all clients, and what was for one client since."""
    columns = (
        lately_published(today - LOOKED_BACK)
        .order_by("-pk")
        .values(
            "pk",
            "file_name",
            "client__slug",
            "result__held",
            "result__entries",
            "result__unknown_companies",
        )
    )
    files = list(_not_superseded(columns[:MOST_FILES]))
    held = {slug for file in files for slug in (*_held(file), *_unclaimed(file))}
    names = dict(Client.objects.filter(slug__in=held).values_list("slug", "name")) if held else {}
    return [each for file in files for each in _of_file(file, names)]


def _not_superseded(newest_first: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The files that no later one stands in for, each with the clients (slugs) for whom one does: `superseded_for`."""
    seen: set[str] = set()
    for file in newest_first:
        slug = file["client__slug"]
        if slug and slug in seen:
            continue
        yield {**file, "superseded_for": frozenset(seen)}
        if not slug:
            return
        seen.add(slug)


def _held(file: dict[str, Any]) -> list[str]:
    return [slug for slug in file["result__held"] or () if slug not in file["superseded_for"]]


def _of_file(file: dict[str, Any], names: dict[str, str]) -> Iterator[LeftOver]:
    for slug in _held(file):
        if slug in names:
            text = f"{names[slug]} is held back"
            yield LeftOver(file["pk"], file["file_name"], slug, text)
    unclaimed = _unclaimed(file)
    for slug, rows in unclaimed.items():
        if slug in names:
            words = counts.counted(rows, "row waits", "rows wait")
            text = f"{names[slug]}: {words} because no agreement of this client lists its name"
            yield LeftOver(file["pk"], file["file_name"], slug, text)
    words = _rows(file["result__entries"] or {}, sum(unclaimed.values()))
    if words:
        yield LeftOver(file["pk"], file["file_name"], "", words)


def _unclaimed(file: dict[str, Any]) -> dict[str, int]:
    """How many rows of each client wait as none of its agreements names theirs."""
    waiting: Counter[str] = Counter()
    for each in file["result__unknown_companies"] or ():
        if each.get("client") and each["client"] not in file["superseded_for"]:
            waiting[each["client"]] += each["rows"]
    return waiting


def _rows(entries: dict[str, int], unclaimed: int) -> str:
    refused, unknown = entries.get("refused", 0), entries.get("unknown", 0) - unclaimed
    parts = []
    if refused:
        parts.append(counts.counted(refused, "row was refused", "rows were refused"))
    if unknown > 0:
        parts.append(counts.counted(unknown, "row names no client of yours", "rows name no client of yours"))
    return ", ".join(parts)
