"""Where somebody is signed in, for that person: listed, and ended one by one or all others at once."""

import re
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import the_member, viewer, zone_of
from accounts.models import OpenSession
from accounts.sessions import end, forget_over, others_of, sessions_of
from accounts.zones import moment_on_wall

BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    (r"iPhone|iPad", "iOS"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
BY_ITS_PERSON = "by its person"


@require_safe
@viewer
def sessions(request: HttpRequest) -> HttpResponse:
    member = the_member(request)
    forget_over()
    rows = sessions_of(member.user)
    zone, mine = zone_of(member.provider), request.session.session_key
    lines = [_line(row, zone, is_this=row.session_key == mine) for row in rows]
    lines.sort(key=lambda line: not line["is_this"])
    return render(request, "accounts/sessions.html", {"lines": lines, "others": len(lines) > 1})


@require_POST
@viewer
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    if end(others_of(request, the_member(request).user).filter(pk=pk), BY_ITS_PERSON):
        messages.success(request, _("That session has been ended."))
    else:
        messages.info(request, _("That session had already ended."))
    return redirect("sessions")


@require_POST
@viewer
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    count = end(others_of(request, the_member(request).user), BY_ITS_PERSON)
    text = ngettext("%(count)s other session ended.", "%(count)s other sessions ended.", count)
    messages.success(request, text % {"count": count})
    return redirect("sessions")


def _line(row: OpenSession, zone: ZoneInfo, *, is_this: bool) -> dict[str, object]:
    return {
        "pk": row.pk,
        "is_this": is_this,
        "device": device_of(row.agent) or _("Unknown browser"),
        "address": row.address,
        "began": moment_on_wall(row.began_at, zone),
        "seen": moment_on_wall(row.seen_at, zone),
    }


def device_of(agent: str) -> str:
    """A browser and its system in words, as far as they say it.

    >>> device_of("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0")
    'Firefox, Windows'
    >>> device_of("curl/8.5.0")
    ''
    """
    browser = next((name for sign, name in BROWSERS if sign in agent), "")
    system = next((name for sign, name in SYSTEMS if re.search(sign, agent)), "")
    return ", ".join(filter(None, [browser, system]))
