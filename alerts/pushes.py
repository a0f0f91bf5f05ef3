"""Tells managers of pushed files that wait for a person, and of a schedule that fell silent; each once."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from accounts.access import zone_of
from accounts.models import Provider
from alerts.posting import lacks, post_to_members
from desk.imports.schedules import silent_schedules, waiting_imports
from imports.models import Import
from presentation.days import long_date

MORNING = 7  # o'clock, on the provider's wall
MOST_NEEDS = 8


@transaction.atomic
def tell_waiting(provider: Provider, at: datetime) -> int:
    """Mail for each file that a program pushed and that waits; how many mails were new."""
    waiting = {f"push-waits:{row.pk}": row for row in waiting_imports() if row.uploaded_with}
    return sum(
        post_to_members(
            provider,
            "reminders",
            "push_waits",
            key,
            {
                "file": row.file_name,
                "schedule": row.uploaded_with.name if row.uploaded_with else "",
                "needs": needs_of(row),
                "path": reverse("import", args=[row.pk]),
            },
        )
        for key, row in waiting.items()
        if lacks(provider, "reminders", key)
    )


def needs_of(row: Import) -> list[str]:
    """What the file waits for, in sentences; nothing where it can't be read."""
    from desk.imports.api import needs_a_person  # all that reads a file: for who tells something new
    from imports.publishing.preview import kept_plan

    plan = kept_plan(row)
    return list(needs_a_person(plan))[:MOST_NEEDS] if plan else []


@transaction.atomic
def tell_silence(provider: Provider, at: datetime) -> int:
    """In the morning, mail for each schedule that has fallen silent; how many mails were new."""
    local = at.astimezone(zone_of(provider))
    if local.hour < MORNING:
        return 0
    silent = {
        f"push-silent:{each.key}:{each.last}": each for each in silent_schedules(provider, local.date())
    }
    return sum(
        post_to_members(
            provider,
            "reminders",
            "push_silent",
            key,
            {
                "schedule": each.name,
                "last": long_date(each.last),
                "every": each.every,
                "path": reverse("imports"),
            },
        )
        for key, each in silent.items()
        if lacks(provider, "reminders", key)
    )
