"""A retainer's form as it stands while somebody fills it in: texts, in the shape of the agreement.

A draft comes from an agreement or from what was posted; `tables` makes of it what a file would hold.
Rows that were left empty are dropped when a draft is read, so that a finding's index is the row's.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self

from django.http import QueryDict

from desk.agreements.texts import Inputs, RowDraft, texts_of, typed
from presentation.terms_of_counting import category_of
from retainers.agreements import agreement_document
from retainers.agreements.checks import CYCLE_KEYS
from retainers.agreements.fields import AGREEMENT, MULTIPLIER, POOL, TERMS
from retainers.agreements.readers import key_of
from retainers.agreements.rows import EXACT, HOURS, Field
from retainers.terms import STANDARD, Agreement

Document = dict[str, Any]
MOST = 60  # rows of a kind that one form may hold


@dataclass(frozen=True, slots=True)
class PoolDraft(RowDraft):
    ROW = POOL

    @property
    def is_empty(self) -> bool:
        return not (self["name"] or self["hours"] or self["key"])


@dataclass(frozen=True, slots=True)
class KindDraft(RowDraft):
    """A kind of work: its multiplier, its smallest count, or both."""

    ROW = MULTIPLIER
    FURTHER = {"minimum": Field("minimum", EXACT, "Minimum (hours)")}

    @property
    def is_empty(self) -> bool:
        return not any(self[name] for name in self.inputs())

    @property
    def is_multiplied(self) -> bool:
        """Whether it says more than its smallest count."""
        return bool(self["factor"] or not self["minimum"])


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
class TermsDraft(RowDraft):
    ROW = TERMS

    since: str = ""
    pools: tuple[PoolDraft, ...] = ()
    kinds: tuple[KindDraft, ...] = ()
    words: tuple[WordDraft, ...] = ()


@dataclass(frozen=True, slots=True)
class AgreementDraft(RowDraft):
    """`business_hours`, the retainer's own, pass through the form as their document's text. `first_block` are the
    hours that a new prepaid block begins with: a purchase, granted with it, and no part of the agreement.
    """

    ROW = AGREEMENT
    FURTHER = {"first_block": Field("first_block", HOURS, "Hours bought to begin with (optional)")}

    terms: tuple[TermsDraft, ...] = ()

    @classmethod
    def read(cls, post: QueryDict) -> Self:
        """What was posted; the rows in their order, the empty ones left out."""
        return cls(
            _texts(post, "", cls.inputs()),
            tuple(_terms(post, index) for index in _indexes(post, "terms-", "-since")),
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
        last = self.terms[-1].saying(**dict.fromkeys(CYCLE_KEYS, ""))
        return replace(self, terms=(*self.terms, replace(last, since=since.isoformat())))

    def without_terms(self, index: int) -> Self:
        """Without one version; the first one stays."""
        kept = tuple(terms for at, terms in enumerate(self.terms) if at != index or at == 0)
        return replace(self, terms=kept)


def _texts(post: QueryDict, prefix: str, asked: Inputs) -> dict[str, str]:
    sent = {name: post.getlist(prefix + name) for name in asked}
    last = {name: texts if asked[name].kind.asked == "boxes" else texts[-1:] for name, texts in sent.items()}
    return {name: typed(asked[name], " ".join(last[name])) for name in asked}


def _indexes(post: QueryDict, prefix: str, suffix: str) -> list[int]:
    return [index for index in range(MOST) if f"{prefix}{index}{suffix}" in post]


def _terms(post: QueryDict, index: int) -> TermsDraft:
    prefix = f"terms-{index}-"
    pools = [PoolDraft(texts) for texts in _rows(post, f"{prefix}pools-", PoolDraft.inputs())]
    kinds = [KindDraft(texts) for texts in _rows(post, f"{prefix}kinds-", KindDraft.inputs())]
    return TermsDraft(
        _texts(post, prefix, TermsDraft.inputs()),
        since=post.get(f"{prefix}since", "").strip(),
        pools=tuple(_keyed_pool(pool) for pool in pools if not pool.is_empty),
        kinds=tuple(_keyed_kind(kind) for kind in kinds if not kind.is_empty),
        words=tuple(_words(post, f"{prefix}words-")),
    )


def _rows(post: QueryDict, prefix: str, asked: Inputs) -> list[dict[str, str]]:
    return [_texts(post, f"{prefix}{at}-", asked) for at in _indexes(post, prefix, "-name")]


def _words(post: QueryDict, prefix: str) -> Iterable[WordDraft]:
    for name in post:
        parts = name.removeprefix(prefix).split("-", 2) if name.startswith(prefix) else []
        text = post.get(name, "").replace("\r\n", "\n")
        if len(parts) > 1 and text.strip():
            yield WordDraft(parts[0], parts[1], parts[2] if len(parts) > 2 else "", text)


def _keyed_pool(pool: PoolDraft) -> PoolDraft:
    return pool if pool["key"] else pool.saying(key=key_of(pool["name"]))


def _keyed_kind(kind: KindDraft) -> KindDraft:
    return kind if kind["category"] else kind.saying(category=category_of(kind["name"]))


def draft_of(agreement: Agreement) -> AgreementDraft:
    """The form of an agreement that stands."""
    said = agreement_document(agreement)
    return AgreementDraft(texts_of(AGREEMENT, said), tuple(_terms_of(terms) for terms in said["terms"]))


def _terms_of(said: Document) -> TermsDraft:
    return TermsDraft(
        texts_of(TERMS, said),
        since=said["from"],
        pools=tuple(PoolDraft(texts_of(POOL, pool)) for pool in said["pools"]),
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
        yield KindDraft({**texts_of(MULTIPLIER, each), "minimum": minimum.pop(each["category"], "")})
    for category, hours in minimum.items():
        yield KindDraft.of(category=category, minimum=hours)
