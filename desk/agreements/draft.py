"""A retainer's form as it stands while somebody fills it in: texts, in the shape of the agreement.

A draft comes from an agreement or from what was posted; `tables` makes of it what a file would hold.
Rows that were left empty are dropped when a draft is read, so that a finding's index is the row's.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Self

from django.http import QueryDict

from retainers.agreements import agreement_document
from retainers.agreements.checks import CYCLE_KEYS
from retainers.terms import NEUTRAL_TEXT, STANDARD, Agreement

Document = dict[str, Any]
PROSE = ("name", "neutral_text", "scope", "psa_agreements")  # kept to the letter
MAY_BE_BLANK = ("scope",)  # and this even where it is blank: its reader is the file's, which keeps it so
MOST = 60  # rows of a kind that one form may hold
OWN = "own"
HIDDEN = "yes"  # a pool that the client doesn't see
NO_KEY = re.compile(r"[^a-z0-9]+")


def key_of(name: str) -> str:
    """A key made from a name: letters, digits and underscores."""
    return NO_KEY.sub("_", name.casefold()).strip("_")[:60]


@dataclass(frozen=True, slots=True)
class PoolDraft:
    key: str = ""
    name: str = ""
    hours: str = ""
    neutral_text: str = ""
    hidden: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.name or self.hours or self.key)


@dataclass(frozen=True, slots=True)
class KindDraft:
    """A kind of work: its multiplier, its smallest count, or both."""

    category: str = ""
    name: str = ""
    factor: str = ""
    minimum: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.category or self.name or self.factor or self.minimum)


@dataclass(frozen=True, slots=True)
class WordDraft:
    """One text in another language: `part` of the terms' words, and of which pool or category (the scope: "")."""

    language: str
    part: str
    key: str
    text: str

    @property
    def name(self) -> str:
        return "-".join(part for part in ("words", self.language, self.part, self.key) if part)


@dataclass(frozen=True, slots=True)
class TermsDraft:
    since: str = ""
    fee: str = ""
    currency: str = "USD"
    scope: str = ""
    hours_from: str = "billable"
    non_billable: str = "exclude"
    travel: str = "exclude"
    increment: str = ""
    minimum: str = ""
    stacking: str = "highest"
    proration: str = "daily"
    sharing: str = "separate"
    overage: str = "decline"
    overage_rate: str = ""
    rollover: str = ""
    rollover_hours: str = ""
    rollover_cycles: str = ""
    months: str = ""
    anchor_day: str = ""
    anchor_month: str = ""
    pools: tuple[PoolDraft, ...] = ()
    kinds: tuple[KindDraft, ...] = ()
    words: tuple[WordDraft, ...] = ()


@dataclass(frozen=True, slots=True)
class AgreementDraft:
    """`alerts` is "" for the usual thresholds, `OWN` for those in the fields beside it.

    `business_hours`, the retainer's own, pass through the form as their document's text. `first_block` are the
    hours that a new prepaid block begins with: a purchase, granted with it, and no part of the agreement.
    """

    key: str = ""
    name: str = ""
    starts: str = ""
    ends: str = ""
    months: str = "1"
    anchor_day: str = ""
    anchor_month: str = ""
    updates_on: tuple[str, ...] = ()
    psa_agreements: str = ""
    requests: tuple[str, ...] = ()
    alerts: str = ""
    alert_percent: str = ""
    alert_hours_left: str = ""
    incident_alert_hours: str = ""
    business_hours: str = ""
    first_block: str = ""
    terms: tuple[TermsDraft, ...] = field(default_factory=tuple)

    @classmethod
    def read(cls, post: QueryDict) -> Self:
        """What was posted; the rows in their order, the empty ones left out."""
        return cls(
            **_texts(post, "", PLAIN),
            updates_on=tuple(post.getlist("updates_on")),
            requests=tuple(post.getlist("requests")),
            terms=tuple(_terms(post, index) for index in _indexes(post, "terms-", "-since")),
        )

    def with_spare_rows(self) -> Self:
        """With one more empty pool and one more empty kind of work in each version of the terms."""
        spare = tuple(
            replace(terms, pools=(*terms.pools, PoolDraft()), kinds=(*terms.kinds, KindDraft()))
            for terms in self.terms
        )
        return replace(self, terms=spare)

    def with_new_terms(self, since: date) -> Self:
        """With a further version that says what the last one says, from that day."""
        last = replace(self.terms[-1], months="", anchor_day="", anchor_month="")
        return replace(self, terms=(*self.terms, replace(last, since=since.isoformat())))

    def without_terms(self, index: int) -> Self:
        """Without one version; the first one stays."""
        kept = tuple(terms for at, terms in enumerate(self.terms) if at != index or at == 0)
        return replace(self, terms=kept)


PLAIN = (
    "key",
    "name",
    "starts",
    "ends",
    "months",
    "anchor_day",
    "anchor_month",
    "psa_agreements",
    "alerts",
    "alert_percent",
    "alert_hours_left",
    "incident_alert_hours",
    "business_hours",
    "first_block",
)
TERMS_PLAIN = tuple(
    name for name in TermsDraft.__dataclass_fields__ if name not in ("pools", "kinds", "words")
)


def _texts(post: QueryDict, prefix: str, names: Iterable[str]) -> dict[str, str]:
    """The values as they were typed; a figure or a date without the spaces around it."""
    found = {name: post.get(prefix + name, "").replace("\r\n", "\n") for name in names}
    return {name: text if _is_kept(name, text) else text.strip() for name, text in found.items()}


def _is_kept(name: str, text: str) -> bool:
    return name in MAY_BE_BLANK or (name in PROSE and bool(text.strip()))


def _indexes(post: QueryDict, prefix: str, suffix: str) -> list[int]:
    return [index for index in range(MOST) if f"{prefix}{index}{suffix}" in post]


def _terms(post: QueryDict, index: int) -> TermsDraft:
    prefix = f"terms-{index}-"
    pools = [
        PoolDraft(**_texts(post, f"{prefix}pools-{at}-", PoolDraft.__dataclass_fields__))
        for at in _indexes(post, f"{prefix}pools-", "-name")
    ]
    kinds = [
        KindDraft(**_texts(post, f"{prefix}kinds-{at}-", KindDraft.__dataclass_fields__))
        for at in _indexes(post, f"{prefix}kinds-", "-name")
    ]
    return TermsDraft(
        **_texts(post, prefix, TERMS_PLAIN),
        pools=tuple(_keyed_pool(pool) for pool in pools if not pool.is_empty),
        kinds=tuple(_keyed_kind(kind) for kind in kinds if not kind.is_empty),
        words=tuple(_words(post, f"{prefix}words-")),
    )


def _words(post: QueryDict, prefix: str) -> Iterable[WordDraft]:
    for name in post:
        parts = name.removeprefix(prefix).split("-", 2) if name.startswith(prefix) else []
        text = post.get(name, "").replace("\r\n", "\n")
        if len(parts) > 1 and text.strip():
            yield WordDraft(parts[0], parts[1], parts[2] if len(parts) > 2 else "", text)


def _keyed_pool(pool: PoolDraft) -> PoolDraft:
    return pool if pool.key else replace(pool, key=key_of(pool.name))


def _keyed_kind(kind: KindDraft) -> KindDraft:
    return kind if kind.category else replace(kind, category=key_of(kind.name))


def draft_of(agreement: Agreement) -> AgreementDraft:
    """The form of an agreement that stands."""
    said = agreement_document(agreement)
    alerts = said.get("alerts")
    return AgreementDraft(
        key=agreement.key,
        name=agreement.name,
        starts=said["starts"],
        ends=said.get("ends", ""),
        months=str(agreement.months),
        anchor_day=str(agreement.anchor_day or ""),
        anchor_month=str(agreement.anchor_month or ""),
        updates_on=tuple(agreement.updates_on),
        psa_agreements="\n".join(agreement.psa_agreements),
        requests=tuple(agreement.requests),
        alerts=OWN if alerts is not None else "",
        alert_percent=", ".join(str(each) for each in (alerts or {}).get("percent", ())),
        alert_hours_left=(alerts or {}).get("hours_left", ""),
        incident_alert_hours=said.get("incident_alert_hours", ""),
        business_hours=json.dumps(said["business_hours"]) if "business_hours" in said else "",
        terms=tuple(_terms_of(terms) for terms in said["terms"]),
    )


def _terms_of(said: Document) -> TermsDraft:
    rollover = said.get("rollover")
    plain = {name: said[name] for name in TERMS_PLAIN if isinstance(said.get(name), str)}
    return TermsDraft(
        **{
            **plain,
            "since": said["from"],
            "minimum": said["minimum"].get(STANDARD, ""),
            "rollover": "yes" if rollover is not None else "",
            "rollover_hours": (rollover or {}).get("hours", ""),
            "rollover_cycles": str((rollover or {}).get("cycles", "")),
            **{name: str(said.get(name, "")) for name in CYCLE_KEYS},
        },
        pools=tuple(
            PoolDraft(
                pool["key"],
                pool["name"],
                pool["hours"],
                "" if pool["neutral_text"] == NEUTRAL_TEXT else pool["neutral_text"],
                HIDDEN if pool.get("hidden") else "",
            )
            for pool in said["pools"]
        ),
        kinds=tuple(_kinds_of(said)),
        words=tuple(_words_of(said)),
    )


def _words_of(said: Document) -> Iterable[WordDraft]:
    for language, parts in said.get("words", {}).items():
        for part, texts in parts.items():
            by_key = texts if isinstance(texts, dict) else {"": texts}
            yield from (WordDraft(language, part, key, text) for key, text in by_key.items())


def _kinds_of(said: Document) -> Iterable[KindDraft]:
    minimum = {key: hours for key, hours in said["minimum"].items() if key != STANDARD}
    for each in said["multipliers"]:
        category = each["category"]
        yield KindDraft(category, each["name"], each["factor"], minimum.pop(category, ""))
    for category, hours in minimum.items():
        yield KindDraft(category, "", "", hours)
