"""What moves to a client's page with a company name that its form gives it: shown, and asked for by a tick."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from imports.judging.name_moves import NameMove, NameMoves
from presentation.effect_lines import EffectLine, effect_lines
from presentation.phrases import hours


@dataclass(frozen=True, slots=True)
class AskedMoves:
    """`stale`: the tick was for other moves than those of now. `closed`: figures of a closed cycle change."""

    lines: tuple[str, ...]
    effects: tuple[EffectLine, ...]
    mark: str
    stale: bool

    @property
    def closed(self) -> bool:
        return any(effect.closed for effect in self.effects)


def asked_moves(found: NameMoves, *, was_ticked: bool) -> AskedMoves:
    """The page's side of moves that somebody has still to agree to."""
    return AskedMoves(
        lines=tuple(_said(move) for move in found.moves),
        effects=tuple(_effects(found)),
        mark=found.seen.mark,
        stale=was_ticked,
    )


def _said(move: NameMove) -> str:
    text = ngettext(
        "“%(company)s”: %(count)d published line (%(hours)s h) goes from %(leaves)s to %(joins)s",
        "“%(company)s”: %(count)d published lines (%(hours)s h) go from %(leaves)s to %(joins)s",
        move.lines,
    )
    return text % {
        "company": move.company,
        "count": move.lines,
        "hours": hours(move.hours),
        "leaves": move.leaves.name,
        "joins": move.joins.name,
    }


def _effects(found: NameMoves) -> Iterator[EffectLine]:
    for change in found.changes:
        named = _("%(client)s, %(retainer)s") % {"client": change.client.name, "retainer": change.name}
        yield from (replace(line, retainer=named) for line in effect_lines(change))
