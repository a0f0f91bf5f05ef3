"""The preview of an import: what publishing it now would do, with everything that a manager has to decide."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Provider
from desk.agreements.starting import TEMPLATES, Template
from desk.imports import format_words
from desk.imports.pages.client_lines import ClientLine, client_line
from desk.imports.pages.export_from import late_start
from desk.imports.pages.grants import GrantOffer, grant_offers
from desk.imports.pages.questions import QuestionLine, kinds_asked, question_lines, restated_lines
from desk.wording.preview_words import WordQueue, word_queue
from imports.models import Import
from imports.publishing.plan import ClientMark, Plan, Unknown
from imports.reading.rows import Problem
from presentation import counts, days, phrases
from retainers.company_names import is_garbled
from retainers.models import Client

MOST_PROBLEMS = 200


@dataclass(frozen=True, slots=True)
class SumPart:
    """One summand of the file's rows."""

    count: int
    words: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    total: int
    rows: str
    parts: tuple[SumPart, ...]
    beside: tuple[str, ...]  # what is no row: lines set aside, published entries that would go


@dataclass(frozen=True, slots=True)
class Lines:
    """Rows left out for one reason, by their lines."""

    words: str
    lines: str


@dataclass(frozen=True, slots=True)
class Company:
    """A company that is no client yet; `index` names it in the form. `may_learn`: its letters can be a name's."""

    index: int
    name: str
    rows: str
    near: tuple[ClientMark, ...]
    may_learn: bool


@dataclass(frozen=True, slots=True)
class Refusals:
    title: str
    problems: tuple[Problem, ...]
    more: str
    skipped: bool


@dataclass(frozen=True, slots=True)
class Go:
    """The bar at the foot: what publishing now would mean."""

    button: str
    ready: bool
    words: str
    aside: str


@dataclass(frozen=True, slots=True)
class PreviewPage:
    facts: str
    through: str
    digest: str
    tally: Tally
    warnings: tuple[str, ...]
    questions: tuple[QuestionLine, ...]
    kinds_asked: str
    restated: tuple[str, ...]
    may_restate: bool
    refusals: Refusals | None
    companies: tuple[Company, ...]  # with a client's name that is like theirs, and those of no name
    strangers: tuple[Company, ...]
    strangers_words: str
    left_out: str
    clients: tuple[ClientLine, ...]
    quiet: tuple[ClientLine, ...]
    quiet_words: str
    settled: tuple[ClientLine, ...]
    settled_words: str
    shown: str
    words: WordQueue
    excluded: tuple[Lines, ...]
    set_aside: tuple[Lines, ...]
    grants: tuple[GrantOffer, ...]
    go: Go
    choices: tuple[tuple[str, str], ...]  # every client, for mapping a company by hand
    templates: tuple[Template, ...]  # agreements that a new client can begin with


def preview_page(plan: Plan, source: Import, provider: Provider) -> PreviewPage:
    lines = [client_line(client, plan) for client in plan.clients]
    settled = [line for line in lines if line.is_settled]
    quiet = [line for line in lines if line.is_quiet and not line.is_settled]
    shown = [line for line in lines if not line.is_quiet and not line.is_settled]
    companies = open_companies(plan)
    likely = [each for each in companies if each.near or not each.name]
    strangers = [each for each in companies if each not in likely]
    return PreviewPage(
        facts=_facts(plan),
        through=_("Covers work through %(day)s") % {"day": days.full_day(plan.through)}
        if plan.through
        else "",
        digest=plan.basis.digest,
        tally=_tally(plan),
        warnings=(*_warnings(plan), *late_start(plan, provider)),
        questions=question_lines(plan),
        kinds_asked=kinds_asked(plan),
        restated=restated_lines(plan),
        may_restate=plan.options.restate,
        refusals=_refusals(plan) if plan.refused else None,
        companies=tuple(likely),
        strangers=tuple(strangers),
        strangers_words=_strangers_words(strangers),
        left_out=_left_out(plan),
        clients=tuple(shown),
        quiet=tuple(quiet),
        quiet_words=_quiet_words(quiet, plan),
        settled=tuple(settled),
        settled_words=_settled_words(len(settled)),
        shown=" ".join(line.slug for line in lines if line.removal is None),
        words=word_queue(plan, source, provider),
        excluded=_excluded(plan),
        set_aside=_set_aside(plan),
        grants=grant_offers(plan.grants, source, provider),
        go=_go(plan),
        choices=tuple(Client.objects.values_list("slug", "name")) if companies else (),
        templates=tuple(TEMPLATES.values()) if companies else (),
    )


def _facts(plan: Plan) -> str:
    parts = [format_words.format_name(plan.parsed.format), counts.clients(len(plan.clients))]
    if plan.only:
        parts[1] = plan.only.name
    if plan.starts and plan.ends and plan.starts <= plan.ends:
        parts.append(days.period(plan.starts, plan.ends))
    parts.append(format_words.date_order(plan.parsed.date_order))
    covered = (*plan.options.agreements, *plan.options.pools)
    if covered:
        parts.append(_("speaks only for %(names)s") % {"names": phrases.some(covered, 6)})
    return " · ".join(part for part in parts if part)


def _tally(plan: Plan) -> Tally:
    excluded = len(plan.excluded)
    parts = (
        SumPart(plan.count("new"), _("new")),
        SumPart(plan.count("changed"), _("changed")),
        SumPart(plan.count("unchanged"), _("unchanged")),
        SumPart(excluded, _("excluded")),
        SumPart(len(plan.refused), _("refused"), "red"),
        SumPart(plan.unknown_rows, _("of unknown companies"), "amber"),
    )
    return Tally(
        total=plan.total,
        rows=ngettext("row", "rows", plan.total),
        parts=tuple(part for part in parts if part.count) or parts[:1],
        beside=tuple(_beside(plan)),
    )


def _beside(plan: Plan) -> list[str]:
    found = []
    aside = len(plan.parsed.set_aside)
    if aside:
        text = ngettext("%(count)d line set aside", "%(count)d lines set aside", aside)
        found.append(text % {"count": aside})
    if plan.removed:
        text = ngettext(
            "%(count)d published entry not in the file",
            "%(count)d published entries not in the file",
            plan.removed,
        )
        found.append(text % {"count": plan.removed})
    return found


def _warnings(plan: Plan) -> list[str]:
    found = [problem_words(problem) for problem in plan.warnings]
    if plan.unjudged_times:
        text = ngettext(
            "%(count)d entry has no start time: a rule about the time of day could not judge it.",
            "%(count)d entries have no start time: a rule about the time of day could not judge them.",
            plan.unjudged_times,
        )
        found.append(text % {"count": plan.unjudged_times})
    return found


def problem_words(problem: Problem) -> str:
    """A problem with its place, as one sentence."""
    places = []
    if problem.line:
        places.append(_("Line %(line)d") % {"line": problem.line})
    if problem.column:
        places.append(_("column %(column)s") % {"column": problem.column})
    place = ", ".join(places)
    return f"{place[:1].upper()}{place[1:]}: {problem.message}" if place else problem.message


def _refusals(plan: Plan) -> Refusals:
    count = len(plan.refused)
    more = count - MOST_PROBLEMS
    return Refusals(
        title=ngettext("%(count)d row is refused", "%(count)d rows are refused", count) % {"count": count},
        problems=plan.refused[:MOST_PROBLEMS],
        more=_("and %(count)d more") % {"count": more} if more > 0 else "",
        skipped=plan.options.skip_bad_rows,
    )


def open_companies(plan: Plan) -> list[Company]:
    """Every unknown company that nobody has left out of this import, the likeliest clients first."""
    asked = (each for each in plan.unknown if each.company not in plan.options.left_out)
    return [_company(index, each) for index, each in enumerate(asked)]


def _company(index: int, unknown: Unknown) -> Company:
    words = f"{counts.rows(unknown.rows)}, {phrases.h(unknown.hours)}"
    return Company(index, unknown.company, words, unknown.near, not is_garbled(unknown.company))


def _strangers_words(strangers: Sequence[Company]) -> str:
    """How many companies there are that are like no client, in words."""
    if not strangers:
        return ""
    text = ngettext(
        "%(count)d company is like no client of yours",
        "%(count)d companies are like no client of yours",
        len(strangers),
    )
    return text % {"count": len(strangers)}


def _left_out(plan: Plan) -> str:
    names = [
        each.company or _("no company") for each in plan.unknown if each.company in plan.options.left_out
    ]
    return _("Left out: %(names)s") % {"names": phrases.some(names, 10)} if names else ""


def _quiet_words(quiet: list[ClientLine], plan: Plan) -> str:
    if not quiet:
        return ""
    values = {
        "clients": counts.clients(len(quiet)),
        "day": days.full_day(plan.through) if plan.through else "",
    }
    if not any(line.date_moves for line in quiet):
        return _("%(clients)s without work: nothing moves") % values
    return _("%(clients)s without work: their date moves to %(day)s") % values


def _settled_words(count: int) -> str:
    if not count:
        return ""
    return _("%(clients)s held back, with nothing new in this file") % {"clients": counts.clients(count)}


def _excluded(plan: Plan) -> tuple[Lines, ...]:
    by_reason: dict[str, list[int]] = defaultdict(list)
    for line, reason in plan.excluded:
        by_reason[reason].append(line)
    return tuple(
        Lines(f"{reason}: {counts.rows(len(numbers))}", counts.lines(numbers))
        for reason, numbers in sorted(by_reason.items(), key=lambda item: (-len(item[1]), item[0]))
    )


def _set_aside(plan: Plan) -> tuple[Lines, ...]:
    by_kind: dict[str, list[int]] = defaultdict(list)
    for aside in plan.parsed.set_aside:
        by_kind[aside.what].append(aside.line)
    known = {
        "heading": _("headings"),
        "subtotal": _("subtotals"),
        "total": _("totals"),
        "preamble": _("above the table"),
    }
    return tuple(
        Lines(f"{known.get(what, what)}: {len(numbers)}", counts.lines(numbers))
        for what, numbers in sorted(by_kind.items())
    )


def _go(plan: Plan) -> Go:
    count = len(plan.published_clients)
    refused = bool(plan.refused) and not plan.options.skip_bad_rows
    held = [each.client.name for each in plan.clients if each.held]
    asked = [each.client.name for each in plan.clients if each.asks_removals and not each.held]
    waits = [
        each.client.name for each in plan.clients if not each.held and (each.questions or each.asks_restating)
    ]
    words = []
    if refused:
        words.append(_("Refused rows block it: correct the file, or tick “publish without these rows”."))
    if asked:
        words.append(
            _("%(names)s: say what becomes of the missing entries.") % {"names": phrases.some(asked)}
        )
    if plan.is_held:
        words.append(_("The file waits for an answer above."))
    if waits:
        words.append(_("%(names)s: answer the questions above.") % {"names": phrases.some(waits)})
    if held:
        text = ngettext("%(names)s stays as it is.", "%(names)s stay as they are.", len(held))
        words.append(text % {"names": phrases.some(held)})
    button = ngettext("Publish %(count)d client", "Publish %(count)d clients", count) % {"count": count}
    aside = _("You can undo this until the next import.") if count else ""
    return Go(button=button, ready=bool(plan.clients), words=" ".join(words), aside=aside)
