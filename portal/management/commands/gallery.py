"""`manage.py gallery DIR`: every state of the balance page as an HTML file, the style sheet beside them."""

from io import BytesIO
from pathlib import Path
from shutil import copyfile
from typing import Any

from django.contrib.staticfiles.finders import find
from django.core.management.base import CommandParser
from django.template.loader import render_to_string
from django.templatetags.static import static
from PIL import Image, ImageDraw, ImageFont

from accounts.commands import BadInputError
from accounts.commands import Command as BaseCommand
from portal.brand import look_css
from portal.gallery import LOOK, states
from portal.gallery_small import mails, small_pages
from portal.icons import FONT
from portal.page import BalancePage

STYLES = "hourtab.css"
ICON = "mark.svg"
RED = "#c8102e"  # an accent that could be taken for an alarm


class Command(BaseCommand):
    help = "Writes every state of the balance page, with invented figures, to a folder for looking at."
    requires_system_checks = ()
    requires_migrations_checks = False  # it needs no database

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="where to write; made if need be")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        html = {name: render_page(page) for name, page in states().items()}
        html |= {name: in_the_folder(text) for name, text in {**small_pages(), **mails()}.items()}
        styles, icon = _static_file(STYLES), _static_file(ICON)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            copyfile(styles, folder / STYLES)
            copyfile(icon, folder / "favicon.ico")  # browsers ask for it, whatever the page says
            for name, text in html.items():
                (folder / f"{name}.html").write_text(text, encoding="utf-8")
            colours = Path(styles).read_text(encoding="utf-8") + look_css(RED)
            (folder / LOOK).write_text(colours, encoding="utf-8")
            for colour in ("white", "black"):
                (folder / f"{colour}.png").write_bytes(_logo(colour))
        except OSError as error:
            raise BadInputError(f"{folder} can't be written to: {error.strerror}.") from error
        self.stdout.write(f"{len(html)} states in {folder}")


def _logo(colour: str) -> bytes:
    """A word in that colour on transparency: read on one ground alone."""
    picture = Image.new("RGBA", (320, 80))
    font = ImageFont.truetype(str(FONT), 48)
    ImageDraw.Draw(picture).text((160, 40), "Quillfeather", font=font, fill=colour, anchor="mm")
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _static_file(name: str) -> str:
    found = find(name)
    if not isinstance(found, str):
        raise BadInputError(f"static/{name} was not found. Run this from the checkout.")
    return found


def render_page(page: BalancePage) -> str:
    """The page as the share link answers it, with the style sheet in its own folder."""
    return in_the_folder(render_to_string("portal/balance.html", {"page": page}))


def in_the_folder(text: str) -> str:
    """A page with its style sheet beside it."""
    return text.replace(static(STYLES), STYLES)
