"""The small fonts of paper: the Latin part of the whole ones beside them.

    python -m tests.portal.latin_fonts

writes them anew, after another version of the whole fonts or another set of signs.
"""

from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from portal.paper import FONTS, LATIN, LATIN_SIGNS, WHOLE

STYLES = ("", "-Bold")
UNUSED = ("FFTM", "GDEF", "GPOS", "GSUB", "kern")  # for shaping, which Latin on these sheets goes without


def latin_of(whole: Path) -> TTFont:
    """The font with the Latin signs alone, without hints for screens of old."""
    font = TTFont(whole, recalcTimestamp=False)
    options = Options(hinting=False, layout_features=[], notdef_outline=True, name_IDs=["*"])
    options.drop_tables += UNUSED
    part = Subsetter(options)
    part.populate(unicodes=map(ord, LATIN_SIGNS - {"\n"}))
    part.subset(font)
    for name in font["name"].names:
        font["name"].setName(
            str(name).replace("DejaVu Sans", "DejaVu Latin").replace("DejaVuSans", "DejaVuLatin"),
            *(name.nameID, name.platformID, name.platEncID, name.langID),
        )
    return font


if __name__ == "__main__":
    for style in STYLES:
        latin_of(FONTS / f"{WHOLE}{style}.ttf").save(FONTS / f"{LATIN}{style}.ttf")
