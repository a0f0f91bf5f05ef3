"""The rows of one file, judged and sorted by client: the second stage of an import."""

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from imports.judging.classify import classifier_of
from imports.judging.provider_setup import ProviderSetup
from imports.reading.rows import ParsedFile, Problem
from imports.stages import NOT_A_CLIENT, Classified
from retainers.models import Client


class Judged(NamedTuple):
    """Every row of the file once: under its client's slug, among the unknown (companies, or a client's agreements),
    the strangers' (companies that are never ours), or refused.
    """

    by_client: Mapping[str, tuple[Classified, ...]]
    unknown: tuple[Classified, ...]
    strangers: tuple[Classified, ...]
    refused: tuple[Problem, ...]


def judge(file: ParsedFile, setup: ProviderSetup, only: Client | None) -> Judged:
    """Whose each row is and what it counts as. `only`: the client that the file is for, None for all."""
    found = classifier_of(setup, only.slug if only else None).classify(file.rows)
    by_client: dict[str, list[Classified]] = defaultdict(list)
    unknown: list[Classified] = []
    strangers: list[Classified] = []
    for row in found.rows:
        place = row.place
        if place.client is not None and not place.unclaimed:
            by_client[place.client].append(row)
        else:
            (strangers if place.exclusion == NOT_A_CLIENT else unknown).append(row)
    refused = sorted((*file.refused, *found.refused), key=lambda problem: problem.line)
    mine = {slug: tuple(rows) for slug, rows in by_client.items()}
    return Judged(mine, tuple(unknown), tuple(strangers), tuple(refused))
