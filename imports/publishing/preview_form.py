"""What the form of a preview says, as plain values: nothing is looked up, and nothing is kept."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from django.http import QueryDict

from imports.wording.ranks import MOST_CHARACTERS
from retainers.restating import tidy_reason

RowKey = tuple[int, str]  # a line, and the kind of question that it was asked


@dataclass(frozen=True, slots=True)
class Given:
    """Words for a group of lines; `let_through`: what the leak check found in them may pass once."""

    text: str
    let_through: bool = False


@dataclass(frozen=True, slots=True)
class Choices:
    """`shown`: clients (slugs) that the form had a tick for; `removals`: an answer by client, `removals_of_all`
    one for all whose removals wait. `asked`: questions (their marks) that it had a tick for, `accepted` those for
    which the file is taken at its word, `replace` a format whose place the file takes.

    `rows`: answers to single rows, "" where one is to be asked about again; `all_out`: the question (its mark) all
    of whose rows are left out. `units`, `reads`: by a column's header, "" where it is as the file says.
    `words` are by a line of the group that they are for. None: the form did not ask.
    """

    shown: frozenset[str] = frozenset()
    ticked: frozenset[str] = frozenset()
    removals: Mapping[str, str] = field(default_factory=dict)
    removals_of_all: str = ""
    skip_bad_rows: bool | None = None
    asked: frozenset[str] = frozenset()
    accepted: frozenset[str] = frozenset()
    restate: bool | None = None
    restate_reason: str | None = None
    replace: str | None = None
    rows: Mapping[RowKey, str] = field(default_factory=dict)
    all_out: str = ""
    again: bool | None = None
    units: Mapping[str, str] = field(default_factory=dict)
    reads: Mapping[str, str] = field(default_factory=dict)
    quiet_stays: bool | None = None
    words: Mapping[int, Given] = field(default_factory=dict)


def read_choices(post: QueryDict) -> Choices:
    """The preview's form. An offered wording that was taken stands above what was typed; where all drafts are
    taken, each stands where nothing was typed.
    """
    return Choices(
        shown=frozenset(post.get("shown", "").split()),
        ticked=frozenset(post.getlist("publish")),
        removals=dict(_by_client(post, "removals-")),
        removals_of_all=post.get("removals_of_all", ""),
        skip_bad_rows="skip_bad_rows" in post if "asks_bad_rows" in post else None,
        asked=frozenset(map(unquote, post.get("asked", "").split())),
        accepted=frozenset(post.getlist("accept")),
        restate="restate" in post if "asks_restating" in post else None,
        restate_reason=tidy_reason(post.get("restate_reason", "")) if "asks_restating" in post else None,
        replace=post.get("replace", "") if "asks_replacing" in post else None,
        rows=dict(_by_row(post)),
        all_out=post.get("all_out", ""),
        again=_pressed(post, "rows_again"),
        units=dict(_by_column(post, "unit")),
        reads=dict(_by_column(post, "reads")),
        quiet_stays="quiet_moves" not in post if "asks_quiet" in post else None,
        words=_words(post),
    )


def tidy(text: str) -> str:
    """Typed words as they are kept: one line, nothing invisible, as long as the log has room for.

    >>> tidy("  Replaced\\tthe   switch ")
    'Replaced the switch'
    """
    line = " ".join(text.split())
    return "".join(sign for sign in line if sign.isprintable())[:MOST_CHARACTERS].strip()


def _words(post: QueryDict) -> dict[int, Given]:
    taken = dict(_by_line(post, "use-"))
    drafts = dict(_by_line(post, "draft-")) if "take_drafts" in post else {}
    return {
        line: Given(tidy(taken.get(line) or text) or tidy(drafts.get(line, "")), f"let-{line}" in post)
        for line, text in _by_line(post, "words-")
    }


def _pressed(post: QueryDict, name: str) -> bool | None:
    return post[name] == "1" if name in post else None


def _by_line(post: QueryDict, prefix: str) -> Iterator[tuple[int, str]]:
    for name in post:
        number = name.removeprefix(prefix)
        if name.startswith(prefix) and _is_line(number):
            yield int(number), post.get(name, "")


def _by_row(post: QueryDict) -> Iterator[tuple[RowKey, str]]:
    """The answers to single rows: `row-17-times`."""
    for name in post:
        _row, _sign, rest = name.partition("row-")
        number, _sign, kind = rest.partition("-")
        if name.startswith("row-") and _is_line(number) and kind:
            yield (int(number), kind), post.get(name, "")


def _by_column(post: QueryDict, name: str) -> Iterator[tuple[str, str]]:
    """What was said of the columns that the form numbers."""
    for number, said in _by_line(post, f"{name}-"):
        header = post.get(f"{name}-column-{number}", "")
        if header:
            yield header, said


def _is_line(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _by_client(post: QueryDict, prefix: str) -> Iterator[tuple[str, str]]:
    for name in post:
        if name.startswith(prefix):
            yield name.removeprefix(prefix), post.get(name, "")
