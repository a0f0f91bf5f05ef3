"""The preview of an import: what publishing it now would do, with everything that a manager has to decide.

What stops it comes first, then the sums and the clients; each part of the page is made by a module of its own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Provider
from desk.imports import forms
from desk.imports.pages.client_lists import PARTS, ClientLists, client_lists
from desk.imports.pages.file_sums import (
    Lines,
    Tally,
    aside_lines,
    aside_words,
    excluded_lines,
    hours_tally,
    rows_tally,
)
from desk.imports.pages.grants import GrantOffer, grant_offers
from desk.imports.pages.listing import late_start
from desk.imports.pages.publish_bar import PublishBar, publish_bar
from desk.imports.pages.questions import ColumnChoice, Questions, columns_read, questions
from desk.imports.pages.typed_companies import NOTHING_TYPED, TypedTable
from desk.imports.pages.unknown_companies import Companies, companies
from desk.wording.preview_words import WordQueue, word_queue
from imports.models import Import
from imports.publishing.hindrances import problem_words
from imports.publishing.hour_sums import sums_of
from imports.publishing.plan import Plan
from imports.reading.formats.by_hand import FORMAT as BY_HAND
from imports.reading.opening import WORKBOOK
from imports.reading.rows import Problem
from imports.saved_mappings import mapping_names
from imports.stages import LEFT_OUT
from presentation import counts, days, phrases

MOST_PROBLEMS = 12
MOST_CYCLES, MOST_WARNINGS = 8, 3
MOST_SEARCHED = 60


@dataclass(frozen=True, slots=True)
class Refusals:
    """`problems` in view, `others` folded, `more`: how many there are beyond; `form`: where they are corrected."""

    title: str
    problems: tuple[Problem, ...]
    more: str
    skipped: bool
    advice: str
    form: str


@dataclass(frozen=True, slots=True)
class Restated:
    """Settled cycles whose figures would change: some in view, the others folded; `allowed`: they may."""

    lines: tuple[str, ...]
    others: tuple[str, ...]
    others_words: str
    allowed: bool
    reason: str


@dataclass(frozen=True, slots=True)
class PreviewPage:
    facts: str
    through: str
    digest: str
    decide: str
    rows: Tally
    hours: Tally
    warnings: tuple[str, ...]
    more_warnings: tuple[str, ...]
    more_warnings_words: str
    questions: Questions
    restated: Restated | None
    refusals: Refusals | None
    companies: Companies
    columns: tuple[ColumnChoice, ...]
    clients: ClientLists
    words: WordQueue
    not_counted: tuple[tuple[str, tuple[Lines, ...]], ...]
    unread: str  # the columns that are not read
    aside_words: str
    rows_again: str
    is_again: bool
    grants: tuple[GrantOffer, ...]
    bar: PublishBar


def preview_page(
    plan: Plan,
    source: Import,
    provider: Provider,
    pages: Mapping[str, str] | None = None,
    typed: TypedTable = NOTHING_TYPED,
) -> PreviewPage:
    """`pages`: by list, the page asked for; `q`: the part of a name to look for; `typed`: the table of companies."""
    asked, unknown = questions(plan), companies(plan, typed)
    wanted = {part: (pages or {}).get(part, "1") for part in PARTS}
    going = plan.going
    return PreviewPage(
        **_heading(plan),
        decide=_decide(plan, asked, unknown),
        rows=rows_tally(plan),
        hours=hours_tally(plan, sums_of(plan)),
        **_warned(plan),
        questions=asked,
        restated=_restated(plan),
        refusals=_refusals(plan, source) if plan.refused else None,
        companies=unknown,
        columns=columns_read(plan),
        clients=client_lists(plan, wanted, going, (pages or {}).get("q", "")[:MOST_SEARCHED]),
        words=word_queue(plan, source, provider, pages or {}),
        **_left_out(plan),
        is_again=plan.options.again,
        grants=grant_offers(plan.grants, source, provider),
        bar=publish_bar(plan),
    )


def _heading(plan: Plan) -> dict[str, Any]:
    return {"facts": _facts(plan), "through": _through(plan), "digest": plan.basis.digest}


def _warned(plan: Plan) -> dict[str, Any]:
    """What the file as a whole is warned of: some in view, the others folded."""
    found = (*_warnings(plan), *late_start(plan))
    return {
        "warnings": found[:MOST_WARNINGS],
        "more_warnings": found[MOST_WARNINGS:],
        "more_warnings_words": _more_warnings(len(found) - MOST_WARNINGS),
    }


def _through(plan: Plan) -> str:
    return _("Covers work through %(day)s") % {"day": days.full_day(plan.through)} if plan.through else ""


def _left_out(plan: Plan) -> dict[str, Any]:
    """What of the file is not counted, set aside or read before."""
    return {
        "not_counted": tuple(_not_counted(plan)),
        "unread": ", ".join(plan.parsed.unread_columns),
        "aside_words": aside_words(plan),
        "rows_again": _rows_again(plan),
    }


def _not_counted(plan: Plan) -> Iterator[tuple[str, tuple[Lines, ...]]]:
    """The lines that are no entries or don't count, under what they have in common."""
    if excluded := excluded_lines(plan):
        yield _("Excluded"), excluded
    if set_aside := aside_lines(plan):
        yield _("Set aside: not entries"), set_aside


def _facts(plan: Plan) -> str:
    parts = [forms.format_name(plan.parsed.format, mapping_names()), counts.clients(len(plan.clients))]
    if plan.only:
        parts[1] = plan.only.name
    if plan.starts and plan.ends and plan.starts <= plan.ends:
        parts.append(days.period(plan.starts, plan.ends))
    parts.append(forms.date_order(plan.parsed.date_order, of_a_sheet=plan.parsed.encoding == WORKBOOK))
    covered = (*plan.options.agreements, *plan.options.pools)
    if covered:
        parts.append(_("covers only %(names)s") % {"names": phrases.some(covered, 6)})
    return " · ".join(part for part in parts if part)


def _decide(plan: Plan, asked: Questions, unknown: Companies) -> str:
    """How many decisions wait, in words; "" where none does."""
    count = len(asked.open) + bool(plan.bad_rows_block)
    count += sum(client.asks_removals and not client.held for client in plan.clients)
    count += any(client.asks_restating and not client.held for client in plan.clients)
    count += len(unknown.likely) + bool(unknown.strangers)
    if not count:
        return ""
    return ngettext("%(count)d thing to decide", "%(count)d things to decide", count) % {"count": count}


def _warnings(plan: Plan) -> list[str]:
    """What is to be known of the file; what a question asks about is said there."""
    asked = {line for each in plan.questions for line in each.question.lines}
    found = [problem_words(problem) for problem in plan.warnings if problem.line not in asked]
    if plan.unjudged_times:
        text = ngettext(
            "%(count)d entry has no start time, so rules about the time of day can’t apply to it.",
            "%(count)d entries have no start time, so rules about the time of day can’t apply to them.",
            plan.unjudged_times,
        )
        found.append(text % {"count": plan.unjudged_times})
    return found


def _more_warnings(count: int) -> str:
    return ngettext("%(count)d more thing to know", "%(count)d more things to know", count) % {"count": count}


def _refusals(plan: Plan, source: Import) -> Refusals:
    count = len(plan.refused)
    by_hand = plan.parsed.format == BY_HAND and source.client is not None
    advice = _("Correct them in the PSA and export again, or continue without them.")
    more = count - MOST_PROBLEMS
    return Refusals(
        title=ngettext("%(count)d row is refused", "%(count)d rows are refused", count) % {"count": count},
        problems=plan.refused[:MOST_PROBLEMS],
        more=_("and %(count)d more, of lines %(lines)s")
        % {"count": more, "lines": counts.lines(problem.line for problem in plan.refused[MOST_PROBLEMS:])}
        if more > 0
        else "",
        skipped=plan.options.skip_bad_rows,
        advice="" if by_hand else advice,
        form=f"{reverse('by_hand', args=[source.client.slug])}?again={source.pk}"
        if by_hand and source.client
        else "",
    )


def _restated(plan: Plan) -> Restated | None:
    lines = _restated_lines(plan)
    if not lines:
        return None
    others = lines[MOST_CYCLES:]
    return Restated(
        lines=lines[:MOST_CYCLES],
        others=others,
        others_words=counts.counted(len(others), "more cycle") if others else "",
        allowed=plan.options.restate,
        reason=plan.options.restate_reason,
    )


def _restated_lines(plan: Plan) -> tuple[str, ...]:
    """Settled cycles whose figures would change, old and new."""
    return tuple(
        _("%(client)s, cycle from %(day)s: %(before)s → %(after)s")
        % {
            "client": client.client.name,
            "day": days.full_day(cycle.starts),
            "before": phrases.left(cycle.before, cycle.over_before),
            "after": phrases.left(cycle.after, cycle.over_after),
        }
        for client in plan.clients
        for _effect, cycle in client.restated
    )


def _rows_again(plan: Plan) -> str:
    """What can be asked about once more: rows that were left out of earlier files."""
    said = {line for line, _kind, _answer in plan.options.rows}
    before = [line for line in plan.excluded.get(LEFT_OUT, ()) if line not in said]
    if plan.options.again:
        return _("Rows left out of earlier files are asked about again.")
    if not before:
        return ""
    text = ngettext(
        "%(rows)s was left out of an earlier file, and is left out again.",
        "%(rows)s were left out of earlier files, and are left out again.",
        len(before),
    )
    return text % {"rows": counts.rows(len(before))}
