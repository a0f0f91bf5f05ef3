"""A provider's look: its accent colour, held at AA contrast in both schemes, and its logo, re-encoded.

The colours are a style sheet of their own address, made from the accent alone: a page needs one style sheet,
the same for every client of a provider, and no style stands in the HTML. A logo is read by Pillow and
written anew as PNG, so that nothing of an uploaded file but its picture is ever served.
"""

import io
import re
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError

ACCENT = re.compile(r"#[0-9a-f]{6}")
AA = 4.5  # contrast of text, WCAG 2.2 AA
LOGO_BYTES = 1024 * 1024
LOGO_PIXELS = 4096 * 4096
LOGO_BOX = (480, 160)
STEPS = 100

Colour = tuple[int, int, int]
BLACK: Colour = (0, 0, 0)
WHITE: Colour = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class Scheme:
    """The backgrounds on which the accent is read: the worst one decides."""

    paper: Colour
    card: Colour
    towards: Colour
    wash: float  # how much of the accent is in its wash


LIGHT = Scheme((0xF3, 0xF1, 0xEA), (0xFF, 0xFF, 0xFF), BLACK, 0.1)
DARK = Scheme((0x18, 0x20, 0x27), (0x18, 0x20, 0x27), WHITE, 0.18)


class UnusableLogoError(Exception):
    """The upload is no picture that can be shown; the text says why."""


def look_css(accent: str) -> str:
    """The colours of that accent ("#rrggbb") as a style sheet's end, for light and dark.

    >>> "--accent: #0a625c" in look_css("#0a625c")
    True
    """
    light, dark = _variables(parse(accent), LIGHT), _variables(parse(accent), DARK)
    return f":root {{ {light} }}\n@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n"


def _variables(accent: Colour, scheme: Scheme) -> str:
    ink = readable(accent, scheme)
    on_accent = max((WHITE, BLACK), key=lambda colour: contrast(colour, ink))
    wash = mix(scheme.card, ink, scheme.wash)
    said = {"accent": ink, "on-accent": on_accent, "wash": wash}
    return " ".join(f"--{name}: {write(colour)};" for name, colour in said.items())


def readable(accent: Colour, scheme: Scheme) -> Colour:
    """The colour nearest to the accent that is read at AA on the scheme's backgrounds and its own wash."""
    for step in range(STEPS + 1):
        found = mix(accent, scheme.towards, step / STEPS)
        wash = mix(scheme.card, found, scheme.wash)
        if min(contrast(found, each) for each in (scheme.paper, scheme.card, wash)) >= AA:
            return found
    return scheme.towards


def parse(text: str) -> Colour:
    if not ACCENT.fullmatch(text):
        raise ValueError(f"“{text}” isn't a colour. Write it as #0a625c.")
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def write(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """`one` with that share of `other` in it."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2).

    >>> round(contrast((0, 0, 0), (255, 255, 255)))
    21
    """
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(colour: Colour) -> float:
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def reencoded(upload: bytes) -> bytes:
    """The picture of an uploaded logo as a PNG of at most 480 × 160 pixels. Raises `UnusableLogoError`."""
    if len(upload) > LOGO_BYTES:
        raise UnusableLogoError("The logo is larger than 1 MB. Save it smaller.")
    try:
        with Image.open(io.BytesIO(upload), formats=("PNG", "JPEG", "WEBP")) as picture:
            if picture.width * picture.height > LOGO_PIXELS:
                raise UnusableLogoError("The logo has too many pixels. Save it smaller.")
            shown = picture.convert("RGBA")
    except Image.DecompressionBombError as error:  # said before anything of it is unpacked
        raise UnusableLogoError("The logo has too many pixels. Save it smaller.") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise UnusableLogoError("HourTab can’t read this picture. Save it as PNG or JPEG.") from error
    shown.thumbnail(LOGO_BOX)
    out = io.BytesIO()
    shown.save(out, format="PNG", optimize=True)
    return out.getvalue()
