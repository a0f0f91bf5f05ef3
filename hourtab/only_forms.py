"""What somebody reads who opens an address that only takes a form: by a bookmark, a reopened tab, the way back."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string

from hourtab.middleware import CLIENT_PAGES

NOT_ALLOWED = 405
FOR_PROGRAMS = ("/api/",)


def only_forms(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """The same refusal, with a page to read in the place of the browser's own; nothing is done either way."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if response.status_code != NOT_ALLOWED or not isinstance(response, HttpResponse):
            return response
        if request.method == "GET" and not request.path_info.startswith((*CLIENT_PAGES, *FOR_PROGRAMS)):
            response.headers["Content-Type"] = "text/html; charset=utf-8"
            response.content = render_to_string("405.html", request=request)
        return response

    return answer
