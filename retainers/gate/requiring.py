"""The last look of the services that publish words: nothing leaks because a form forgot to look."""

from collections.abc import Iterable

from accounts.models import Provider
from leaks import Hit
from retainers.gate.known import read_gate


class LeakError(Exception):
    """A text must not reach the client it is for; `hits` say what in it."""

    def __init__(self, hits: tuple[Hit, ...]) -> None:
        super().__init__(" ".join(dict.fromkeys(hit.why for hit in hits)))
        self.hits = hits


def require_passing(provider: Provider, slug: str, texts: Iterable[str]) -> None:
    """Raise `LeakError` where one of the texts leaks and nobody has let it through."""
    gate = read_gate(provider)
    hits = tuple(hit for text in texts for hit in gate.find(text, slug))
    if hits:
        raise LeakError(hits)
