"""A telephone number as people type it, as the number that a button dials."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from babel.core import get_global

if TYPE_CHECKING:  # what is known of all countries' numbers takes long to load: only where one is read
    from phonenumbers import PhoneNumber, PhoneNumberMatch

NOWHERE, WORLD = "ZZ", "001"  # what Unicode's tables say of zones that are no country's


def country_of(zone: str) -> str:
    """The country in which the clocks of a time zone hang, as an ISO code; "" for UTC and its like.

    >>> country_of("Europe/Berlin"), country_of("UTC")
    ('DE', '')
    """
    found = str(get_global("zone_territories").get(zone, NOWHERE))
    return "" if found in {NOWHERE, WORLD} else found


def phones(text: str, country: str = "") -> tuple[tuple[str, str], ...]:
    """Every number in `text` with its `tel:` address; what holds one number, or none that is known, is one, whole.

    >>> phones("030 123456 / 0171 2345678", "DE")
    (('030 123456', 'tel:+4930123456'), ('0171 2345678', 'tel:+491712345678'))
    """
    found = [each.raw_string for each in _found(text, country) if each.number]
    told = found if len(found) > 1 else [text]
    return tuple((each, address) for each in told if (address := tel(each, country)))


def tel(text: str, country: str = "") -> str:
    """A `tel:` address for the first number in `text`; "" where there is none.

    A number without a country code is one of `country`, or dialled as it stands where that isn't known.

    >>> tel("+44 (0)20 7946 0000"), tel("+1 555 0100 ext. 5"), tel("030 123456", "DE")
    ('tel:+442079460000', 'tel:+15550100;ext=5', 'tel:+4930123456')
    """
    from phonenumbers import PhoneNumberFormat, format_number

    number = _first(text, country)
    if number is not None:
        address = f"tel:{format_number(number, PhoneNumberFormat.E164)}"
        return f"{address};ext={number.extension}" if number.extension else address
    return f"tel:{_digits(text)}" if _digits(text) and not any(sign.isalpha() for sign in text) else ""


def _found(text: str, country: str) -> "Iterator[PhoneNumberMatch]":
    from phonenumbers import Leniency, PhoneNumberMatcher

    return iter(PhoneNumberMatcher(text, country or None, leniency=Leniency.POSSIBLE))


def _first(text: str, country: str) -> "PhoneNumber | None":
    from phonenumbers import NumberParseException, parse, truncate_too_long_number

    found = next(_found(text, country), None)
    if found is not None:
        return found.number
    try:
        number = parse(text, country or None)  # letters on the keys, as in 1-800-HELPDESK
    except NumberParseException:
        return None
    return number if truncate_too_long_number(number) else None


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isascii() and sign.isdigit())
