"""A rule as it stands in the form, exactly as typed: from a rule, from a post, and back to a rule.

It becomes the very table that a TOML file would hold, and is read by the file's own reader: so the form and
the file refuse the same in the same words, and write the same.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.models import Provider
from imports.wording.ranks import MOST_CHARACTERS
from leaks import Hit
from presentation.terms_of_counting import category_of, category_words
from retainers.agreements.problems import Finding, Place
from retainers.agreements.rules import TEXT_FIELDS, read_rules
from retainers.agreements.tables import Table
from retainers.gate.known import read_gate
from retainers.terms import WEEKDAYS, Rule, TextCondition

Errors = dict[str, list[str]]

IS, EMPTY, IS_OR_EMPTY, MATCHES = "is", "empty", "is_or_empty", "matches"
MOST_ROWS = len(TEXT_FIELDS)
EFFECTS = {"pool", "category", "exclude", "wording", "retainer"}
GENERAL = "general"  # what is wrong beside the inputs
SPARE_ROWS = 1
FEWEST_ROWS = 2


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """One condition on a text: the field, how it is asked, and the texts, one a line."""

    field: str = ""
    how: str = IS
    text: str = ""

    @property
    def is_blank(self) -> bool:
        return not self.field and not self.text.strip()

    @property
    def lines(self) -> int:
        """How many lines the input shows."""
        return min(max(self.text.count("\n") + 1, 1), 8)

    def condition(self) -> object:
        """What the file would say of the field."""
        if self.how == MATCHES:
            return {"matches": self.text.strip("\n")}
        texts = [" ".join(line.split()) for line in self.text.splitlines() if line.strip()]
        if self.how == EMPTY:
            texts = [""]
        elif self.how == IS_OR_EMPTY:
            texts = ["", *texts]
        return texts[0] if len(texts) == 1 else texts


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """What the form says; "" where nothing is said. `category` is in words; `kept` are the rule's as they stand."""

    name: str = ""
    rows: tuple[ConditionRow, ...] = ()
    billable: str = ""
    weekdays: tuple[str, ...] = ()
    after_hours: bool = False
    holiday: str = ""
    since: str = ""
    until: str = ""
    pool: str = ""
    category: str = ""
    kept: tuple[str, ...] = ()
    exclude: str = ""
    wording: str = ""
    retainer: str = ""

    @classmethod
    def of(cls, rule: Rule) -> "RuleDraft":
        then = rule.then
        return cls(
            name=rule.name,
            rows=tuple(_row(condition) for condition in rule.texts),
            billable={None: "", True: "yes", False: "no"}[rule.billable],
            weekdays=rule.weekdays,
            after_hours=rule.after_hours,
            holiday={None: "", True: "yes", False: "no"}[rule.holiday],
            since=str(rule.since or ""),
            until=str(rule.until or ""),
            pool=then.pool or "",
            category=", ".join(map(category_words, then.categories)),
            kept=then.categories,
            exclude=then.exclude or "",
            wording=then.wording or "",
            retainer=then.retainer or "",
        )

    @classmethod
    def read(cls, post: QueryDict) -> "RuleDraft":
        texts = (
            "name", "billable", "holiday", "since", "until", "pool", "category", "exclude", "retainer"
        )  # fmt: skip
        said = {name: post.get(name, "").strip() for name in texts}
        return cls(
            **said,
            rows=tuple(_posted_rows(post)),
            kept=tuple(post.getlist("kept")),
            weekdays=tuple(day for day in WEEKDAYS if day in post.getlist("weekday")),
            after_hours="after_hours" in post,
            wording=post.get("wording", "").replace("\r\n", "\n").strip(),
        )

    def with_spare_rows(self, more: int = SPARE_ROWS) -> "RuleDraft":
        """The same with blank rows to type in."""
        count = min(max(FEWEST_ROWS, len(self.rows) + more), MOST_ROWS)
        return replace(self, rows=self.rows + (ConditionRow(),) * (count - len(self.rows)))

    def table(self) -> dict[str, Any]:
        """The rule as a file would hold it."""
        when = {
            "billable": self.billable and self.billable == "yes",
            "weekday": list(self.weekdays),
            "time": "after_hours" if self.after_hours else "",
            "holiday": self.holiday and self.holiday == "yes",
        }
        texts = {row.field: row.condition() for row in self.rows if row.field}
        categories = self._categories()
        then = {
            "pool": self.pool,
            "category": categories[0] if len(categories) == 1 else categories,
            "exclude": self.exclude,
            "wording": self.wording,
            "retainer": self.retainer,
        }
        dates = {"from": self.since, "until": self.until}
        return {"name": self.name, "when": {**texts, **_said(when)}, "then": _said(then), **_said(dates)}

    def _categories(self) -> list[str]:
        """Those that are named; what stood there already stays what it is, however it is written."""
        known = {category_words(each): each for each in self.kept}
        named = [words.strip() for words in self.category.split(",") if words.strip()]
        return [known.get(words) or category_of(words) or words for words in named]

    def rule(self) -> tuple[Rule, Errors]:
        """The rule that is meant, and what could not be read of it, by input."""
        findings: list[Finding] = []
        (rule,) = read_rules(Table({"rules": [self.table()]}, Place(), findings))
        return rule, merged(self.errors(findings, 0), self._row_errors())

    def errors(self, findings: Iterable[Finding], index: int) -> Errors:
        """Findings by the input that they are about; those about other rules than that one are general."""
        errors: Errors = defaultdict(list)
        for place, message in findings:
            if place.path[:2] == ("rules", index):
                errors[self._input(place.path[2:])].append(message)
            else:
                errors[GENERAL].append(f"{place.label}: {message}")
        return dict(errors)

    def _input(self, path: tuple[str | int, ...]) -> str:
        """The input of a place in the rule, as ("when", "title") or ("then", "pool")."""
        if path[:1] == ("when",) and len(path) > 1:
            rows = (index for index, row in enumerate(self.rows) if row.field == path[1])
            return next((f"row-{index}" for index in rows), str(path[1]))
        if path[:1] == ("from",):
            return "since"
        return str(path[1] if path[:1] == ("then",) and len(path) > 1 else path[0])

    def _row_errors(self) -> Errors:
        errors: Errors = defaultdict(list)
        seen: set[str] = set()
        for index, row in enumerate(self.rows):
            if not row.field and row.text.strip():
                errors[f"row-{index}"].append(_("Choose a field, or remove the text."))
            if row.field and row.field in seen:
                text = _("This field is already used above. Put all its texts there, one per line.")
                errors[f"row-{index}"].append(text)
            seen.add(row.field)
        return dict(errors)


def _said(table: dict[str, Any]) -> dict[str, Any]:
    """Without what was left open."""
    return {name: value for name, value in table.items() if value not in ("", [])}


def _row(condition: TextCondition) -> ConditionRow:
    if condition.matches is not None:
        return ConditionRow(condition.field, MATCHES, condition.matches)
    texts = [" ".join(text.split()) for text in condition.texts]
    named = [text for text in texts if text]
    if not named:
        return ConditionRow(condition.field, EMPTY)
    return ConditionRow(condition.field, IS if len(named) == len(texts) else IS_OR_EMPTY, "\n".join(named))


def _posted_rows(post: QueryDict) -> Iterator[ConditionRow]:
    """The rows that say something, in their order."""
    for index in range(MOST_ROWS):
        field, how = post.get(f"field-{index}", ""), post.get(f"how-{index}", IS)
        row = ConditionRow(
            field if field in TEXT_FIELDS else "",
            how if how in (EMPTY, IS_OR_EMPTY, MATCHES) else IS,
            post.get(f"text-{index}", "").replace("\r\n", "\n"),
        )
        if not row.is_blank:
            yield row


def with_found(unread: Errors, found: Errors) -> Errors:
    """What could not be read, and what is wrong with the rest: a stand-in for the unread proves nothing."""
    proves_nothing = set(unread)
    if proves_nothing & EFFECTS:
        proves_nothing.add("then")
    return merged(unread, {name: messages for name, messages in found.items() if name not in proves_nothing})


def merged(*found: Errors) -> Errors:
    errors: Errors = defaultdict(list)
    for each in found:
        for name, messages in each.items():
            errors[name] += messages
    return dict(errors)


ANY = "*"
FEWEST_LETTERS = 4
LONGEST_NAME = 120
LONGEST_TITLE = 2000
_RUN = re.compile(r"\*(?:[\s,;:/#()-]*\*)+")
_TOKEN = re.compile(r"[^\s,;:()]*\d[^\s,;:()]*")


def title_pattern(title: str, hits: Iterable[Hit] = ()) -> str:
    """A text for "title is": numbers, names with a number in them, and what the leak check found as `*`.

    A title of which too little would be left stays as it is.

    >>> title_pattern("LBL printers offline - dock3-zt411 10.2.0.44")
    'LBL printers offline - *'
    >>> title_pattern("Ticket #48211: VPN down")
    'Ticket *: VPN down'
    >>> title_pattern("48211")
    '48211'
    """
    text = " ".join(title.split())
    for hit in sorted(hits, key=lambda hit: hit.start, reverse=True):
        text = text.replace(hit.text, ANY)
    text = _RUN.sub(ANY, _TOKEN.sub(ANY, text))
    letters = sum(sign.isalpha() for sign in text)
    return text if letters >= FEWEST_LETTERS else " ".join(title.split())


def suggested(provider: Provider, *, title: str, wording: str) -> RuleDraft:
    """The form of a new rule that words titles like this one so; blank where nothing is said."""
    title = title[:LONGEST_TITLE]
    hits = read_gate(provider).find(title)
    pattern = title_pattern(title, hits)
    rows = (ConditionRow("title", text=pattern),) if pattern else ()
    return RuleDraft(
        name=pattern[:LONGEST_NAME].strip(), rows=rows, wording=wording.strip()[:MOST_CHARACTERS]
    )


def outside_hours() -> RuleDraft:
    """The form of the rule that makes business hours count."""
    return RuleDraft(
        name=_("Outside business hours"), after_hours=True, category=category_words("after_hours")
    )
