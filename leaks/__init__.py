"""The leak check: `leaks.find_leaks` says what in a text a client should not read, and why.

Pure Python on folded text; one module per family of rules. Who may let a hit through, and what stands on the page until
then, is decided elsewhere.

- the check: `check` asks every family, `hits` are what goes in and comes out
- searching: `folding` makes one plain form of a text, `search` finds patterns and phrases in it, `lists` reads the
  words
- people: `names` finds technicians by the forms in `people_names`, where `signs` around a word say that it is a name
- other clients: `client_names`; `known_names` are names that are words too, for both
- secrets: `passwords` that a word announces, `credentials` that give themselves away, `secret_keys`, and other `codes`
- machines: `hosts` by how a name is built, `machines` by the words around it, `network_addresses`, `paths`
- what is internal: `money`, `tickets`, `remarks`
"""

from leaks.hits import KINDS, Hit, Kind, LeakContext

__all__ = ["KINDS", "Hit", "Kind", "LeakContext", "find_leaks"]


def find_leaks(text: str, context: LeakContext) -> tuple[Hit, ...]:
    """As `leaks.check` says. Its patterns are compiled with the first text, so no command pays for them idly."""
    from leaks import check

    return check.find_leaks(text, context)
