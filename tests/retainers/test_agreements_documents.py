"""Agreements keep every word on their way through a file or a stored document."""

import json
from dataclasses import replace
from datetime import date, time
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from retainers.agreements import (
    DEFAULT_RULES,
    agreement_document,
    agreement_from_document,
    check_agreement,
    check_claims,
    check_companies,
    check_rules,
    opening_times_document,
    opening_times_from_document,
    rules_document,
    rules_from_document,
)
from retainers.agreements.reading import read_file
from retainers.agreements.rules import TEXT_FIELDS
from retainers.agreements.writing import write_file
from retainers.files import ClientFile, Contact, Member, ProviderFile, RetainerFile
from retainers.terms import (
    WEEKDAYS,
    Adjustment,
    Agreement,
    BusinessHours,
    Effects,
    Multiplier,
    Pool,
    Rollover,
    Rule,
    Terms,
    TextCondition,
    TopUp,
    Words,
)
from tests.examples import examples

CATEGORIES = ("standard", "onsite", "after_hours", "travel")
POOLS = ("reactive", "scheduled", "onsite")

lines = st.text(st.characters(exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=12).filter(
    str.strip
)
prose = st.text(st.characters(exclude_categories=("C",)) | st.sampled_from("\n\t"), max_size=20)
weekdays = st.lists(st.sampled_from(WEEKDAYS), unique=True, min_size=1).map(tuple)
hours = st.integers(0, 99999).map(lambda units: Decimal(units).scaleb(-2))
exact = st.integers(1, 999999).map(lambda units: Decimal(units).scaleb(-4))
far_days = st.dates(date(2030, 12, 31), date(2040, 1, 1))
expiries = st.sampled_from(["never", "cycle"]) | st.integers(1, 99) | far_days
texts = st.lists(prose, min_size=1, max_size=3).map(tuple)
patterns = st.sampled_from(["^a.b$", "patch|backup", r"\[internal\]", "wi-?fi"])


def optional(strategy):
    return st.none() | strategy


@st.composite
def rules(draw):
    fields = [field for field in TEXT_FIELDS if draw(st.integers(0, 4)) == 0]
    effects = Effects(
        pool=draw(optional(st.sampled_from(POOLS))),
        categories=tuple(draw(st.lists(st.sampled_from(CATEGORIES), max_size=2))),
        exclude=draw(optional(lines)),
        wording=draw(lines),
        retainer=draw(optional(st.sampled_from(["support", "block"]))),
    )
    return Rule(
        name=draw(st.just("") | lines),
        then=effects,
        texts=tuple(
            TextCondition(field, draw(texts))
            if draw(st.booleans())
            else TextCondition(field, matches=draw(patterns))
            for field in fields
        ),
        billable=draw(st.sampled_from([None, True, False])),
        weekdays=draw(st.just(()) | weekdays),
        after_hours=draw(st.booleans()),
        holiday=draw(st.sampled_from([None, True, False])),
        since=draw(optional(st.dates(date(2020, 1, 1), date(2024, 1, 1)))),
        until=draw(optional(st.dates(date(2024, 1, 1), date(2028, 1, 1)))),
    )


@st.composite
def versions(draw, starts, *, is_first):
    overage = draw(st.sampled_from(["bill", "queue", "decline"]))
    pools = tuple(Pool(key, draw(lines), draw(hours), draw(lines)) for key in POOLS)
    multipliers = tuple(
        Multiplier(category, draw(lines), draw(exact))
        for category in draw(st.lists(st.sampled_from(CATEGORIES), unique=True))
    )
    sharing = draw(st.sampled_from(["separate", "shared"]))
    can_hide = sharing == "separate" and (pools[0].hours or not any(pool.hours for pool in pools))
    return Terms(
        starts=starts,
        pools=(pools[0], replace(pools[1], hidden=draw(st.booleans())), *pools[2:]) if can_hide else pools,
        fee=draw(optional(hours)),
        currency=draw(st.sampled_from(["USD", "EUR"])),
        scope=draw(prose),
        hours_from=draw(st.sampled_from(["worked", "billable", "deducted"])),
        non_billable=draw(st.sampled_from(["exclude", "count"])),
        travel=draw(st.sampled_from(["exclude", "count"])),
        increment=draw(optional(exact)),
        minimum=draw(st.dictionaries(st.sampled_from(CATEGORIES), exact)),
        stacking=draw(st.sampled_from(["highest", "product"])),
        proration=draw(st.sampled_from(["daily", "start", "end", "full"])),
        sharing=sharing,
        overage=overage,
        overage_rate=draw(hours if overage == "bill" else optional(hours)),
        rollover=draw(optional(st.builds(Rollover, optional(hours), optional(st.integers(1, 12))))),
        multipliers=multipliers,
        words=draw(words([each.category for each in multipliers])),
        months=None if is_first else draw(st.sampled_from([None, 1, 3, 6, 12])),
        anchor_day=None if is_first else draw(optional(st.integers(1, 31))),
        anchor_month=None if is_first else draw(optional(st.integers(1, 12))),
    )


@st.composite
def words(draw, categories):
    """The provider's own words in some languages, for some of what there is."""
    found = {}
    for language in draw(st.lists(st.sampled_from(["de", "fr"]), unique=True)):
        said = Words(
            scope=draw(st.just("") | lines),
            pools=draw(st.dictionaries(st.sampled_from(POOLS), lines)),
            multipliers=draw(st.dictionaries(st.sampled_from(categories), lines)) if categories else {},
            neutral_texts=draw(st.dictionaries(st.sampled_from(POOLS), lines)),
        )
        if said != Words():
            found[language] = said
    return found


@st.composite
def agreements(draw, key="support"):
    starts = draw(st.dates(date(2020, 1, 1), date(2025, 12, 31)).filter(lambda day: day.day <= 28))
    terms = [draw(versions(starts, is_first=True))]
    if draw(st.booleans()):
        terms.append(draw(versions(starts.replace(year=starts.year + 1), is_first=False)))
    return Agreement(
        key=key,
        name=draw(lines),
        starts=starts,
        terms=tuple(terms),
        ends=draw(optional(st.dates(date(2028, 1, 1), date(2030, 12, 31)))),
        anchor_day=draw(st.sampled_from([None, starts.day])),
        anchor_month=draw(st.sampled_from([None, starts.month])),
        months=draw(st.sampled_from([1, 3, 6, 12])),
        updates_on=draw(st.just(()) | weekdays),
        psa_agreements=(f"{key} agreement", draw(lines) + key),
        rules=tuple(draw(st.lists(rules(), max_size=2))),
        business_hours=draw(st.just(()) | opening_times()),
        incident_alert_hours=draw(optional(hours.filter(bool))),
    )


@st.composite
def retainers(draw, key):
    agreement = draw(agreements(key))
    days = st.dates(agreement.starts, agreement.ends or date(2028, 1, 1))
    pools = st.sampled_from(POOLS)
    some = hours.filter(bool)
    changes = some | some.map(lambda one: -one)
    top_ups = st.builds(TopUp, days, some, pools, expiries, prose)
    adjustments = st.builds(Adjustment, days, changes, pools, optional(expiries), prose)
    return RetainerFile(
        agreement,
        tuple(keyed(draw, draw(st.lists(top_ups, max_size=2)), "po")),
        tuple(keyed(draw, draw(st.lists(adjustments, max_size=2)), "note")),
    )


def keyed(draw, grants, name):
    return [replace(each, key=draw(st.sampled_from(["", f"{name}-{n}"]))) for n, each in enumerate(grants)]


@st.composite
def opening_times(draw):
    """One version of business hours, or two."""
    first, second = draw(business_hours()), draw(business_hours())
    return draw(st.sampled_from([(first,), (first, replace(second, since=date(2026, 7, 1)))]))


def business_hours():
    return st.builds(
        BusinessHours,
        weekdays,
        st.sampled_from([time(0), time(8), time(8, 30, 15)]),
        st.sampled_from([time(17), time(23, 59, 59)]),
        st.lists(st.dates(), max_size=2).map(tuple),
        st.sampled_from(["start", "boundary"]),
    )


@st.composite
def provider_files(draw):
    clients = tuple(
        ClientFile(
            slug=slug,
            name=f"{slug} {draw(lines)}",
            psa_names=tuple(f"{slug} {name}" for name in draw(st.lists(lines, max_size=2))),
            contacts=draw(st.sampled_from([None, (), (Contact("", "pat@acme.example", approves=True),)])),
            retainers=tuple(draw(retainers(key)) for key in ("support", "block")[: draw(st.integers(0, 2))]),
        )
        for slug in ("acme", "birch")[: draw(st.integers(0, 2))]
    )
    return ProviderFile(
        slug=draw(st.sampled_from(["northwind", "a_B-9"])),
        name=draw(lines),
        timezone=draw(st.sampled_from([None, "UTC", "America/Chicago"])),
        support_email=draw(st.sampled_from([None, "help@northwind.example"])),
        support_phone=draw(st.none() | st.just("") | lines),
        date_order=draw(st.sampled_from([None, "mdy", "dmy", "ymd"])),
        trusted_notes=draw(st.sampled_from([None, (), ("autotask",)])),
        business_hours=draw(opening_times()),
        rules=draw(optional(st.lists(rules(), max_size=3).map(tuple))),
        members=draw(
            st.sampled_from([(), (Member("a@b.example", "owner"), Member("c@b.example", "viewer"))])
        ),
        clients=clients,
    )


@settings(max_examples=examples(80), deadline=None)
@given(provider_files())
def test_a_written_file_reads_as_what_was_written(file: ProviderFile) -> None:
    assert read_file(write_file(file)) == file


@settings(max_examples=examples(80), deadline=None)
@given(agreements())
def test_a_stored_agreement_is_the_agreement(agreement: Agreement) -> None:
    stored = json.dumps(agreement_document(agreement), sort_keys=True)

    assert agreement_from_document(json.loads(stored)) == agreement


@settings(max_examples=examples(50), deadline=None)
@given(st.lists(rules(), max_size=4).map(tuple))
def test_stored_rules_are_the_rules(some: tuple[Rule, ...]) -> None:
    stored = json.dumps(rules_document(some), sort_keys=True)

    assert rules_from_document(json.loads(stored)) == some


@settings(max_examples=examples(50), deadline=None)
@given(opening_times())
def test_stored_business_hours_are_the_business_hours(opening: tuple[BusinessHours, ...]) -> None:
    stored = json.dumps(opening_times_document(opening))

    assert opening_times_from_document(json.loads(stored)) == opening


def time_bank(key: str = "bank", *, cap: str = "20", **fields: object) -> Agreement:
    starts = fields.pop("starts", date(2026, 1, 1))
    terms = Terms(starts, (Pool("support", "IT support", Decimal(cap)),))
    return Agreement(key, "Time bank", starts, (terms,), **fields)


def test_equal_agreements_have_equal_documents_however_their_hours_were_written() -> None:
    assert agreement_document(time_bank(cap="20")) == agreement_document(time_bank(cap="20.00"))


def test_a_document_has_the_shape_of_the_file() -> None:
    document = agreement_document(time_bank())

    assert (document["starts"], document["months"], "ends" in document) == ("2026-01-01", 1, False)
    assert document["terms"][0]["pools"] == [
        {"key": "support", "name": "IT support", "hours": "20.00", "neutral_text": "Support work"}
    ]


def test_hours_finer_than_hundredths_are_stored_in_full() -> None:
    terms = Terms(
        date(2026, 1, 1), (Pool("a", "A", Decimal(1)),), increment=Decimal("0.0833"), fee=Decimal("2900.5")
    )
    document = agreement_document(Agreement("k", "K", date(2026, 1, 1), (terms,)))

    assert (document["terms"][0]["increment"], document["terms"][0]["fee"]) == ("0.0833", "2900.50")


def test_a_written_file_leaves_defaults_out() -> None:
    text = write_file(
        ProviderFile("p", "P", clients=(ClientFile("c", "C", retainers=(RetainerFile(time_bank()),)),))
    )

    assert "starts = 2026-01-01" in text
    for name in ("months", "currency", "sharing", "neutral_text", "rollover", "rules", "contacts"):
        assert name not in text


def test_the_shipped_rules_are_sound_and_survive_a_file() -> None:
    assert check_rules(DEFAULT_RULES, has_business_hours=False) == ()
    file = ProviderFile("p", "P", rules=DEFAULT_RULES)
    assert read_file(write_file(file)).rules == DEFAULT_RULES


def test_a_form_gets_the_same_sentences_as_a_file() -> None:
    (problem,) = check_agreement(time_bank(cap="-1"), has_business_hours=False)

    assert (problem.place, problem.line) == ("terms[1].pools[support].hours", None)
    assert "a cap can't be below zero" in problem.message


def test_a_form_is_told_of_contradictions_beside_wrong_values() -> None:
    top_up = TopUp(date(2025, 12, 31), Decimal(5))

    problems = check_agreement(time_bank(cap="-1"), [top_up], has_business_hours=False)

    assert [problem.place for problem in problems] == ["terms[1].pools[support].hours", "top_ups[1].date"]


def test_a_sound_agreement_has_no_problem() -> None:
    assert check_agreement(time_bank(), has_business_hours=False) == ()


def test_claims_clash_past_a_short_retainer_in_between() -> None:
    long = time_bank("long", ends=date(2026, 12, 31))
    short = time_bank("short", starts=date(2026, 2, 1), ends=date(2026, 2, 28))
    late = time_bank("late", starts=date(2026, 12, 31))

    problems = check_claims([late, long, short])

    assert [problem.place for problem in problems] == [
        "retainers[short].psa_agreements",
        "retainers[late].psa_agreements",
    ]
    assert all("“long” and" in problem.message for problem in problems)


def test_agreement_names_are_compared_like_company_names() -> None:
    one = time_bank("one", psa_agreements=("Managed  Support",))
    other = time_bank("other", psa_agreements=("managed support",))

    assert len(check_claims([one, other])) == 1
    assert len(check_companies([("a", ["Acme "]), ("b", ["B", "ACME"])])) == 1
