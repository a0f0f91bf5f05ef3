"""A moment on a provider's wall, and the time zones that a form offers: places, by part of the world.

Python knows many more names: old ones, those of other systems, and some that are no place at all ("Factory"). A
provider that has one of these keeps it and finds it in the list; nobody else is offered it.
"""

from collections import defaultdict
from datetime import datetime
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, available_timezones

from django.utils import dateformat
from django.utils.translation import gettext as _

Choices = list[tuple[str, str] | tuple[str, list[tuple[str, str]]]]
UTC = "UTC"
PARTS = (
    "America",
    "Europe",
    "Asia",
    "Australia",
    "Pacific",
    "Africa",
    "Atlantic",
    "Indian",
    "Arctic",
    "Antarctica",
)


@cache
def places() -> tuple[str, ...]:
    """Their names in the database, such as America/Chicago; only those that Python knows too."""
    lines = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8").splitlines()
    listed = {line.split("\t")[2] for line in lines if line and not line.startswith("#")}
    return tuple(sorted(listed & available_timezones()))


def zone_choices(current: str = UTC) -> Choices:
    """For a list to choose from: UTC, then each part of the world with its places in the order of their names.

    `current` is offered too, whatever it is: an old name that a provider has stays what it is until another is chosen.
    """
    by_part: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for zone in places():
        by_part[zone.partition("/")[0]].append((zone, place_name(zone)))
    first = (
        [(UTC, UTC)] if current in (UTC, *places()) else [(UTC, UTC), (current, current.replace("_", " "))]
    )
    groups = [(_part_name(part), sorted(by_part[part], key=lambda each: each[1])) for part in PARTS]
    return [*first, *groups]


def place_name(zone: str) -> str:
    """What people call the place, without the part of the world that it stands under.

    >>> place_name("America/New_York"), place_name("America/Indiana/Knox")
    ('New York', 'Knox, Indiana')
    """
    inner, _sign, place = zone.partition("/")[2].rpartition("/")
    return f"{place}, {inner}".replace("_", " ") if inner else place.replace("_", " ")


def _part_name(part: str) -> str:
    return {"Indian": _("Indian Ocean"), "Atlantic": _("Atlantic Ocean"), "Pacific": _("Pacific Ocean")}.get(
        part, part
    )


def moment_on_wall(at: datetime, zone: ZoneInfo) -> str:
    """29 Nov 2026, 12:41, on the provider's wall."""
    return dateformat.format(at.astimezone(zone), "j M Y, H:i")
