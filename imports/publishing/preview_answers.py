"""What a manager chooses on a preview, kept until it is published: who is held back, which removals are meant, what
single rows and columns are, which words clients read. Nothing of it is seen by a client before it is published.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from django.db import transaction

from accounts.models import User
from imports.models import DraftWording, Import
from imports.publishing.answers import drafts_of, lock_open, said_of, save_options
from imports.publishing.options import INSTEAD, OUT, RIGHT, Options
from imports.publishing.plan import Plan
from imports.publishing.plan_marks import LineGroup, Members
from imports.publishing.preview_form import Choices, Given, RowKey
from imports.publishing.questions import ABOUT_ROWS
from imports.reading.formats.table import Unit
from imports.reading.rows import ACCEPT
from imports.reading.unread import ASKED
from imports.wording.queue import groups_of

# what can be said of a single row; only one that seems to stand already can take the place of what stands
ANSWERS: dict[str, tuple[str, ...]] = {
    kind: (RIGHT, OUT, INSTEAD) if kind == "twice" else (RIGHT, OUT) for kind in ABOUT_ROWS
}
PART = 5000
REMOVE, KEEP, HOLD = "remove", "keep", "hold"
UNITS = tuple(unit.value for unit in Unit if unit is not Unit.OPEN)


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
    drafts = drafts_of(row)
    fresh = said_of(row, drafts) == plan.basis.said
    before = Options.read(row.options)
    after = _chosen(before, choices, plan)
    if after != before:
        save_options(row, after)
    worded = False
    if choices.words:
        kept = plan.to_word if fresh else None
        groups, members = (kept.groups, kept.members) if kept else groups_of(plan, drafts)
        worded = _save_words(row, zip(groups, members, strict=True), choices.words, by, drafts)
    source.options = row.options
    return Saved(after, worded, fresh)


def _chosen(options: Options, choices: Choices, plan: Plan) -> Options:
    """The options with what the form says; where it did not ask, they stay."""
    answers = _removals(choices, plan)
    skips = options.skip_bad_rows if choices.skip_bad_rows is None else choices.skip_bad_rows
    return replace(
        options,
        held=_held(options, choices, answers, {client.client.slug for client in plan.clients}),
        allowed_removals=_answered(options.allowed_removals, answers, REMOVE),
        kept_removals=_answered(options.kept_removals, answers, KEEP),
        skip_bad_rows=skips,
        accept=_accepted(options, choices),
        doubted=_doubted(options, choices, plan),
        rows=_rows(options, choices, plan),
        again=options.again if choices.again is None else choices.again,
        units=_columns(options.units, choices.units, plan, UNITS),
        reads=_columns(options.reads, choices.reads, plan, ASKED),
        quiet_stays=options.quiet_stays if choices.quiet_stays is None else choices.quiet_stays,
        restate=options.restate if choices.restate is None else choices.restate,
        restate_reason=options.restate_reason if choices.restate_reason is None else choices.restate_reason,
        replace=options.replace if choices.replace is None else choices.replace,
    )


def _removals(choices: Choices, plan: Plan) -> dict[str, str]:
    """The answers about removals by client: one for all goes to those that wait for one."""
    known = {client.client.slug for client in plan.clients}
    answers = {slug: answer for slug, answer in choices.removals.items() if slug in known}
    if choices.removals_of_all in (REMOVE, KEEP, HOLD):
        waiting = (client for client in plan.clients if client.asks_removals and not client.held)
        answers |= {
            client.client.slug: choices.removals_of_all
            for client in waiting
            if not answers.get(client.client.slug)
        }
    return answers


def _held(options: Options, choices: Choices, answers: Mapping[str, str], known: set[str]) -> tuple[str, ...]:
    shown = choices.shown & known
    held = {slug for slug in options.held if slug not in shown and slug not in answers}
    held |= shown - choices.ticked - answers.keys()
    held |= {slug for slug, answer in answers.items() if answer == HOLD}
    return tuple(sorted(held))


def _accepted(options: Options, choices: Choices) -> tuple[str, ...]:
    """A question is accepted by its mark; by its kind, all of that kind are that the form asked about."""
    kinds = {mark.partition(":")[0] for mark in choices.asked}
    named = {each for each in choices.accepted if each in choices.asked or each in kinds}
    return tuple(sorted(set(options.accept) - choices.asked - kinds | named))


def _doubted(options: Options, choices: Choices, plan: Plan) -> tuple[str, ...]:
    """What the file proves is taken to be right: where its tick was taken away, it is not."""
    proven = {each.question.mark for each in plan.questions if each.question.preset == ACCEPT}
    asked = proven & choices.asked
    unticked = {mark for mark in asked if not {mark, mark.partition(":")[0]} & choices.accepted}
    return tuple(sorted(set(options.doubted) - asked | unticked))


def _rows(options: Options, choices: Choices, plan: Plan) -> tuple[tuple[int, str, str], ...]:
    """The answers to rows, of a question to all of them at once and to single ones."""
    said = {(line, kind): answer for line, kind, answer in options.rows}
    all_out = (each.question for each in plan.questions if each.question.mark == choices.all_out)
    said |= {(line, question.kind): OUT for question in all_out for line in question.lines}
    said |= _one_by_one(choices, plan)
    return tuple(sorted((line, kind, answer) for (line, kind), answer in said.items() if answer))


def _one_by_one(choices: Choices, plan: Plan) -> dict[RowKey, str]:
    """What was said of single rows; "" where it was taken back."""
    lines = _lines_of(plan) if choices.rows else ()
    found: dict[RowKey, str] = {}
    for (line, kind), answer in choices.rows.items():
        if kind not in ANSWERS or line not in lines or not answer:
            found[line, kind] = ""
        elif answer in ANSWERS[kind]:
            found[line, kind] = answer
    return found


def _lines_of(plan: Plan) -> set[int]:
    return {row.line for client in plan.clients for row in client.rows}


def _columns(
    before: Iterable[tuple[str, str]], given: Mapping[str, str], plan: Plan, known: Iterable[str]
) -> tuple[tuple[str, str], ...]:
    """What was said of columns of the file; nothing said of one: it is as the file says."""
    said = dict(before)
    for header, value in given.items():
        said.pop(header, None)
        if header in plan.parsed.headers and value in known:
            said[header] = value
    return tuple(sorted(said.items()))


def _answered(before: Iterable[str], answers: Mapping[str, str], wanted: str) -> tuple[str, ...]:
    kept = {slug for slug in before if slug not in answers}
    return tuple(sorted(kept | {slug for slug, answer in answers.items() if answer == wanted}))


def _save_words(
    row: Import,
    groups: Iterable[tuple[LineGroup, Members]],
    words: Mapping[int, Given],
    by: User | None,
    drafts: Mapping[int, DraftWording],
) -> bool:
    """Keep the words that are others now, in as many queries for one line as for all; whether there are any."""
    changed = _changed_drafts(row, groups, words, by, drafts)
    lines = sorted(changed)
    for start in range(0, len(lines), PART):
        DraftWording.objects.filter(draft_of=row, line__in=lines[start : start + PART]).delete()
    DraftWording.objects.bulk_create(filter(None, changed.values()), batch_size=PART)
    return bool(changed)


def _changed_drafts(
    row: Import,
    groups: Iterable[tuple[LineGroup, Members]],
    words: Mapping[int, Given],
    by: User | None,
    drafts: Mapping[int, DraftWording],
) -> dict[int, DraftWording | None]:
    """By line, what is kept of it from now on; None: nothing."""
    by_line = {line: (group, its.lines) for group, its in groups for line in its.lines}
    changed: dict[int, DraftWording | None] = {}
    for line, given in words.items():
        found = by_line.get(line)
        if found is not None and _differs(found[0], given):
            changed |= dict.fromkeys(found[1])
            changed |= {draft.line: draft for draft in _drafts(row, *found, given, by, drafts)}
    return changed


def _differs(group: LineGroup, given: Given) -> bool:
    return given.text != group.text or (given.let_through != group.let_through and bool(group.text))


def _drafts(
    row: Import,
    group: LineGroup,
    lines: Iterable[int],
    given: Given,
    by: User | None,
    before: Mapping[int, DraftWording],
) -> Iterator[DraftWording]:
    """Words let through are those that were looked at: a tick beside words that were changed is not taken.

    Words that stand unchanged and that nobody typed here stay those of the rule or the memory.
    """
    same = given.text == group.text
    passes = given.text if same and given.let_through else ""
    for line in lines:
        typed = before[line].text if line in before else ""
        text = typed if same else given.text
        if text or passes:
            yield DraftWording(draft_of=row, line=line, text=text, let_through=passes, given_by=by)
