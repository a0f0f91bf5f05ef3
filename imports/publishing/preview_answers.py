"""What a manager chooses on a preview, kept until it is published: who is held back, which removals are
meant, which words clients read. Nothing of it is seen by a client before the import is published.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from django.db import transaction
from django.http import QueryDict

from accounts.models import User
from imports.models import DraftWording, Import
from imports.publishing.answers import lock_open, said_of, save_options
from imports.publishing.options import Options
from imports.publishing.plan import Plan
from imports.wording.queue import LineGroup, drafts_of, groups_of
from imports.wording.ranks import MOST_CHARACTERS

REMOVE, KEEP, HOLD = "remove", "keep", "hold"


@dataclass(frozen=True, slots=True)
class Given:
    """Words for a group of lines; `let_through`: what the leak check found in them may pass once."""

    text: str
    let_through: bool = False


@dataclass(frozen=True, slots=True)
class Choices:
    """`shown`: clients (slugs) that the form had a tick for; `removals`: an answer by client. `asked`: kinds of
    questions that it had a tick for, `accepted` those for which the file is taken at its word, `replace` a
    format whose place the file takes.

    `words` are by a line of the group that they are for. None: the form did not ask.
    """

    shown: frozenset[str] = frozenset()
    ticked: frozenset[str] = frozenset()
    removals: Mapping[str, str] = field(default_factory=dict)
    skip_bad_rows: bool | None = None
    asked: frozenset[str] = frozenset()
    accepted: frozenset[str] = frozenset()
    restate: bool | None = None
    replace: str | None = None
    words: Mapping[int, Given] = field(default_factory=dict)


def read_choices(post: QueryDict) -> Choices:
    """The preview's form. An offered wording that was taken stands above what was typed."""
    taken = dict(_by_line(post, "use-"))
    words = {
        line: Given(tidy(taken.get(line) or text), f"let-{line}" in post)
        for line, text in _by_line(post, "words-")
    }
    return Choices(
        shown=frozenset(post.get("shown", "").split()),
        ticked=frozenset(post.getlist("publish")),
        removals=dict(_by_client(post, "removals-")),
        skip_bad_rows="skip_bad_rows" in post if "asks_bad_rows" in post else None,
        words=words,
        asked=frozenset(post.get("asked", "").split()),
        accepted=frozenset(post.getlist("accept")),
        restate="restate" in post if "asks_restating" in post else None,
        replace=post.get("replace", "") if "asks_replacing" in post else None,
    )


def tidy(text: str) -> str:
    """Typed words as they are kept: one line, nothing invisible, as long as the log has room for.

    >>> tidy("  Replaced\\tthe   switch ")
    'Replaced the switch'
    """
    line = " ".join(text.split())
    return "".join(sign for sign in line if sign.isprintable())[:MOST_CHARACTERS].strip()


@dataclass(frozen=True, slots=True)
class Saved:
    """What has become of the choices: `options` after them, whether any `words` changed, and whether what was
    said of the import before was still what the plan had been made on.
    """

    options: Options
    words: bool
    fresh: bool


@transaction.atomic
def save_choices(*, source: Import, plan: Plan, choices: Choices, by: User | None) -> Saved:
    """Keep the choices, made on that plan. Raises `ClosedError` once the import is published."""
    row = lock_open(source)
    fresh = said_of(row) == plan.basis.said
    before = Options.read(row.options)
    after = _chosen(before, choices, {client.client.slug for client in plan.clients})
    if after != before:
        save_options(row, after)
    worded = bool(choices.words) and _save_words(row, groups_of(plan, drafts_of(row)), choices.words, by)
    source.refresh_from_db()
    return Saved(after, worded, fresh)


def _by_line(post: QueryDict, prefix: str) -> Iterator[tuple[int, str]]:
    for name in post:
        number = name.removeprefix(prefix)
        if name.startswith(prefix) and number.isascii() and number.isdigit() and len(number) < 10:
            yield int(number), post.get(name, "")


def _by_client(post: QueryDict, prefix: str) -> Iterator[tuple[str, str]]:
    for name in post:
        if name.startswith(prefix):
            yield name.removeprefix(prefix), post.get(name, "")


def _chosen(options: Options, choices: Choices, known: set[str]) -> Options:
    shown = choices.shown & known
    answers = {slug: answer for slug, answer in choices.removals.items() if slug in known}
    held = {slug for slug in options.held if slug not in shown and slug not in answers}
    held |= shown - choices.ticked - answers.keys()
    held |= {slug for slug, answer in answers.items() if answer == HOLD}
    skips = options.skip_bad_rows if choices.skip_bad_rows is None else choices.skip_bad_rows
    accept = set(options.accept) - choices.asked | (choices.accepted & choices.asked)
    return replace(
        options,
        held=tuple(sorted(held)),
        allowed_removals=_answered(options.allowed_removals, answers, REMOVE),
        kept_removals=_answered(options.kept_removals, answers, KEEP),
        skip_bad_rows=skips,
        accept=tuple(sorted(accept)),
        restate=options.restate if choices.restate is None else choices.restate,
        replace=options.replace if choices.replace is None else choices.replace,
    )


def _answered(before: Iterable[str], answers: Mapping[str, str], wanted: str) -> tuple[str, ...]:
    kept = {slug for slug in before if slug not in answers}
    return tuple(sorted(kept | {slug for slug, answer in answers.items() if answer == wanted}))


def _save_words(row: Import, groups: list[LineGroup], words: Mapping[int, Given], by: User | None) -> bool:
    by_line = {line: group for group in groups for line in group.lines}
    drafts = drafts_of(row)
    changed = False
    for line, given in words.items():
        group = by_line.get(line)
        if group is not None and _differs(group, given):
            DraftWording.objects.filter(draft_of=row, line__in=group.lines).delete()
            DraftWording.objects.bulk_create(_drafts(row, group, given, by, drafts))
            changed = True
    return changed


def _differs(group: LineGroup, given: Given) -> bool:
    return given.text != group.text or (given.let_through != group.let_through and bool(group.text))


def _drafts(
    row: Import, group: LineGroup, given: Given, by: User | None, before: Mapping[int, DraftWording]
) -> Iterator[DraftWording]:
    """Words let through are those that were looked at: a tick beside words that were changed is not taken.

    Words that stand unchanged and that nobody typed here stay those of the rule or the memory.
    """
    same = given.text == group.text
    passes = given.text if same and given.let_through else ""
    for line in group.lines:
        typed = before[line].text if line in before else ""
        text = typed if same else given.text
        if text or passes:
            yield DraftWording(draft_of=row, line=line, text=text, let_through=passes, given_by=by)
