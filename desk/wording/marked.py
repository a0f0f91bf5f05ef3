"""A text with the leak check's finds marked in it, in pieces for a template."""

from collections.abc import Sequence
from dataclasses import dataclass

from leaks import Hit


@dataclass(frozen=True, slots=True)
class MarkedPiece:
    """A stretch of text; `why` is what the leak check says of it, "" where it says nothing."""

    text: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Marked:
    """`whys`: each sentence once, in order."""

    pieces: tuple[MarkedPiece, ...]
    whys: tuple[str, ...] = ()


def marked(text: str, hits: Sequence[Hit]) -> Marked:
    """The text in pieces. Of finds that overlap, the first one is marked; every sentence is said."""
    pieces: list[MarkedPiece] = []
    at = 0
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if hit.start >= at:
            pieces += [MarkedPiece(text[at : hit.start]), MarkedPiece(text[hit.start : hit.end], hit.why)]
            at = hit.end
    pieces.append(MarkedPiece(text[at:]))
    whys = tuple(dict.fromkeys(hit.why for hit in hits))
    return Marked(tuple(piece for piece in pieces if piece.text), whys)
