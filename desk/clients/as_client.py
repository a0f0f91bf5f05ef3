"""The client's own page, its log and its figures, for staff: the same answers without a token, the page marked.

The mark of staff is set in front of the client's answer here, at the desk, so that there is nothing in the client's
templates that could show it to a client.
"""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import the_member, theirs, today_at, viewer
from portal.answering import PageReading, by_staff, calendar_answer, csv_answer, json_answer, page_answer
from portal.home_screen import manifest_answer
from presentation.facts import Asked
from retainers.models import Client


def for_client(answer: Callable[[PageReading, Asked], HttpResponse]) -> Callable[..., HttpResponseBase]:
    """Turn a client's name in the address into the provider's client; a question that fits nothing is 404."""

    @require_safe
    @viewer
    @wraps(answer)
    def view(request: HttpRequest, slug: str) -> HttpResponse:
        client = theirs(Client, slug=slug)
        provider = the_member(request).provider
        try:
            response = answer(by_staff(provider, client, today_at(provider)), Asked.read(request.GET))
        except LookupError as error:
            raise Http404 from error
        response.headers["Cache-Control"] = "private, no-store"
        return response

    return view


def marked_page(reading: PageReading, asked: Asked) -> HttpResponse:
    """The client's page behind the mark of staff's view."""
    response, client = page_answer(reading, asked), reading.client
    back = reverse("client", args=[client.slug])
    response.content = marked(
        response.text, client=client.name, slug=client.slug, back=back, back_words="Back to the desk"
    )
    return response


view_as_client = for_client(marked_page)
balance_as_client = for_client(json_answer)
log_as_client = for_client(csv_answer)
calendar_as_client = for_client(calendar_answer)
manifest_as_client = for_client(manifest_answer)


@require_safe
@viewer
def form_as_client(request: HttpRequest, slug: str, kind: str = "") -> HttpResponse:
    """A form of the page: only whoever has a link of the client can send it."""
    client = theirs(Client, slug=slug)
    messages.info(request, "Only the client can send that form, from one of their links.")
    return redirect("client", client.slug)


SKIP, END = '<a class="skip"', "</a>\n"


def marked(page: str, *, client: str, back: str, back_words: str, slug: str) -> str:
    """The page with the mark behind the link that skips to its content. ValueError for what is no whole page."""
    before, skip, rest = page.partition(SKIP)
    link, end, after = rest.partition(END)
    if not (skip and end):
        raise ValueError("a page begins with a link to its content")
    shown = {"client": client, "back": back, "back_words": back_words, "slug": slug}
    return f"{before}{skip}{link}{end}{render_to_string('desk/staff_view.html', shown)}{after}"
