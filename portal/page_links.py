"""The page's own links, relative to the share link, so that no token ever stands in a page object."""

from datetime import date
from urllib.parse import urlencode

from portal.log_days import Placed
from presentation.facts import RetainerFacts


def query(facts: RetainerFacts, several: bool, **more: str) -> str:
    """`?retainer=…&cycle=…` for what is shown: the current cycle needs no date, a single retainer no key."""
    earlier = facts.shown if not facts.is_current else None
    parts = {
        "retainer": facts.agreement.key if several or earlier else "",
        "cycle": earlier.starts.isoformat() if earlier else "",
    }
    chosen = {key: value for key, value in (parts | more).items() if value}
    return f"?{urlencode(chosen)}" if chosen else ""


def address(path: str, asked: str, part: str = "") -> str:
    """A link on the page: the page itself is `./`, a part of it `#part`."""
    return f"{path or './'}{asked}{'#' + part if part else ''}"


def cycle_address(key: str, starts: date) -> str:
    """The page of an earlier cycle of one retainer."""
    return address("", f"?{urlencode({'retainer': key, 'cycle': starts.isoformat()})}")


def statement_address(key: str, starts: date) -> str:
    """What was stated of a closed cycle of one retainer."""
    return address(f"statement/{starts.isoformat()}/", f"?{urlencode({'retainer': key})}")


def line_address(key: str, line: Placed) -> str:
    """The form with a question about that line of one retainer's log."""
    return f"ask/question/?{urlencode({'retainer': key, 'line': f'{line.day.isoformat()}.{line.place}'})}"
