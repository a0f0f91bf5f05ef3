"""A client's page kept on a phone's home screen: under the provider's name, with its icon and in its colour.

The manifest lies behind the link, since it begins there; it names neither the client nor the token.
"""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from portal.access import Visit
from portal.answering import PageReading, by_link
from portal.brand import ACCENT
from portal.icons import PLAIN, SIZE
from portal.selectors import provider_facts
from portal.views import behind_link
from presentation.facts import Asked


@behind_link
def manifest(request: HttpRequest, visit: Visit, asked: Asked) -> HttpResponse:
    return manifest_answer(by_link(visit), asked)


def manifest_answer(reading: PageReading, asked: Asked) -> HttpResponse:
    """How a phone keeps the page: its name, its icon, and that it begins at the page itself."""
    who, provider = provider_facts(reading.provider, reading.gate), reading.provider
    accent = provider.accent.casefold()
    said = {
        "name": _("%(provider)s: support hours") % {"provider": who.name},
        "short_name": who.name,
        "start_url": "./",
        "scope": "./",
        "display": "browser",
        "theme_color": accent if ACCENT.fullmatch(accent) else PLAIN,
        "background_color": "#f6f5f0",
        "icons": [
            {"src": who.icon, "sizes": f"{SIZE}x{SIZE}", "type": "image/png", "purpose": "any maskable"}
        ],
    }
    return JsonResponse(said, content_type="application/manifest+json")
