"""How names of companies and of the PSA's agreements are compared; and names that no language can have.

Two programs write one name in many ways: decomposed letters, a typographic apostrophe, a longer dash. Those are the
same company; another spelling ("Mueller", "GmbH.") is not, it is only like it.
"""

import re
import unicodedata

ONE_MARK = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛ʼʹ′`´ˈ＇", "'"),
        **dict.fromkeys("“”„‟«»″＂", '"'),
        **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", ""),
    }
)
# UTF-8 that was read as Windows-1252 or Latin-1: "MÃ¼ller", "Lowe â€“ Birch"; and what could not be read at all
MISREAD = re.compile(r"[ÂÃ][\u0080-\u00bf]|Ã[\u0152-\u0192\u2018-\u2122]|â€|â‚¬|Å[\u0080-\u00bf]|ï»¿|\ufffd")
CONTROL = frozenset({"Cc", "Cn", "Co", "Cs"})


def company_key(name: str) -> str:
    """The name as it is compared: without regard to case, white space, Unicode form, and kind of apostrophe,
    quote or dash.

    >>> company_key("O’Brien  & Sons"), company_key("Mu\u0308ller GmbH") == company_key("MÜLLER GMBH")
    ("o'brien & sons", True)
    """
    spaced = " ".join(name.split())
    if spaced.isascii():
        return spaced.casefold().replace("`", "'")
    folded = unicodedata.normalize("NFKC", spaced.translate(ONE_MARK)).casefold()
    return " ".join(unicodedata.normalize("NFC", folded.translate(ONE_MARK)).split())


def is_garbled(name: str) -> bool:
    """Whether it holds letters that no language has, as a file read in the wrong code page does.

    >>> is_garbled("MÃ¼ller GmbH"), is_garbled("Müller GmbH"), is_garbled("São Tomé Âncora")
    (True, False, False)
    """
    return bool(MISREAD.search(name)) or any(unicodedata.category(sign) in CONTROL for sign in name)
