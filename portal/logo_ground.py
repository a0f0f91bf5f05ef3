"""The ground that a logo needs to be read, chosen from its own pixels: a white one on transparency wants a dark plate.

Only transparent pixels take the colour of the page: a logo that fills its box is read wherever it stands.
"""

from functools import lru_cache
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from portal.brand import DARK, LIGHT, WHITE, Colour, contrast

DARK_PLATE: Colour = (0x18, 0x22, 0x2B)  # as `.on-dark` in the style sheet
READ_AT = 2.0  # contrast from which a shape is told from its ground
ENOUGH = 0.9  # of the ink
INK = 64  # alpha from which a pixel is ink
FILLS = 0.98  # of the box
LOOKED_AT = (96, 32)
ANYWHERE, ON_LIGHT, ON_DARK = "", "on-light", "on-dark"


@lru_cache(maxsize=64)
def ground_of(logo: bytes) -> str:
    """`on-light` or `on-dark` where it can be read on that alone, "" where any ground of the page does.

    A picture that can't be read has no ground of its own: its page is shown all the same.
    """
    picture = _picture(logo)
    if picture is None:
        return ANYWHERE
    picture.thumbnail(LOOKED_AT)
    raw = picture.tobytes()
    ink = [(raw[at], raw[at + 1], raw[at + 2]) for at in range(0, len(raw), 4) if raw[at + 3] >= INK]
    if not ink or len(ink) >= FILLS * picture.width * picture.height:
        return ANYWHERE
    light, dark = _share(ink, LIGHT.paper), _share(ink, DARK.paper)
    if min(light, dark) >= ENOUGH:
        return ANYWHERE
    return ON_DARK if dark > light else ON_LIGHT


def _picture(logo: bytes) -> Image.Image | None:
    if not logo:
        return None
    try:
        with Image.open(BytesIO(logo)) as found:
            return found.convert("RGBA")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        return None


def _share(ink: list[Colour], ground: Colour) -> float:
    """How much of the ink is told from that ground."""
    known = {colour: contrast(colour, ground) >= READ_AT for colour in set(ink)}
    return sum(known[colour] for colour in ink) / len(ink)


def plate_of(logo: bytes) -> Colour:
    """The colour to print it on where the page has but one."""
    return DARK_PLATE if ground_of(logo) == ON_DARK else WHITE


def on_its_plate(logo: bytes) -> bytes:
    """The picture without transparency, on the ground that it needs, with room around it where that is dark."""
    with Image.open(BytesIO(logo)) as found:
        mark = found.convert("RGBA")
    edge = mark.height // 6 if ground_of(logo) == ON_DARK else 0
    plate = Image.new("RGB", (mark.width + 2 * edge, mark.height + 2 * edge), plate_of(logo))
    plate.paste(mark, (edge, edge), mark)
    out = BytesIO()
    plate.save(out, "PNG", optimize=True)
    return out.getvalue()
