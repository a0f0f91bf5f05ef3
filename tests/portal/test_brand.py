"""A provider's colours stay readable, and of an uploaded logo only the picture is kept."""

import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from portal.brand import AA, DARK, LIGHT, UnusableLogoError, contrast, look_css, mix, readable, reencoded
from portal.icons import drawn
from portal.logo_ground import DARK_PLATE, ground_of, on_its_plate

COLOURS = st.tuples(*[st.integers(0, 255)] * 3)


@given(COLOURS)
@pytest.mark.parametrize("scheme", [LIGHT, DARK])
def test_any_accent_is_readable_on_every_background(scheme, accent):
    shown = readable(accent, scheme)
    for background in (scheme.paper, scheme.card, mix(scheme.card, shown, scheme.wash)):
        assert contrast(shown, background) >= AA


def test_a_readable_accent_stays_as_it_was_chosen():
    assert "--accent: #0a625c" in look_css("#0a625c")


@pytest.mark.parametrize("accent", ["red", "#12345", "#0a625c;}", "#GGGGGG", ""])
def test_what_is_no_colour_is_refused(accent):
    with pytest.raises(ValueError, match="a colour"):
        look_css(accent)


def picture(kind="PNG", size=(1000, 500)):
    out = io.BytesIO()
    Image.new("RGB", size, "navy").save(out, format=kind)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_logo_is_written_anew_as_a_small_png(kind):
    with Image.open(io.BytesIO(reencoded(picture(kind) + b"<script>alert(1)</script>"))) as shown:
        assert shown.format == "PNG"
        assert shown.width <= 480
        assert shown.height <= 160
    assert b"script" not in reencoded(picture(kind) + b"<script>alert(1)</script>")


@pytest.mark.parametrize(
    "upload", [b"", b"<svg onload=alert(1)>", b"GIF89a", b"x" * (1024 * 1024 + 1), picture()[:60]]
)
def test_what_is_no_picture_is_refused(upload):
    with pytest.raises(UnusableLogoError):
        reencoded(upload)


def test_the_style_sheet_of_an_accent_is_one_file(client, db):
    answer = client.get("/look/aa3300/x.css")
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert client.get("/look/nothex/x.css").status_code == 404


def test_a_picture_that_would_unpack_to_far_too_much_is_refused_unread():
    small = io.BytesIO()
    Image.new("1", (1, 1)).save(small, format="PNG")
    head = struct.pack(">II", 20_000, 20_000) + small.getvalue()[24:29]
    bomb = (
        small.getvalue()[:16] + head + struct.pack(">I", zlib.crc32(b"IHDR" + head)) + small.getvalue()[33:]
    )
    with pytest.raises(UnusableLogoError, match="too many pixels"):
        reencoded(bomb)


def mark(ink, *, second=None, ground=(0, 0, 0, 0)):
    """A bar of that colour, half of it in `second`, on transparency (or a ground)."""
    shown = Image.new("RGBA", (200, 80), ground)
    shown.paste(ink, (20, 20, 180, 60))
    if second:
        shown.paste(second, (100, 20, 180, 60))
    out = io.BytesIO()
    shown.save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("logo", "ground"),
    [
        (mark((255, 255, 255, 255)), "on-dark"),
        (mark((255, 230, 90, 255)), "on-dark"),
        (mark((0, 0, 0, 255)), "on-light"),
        (mark((20, 30, 90, 255)), "on-light"),
        (mark((200, 40, 40, 255)), ""),  # read on both
        (mark((255, 255, 255, 255), ground=(10, 20, 30, 255)), ""),  # brings its own ground
        (mark((255, 255, 255, 255), second=(30, 160, 150, 255)), "on-dark"),
        (b"", ""),
    ],
)
def test_a_logo_stands_on_the_ground_that_its_own_pixels_need(logo, ground):
    assert ground_of(logo) == ground


def test_a_logo_that_can_t_be_read_has_no_ground_of_its_own():
    assert ground_of(b"no picture") == ""


def test_a_white_logo_is_seen_on_the_icon_and_on_the_statements_paper():
    white = mark((255, 255, 255, 255))
    icon = Image.open(io.BytesIO(drawn("N", "#0a625c", white)))
    paper = Image.open(io.BytesIO(on_its_plate(white))).convert("RGB")
    for picture in (icon, paper):
        colours = {colour for _count, colour in picture.convert("RGB").getcolors(1 << 22)}
        assert {(255, 255, 255), DARK_PLATE} <= colours


def test_the_page_says_which_ground(client, provider, address):
    provider.logo = mark((255, 255, 255, 255))
    provider.save()
    assert 'class="logo on-dark"' in client.get(address).text
    assert 'class="logo on-dark"' in client.get(f"{address}tell-me/").text
