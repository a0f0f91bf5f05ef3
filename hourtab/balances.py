"""The balances that `balances` prints, worked out of what is published: loaded where they aren't kept."""

import json
from collections.abc import Sequence
from typing import Any

from accounts.access import today_at, zone_of
from accounts.commands import read_day
from accounts.models import Provider
from retainers.closings import closings
from retainers.kept.reading import Wanted, no_earlier_work
from retainers.merging import client_of_command
from retainers.models import Retainer
from retainers.restating.reading import restated_days
from retainers.selectors import Standing, retainers_of, standings
from retainers.standing_json import balance_words, standing_json


def worked_out(provider: Provider, options: dict[str, Any]) -> str:
    found = _found(provider, options)
    if options["json"]:
        return json.dumps(_as_json(found, provider), indent=2, ensure_ascii=False) + "\n"
    if options["as_published"] and not found:
        return f"Nothing was published by {options['as_published']}.\n"
    return "".join(f"{_line(standing)}\n" for standing in found)


def _found(provider: Provider, options: dict[str, Any]) -> list[Standing]:
    client = client_of_command(provider, options["client"])
    rows = list(retainers_of([client.slug] if client else None))
    day = options["as_published"] or options["on"]
    return standings(
        rows,
        on=read_day(day) if day else today_at(provider),
        zone=zone_of(provider),
        as_published=bool(options["as_published"]),
        wanted=_work_told(rows, provider) if options["json"] else no_earlier_work,
    )


def _as_json(found: Sequence[Standing], provider: Provider) -> list[dict[str, Any]]:
    closed, restated = closings(found, provider), restated_days(found, zone_of(provider))
    keys = [each.retainer.pk for each in found]
    documents = [standing_json(each, closed[pk], restated[pk]) for each, pk in zip(found, keys, strict=True)]
    return _with_estimates(documents, found, provider)


def _work_told(rows: Sequence[Retainer], provider: Provider) -> Wanted:
    """The work of live incidents, whose estimates are told."""
    if not rows:
        return no_earlier_work
    from portal.estimates import work_of_incidents

    return work_of_incidents(rows, zone_of(provider))


def _with_estimates(
    documents: Sequence[dict[str, Any]], found: Sequence[Standing], provider: Provider
) -> list[dict[str, Any]]:
    """With the incidents that are reckoned by the clock. What words a page is loaded for these alone."""
    if not found:
        return []
    from portal.estimates import estimates, with_estimate

    running = estimates(found, provider)
    pairs = zip(documents, found, strict=True)
    return [with_estimate(document, running.get(each.retainer.pk)) for document, each in pairs]


def _line(standing: Standing) -> str:
    return f"{standing.retainer.client.slug}/{standing.retainer.key}: {balance_words(standing.current)}"
