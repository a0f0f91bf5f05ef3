"""The page on a phone's home screen: the provider's name and mark, and nothing of the client."""

from io import BytesIO

from PIL import Image

from portal.icons import drawn
from tests.portal.test_brand import picture


def test_the_page_leads_to_a_manifest_in_the_providers_name(client, address):
    page = client.get(address).text
    assert '<link rel="manifest" href="app.webmanifest">' in page
    said = client.get(address + "app.webmanifest")
    assert said.headers["Content-Type"] == "application/manifest+json"
    assert (said.json()["short_name"], said.json()["start_url"]) == ("North IT", "./")
    assert "Acme" not in said.text
    assert address.split("/")[2] not in said.text


def test_the_icon_is_square_public_and_found_under_its_version_only(client, address):
    (found,) = client.get(address + "app.webmanifest").json()["icons"]
    answer = client.get(found["src"])
    assert Image.open(BytesIO(answer.content)).size == (512, 512)
    assert "immutable" in answer.headers["Cache-Control"]
    assert client.get(found["src"].replace(".png", "0.png")).status_code == 404


def test_it_wears_the_colour_and_an_initial_that_is_read_on_it():
    colours = {
        colour for _count, colour in Image.open(BytesIO(drawn("N", "#ffd400", b""))).getcolors(1 << 20)
    }
    assert (255, 212, 0) in colours
    assert (0, 0, 0) in colours


def test_a_logo_stands_on_white_with_room_around_it():
    found = Image.open(BytesIO(drawn("N", "#ffd400", picture())))
    assert found.getpixel((10, 10)) == (255, 255, 255)
