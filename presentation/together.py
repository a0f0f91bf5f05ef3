"""A figure and its unit stay on one line: `6.5 h`, `75 %`, `× 2`, `+ 12.00`. Pure: HTML in, HTML out."""

import re

NO_BREAK = "\N{NO-BREAK SPACE}"
UNTOUCHED = r"<(?:textarea|style|title)\b.*?</(?:textarea|style|title)>"
PIECES = re.compile(rf"({UNTOUCHED}|<[^>]*>)", re.DOTALL)
FIGURE_AND_UNIT = re.compile(r"(?<=\d) +(?=(?:h|min|%)(?![\w-]))|(?<=[×+\N{MINUS SIGN}]) +(?=\d)")


def kept_together(html: str) -> str:
    """The same page with a no-break space between each figure and its unit; words and attributes stay as they are.

    >>> kept_together('<p title="6.5 h">1.0 h &amp; 2 × 3 = 75 % of 8 hours</p>').replace(NO_BREAK, "_")
    '<p title="6.5 h">1.0_h &amp; 2 ×_3 = 75_% of 8 hours</p>'
    """
    pieces = PIECES.split(html)
    pieces[::2] = [FIGURE_AND_UNIT.sub(NO_BREAK, text) for text in pieces[::2]]
    return "".join(pieces)
