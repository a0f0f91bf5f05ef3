"""What somebody has done already, told to whoever does it again from a page that still showed it undone.

Two managers look at the same list, and both take a line of it back. The second one is sent to the list as it is
now and reads who was first. Who that was is on the trail: an event names the row that it is about by a number.
"""

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import the_member, zone_of
from accounts.audit import ACTIONS, newest_of, who_did
from accounts.zones import moment_on_wall

NUMBER = "number"  # what an event's detail calls its row, where it has no word of its own for it
Answer = Callable[..., HttpResponse]


class DoneAlreadyError(Http404):
    """There is nothing left to do: the row is as it was asked to be, or gone."""


def tells_who(*actions: str, to: str, named: str = NUMBER) -> Callable[[Answer], Answer]:
    """Where the view finds its row `pk` done with (a 404), answer with the page `to`, which says who did it and when.

    :param actions: the deeds that leave nothing to be done, by their names on the trail
    :param named: what the detail of such an event calls the row
    """

    def telling(view: Answer) -> Answer:
        @wraps(view)
        def answered(request: HttpRequest, *args: Any, pk: int, **kwargs: Any) -> HttpResponse:
            try:
                return view(request, *args, pk=pk, **kwargs)
            except Http404 as missing:
                said = who_was_first(request, actions, **{named: pk})
                if not said and not isinstance(missing, DoneAlreadyError):
                    raise
                messages.info(request, said or _("That was already done; nothing was changed."))
                return to_list(request, to, *([kwargs["slug"]] if "slug" in kwargs else []))

        return answered

    return telling


def to_list(request: HttpRequest, name: str, *args: str) -> HttpResponseRedirect:
    """Back to the list that a button was pressed in: to the page and the search that it was shown with, which the
    button's address bears as the list's own does.
    """
    asked = request.GET.urlencode()
    return redirect(reverse(name, args=args) + (f"?{asked}" if asked else ""))


def who_was_first(request: HttpRequest, actions: Collection[str], /, **row: int) -> str:
    """The sentence about the newest of these deeds on that row, "" where none is on record."""
    event = newest_of(actions, **row)
    if event is None:
        return ""
    said = {
        "who": who_did(event),
        "what": _(ACTIONS[event.action]),
        "when": moment_on_wall(event.at, zone_of(the_member(request).provider)),
    }
    return _("Nothing was changed. %(who)s was first: %(what)s, %(when)s.") % said
