"""Sessions of staff: how long they live, and a list of them for their person.

A session ends after some hours without a request (`SESSION_IDLE_HOURS`), and after some days in any case
(`SESSION_DAYS`). When it began and was last seen stands in the session itself, noted every five minutes, so that
a request costs no question more. A change of the password or of a second factor ends all others.
"""

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.sessions.backends.base import SessionBase
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import OpenSession, User
from accounts.second_factor import BeforeViews, is_for_everybody
from accounts.security import note

BEGAN, SEEN, ROW = "began", "seen", "open_session"
NOTED_EVERY = 5 * 60  # seconds
HOUR, DAY = 3600, 24 * 3600


def begin(request: HttpRequest, user: User) -> None:
    """A new session of that person: noted in itself and on their list."""
    at = timezone.now()
    if not request.session.session_key:
        request.session.save()
    row, _created = OpenSession.objects.update_or_create(
        session_key=request.session.session_key or "",
        defaults={
            "user": user,
            "began_at": at,
            "seen_at": at,
            "address": request.META.get("REMOTE_ADDR", "")[:45],
            "agent": request.META.get("HTTP_USER_AGENT", "")[:200],
        },
    )
    request.session[BEGAN] = request.session[SEEN] = at.timestamp()
    request.session[ROW] = row.pk


def end(sessions: models.QuerySet[OpenSession], why: str) -> int:
    """End these sessions: whoever holds one is a stranger from the next request on. How many there were."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    rows = list(sessions.select_related("user"))
    for row in rows:
        store.delete(row.session_key)
        note("session ended", why=why, person=row.user.email)
    OpenSession.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def sessions_of(user: User) -> models.QuerySet[OpenSession]:
    """All of that person's."""
    return OpenSession.objects.filter(user=user)


def others_of(request: HttpRequest, user: User) -> models.QuerySet[OpenSession]:
    """That person's sessions but the one that asks."""
    return sessions_of(user).exclude(session_key=request.session.session_key or "")


def end_others(request: HttpRequest, user: User) -> None:
    """After a change of how somebody signs in; the session that asked may have got a new key by it."""
    mine = OpenSession.objects.filter(pk=request.session.get(ROW, 0), user=user)
    mine.update(session_key=request.session.session_key or "")
    end(others_of(request, user), "sign-in changed")


def forget_over() -> int:
    """Take those off the list that are over by their age; how many."""
    oldest = timezone.now() - timedelta(days=settings.SESSION_DAYS)
    return OpenSession.objects.filter(began_at__lt=oldest).delete()[0]


def clear_out() -> int:
    """Delete what browsers hold no more, with the lines on people's lists; how many lines went."""
    store: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
    store.clear_expired()
    return forget_over()


class Limited(BeforeViews):
    """A middleware: a session that is over is ended, and its person signs in again where they were."""

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], *arguments: Any
    ) -> HttpResponse | None:
        if is_for_everybody(request) or not isinstance(request.user, User):
            return None
        why = _over(request)
        if why is None:
            _note_seen(request)
            return None
        end(OpenSession.objects.filter(session_key=request.session.session_key), why)
        logout(request)
        messages.info(request, _("You were signed out after a while. Sign in to continue."))
        from django.contrib.auth.views import redirect_to_login

        return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")


def _over(request: HttpRequest) -> str | None:
    """Why the session is over; None where it is not."""
    at = timezone.now().timestamp()
    if at - request.session.get(BEGAN, at) > settings.SESSION_DAYS * DAY:
        return "too old"
    if at - request.session.get(SEEN, at) > settings.SESSION_IDLE_HOURS * HOUR:
        return "idle"
    return None


def _note_seen(request: HttpRequest) -> None:
    at = timezone.now()
    if BEGAN not in request.session:  # a session from before the list
        begin(request, request.user)  # type: ignore[arg-type]  # asked for by the caller
    elif at.timestamp() - request.session[SEEN] > NOTED_EVERY:
        request.session[SEEN] = at.timestamp()
        OpenSession.objects.filter(pk=request.session.get(ROW, 0)).update(
            seen_at=at,
            session_key=request.session.session_key or "",
            address=request.META.get("REMOTE_ADDR", "")[:45],
        )
