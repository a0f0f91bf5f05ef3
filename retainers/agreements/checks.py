"""Whether an agreement makes sense: the same findings, in the same words, for a file and for a form.

Types and spelling are settled before (`readers`); dates of cycles come from `retainers.cycles`. Nothing here
changes a value.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from retainers.agreements import readers
from retainers.agreements.granted import find_grant_problems, placed
from retainers.agreements.hiding import find_hiding_problems
from retainers.agreements.problems import AgreementProblem, Finding, Place, as_problems, find_repeated
from retainers.agreements.rules import find_rule_problems
from retainers.agreements.words import find_words_problems
from retainers.cycles import COUNTED_YEARS, cycle_of, is_cycle_start
from retainers.terms import (
    Adjustment,
    Agreement,
    AlertTerms,
    Multiplier,
    Pool,
    Rollover,
    Rule,
    Terms,
    TopUp,
)

MONTHS = (1, 3, 6, 12)
CYCLE_KEYS = ("months", "anchor_day", "anchor_month")
MOST_PERCENT = 200  # past what was granted there are alerts too


def check_agreement(
    agreement: Agreement,
    top_ups: Sequence[TopUp] = (),
    adjustments: Sequence[Adjustment] = (),
    *,
    has_business_hours: bool,
) -> tuple[AgreementProblem, ...]:
    """Everything that is wrong with one retainer, none if it can be saved (contract.md, `load_retainers`).

    Places are relative to the retainer, such as `terms[2].pools[reactive].hours`. Whether two retainers of a
    client claim the same entries is for `check_claims`.
    """
    at = Place()
    return as_problems(
        [
            *find_wrong_values(agreement, top_ups, adjustments, has_business_hours=has_business_hours, at=at),
            *find_contradictions(agreement, top_ups, adjustments, at=at),
        ]
    )


def check_rules(rules: Sequence[Rule], *, has_business_hours: bool) -> tuple[AgreementProblem, ...]:
    """Everything that is wrong with a provider's rules."""
    return as_problems(find_rule_problems(rules, has_business_hours=has_business_hours, at=Place()))


def find_wrong_values(
    agreement: Agreement,
    top_ups: Sequence[TopUp],
    adjustments: Sequence[Adjustment],
    *,
    has_business_hours: bool,
    at: Place,
) -> Iterator[Finding]:
    """Values that are wrong by themselves, whatever else the retainer says."""
    yield from _find_cycle_problems(agreement, at)
    yield from find_repeated(at.key("updates_on"), agreement.updates_on, "weekday")
    if agreement.alerts is not None:
        yield from _find_alert_problems(agreement.alerts, at.key("alerts"))
    if agreement.incident_alert_hours is not None:
        place = at.key("incident_alert_hours")
        yield from _find_hours_problems(agreement.incident_alert_hours, place)
        if agreement.incident_alert_hours <= 0:
            yield place, f"{agreement.incident_alert_hours} is not above zero: every incident would alert"
    if not agreement.terms:
        yield at.key("terms"), "there are no terms: state at least one version, with its pools"
    for index, terms in enumerate(agreement.terms):
        yield from _find_terms_problems(terms, at.item("terms", index))
    has_hours = has_business_hours or bool(agreement.business_hours)
    yield from find_rule_problems(agreement.rules, has_business_hours=has_hours, at=at)
    yield from find_grant_problems(placed(top_ups, adjustments, at))


def _find_alert_problems(alerts: AlertTerms, at: Place) -> Iterator[Finding]:
    for percent in alerts.percent:
        if not 1 <= percent <= MOST_PERCENT:
            yield (
                at.key("percent"),
                f"{percent} isn't a share of the hours granted: choose 1 to {MOST_PERCENT}",
            )
    yield from find_repeated(at.key("percent"), [str(each) for each in alerts.percent], "per cent")
    if alerts.hours_left is not None:
        yield from _find_hours_problems(alerts.hours_left, at.key("hours_left"))
        if alerts.hours_left < 0:
            yield at.key("hours_left"), f"{alerts.hours_left} is below zero: at 0 nothing is left"


def _find_cycle_problems(agreement: Agreement, at: Place) -> Iterator[Finding]:
    yield from _find_anchor_problems(agreement, at)
    for index, terms in enumerate(agreement.terms):
        yield from _find_anchor_problems(terms, at.item("terms", index))
    yield from _find_far_days(agreement, at)
    if agreement.ends is not None and agreement.ends < agreement.starts:
        yield at.key("ends"), f"{agreement.ends} is before the start on {agreement.starts}: end it later"


def _find_far_days(agreement: Agreement, at: Place) -> Iterator[Finding]:
    """Days outside of the years that are counted."""
    said = [(at.key("starts"), agreement.starts)]
    if agreement.ends is not None:
        said.append((at.key("ends"), agreement.ends))
    for index, terms in enumerate(agreement.terms[1:], start=1):
        said.append((at.item("terms", index).key("from"), terms.starts))
    for place, day in said:
        if day.year < COUNTED_YEARS[0]:
            yield place, f"{day} is too long ago: {COUNTED_YEARS[0]} is the first year that we know"
        if day.year > COUNTED_YEARS[-1]:
            yield place, f"{day} is too far away: {COUNTED_YEARS[-1]} is the last year that we count"


def _find_anchor_problems(cycle: Agreement | Terms, at: Place) -> Iterator[Finding]:
    if cycle.months is not None and cycle.months not in MONTHS:
        yield at.key("months"), f"a cycle can't have {cycle.months} months: choose 1, 3, 6 or 12"
    if cycle.anchor_day is not None and not 1 <= cycle.anchor_day <= 31:
        yield at.key("anchor_day"), f"{cycle.anchor_day} isn't a day of a month: choose 1 to 31"
    if cycle.anchor_month is not None and not 1 <= cycle.anchor_month <= 12:
        yield at.key("anchor_month"), f"{cycle.anchor_month} isn't a month: choose 1 to 12"


def _find_terms_problems(terms: Terms, at: Place) -> Iterator[Finding]:
    if not terms.pools:
        yield at.key("pools"), "there is no pool: state at least one, a time bank has just one"
    yield from find_repeated(at.key("pools"), [pool.key for pool in terms.pools], "pool")
    for index, pool in enumerate(terms.pools):
        yield from _find_pool_problems(pool, at.item("pools", index, pool.key))
    yield from find_hiding_problems(terms, at)
    yield from find_words_problems(terms, at)
    yield from find_repeated(at.key("multipliers"), [one.category for one in terms.multipliers], "category")
    for index, multiplier in enumerate(terms.multipliers):
        yield from _find_multiplier_problems(multiplier, at.item("multipliers", index, multiplier.category))
    yield from _find_rounding_problems(terms, at)
    yield from _find_money_problems(terms, at)
    if terms.rollover is not None:
        yield from _find_rollover_problems(terms.rollover, at.key("rollover"))


def _find_pool_problems(pool: Pool, at: Place) -> Iterator[Finding]:
    if not readers.is_key(pool.key):
        yield at.key("key"), f"{readers.seen(pool.key)} isn't a key: {readers.KEY_WANTED}"
    if not pool.name.strip():
        yield at.key("name"), "the name is empty: clients read it"
    yield from _find_hours_problems(pool.hours, at.key("hours"))
    if pool.hours < 0:
        yield at.key("hours"), f"a cap can't be below zero, this one is {pool.hours}: 0 makes a prepaid block"


def _find_multiplier_problems(multiplier: Multiplier, at: Place) -> Iterator[Finding]:
    if not readers.is_key(multiplier.category):
        yield at.key("category"), f"{readers.seen(multiplier.category)} isn't a key: {readers.KEY_WANTED}"
    if multiplier.factor < 0:
        yield (
            at.key("factor"),
            f"a factor can't be below zero, this one is {multiplier.factor}: 0 is free work",
        )


def _find_rounding_problems(terms: Terms, at: Place) -> Iterator[Finding]:
    if terms.increment is not None and terms.increment <= 0:
        yield at.key("increment"), f"{terms.increment} is not above zero: leave it out for no rounding"
    for category, hours in terms.minimum.items():
        if hours < 0:
            yield at.key("minimum").key(category), f"a minimum can't be below zero, this one is {hours}"


def _find_money_problems(terms: Terms, at: Place) -> Iterator[Finding]:
    if not readers.is_currency(terms.currency):
        yield (
            at.key("currency"),
            f"{readers.seen(terms.currency)} isn't a currency: write three letters, like USD",
        )
    if terms.overage == "bill" and terms.overage_rate is None:
        yield (
            at.key("overage_rate"),
            'overage = "bill" needs a rate: add overage_rate, or choose queue or decline',
        )
    for name, amount in (("fee", terms.fee), ("overage_rate", terms.overage_rate)):
        if amount is not None and amount < 0:
            yield at.key(name), f"{amount} is below zero: leave it out where nothing is charged"


def _find_rollover_problems(rollover: Rollover, at: Place) -> Iterator[Finding]:
    if rollover.hours is not None:
        yield from _find_hours_problems(rollover.hours, at.key("hours"))
        if rollover.hours < 0:
            yield (
                at.key("hours"),
                f"{rollover.hours} is below zero: say how many hours may be carried at most",
            )
    if rollover.cycles is not None and rollover.cycles < 1:
        yield at.key("cycles"), f"hours can't live for {rollover.cycles} cycles: 1 or more"


def _find_hours_problems(hours: Decimal, at: Place) -> Iterator[Finding]:
    if not readers.has_two_places(hours):
        yield at, readers.too_exact(hours)


def find_contradictions(
    agreement: Agreement, top_ups: Sequence[TopUp], adjustments: Sequence[Adjustment], *, at: Place
) -> Iterator[Finding]:
    """Where parts of a retainer do not fit together; silent while its cycles or pools can't be told."""
    if (
        any(_find_cycle_problems(agreement, at))
        or not agreement.terms
        or not all(terms.pools for terms in agreement.terms)
    ):
        return
    yield from _find_version_problems(agreement, at)
    for index, rule in enumerate(agreement.rules):
        place = at.item("rules", index, rule.name.strip() or None).key("then").key("pool")
        yield from _find_unknown_pool(agreement, rule.then.pool, place)
    for place, grant in placed(top_ups, adjustments, at):
        yield from _find_outside_life(agreement, grant.date, place.key("date"))
        yield from _find_unknown_pool(agreement, grant.pool, place.key("pool"))
        yield from _find_missing_pool(agreement, grant, place)


def _find_version_problems(agreement: Agreement, at: Place) -> Iterator[Finding]:
    previous: Terms | None = None
    for index, terms in enumerate(agreement.terms):
        place = at.item("terms", index)
        yield from _find_start_problems(agreement, terms.starts, previous, place.key("from"))
        if previous is None and terms.changes_cycle:
            name = next(name for name in CYCLE_KEYS if getattr(terms, name) is not None)
            yield place.key(name), f"the retainer itself says its first `{name}`: write it there"
        previous = terms


def _find_start_problems(
    agreement: Agreement, day: date, previous: Terms | None, at: Place
) -> Iterator[Finding]:
    if previous is None:
        if day != agreement.starts:
            message = (
                f"the first terms are from {day}, the retainer starts on {agreement.starts}: make them equal"
            )
            yield at, message
    elif day <= previous.starts:
        yield at, f"{day} does not come after {previous.starts} of the terms before: put them in order"
    elif agreement.ends is not None and day > agreement.ends:
        yield at, f"{day} is after the retainer's last day, {agreement.ends}: take these terms out"
    elif not is_cycle_start(agreement, day):
        near = " or ".join(_first_days_around(agreement, day))
        advice = f"take {near}, or say a new cycle by `anchor_day` or `months`"
        yield at, f"{day} is not the first day of a cycle: {advice}"


def _first_days_around(agreement: Agreement, day: date) -> list[str]:
    """The first day of the cycle that the day lies in, and of the next one."""
    cycle = cycle_of(agreement, day)
    return [str(first) for first in (cycle.starts, cycle.resets) if first] if cycle else []


def _find_outside_life(agreement: Agreement, day: date, at: Place) -> Iterator[Finding]:
    if not agreement.alive_on(day):
        life = f"from {agreement.starts}" + (f" to {agreement.ends}" if agreement.ends else "")
        yield at, f"{day} is outside the retainer's life {life}: choose a day in it"


def _find_unknown_pool(agreement: Agreement, key: str | None, at: Place) -> Iterator[Finding]:
    known = list(dict.fromkeys(pool.key for terms in agreement.terms for pool in terms.pools))
    if key is not None and key not in known:
        yield at, f"the retainer has no pool {readers.seen(key)}: it has {', '.join(known)}"


def _find_missing_pool(agreement: Agreement, grant: TopUp | Adjustment, at: Place) -> Iterator[Finding]:
    terms = agreement.terms_on(grant.date)
    pools = terms.pools
    if grant.pool is None and terms.sharing == "separate" and len(pools) > 1:
        yield at, f"`pool` is missing: say which of {', '.join(pool.key for pool in pools)} gets these hours"
