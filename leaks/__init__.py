"""The leak check: `find_leaks` says what in a text a client should not read, and why.

Pure Python on folded text (`folding`); one module per family of rules. Who may let a hit through, and what
stands on the page until then, is decided elsewhere.
"""

from leaks.check import find_leaks
from leaks.hits import KINDS, Hit, Kind, LeakContext

__all__ = ["KINDS", "Hit", "Kind", "LeakContext", "find_leaks"]
