"""The preview: what an import would publish, computed from the stored file and what is published now.

A walk without stairs: the file is read, its rows are judged, compared with what stands, given their words, and
put together as a `Plan`. Nothing is written but a copy of it beside the original, so that looking again, and
publishing what was looked at, does none of it a second time.
"""

from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from operator import attrgetter
from zoneinfo import ZoneInfo

from django.db.models.fields.json import KeyTransform

from accounts.access import zone_of
from imports import originals, progress
from imports.judging.judge import judge
from imports.judging.provider_setup import read_setup
from imports.keeping import without_collector
from imports.models import Import, SourceRow
from imports.publishing.compare import compare
from imports.publishing.compared import period_of
from imports.publishing.decided import stands_under, under
from imports.publishing.depends import Ground, ground_of
from imports.publishing.kept_plans import KeptPlan, in_full, packed
from imports.publishing.last_files import NO_STILLS, LastFiles, WholeWayError
from imports.publishing.options import Options
from imports.publishing.plan import Plan
from imports.publishing.planning import Case, PlanningFacts, plan_of
from imports.publishing.questions import lines_left_out
from imports.publishing.read_options import doubtful
from imports.publishing.source_rows import HOURS
from imports.publishing.standing_answers import answers_for, remembered_for
from imports.reading.known_lines import KnownRows
from imports.reading.mapped import Mapping
from imports.reading.parse import parse
from imports.reading.rows import Answers, ParsedFile, Row, UnreadableFileError, worked_of
from imports.saved_mappings import saved_mappings
from imports.stages import Classified
from imports.wording.choose import Wordings
from imports.wording.queue import groups_of, to_word
from retainers.hours import ZERO
from retainers.models import CompanyName, Entry

FILES_BEFORE = 4


class ToBeWorkedOutError(Exception):
    """No plan is kept that holds; `digest` is what it would depend on."""

    def __init__(self, digest: str) -> None:
        super().__init__(digest)
        self.digest = digest


def preview(source: Import, *, today: date, kept_only: bool = False, whole: bool = False) -> Plan:
    """What publishing this import today would do, kept for the next look. `whole`: with all of its rows, for who
    publishes it; else those that were kept are read when somebody looks at them.

    Raises `UnreadableFileError` for a file that can't be read, and with `kept_only` `ToBeWorkedOutError` where that
    would have to be worked out first.
    """
    plan = _looked_at(source, today, kept_only=kept_only)
    return in_full(plan) if whole else plan


def _looked_at(source: Import, today: date, *, kept_only: bool) -> Plan:
    ground = ground_of(source, today)
    kept = _kept(source)
    standing = _that_holds(kept, ground, source) if kept else None
    if standing is not None:
        return standing
    if kept_only:
        raise ToBeWorkedOutError(ground.basis.digest)
    progress.tell(progress.READING)
    read_before = kept is not None and kept.plan.basis.reading == ground.basis.reading
    file = kept.plan.parsed if kept and read_before else _read(source, ground, today)
    progress.tell(progress.PLANNING, 0, len(file.rows))
    plan = _plan(source, ground, file, today)
    progress.tell(progress.KEEPING, len(file.rows), len(file.rows))
    return _stored(plan, ground, source)


@without_collector()
def _stored(plan: Plan, ground: Ground, source: Import) -> Plan:
    """The plan with what asks for words, stored for the next look."""
    plan = replace(plan, to_word=to_word(plan, ground.drafts))
    originals.keep(source, packed(plan, ground.words))
    return plan


def _that_holds(kept: KeptPlan, ground: Ground, source: Import) -> Plan | None:
    """The kept plan, if it still says what is so; under the new answers, if nothing but these differs."""
    if kept.plan.basis == ground.basis:
        return kept.plan
    return _changed(kept, ground, source) if _only_answers_differ(kept, ground, source) else None


def _only_answers_differ(kept: KeptPlan, ground: Ground, source: Import) -> bool:
    """Whether all that was said since is who is held back, and what was agreed to: then no row is planned anew."""
    same = kept.plan.basis._replace(said=ground.basis.said) == ground.basis and kept.words == ground.words
    return same and stands_under(kept.plan, Options.read(source.options))


def _changed(kept: KeptPlan, ground: Ground, source: Import) -> Plan:
    """The kept plan under the new answers, stored in its place; its rows are not touched."""
    plan = replace(under(kept.plan, Options.read(source.options)), basis=ground.basis)
    # of who is held, lines that stand published need no words
    if plan.to_word and any(client.sums.waits_unchanged for client in plan.clients):
        groups, members = groups_of(plan, ground.drafts)
        plan = replace(plan, to_word=plan.to_word._replace(groups=groups, members=members))
    originals.keep(source, kept.changed(plan, ground.words))
    return plan


def plan_import(source: Import, *, today: date) -> Plan:
    """The same, for one who publishes at once: nothing is kept, and rows that stand published as they are aren't looked
    at again, as long as that makes no difference.
    """
    ground = ground_of(source, today)
    last = LastFiles(source, Options.read(source.options), ground.basis.judging, today)
    try:
        return _plan(source, ground, _read_quickly(source, ground, today, last), today, last)
    except WholeWayError:
        return _plan(source, ground, _read(source, ground, today), today)


def _read_quickly(source: Import, ground: Ground, today: date, last: LastFiles) -> ParsedFile:
    if ground.drafts:  # words were given to single lines: each is looked at
        return _read(source, ground, today)
    file = last.read_before(ground.basis.reading) or _read(source, ground, today, last)
    last.let_go()
    return file


def kept_plan(source: Import, *, whole: bool = False) -> Plan | None:
    """The plan that was last looked at, if it is still kept. Whether it still holds, its `basis` says. `whole`: with
    all of its rows, which else are read when somebody looks at them.
    """
    kept = _kept(source)
    if kept is None:
        return None
    try:
        return in_full(kept.plan) if whole else kept.plan
    except ValueError:  # another release wrote rows that can't be read now
        return None


def _kept(source: Import) -> KeptPlan | None:
    data = originals.kept(source)
    try:
        return KeptPlan(data) if data else None
    except ValueError:  # written by another release
        return None


def read_source(
    source: Import,
    options: Options,
    today: date,
    mappings: Sequence[Mapping] | None = None,
    companies: Sequence[str] | None = None,
    spare: KnownRows | None = None,
) -> ParsedFile:
    """The stored file, read as the uploader said. `mappings`: to read by instead of the saved ones; `companies`:
    the names of clients, where they were looked up already; `spare`: which rows need not be read.
    """
    provider = source.provider
    said = Answers(
        units=dict(options.units), reads=dict(options.reads), clock=options.clock, encoding=options.encoding
    )
    return parse(
        originals.load(source),
        format=options.format or None,
        date_order=options.date_order or provider.date_order or None,
        timezone=ZoneInfo(options.timezone) if options.timezone else zone_of(provider),
        single_client=source.client_id is not None,
        today=today,
        mappings=saved_mappings() if mappings is None else mappings,
        answers=said,
        recall=answers_for,
        clients=list(CompanyName.objects.values_list("name", flat=True)) if companies is None else companies,
        may_be_empty=options.starts is not None,
        spare=spare,
    )


@without_collector()
def _read(source: Import, ground: Ground, today: date, spare: KnownRows | None = None) -> ParsedFile:
    options, names = Options.read(source.options), list(ground.companies.names)
    try:
        return read_source(source, options, today, ground.mappings, names, spare)
    except UnreadableFileError:
        originals.keep_as_unreadable(source)
        raise


@without_collector()
def _plan(
    source: Import, ground: Ground, file: ParsedFile, today: date, last: LastFiles | None = None
) -> Plan:
    """The stages in their order, each with the finished value of the one before."""
    options, setup = Options.read(source.options), read_setup(source.provider, companies=ground.companies)
    stills = last.stills(file) if last else NO_STILLS
    period = period_of(options, stills.days.union(map(attrgetter("date"), file.rows)), today)
    judged = judge(file, setup, source.client)
    remembered = remembered_for(file.format)
    if stills.lines and remembered.out:
        raise WholeWayError
    corrected = work_before(file.rows, judged.by_client)
    known = PlanningFacts(remembered, _companies_before(file.format), corrected)
    case = Case(source, options, file, setup, ground.basis, known, today, period, stills)
    out = lines_left_out(file.rows, remembered, options)
    compared = compare(
        judged, period, setup, file, options, only=source.client, out=out, today=today, stills=stills
    )
    wordings = Wordings.read(ground.drafts, setup, file, judged.by_client, ground.known, stills.lines)
    doubts = doubtful(options, file.rows, setup.named_agreements, today)
    return replace(plan_of(case, judged, compared, wordings.of), doubts=tuple(doubts))


def _companies_before(format_name: str) -> tuple[int, ...]:
    """How many companies the last files of that format for all clients named."""
    rows = Import.objects.filter(state=Import.State.PUBLISHED, client=None, format=format_name)
    # by "result__companies" Django would keep an error that it has met, and by that all that the callers hold
    companies = KeyTransform("companies", "result")
    counts = rows.order_by("-pk").values_list(companies, flat=True)[:FILES_BEFORE]
    return tuple(count for count in counts if count)


def work_before(
    rows: Sequence[Row], by_client: MappingOf[str, Sequence[Classified]]
) -> list[tuple[str, Row]]:
    """Of each client (slug) with hours below zero among its rows: what is published of it, as (its slug, the work).
    `rows`: all of the file, where the different hours mostly say that there is none.

    Only what a correction is held against is read: ticket, technician and hours.
    """
    worked = set(map(attrgetter("worked"), rows))
    if None not in worked and min(worked, default=ZERO) >= ZERO:
        return []
    slugs = [slug for slug, mine in by_client.items() if any(worked_of(each.row) < ZERO for each in mine)]
    if not slugs:
        return []
    live = Entry.objects.filter(retainer__client__slug__in=slugs, retired_in=None).values("origin")
    sources = SourceRow.objects.filter(origin__in=live, client__slug__in=slugs).order_by("pk")
    known = sources.values_list("client__slug", "line", "ticket", "technician", "columns")
    return [(slug, _work(*said)) for slug, *said in known.iterator()]


def _work(line: int, ticket: str, technician: str, columns: dict[str, str]) -> Row:
    hours = next((columns[name] for name in HOURS if name in columns), "0")
    return Row(
        line=line,
        date=date.fromisoformat(columns["date"]),
        worked=Decimal(hours),
        ticket=ticket,
        technician=technician,
    )
