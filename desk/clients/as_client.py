"""The client's own page, its log and its figures, for staff: the same answers without a token."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from accounts.access import the_member, theirs, today_at, viewer
from portal.answers import balance_json, log_csv
from portal.selectors import page_facts, page_retainers, provider_facts
from portal.views import render_balance
from presentation.facts import Asked
from retainers.models import Client

Answer = Callable[[HttpRequest, Client, Asked], HttpResponse]


def for_client(answer: Answer) -> Callable[..., HttpResponseBase]:
    """Turn a client's name in the address into the provider's client; a question that fits nothing is 404."""

    @require_safe
    @viewer
    @wraps(answer)
    def view(request: HttpRequest, slug: str) -> HttpResponse:
        client = theirs(Client.objects.all(), slug=slug)
        try:
            response = answer(request, client, Asked.read(request.GET))
        except LookupError as error:
            raise Http404 from error
        response.headers["Cache-Control"] = "private, no-store"
        return response

    return view


@for_client
def view_as_client(request: HttpRequest, client: Client, asked: Asked) -> HttpResponse:
    provider = the_member(request).provider
    retainers = page_retainers(client)
    return HttpResponse(render_balance(provider, client, retainers, asked, today_at(provider)))


@for_client
def balance_as_client(request: HttpRequest, client: Client, asked: Asked) -> HttpResponse:
    provider = the_member(request).provider
    facts = page_facts(provider, page_retainers(client), today_at(provider), asked)
    said = balance_json(provider_facts(provider), client.name, facts)
    return JsonResponse(said, json_dumps_params={"ensure_ascii": False, "indent": 2})


@for_client
def log_as_client(request: HttpRequest, client: Client, asked: Asked) -> HttpResponse:
    provider = the_member(request).provider
    facts = page_facts(provider, page_retainers(client), today_at(provider), asked)
    chosen = next((each for each in facts if asked.chooses(each.agreement)), None)
    if chosen is None or chosen.shown is None:
        raise LookupError("there is no log yet")
    response = HttpResponse("\ufeff" + log_csv(chosen, asked.pool), content_type="text/csv; charset=utf-8")
    name = f"work-log-{chosen.shown.starts}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
