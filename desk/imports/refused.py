"""Pushes that were refused before anything was stored: noted at their key, told until a later push works.

A schedule whose file is never taken would fail night after night without anybody knowing. Only a key that a provider
has made is noted, also one that was revoked since: then its schedule was forgotten. A stranger's request leaves
nothing behind. A key holds one note, the newest, with a count for its day, so no number of requests makes more rows.
"""

import json
from collections.abc import Callable
from datetime import date, timedelta
from functools import wraps

from django.db import OperationalError
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now

from accounts import keys
from accounts.models import ApiKey
from accounts.tenancy import tenant_scope
from imports.models import Import
from portal.openings import waiting_briefly

Answer = Callable[..., HttpResponse]
STORED = 422  # it can't be read, and waits among the previews
OF_A_REVOKED_KEY = "its key is revoked: give the schedule a new one"
REVOKED_FOR = timedelta(days=14)  # so long after its last try a schedule with a revoked key is told of


def noting_refusals(answer: Answer) -> Answer:
    """The answer to a push; where it refuses, its key remembers it."""

    @wraps(answer)
    def noted(request: HttpRequest, **named: object) -> HttpResponse:
        response = answer(request, **named)
        if response.status_code >= 400 and response.status_code != STORED:
            note_refusal(request, response)
        return response

    return noted


def note_refusal(request: HttpRequest, response: HttpResponse) -> None:
    """Remember at the key of the request why it was refused. Where the database is busy it is let go."""
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    key = keys.known(secret.strip()) if kind.casefold() == "bearer" else None
    if key is None:
        return
    why = OF_A_REVOKED_KEY if key.revoked_at else str(json.loads(response.content).get("error", ""))
    try:
        with tenant_scope(key.provider), waiting_briefly():
            keys.note_refused(key, why, now())
    except OperationalError:
        pass


def refused_keys(since: date) -> QuerySet[ApiKey]:
    """The keys of the provider in scope whose last push was refused, the newest first.

    A later push that was stored settles it, and so does revoking the key; one that comes after that is told too, if
    it came `since` then.
    """
    later = Import.objects.filter(uploaded_with=OuterRef("pk"), uploaded_at__gte=OuterRef("refused_at"))
    stands = Q(revoked_at=None) | Q(refused_at__gt=F("revoked_at"), refused_at__date__gte=since)
    rows: QuerySet[ApiKey] = ApiKey.objects.filter(stands, ~Exists(later), refused_at__isnull=False)
    return rows.order_by("-refused_at", "pk")
