"""A provider's icon for a phone's home screen: public, the same for everybody, like its logo."""

import hashlib
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe
from PIL import Image, ImageDraw, ImageFont

from accounts.models import Provider
from accounts.providers import called
from portal.brand import ACCENT, BLACK, WHITE, Colour, contrast, parse
from portal.logo_ground import plate_of

SIZE, EDGE = 512, 72  # pixels; what a phone may cut off at the edge stays empty
PLAIN = "#0a625c"
FONT = Path(__file__).parent / "fonts" / "DejaVuSans-Bold.ttf"
FOR_EVER = "public, max-age=31536000, immutable"


def icon_href(provider: Provider) -> str:
    return reverse("icon", args=[provider.slug, _version(provider)])


def _version(provider: Provider) -> str:
    said = f"{provider.name[:1]}|{provider.accent}|".encode() + bytes(provider.logo)
    return hashlib.sha256(said).hexdigest()[:16]


@require_safe
def icon(request: HttpRequest, slug: str, version: str) -> HttpResponse:
    """Under its own version only: nobody learns from an address which providers there are."""
    provider = called(slug)
    if provider is None or version != _version(provider):
        raise Http404
    accent = provider.accent.casefold() if ACCENT.fullmatch(provider.accent.casefold()) else PLAIN
    body = drawn(provider.name[:1].upper(), accent, bytes(provider.logo))
    return HttpResponse(body, content_type="image/png", headers={"Cache-Control": FOR_EVER})


@lru_cache(maxsize=64)
def drawn(initial: str, accent: str, logo: bytes) -> bytes:
    """A square PNG: the logo on the ground that it needs, else the initial on the accent."""
    ground = parse(accent)
    picture = Image.new("RGB", (SIZE, SIZE), plate_of(logo) if logo else ground)
    if logo:
        _paste(picture, logo)
    else:
        _write(picture, initial, max((WHITE, BLACK), key=lambda colour: contrast(colour, ground)))
    out = BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _paste(picture: Image.Image, logo: bytes) -> None:
    with Image.open(BytesIO(logo)) as found:
        mark = found.convert("RGBA")
    scale = min((SIZE - 2 * EDGE) / mark.width, (SIZE - 2 * EDGE) / mark.height)
    mark = mark.resize((max(1, round(mark.width * scale)), max(1, round(mark.height * scale))))
    picture.paste(mark, ((SIZE - mark.width) // 2, (SIZE - mark.height) // 2), mark)


def _write(picture: Image.Image, initial: str, ink: Colour) -> None:
    font = ImageFont.truetype(str(FONT), 300)
    ImageDraw.Draw(picture).text((SIZE / 2, SIZE / 2), initial, font=font, fill=ink, anchor="mm")
