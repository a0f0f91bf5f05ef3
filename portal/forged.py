"""Forms of pages without a cookie: a forged one is told by where the browser says that it comes from."""

from urllib.parse import urlsplit

from django.http import HttpRequest


def from_this_page(request: HttpRequest) -> bool:
    """Whether the browser says that the form was sent from this very site."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc == request.get_host()
