"""One retainer of an agreement file: its cycle, its versions of terms, its rules and what was granted."""

from datetime import date
from decimal import Decimal

from retainers.agreements import checks, readers
from retainers.agreements.business_hours import read_business_hours
from retainers.agreements.granted import read_adjustment, read_top_up
from retainers.agreements.rules import read_rules
from retainers.agreements.tables import Table
from retainers.agreements.words import read_words
from retainers.files import RetainerFile
from retainers.hours import ZERO
from retainers.terms import (
    NEUTRAL_TEXT,
    REQUEST_KINDS,
    Agreement,
    AlertTerms,
    HoursFrom,
    Months,
    Multiplier,
    Overage,
    Policy,
    Pool,
    Proration,
    Rollover,
    Sharing,
    Stacking,
    Terms,
)

MONTHS: tuple[Months, ...] = (1, 3, 6, 12)
HOURS_FROM: tuple[HoursFrom, ...] = ("worked", "billable", "deducted")
POLICIES: tuple[Policy, ...] = ("exclude", "count")
STACKINGS: tuple[Stacking, ...] = ("highest", "product")
PRORATIONS: tuple[Proration, ...] = ("daily", "start", "end", "full")
SHARINGS: tuple[Sharing, ...] = ("separate", "shared")
OVERAGES: tuple[Overage, ...] = ("bill", "queue", "decline")
_SOME_DAY = date(2000, 1, 1)


def read_retainer(table: Table, *, has_business_hours: bool) -> RetainerFile:
    """A retainer's values, with all that is wrong with them left in the table's findings."""
    known = len(table.findings)
    retainer = _read_values(table)
    agreement, top_ups, adjustments = retainer.agreement, retainer.top_ups, retainer.adjustments
    readable = len(table.findings) == known
    table.judge(
        checks.find_wrong_values(
            agreement, top_ups, adjustments, has_business_hours=has_business_hours, at=table.place
        )
    )
    if readable:
        table.judge(checks.find_contradictions(agreement, top_ups, adjustments, at=table.place))
    return retainer


def _read_values(table: Table) -> RetainerFile:
    starts = table.need("starts", readers.day, _SOME_DAY)
    agreement = Agreement(
        key=table.need("key", readers.key, ""),
        name=table.need("name", readers.name, ""),
        starts=starts,
        terms=_read_versions(table, starts),
        ends=table.get("ends", readers.day, None),
        anchor_day=table.get("anchor_day", readers.whole, None),
        anchor_month=table.get("anchor_month", readers.whole, None),
        months=table.get("months", readers.one_of(MONTHS), 1),
        updates_on=table.get("updates_on", readers.weekdays, ()),
        psa_agreements=table.get("psa_agreements", readers.companies, ()),
        rules=read_rules(table),
        business_hours=read_business_hours(table),
        requests=table.get("requests", readers.request_kinds, REQUEST_KINDS),
        alerts=_read_alerts(table),
        incident_alert_hours=table.get("incident_alert_hours", readers.granted_hours, None),
    )
    top_ups = tuple(read_top_up(item) for item in table.tables("top_ups", shown_by="key"))
    adjustments = tuple(read_adjustment(item) for item in table.tables("adjustments", shown_by="key"))
    table.close()
    return RetainerFile(agreement, top_ups, adjustments)


def _read_alerts(retainer: Table) -> AlertTerms | None:
    table = retainer.table("alerts")
    if table is None:
        return None
    terms = AlertTerms(
        percent=table.get("percent", readers.percents, ()),
        hours_left=table.get("hours_left", readers.granted_hours, None),
    )
    table.close()
    return terms


def _read_versions(retainer: Table, starts: date) -> tuple[Terms, ...]:
    versions: list[Terms] = []
    for table in retainer.tables("terms"):
        read_since = table.need if versions else table.get
        since = read_since("from", readers.day, starts)
        versions.append(_read_terms(table, since))
    return tuple(versions)


def _read_terms(table: Table, since: date) -> Terms:
    terms = Terms(
        starts=since,
        pools=tuple(_read_pool(item) for item in table.tables("pools", shown_by="key")),
        fee=table.get("fee", readers.exact, None),
        currency=table.get("currency", readers.currency, "USD"),
        scope=table.get("scope", readers.prose, ""),
        hours_from=table.get("hours_from", readers.one_of(HOURS_FROM), "billable"),
        non_billable=table.get("non_billable", readers.one_of(POLICIES), "exclude"),
        travel=table.get("travel", readers.one_of(POLICIES), "exclude"),
        increment=table.get("increment", readers.exact, None),
        minimum=_read_minimum(table),
        stacking=table.get("stacking", readers.one_of(STACKINGS), "highest"),
        proration=table.get("proration", readers.one_of(PRORATIONS), "daily"),
        sharing=table.get("sharing", readers.one_of(SHARINGS), "separate"),
        overage=table.get("overage", readers.one_of(OVERAGES), "decline"),
        overage_rate=table.get("overage_rate", readers.exact, None),
        rollover=_read_rollover(table),
        multipliers=tuple(
            _read_multiplier(item) for item in table.tables("multipliers", shown_by="category")
        ),
        words=read_words(table),
        months=table.get("months", readers.one_of(MONTHS), None),
        anchor_day=table.get("anchor_day", readers.whole, None),
        anchor_month=table.get("anchor_month", readers.whole, None),
    )
    table.close()
    return terms


def _read_pool(table: Table) -> Pool:
    pool = Pool(
        key=table.need("key", readers.key, ""),
        name=table.need("name", readers.name, ""),
        hours=table.need("hours", readers.granted_hours, ZERO),
        neutral_text=table.get("neutral_text", readers.line, NEUTRAL_TEXT),
        hidden=table.get("hidden", readers.flag, default=False),
    )
    table.close()
    return pool


def _read_minimum(terms: Table) -> dict[str, Decimal]:
    table = terms.table("minimum")
    if table is None:
        return {}
    for category in table.raw:
        if not readers.is_key(category):
            table.refuse(category, f"{readers.seen(category)} isn't a category: {readers.KEY_WANTED}")
    return {category: table.need(category, readers.exact, ZERO) for category in table.raw}


def _read_rollover(terms: Table) -> Rollover | None:
    table = terms.table("rollover")
    if table is None:
        return None
    known = len(table.findings)
    hours = table.get("hours", readers.granted_hours, None)
    cycles = table.get("cycles", readers.whole, None)
    table.close()
    return Rollover(hours, cycles) if len(table.findings) == known else None


def _read_multiplier(table: Table) -> Multiplier:
    category = table.need("category", readers.key, "")
    multiplier = Multiplier(
        category=category,
        name=table.get("name", readers.name, category.replace("_", " ").capitalize()),
        factor=table.need("factor", readers.exact, ZERO),
    )
    table.close()
    return multiplier
