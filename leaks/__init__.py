"""The leak check: `find_leaks` says what in a text a client should not read, and why.

Pure Python on folded text (`folding`); one module per family of rules. Who may let a hit through, and what
stands on the page until then, is decided elsewhere.
"""

from leaks.hits import KINDS, Hit, Kind, LeakContext

__all__ = ["KINDS", "Hit", "Kind", "LeakContext", "find_leaks"]


def find_leaks(text: str, context: LeakContext) -> tuple[Hit, ...]:
    """As `leaks.check` says. Its patterns are compiled with the first text, so no command pays for them idly."""
    from leaks import check

    return check.find_leaks(text, context)
