"""The style sheet in a provider's colours, and its logo: public, the same for everybody, kept by browsers."""

import hashlib
from functools import cache

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.models import Provider
from accounts.providers import called
from portal.brand import ACCENT, look_css

FOR_EVER = "public, max-age=31536000, immutable"


@cache
def base_css() -> str:
    return (settings.BASE_DIR / "static" / "hourtab.css").read_text(encoding="utf-8")


@cache
def release() -> str:
    """Changes with the style sheet, so that an address can be kept for ever."""
    return hashlib.sha256(base_css().encode()).hexdigest()[:12]


def look_href(provider: Provider) -> str:
    """The address of the provider's style sheet; "" where it has no colour of its own."""
    accent = provider.accent.casefold()
    return reverse("look", args=[accent[1:], release()]) if ACCENT.fullmatch(accent) else ""


def logo_href(provider: Provider) -> str:
    if not provider.logo:
        return ""
    return reverse("logo", args=[provider.slug, _digest(provider)])


def _digest(provider: Provider) -> str:
    return hashlib.sha256(bytes(provider.logo)).hexdigest()[:16]


@require_safe
def look(request: HttpRequest, accent: str, version: str) -> HttpResponse:
    """HourTab's one style sheet, its colours made from the accent in the address."""
    if not ACCENT.fullmatch(f"#{accent}"):
        raise Http404
    body = base_css() + look_css(f"#{accent}")
    return HttpResponse(body, content_type="text/css; charset=utf-8", headers={"Cache-Control": FOR_EVER})


@require_safe
def link_protection(request: HttpRequest) -> HttpResponse:
    """How a share link is protected: for a client's auditor to read. The same for everybody."""
    return HttpResponse(render_to_string("portal/link_protection.html"))


@require_safe
def logo(request: HttpRequest, slug: str, digest: str) -> HttpResponse:
    """Under its own digest only: nobody learns from an address which providers there are."""
    provider = called(slug)
    if provider is None or not provider.logo or digest != _digest(provider):
        raise Http404
    return HttpResponse(bytes(provider.logo), content_type="image/png", headers={"Cache-Control": FOR_EVER})
