"""What `load_retainers` takes and refuses, and where it says the mistake is."""

from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from retainers.agreements.reading import read_file
from retainers.terms import BusinessHours, Effects, Rollover, Rule, TextCondition
from tests.retainers.agreement_file import (
    ADJUSTMENT,
    FILE,
    HOURS,
    IN_RETAINER,
    LATER,
    LEFT_OUT,
    POOL,
    RETAINER,
    RULE,
    TERMS,
    TOP_UP,
    Path_,
    changed,
    problems_of,
    retainer_of,
)


def test_a_file_is_read_into_values() -> None:
    file = read_file(FILE)

    assert file.business_hours == (BusinessHours(("mon", "tue"), time(8), time(17)),)
    assert file.rules == (Rule("Night", Effects(categories=("after_hours",)), after_hours=True),)
    retainer = retainer_of(file)
    assert retainer.agreement.rules == (
        Rule(
            "Maintenance tickets",
            Effects(pool="scheduled"),
            texts=(TextCondition("ticket_type", ("Maintenance",)),),
        ),
    )
    first, second = retainer.agreement.terms
    assert (first.starts, second.starts) == (date(2026, 1, 15), date(2026, 3, 15))
    assert [pool.hours for pool in first.pools] == [Decimal(12), Decimal(8)]
    assert first.rollover == Rollover(Decimal(10), 2)
    assert retainer.top_ups[0].expires == "never"
    assert retainer.adjustments[0].date == date(2026, 4, 20)


def test_what_a_file_does_not_say_is_none_or_its_default() -> None:
    file = read_file(
        """
        [provider]
        slug = "p"
        name = "P"
        [[clients]]
        slug = "c"
        name = "C"
        [[clients.retainers]]
        key = "k"
        name = "K"
        starts = 2026-01-01
        [[clients.retainers.terms]]
        pools = [{ key = "a", name = "A", hours = "1" }]
        """
    )

    assert (file.timezone, file.rules, file.business_hours, file.clients[0].contacts) == (None,) * 4
    agreement = retainer_of(file).agreement
    assert (agreement.months, agreement.ends, agreement.anchor_day) == (1, None, None)
    terms = agreement.terms[0]
    assert (terms.hours_from, terms.non_billable, terms.travel) == ("billable", "exclude", "exclude")
    assert (terms.stacking, terms.proration, terms.sharing) == ("highest", "daily", "separate")
    assert (terms.overage, terms.currency, terms.fee, terms.rollover) == ("decline", "USD", None, None)


def test_an_empty_list_of_rules_is_not_the_same_as_none() -> None:
    assert read_file('rules = []\n[provider]\nslug = "p"\nname = "P"').rules == ()


def test_the_examples_of_the_samples_and_golden_files_are_read() -> None:
    for path in (*Path("tests/golden").glob("*.toml"), *Path("tests/samples").glob("*.toml")):
        assert read_file(path.read_text()).clients


@pytest.mark.parametrize(
    ("path", "value", "place", "words"),
    [
        (("provider", "colour"), "red", "provider.colour", "no key `colour`"),
        (("provider", "slug"), LEFT_OUT, "provider", "`slug` is missing"),
        (("provider", "slug"), "north wind", "provider.slug", "letters, digits, dashes"),
        (("provider", "name"), " ", "provider.name", "empty"),
        (("provider", "name"), "x" * 121, "provider.name", "shorten it to 120"),
        (("provider", "name"), "a\nb", "provider.name", "several lines"),
        (("provider", "name"), "a\0b", "provider.name", "control character"),
        (("provider", "timezone"), "Mars/Base", "provider.timezone", "isn't a time zone"),
        (("provider", "timezone"), "America", "provider.timezone", "isn't a time zone"),
        (("provider", "date_order"), "dym", "provider.date_order", "mdy, dmy, ymd"),
        (("provider", "support_email"), "nobody", "provider.support_email", "e-mail"),
        (("provider", "trusted_notes"), "autotask", "provider.trusted_notes", "square brackets"),
        (("provider", "business_hours", "days"), [], "provider.business_hours.days", "no day"),
        (("provider", "business_hours", "days"), ["mo"], "provider.business_hours.days", "“mo”"),
        (("provider", "business_hours", "start"), "8", "provider.business_hours.start", "a time of day"),
        (("provider", "business_hours", "end"), "08:00", "provider.business_hours.end", "not after 08:00"),
        (("provider", "business_hours", "end"), "24:00", "provider.business_hours.end", "a time of day"),
        (("members", 0, "role"), "boss", "members[dana@northwind.example].role", "owner, manager, viewer"),
        (("clients", 0, "slug"), 5, "clients[1].slug", "in quotes"),
        (("clients", 0, "contacts", 0, "approves"), "yes", None, "neither true nor false"),
        ((*RETAINER, "key"), "a/b", "clients[acme-dental].retainers[a/b].key", "a key"),
        ((*RETAINER, "starts"), LEFT_OUT, IN_RETAINER, "`starts` is missing"),
        ((*RETAINER, "starts"), "15.1.2026", f"{IN_RETAINER}.starts", "a date"),
        ((*RETAINER, "starts"), "2026-02-30", f"{IN_RETAINER}.starts", "isn't a day of the calendar"),
        ((*RETAINER, "starts"), date(206, 1, 15), f"{IN_RETAINER}.starts", "too long ago"),
        ((*RETAINER, "ends"), date(2201, 1, 1), f"{IN_RETAINER}.ends", "too far away"),
        ((*RETAINER, "ends"), date(2026, 1, 14), f"{IN_RETAINER}.ends", "before the start"),
        ((*RETAINER, "months"), 2, f"{IN_RETAINER}.months", "1, 3, 6, 12"),
        ((*RETAINER, "months"), True, f"{IN_RETAINER}.months", "1, 3, 6, 12"),
        ((*RETAINER, "anchor_day"), 32, f"{IN_RETAINER}.anchor_day", "1 to 31"),
        ((*RETAINER, "anchor_day"), 0, f"{IN_RETAINER}.anchor_day", "1 to 31"),
        ((*RETAINER, "anchor_day"), "1", f"{IN_RETAINER}.anchor_day", "without quotes"),
        ((*RETAINER, "anchor_month"), 13, f"{IN_RETAINER}.anchor_month", "1 to 12"),
        ((*RETAINER, "updates_on"), ["mon", "mon"], f"{IN_RETAINER}.updates_on", "2 times"),
        ((*RETAINER, "psa_agreements"), [""], f"{IN_RETAINER}.psa_agreements", "empty"),
        ((*RETAINER, "terms"), LEFT_OUT, f"{IN_RETAINER}.terms", "no terms"),
        ((*TERMS, "pools"), LEFT_OUT, f"{IN_RETAINER}.terms[1].pools", "no pool"),
        ((*TERMS, "pools"), "reactive", f"{IN_RETAINER}.terms[1].pools", "list of tables"),
        ((*TERMS, "fee"), "-1", f"{IN_RETAINER}.terms[1].fee", "below zero"),
        ((*TERMS, "currency"), "US", f"{IN_RETAINER}.terms[1].currency", "three letters"),
        (
            (*TERMS, "hours_from"),
            "deduct",
            f"{IN_RETAINER}.terms[1].hours_from",
            "worked, billable, deducted",
        ),
        ((*TERMS, "non_billable"), "drop", f"{IN_RETAINER}.terms[1].non_billable", "exclude, count"),
        ((*TERMS, "travel"), "drop", f"{IN_RETAINER}.terms[1].travel", "exclude, count"),
        ((*TERMS, "stacking"), "sum", f"{IN_RETAINER}.terms[1].stacking", "highest, product"),
        ((*TERMS, "proration"), "half", f"{IN_RETAINER}.terms[1].proration", "daily, start, end, full"),
        ((*TERMS, "sharing"), "both", f"{IN_RETAINER}.terms[1].sharing", "separate, shared"),
        ((*TERMS, "overage"), "free", f"{IN_RETAINER}.terms[1].overage", "bill, queue, decline"),
        ((*TERMS, "overage_rate"), LEFT_OUT, f"{IN_RETAINER}.terms[1].overage_rate", "needs a rate"),
        ((*TERMS, "increment"), "0", f"{IN_RETAINER}.terms[1].increment", "not above zero"),
        ((*TERMS, "increment"), "1/4", f"{IN_RETAINER}.terms[1].increment", "a number"),
        ((*TERMS, "minimum", "standard"), "-0.25", f"{IN_RETAINER}.terms[1].minimum.standard", "below zero"),
        ((*TERMS, "minimum", "on site"), "1", f"{IN_RETAINER}.terms[1].minimum.on site", "isn't a category"),
        ((*TERMS, "rollover", "hours"), "-1", f"{IN_RETAINER}.terms[1].rollover.hours", "below zero"),
        ((*TERMS, "rollover", "cycles"), 0, f"{IN_RETAINER}.terms[1].rollover.cycles", "1 or more"),
        ((*TERMS, "multipliers", 0, "factor"), "-1", None, "below zero"),
        (
            (*TERMS, "multipliers", 1),
            {"category": "after_hours", "factor": "3"},
            f"{IN_RETAINER}.terms[1].multipliers",
            "2 times",
        ),
        ((*POOL, "hours"), LEFT_OUT, f"{IN_RETAINER}.terms[1].pools[reactive]", "`hours` is missing"),
        ((*POOL, "hours"), "-0.01", f"{IN_RETAINER}.terms[1].pools[reactive].hours", "below zero"),
        ((*POOL, "hours"), 12.5, f"{IN_RETAINER}.terms[1].pools[reactive].hours", 'write "12.5"'),
        ((*POOL, "hours"), "1.005", f"{IN_RETAINER}.terms[1].pools[reactive].hours", "two decimals"),
        ((*POOL, "hours"), "NaN", f"{IN_RETAINER}.terms[1].pools[reactive].hours", "a number"),
        ((*POOL, "hours"), "1e3", f"{IN_RETAINER}.terms[1].pools[reactive].hours", "a number"),
        (
            (*TERMS, "pools", 2),
            {"key": "reactive", "name": "Again", "hours": "1"},
            f"{IN_RETAINER}.terms[1].pools",
            "2 times",
        ),
        ((*POOL, "neutral"), "x", f"{IN_RETAINER}.terms[1].pools[reactive].neutral", "`neutral_text`"),
        ((*TERMS, "from"), date(2026, 2, 15), f"{IN_RETAINER}.terms[1].from", "starts on 2026-01-15"),
        ((*LATER, "from"), LEFT_OUT, f"{IN_RETAINER}.terms[2]", "`from` is missing"),
        ((*LATER, "from"), date(2026, 3, 14), f"{IN_RETAINER}.terms[2].from", "first day of a cycle"),
        ((*LATER, "from"), date(2026, 1, 15), f"{IN_RETAINER}.terms[2].from", "does not come after"),
        ((*LATER, "from"), date(2027, 1, 15), f"{IN_RETAINER}.terms[2].from", "last day"),
        ((*TERMS, "anchor_day"), 15, f"{IN_RETAINER}.terms[1].anchor_day", "write it there"),
        ((*LATER, "months"), 2, f"{IN_RETAINER}.terms[2].months", "1, 3, 6, 12"),
        ((*LATER, "anchor_day"), 32, f"{IN_RETAINER}.terms[2].anchor_day", "1 to 31"),
        ((*LATER, "anchor_month"), 0, f"{IN_RETAINER}.terms[2].anchor_month", "1 to 12"),
        ((*RETAINER, "business_hours"), [], f"{IN_RETAINER}.business_hours", "list is empty"),
        ((*RETAINER, "business_hours"), "9 to 5", f"{IN_RETAINER}.business_hours", "a table"),
        (
            (*RETAINER, "business_hours"),
            [HOURS, HOURS],
            f"{IN_RETAINER}.business_hours[2]",
            "`from` is missing",
        ),
        (
            (*RETAINER, "business_hours"),
            [HOURS, {**HOURS, "from": date(2026, 7, 1)}, {**HOURS, "from": date(2026, 7, 1)}],
            f"{IN_RETAINER}.business_hours[3].from",
            "put them in order",
        ),
        (
            (*RETAINER, "business_hours"),
            [{**HOURS, "from": date(2026, 7, 1)}],
            f"{IN_RETAINER}.business_hours[1].from",
            "from the beginning",
        ),
        (
            ("provider", "business_hours", "split"),
            "middle",
            "provider.business_hours.split",
            "start, boundary",
        ),
        ((*RULE, "from"), "soon", f"{IN_RETAINER}.rules[Maintenance tickets].from", "a date"),
        ((*RULE, "when", "holiday"), "yes", None, "without quotes"),
        ((*RULE, "when", "status"), 3, None, "write it in quotes"),
        (
            (*RULE, "then", "pool"),
            "remote",
            f"{IN_RETAINER}.rules[Maintenance tickets].then.pool",
            "“remote”",
        ),
        ((*RULE, "then"), {}, f"{IN_RETAINER}.rules[Maintenance tickets].then", "does nothing"),
        ((*RULE, "then"), LEFT_OUT, f"{IN_RETAINER}.rules[Maintenance tickets]", "`then` is missing"),
        ((*RULE, "then", "exclude"), "", None, "reason is empty"),
        ((*RULE, "then", "wording"), " ", None, "wording is empty"),
        ((*RULE, "then", "category"), "on site", None, "a key"),
        ((*RULE, "when", "title"), {"matches": "(a"}, None, "RE2"),
        ((*RULE, "when", "title"), {"matches": "(?=a)"}, None, "RE2"),
        ((*RULE, "when", "title"), {}, None, "`matches` is missing"),
        ((*RULE, "when", "title"), {"matches": ""}, None, "pattern is empty"),
        ((*RULE, "when", "title"), [], None, "text"),
        ((*RULE, "when", "ticket"), 48211, None, "write it in quotes"),
        ((*RULE, "when", "internal_notes"), "x", None, "no key `internal_notes`"),
        ((*RULE, "when", "weekday"), ["fun"], None, "“fun”"),
        ((*RULE, "when", "billable"), "true", None, "without quotes"),
        ((*RULE, "when", "time"), "night", None, "after_hours"),
        ((*TOP_UP, "hours"), "0", f"{IN_RETAINER}.top_ups[1].hours", "not above zero"),
        ((*TOP_UP, "hours"), "1.005", f"{IN_RETAINER}.top_ups[1].hours", "two decimals"),
        ((*TOP_UP, "expires"), 0, f"{IN_RETAINER}.top_ups[1].expires", "1 or more"),
        ((*TOP_UP, "expires"), "2", f"{IN_RETAINER}.top_ups[1].expires", "without quotes"),
        ((*TOP_UP, "expires"), "later", f"{IN_RETAINER}.top_ups[1].expires", "isn’t an expiry"),
        ((*TOP_UP, "expires"), date(2026, 2, 9), f"{IN_RETAINER}.top_ups[1].expires", "is before 2026-02-10"),
        ((*TOP_UP, "key"), "PO 4711", f"{IN_RETAINER}.top_ups[PO 4711].key", "a key"),
        ((*TOP_UP, "pool"), "remote", f"{IN_RETAINER}.top_ups[1].pool", "reactive, scheduled, onsite"),
        ((*TOP_UP, "pool"), LEFT_OUT, f"{IN_RETAINER}.top_ups[1]", "`pool` is missing"),
        ((*TOP_UP, "date"), date(2026, 1, 14), f"{IN_RETAINER}.top_ups[1].date", "outside"),
        ((*ADJUSTMENT, "date"), date(2027, 1, 1), f"{IN_RETAINER}.adjustments[1].date", "outside"),
        ((*ADJUSTMENT, "hours"), "0.00", f"{IN_RETAINER}.adjustments[1].hours", "zero"),
        ((*ADJUSTMENT, "hours"), "-1.005", f"{IN_RETAINER}.adjustments[1].hours", "two decimals"),
    ],
)
def test_a_file_is_refused_for_one_wrong_value(
    path: Path_, value: object, place: str | None, words: str
) -> None:
    (problem,) = problems_of(changed(path, value))

    assert words in problem.message
    assert place is None or problem.place == place
    assert problem.line is not None


@pytest.mark.parametrize(
    ("path", "value", "found"),
    [
        ((*TERMS, "multipliers", 0, "factor"), "0", lambda terms: terms.multipliers[0].factor == 0),
        ((*POOL, "hours"), 0, lambda terms: terms.pools[0].hours == 0),
        ((*TERMS, "increment"), "0.1", lambda terms: terms.increment == Decimal("0.1")),
        ((*TERMS, "rollover"), {}, lambda terms: terms.rollover == Rollover()),
        ((*TERMS, "proration"), "end", lambda terms: terms.proration == "end"),
        ((*TERMS, "rollover"), {"cycles": 1}, lambda terms: terms.rollover == Rollover(None, 1)),
        ((*TERMS, "rollover"), {"hours": "0"}, lambda terms: terms.rollover == Rollover(Decimal(0))),
        ((*TERMS, "currency"), "eur", lambda terms: terms.currency == "EUR"),
        ((*TERMS, "minimum"), {}, lambda terms: terms.minimum == {}),
        ((*TERMS, "from"), "2026-01-15", lambda terms: terms.starts == date(2026, 1, 15)),
        ((*TERMS, "scope"), "Backups\nare covered", lambda terms: "\n" in terms.scope),
    ],
)
def test_a_file_is_taken_with_a_value_at_the_edge(
    path: Path_, value: object, found: Callable[[Any], bool]
) -> None:
    assert found(retainer_of(read_file(changed(path, value))).agreement.terms[0])


def test_all_problems_of_a_file_are_said_at_once_in_the_order_of_its_lines() -> None:
    text = FILE.replace('role = "owner"', 'role = "boss"').replace('hours = "12"', 'hours = "-12"')
    text = text.replace('hours = "5"', 'hours = "0"')

    problems = problems_of(text)

    assert [problem.place for problem in problems] == [
        "members[dana@northwind.example].role",
        f"{IN_RETAINER}.terms[1].pools[reactive].hours",
        f"{IN_RETAINER}.top_ups[1].hours",
    ]
    assert [problem.line for problem in problems] == sorted(
        text.split("\n").index(line) + 1 for line in ('role = "boss"', "pools = [", 'hours = "0"')
    )


def test_a_value_that_can_not_be_read_is_not_judged_as_well() -> None:
    problems = problems_of(changed((*TOP_UP, "hours"), "five"))

    assert [problem.message for problem in problems] == [
        '“five” isn’t a number HourTab can read: write it like "12.50"'
    ]


@pytest.mark.parametrize(
    ("text", "line"), [("a = 1\nb = = 2\n", 2), ("a = [1\n", 2), ("d = 2026-13-45\n", 1)]
)
def test_text_that_is_no_toml_is_refused_with_its_line(text: str, line: int) -> None:
    (problem,) = problems_of(text)

    assert (problem.place, problem.line) == ("", line)
    assert "isn't valid TOML" in problem.message


def test_an_empty_file_is_refused() -> None:
    (problem,) = problems_of("")

    assert "`provider` is missing" in problem.message


def test_lines_are_found_past_comments_strings_and_brackets() -> None:
    text = (
        '\ufeff# [provider]\n[provider]\nslug = "p#[" # ]\r\nname = """a\n[b]\n"""\n'
        '"time\\"zone" = [\n "]", # [\n]\n[[clients]]\nslug = "a"\nname = "A"\n'
        '[[clients]]\nslug="b"\nname = 5\n'
    )

    assert [(problem.place, problem.line) for problem in problems_of(text)] == [
        ("provider.slug", 3),
        ("provider.name", 4),
        ('provider.time"zone', 7),
        ("clients[b].name", 15),
    ]
