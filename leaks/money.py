"""Money in a text: amounts, hourly rates, margins."""

from collections.abc import Iterator
from itertools import chain

import re2

from leaks.folding import Folded
from leaks.hits import Finding
from leaks.lists import read_lists
from leaks.search import char_before, last_words, matches, next_word, simple

LISTS = read_lists("money")

AMOUNT = "{} looks like an amount of money."
RATE = "{} looks like a rate."
MARGIN = "{} looks like a margin or a discount."

NUMBER = r"(?:\d{1,3}(?:[ .,']\d{3}\b){1,4}|\d{1,9})(?:[.,](?:\d{1,2}|-+))?"
PER = r"(?: ?/ ?(?:h|hr|hrs|hour|std|day|mo|month|yr|year|user|seat|pc|device|monat|tag|jahr)\b)?"
SYMBOL = r"(?:[$€£¥₹₩₽₺₪₫₱฿]|\b(?:us|au|ca|nz|hk|a|c|r)\$)"
CODE = r"(?:USD|EUR|GBP|CHF|AUD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|JPY|ZAR|BRL|SGD|HKD|AED)"
NAME = (
    r"(?:euros?|dollars?|bucks|quid|pounds sterling|franken|rappen|cents?|(?:us|eur|gbp"
    r"|chf)[ -]?(?:dollars?|euros?))"
)
COUNT = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|forty|fifty|sixty|seventy"
    r"|eighty|ninety|hundred"
    r"|thousand|few|couple)(?: of| and)?"
)
FILLER = r"(?: (?:us|them|me|about|approx\.?|around|of|at|is|was|ca\.?|etwa|rund|ist|war|uns|just|only)){0,2}"
AMOUNTS = (
    re2.compile(rf"(?i){SYMBOL} ?-?{NUMBER}(?: ?(?:k|m|mio)\b)?{PER}"),
    re2.compile(rf"(?i)\b(?:{CODE}|euro?)\.? ?-?{NUMBER}(?: ?k\b)?{PER}"),
    re2.compile(rf"(?i)\b{NUMBER} ?(?:k ?)?(?:{SYMBOL}|{CODE}\b|{NAME}\b){PER}"),
    re2.compile(r"\bCAD ?\$?\d{1,6}[.,]\d\d\b|\b\d{1,6}[.,]\d\d ?CAD\b"),  # with cents: CAD is software too
    re2.compile(
        rf"(?i)\b(?:costs?|costed|costing|kostete?n?|preis|price[ds]?|worth){FILLER}[ :]{{1,2}}{NUMBER}"
    ),
    re2.compile(
        r"(?i)\b(?:quoted?|paid|pay|charged?|billed|invoiced|sold|bought|berechnet|bezahlt|angeboten)"
        rf"(?: (?:at|them|us|her|him|it|zu)){{1,2}} {NUMBER}"
    ),
)
SPELLED = (
    re2.compile(rf"(?i)\b(?:{COUNT}[ -]){{1,5}}(?:dollars?|bucks|euros?|quid|grand|franken|pounds)\b"),
)
HOURLY = re2.compile(
    r"(?i)\b(\d{2,4})(?:[.,]\d{1,2})? ?(?:(?:/|per |an |a |pro |p/|p )(?:h|hr|hrs|hour|std|stunde)\b"
    r"|p\.h\.|ph\b)"
)
HOURS_TIMES = re2.compile(
    r"(?i)\b\d{1,3}(?:[.,]\d{1,2})? ?(?:h|hrs?|hours?|std|stunden) ?(?:@|at|x|a|zu|je"
    r"|zu je) ?(\d{2,4})(?:[.,]\d{1,2})?\b"
)
RATES = re2.compile(
    r"(?i)\b(?:stundens(?:a|ae)tze?|tagessatz|verrechnungssatz|einkaufspreis|verkaufspreis|selbstkosten|ek|vk"
    r"|(?:(?:hourly|daily|day|billing|labou?r|cost|overage|weekend) )?rates?)"
    rf"(?: (?:of|is|was|at|to|von|ist|war|auf|bei)){{0,2}}[ :=]{{1,2}}{NUMBER}"
)
EARNING = (
    r"(?:margins?|mark-?ups?|uplift|profit|discount|rebate|commission|gross|gp|marge|rabatt"
    r"|aufschlag|gewinn|provision)"
)
PERCENT = r"\d{1,3}(?:[.,]\d{1,2})? ?(?:%|percent|pct|prozent)"
MARGINS = (
    re2.compile(rf"(?i)\b{EARNING}\b[^%\n.;]{{0,30}}\b{PERCENT}"),
    re2.compile(rf"(?i)\b(?:offer(?:ed)?|gave|give|grant(?:ed)?|nachlass von)(?: \w+){{0,3}} {PERCENT}"),
    re2.compile(rf"(?i)\b{PERCENT} {EARNING}\b(?: [a-z]{{1,20}})?"),
)
SHOP_WORDS = ("code", "codes", "voucher", "vouchers", "coupon", "coupons", "banner", "campaign", "offer")
COUNTED = LISTS["counted"]
TECHNICAL = LISTS["technical"]
LEAST_RATE = 20  # nobody works for less an hour; "4 per hour" counts something else
PARTS_OF_NUMBERS = (".", ",", ":", "/")
LOOK_BACK = 16  # characters


def find_money(text: Folded) -> Iterator[Finding]:
    yield from simple("money", AMOUNT, SPELLED, text.plain)
    if not text.has_digit:
        return
    yield from amounts(text.plain)
    for match in chain(by_the_hour(text.plain), hours_times(text.plain), named_rates(text)):
        yield Finding("money", RATE, *match.span())
    for match in matches(MARGINS, text.plain):
        if not match.group().endswith(SHOP_WORDS):
            yield Finding("money", MARGIN, *match.span())


def amounts(plain: str) -> Iterator[Finding]:
    for match in matches(AMOUNTS, plain):
        after_word = plain[match.start()].isalpha()
        if ends_well(plain, match.end()) and not (after_word and is_counted(plain, match.end())):
            yield Finding("money", AMOUNT, *match.span())


def by_the_hour(plain: str) -> Iterator[re2._Match]:
    """Like "150 per hour"."""
    for match in HOURLY.finditer(plain):
        if int(match.group(1)) >= LEAST_RATE and char_before(plain, match.start()) not in PARTS_OF_NUMBERS:
            yield match


def hours_times(plain: str) -> Iterator[re2._Match]:
    """Like "2 h at 150", but not "2 h at 15:30"."""
    for match in HOURS_TIMES.finditer(plain):
        is_time = not ends_well(plain, match.end()) or next_word(plain, match.end()) in ("am", "pm", "uhr")
        if int(match.group(1)) >= LEAST_RATE and not is_time:
            yield match


def named_rates(text: Folded) -> Iterator[re2._Match]:
    """Like "rate: 150", but neither "sample rate 48" nor "rate 3 users"."""
    for match in RATES.finditer(text.plain):
        before = last_words(text.lower, match.start(), LOOK_BACK)[-1:]
        counts = not ends_well(text.plain, match.end()) or is_counted(text.plain, match.end())
        if not counts and TECHNICAL.isdisjoint(before):
            yield match


def ends_well(plain: str, end: int) -> bool:
    """Whether the number ends there: no time, no percentage, no part of a longer number."""
    after = plain[end : end + 2]
    if after[:1].isalnum() or after[:1] in ("%", ":"):
        return False
    return not (after[:1] in ("/", ".", ",") and after[1:].isdigit())


def is_counted(plain: str, end: int) -> bool:
    """Whether the number counts hours, users or hertz: "price list 3 pages", "charged for 2 hours"."""
    return next_word(plain, end) in COUNTED
