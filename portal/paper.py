"""Paper: a PDF with the house's fonts, a size of its own, and a line with the page's number at its foot.

The fonts lie beside (DejaVu Sans: Latin, Greek, Cyrillic, Hebrew, Arabic) and are embedded as far as they are used.
Words that run right to left, or whose letters join, are shaped by HarfBuzz. Opening a font of 6,000 signs takes longer
than setting a page, so what is written in Latin is set in a small part of the same font, and the whole one is opened
for the first text that has another sign.
"""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path
from unicodedata import bidirectional

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from fpdf import FPDF, FontFace
from fpdf.enums import TableBordersLayout, TableCellFillMode, XPos, YPos

FONTS = Path(__file__).parent / "fonts"
LATIN, WHOLE = "DejaVuLatin", "DejaVuSans"  # the families, and the names of their files
LATIN_SIGNS = frozenset(
    map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x2010, 0x2027), *b"\n"))
) | frozenset("‰′″‹›€™←→−≈≠≤≥")
LETTER_COUNTRIES = frozenset(
    {"US", "CA", "MX", "PH", "CL", "CO", "VE", "GT", "CR", "PA", "DO", "SV", "NI", "PR"}
)
MARGIN = 18  # millimetres
COMPLEX = frozenset({"R", "AL", "AN", "NSM", "RLE", "RLO", "RLI"})  # kinds of signs, as Unicode sorts them
SOFT, INK, LINE = (84, 97, 108), (23, 34, 43), (200, 200, 196)


def size_for(country: str) -> str:
    """The size of paper that is used there: Letter or A4.

    >>> size_for("US"), size_for("DE"), size_for("")
    ('letter', 'a4', 'a4')
    """
    return "letter" if country in LETTER_COUNTRIES else "a4"


def needs_shaping(text: str) -> bool:
    """Whether some of it runs right to left, or its signs join.

    >>> needs_shaping("Müller, Größe"), needs_shaping("שלום"), needs_shaping("e\u0301")
    (False, True, True)
    """
    return not text.isascii() and any(bidirectional(sign) in COMPLEX for sign in text)


class Paper(FPDF):
    """Sheets of one document; `foot` stands at the foot of each, with its number."""

    def __init__(self, *, size: str, title: str, foot: str, at: datetime) -> None:
        super().__init__(format=size)
        self.foot = foot
        self.set_margin(MARGIN)
        self.set_auto_page_break(auto=True, margin=MARGIN + 6)
        self._open(LATIN)
        self.foot_family = self._family([foot])
        self.set_title(title)
        self.set_lang(get_language() or "en")
        self.set_creation_date(at)
        self.set_creator("HourTab")
        self.add_page()

    def footer(self) -> None:
        self.set_y(-MARGIN)
        self.set_font(self.foot_family, size=8)
        self.set_text_color(SOFT)
        said = _("Page %(page)s of %(pages)s") % {"page": self.page_no(), "pages": "{nb}"}
        self.cell(w=self.epw * 0.75, h=5, text=self.foot)
        self.cell(w=self.epw * 0.25, h=5, text=said, align="R")
        self.set_text_color(INK)

    def say(
        self, text: str, *, size: float = 10, bold: bool = False, soft: bool = False, gap: float = 0
    ) -> None:
        """A paragraph, and the room below it in millimetres."""
        self.set_font(self._family([text]), style="B" if bold else "", size=size)
        self.set_text_color(SOFT if soft else INK)
        self.multi_cell(w=0, h=size * 0.5, text=text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_text_color(INK)
        self.ln(gap)

    def heading(self, text: str) -> None:
        if self.will_page_break(24):
            self.add_page()
        self.ln(3)
        self.say(text, size=12, bold=True, gap=1)

    def rows(
        self,
        heads: Sequence[str],
        rows: Sequence[tuple[Sequence[str], bool]],
        *,
        widths: Sequence[int],
        left: int = 1,
    ) -> None:
        """A table whose head stands on each sheet; `rows` are cells and whether they are strong.

        The first `left` columns are words, the others figures.
        """
        self.set_font(LATIN, size=9)
        self.set_draw_color(LINE)
        align = tuple("LEFT" if index < left else "RIGHT" for index in range(len(widths)))
        with self.table(
            col_widths=tuple(widths),
            text_align=align,
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            cell_fill_mode=TableCellFillMode.NONE,
            headings_style=FontFace(self._family(heads), "BOLD", color=SOFT),
            line_height=4.8,
            padding=(0.8, 1),
            v_align="TOP",
        ) as table:
            table.row(heads)
            for cells, is_strong in rows:
                table.row(cells, style=FontFace(self._family(cells), "BOLD" if is_strong else None))

    def _family(self, texts: Sequence[str]) -> str:
        """The font that has all signs of these. Shaping costs time: it is for the documents that have letters which
        need it, from the first of them on.
        """
        if LATIN_SIGNS.issuperset("".join(texts)):
            return LATIN
        if WHOLE.lower() not in self.fonts:
            self._open(WHOLE)
        if not self.text_shaping and any(map(needs_shaping, texts)):
            self.set_text_shaping(use_shaping_engine=True)
        return WHOLE

    def _open(self, family: str) -> None:
        self.add_font(family, fname=FONTS / f"{family}.ttf")
        self.add_font(family, style="B", fname=FONTS / f"{family}-Bold.ttf")

    def logo(self, png: bytes) -> None:
        """The picture at the top, at most so high and wide as a letterhead."""
        self.image(BytesIO(png), x=MARGIN, y=MARGIN, w=60, h=14, keep_aspect_ratio=True)
        self.set_y(MARGIN + 18)

    def body(self) -> bytes:
        return bytes(self.output())
