"""A draft as the table that a file of `load_retainers` would hold, and the way back: from a place to its input.

Reading and judging the table is the business of `retainers.agreements`.
"""

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from desk.agreements.draft import HIDDEN, OWN, TERMS_PLAIN, AgreementDraft, TermsDraft
from retainers.agreements.checks import CYCLE_KEYS
from retainers.terms import STANDARD

Document = dict[str, Any]


def table_of(draft: AgreementDraft) -> Document:
    """The draft as the table of a file; what was left empty is left out."""
    alerts: Document | None = None
    if draft.alerts == OWN:
        percents = [_whole(part.strip(" %")) for part in draft.alert_percent.split(",") if part.strip(" %")]
        alerts = {"percent": percents, **_present(hours_left=draft.alert_hours_left)}
    return {
        **_present(
            key=draft.key,
            name=draft.name,
            starts=_day(draft.starts),
            ends=_day(draft.ends),
            months=_whole(draft.months),
            anchor_day=_whole(draft.anchor_day),
            anchor_month=_whole(draft.anchor_month),
            incident_alert_hours=draft.incident_alert_hours,
            alerts=alerts,
            business_hours=_document(draft.business_hours),
        ),
        "updates_on": list(draft.updates_on),
        "psa_agreements": [line for line in draft.psa_agreements.split("\n") if line.strip()],
        "requests": list(draft.requests),
        "terms": [
            _terms_table(terms, is_first=at == 0, starts=draft.starts) for at, terms in enumerate(draft.terms)
        ],
    }


def _terms_table(terms: TermsDraft, *, is_first: bool, starts: str) -> Document:
    rollover: Document | None = None
    if terms.rollover:
        rollover = _present(hours=terms.rollover_hours, cycles=_whole(terms.rollover_cycles))
    minimum = {kind.category: kind.minimum for kind in terms.kinds if kind.minimum}
    if terms.minimum:
        minimum[STANDARD] = terms.minimum
    plain = {name: getattr(terms, name) for name in TERMS_PLAIN if not name.startswith("rollover")}
    del plain["since"], plain["minimum"]
    plain |= {name: _whole(plain[name]) for name in CYCLE_KEYS}
    return {
        **_present(**plain),
        **_present(minimum=minimum or None, rollover=rollover, words=_words_table(terms) or None),
        "from": _day(starts if is_first else terms.since),
        "pools": [
            _present(
                key=pool.key,
                name=pool.name,
                hours=pool.hours,
                neutral_text=pool.neutral_text,
                hidden=True if pool.hidden == HIDDEN else pool.hidden,
            )
            for pool in terms.pools
        ],
        "multipliers": [
            _present(category=kind.category, name=kind.name, factor=kind.factor)
            for kind in terms.kinds
            if kind.factor or not kind.minimum
        ],
    }


def _words_table(terms: TermsDraft) -> Document:
    table: Document = {}
    for word in terms.words:
        said = table.setdefault(word.language, {})
        if word.key:
            said.setdefault(word.part, {})[word.key] = word.text
        else:
            said[word.part] = word.text
    return table


def _present(**values: Any) -> Document:
    return {name: value for name, value in values.items() if value not in ("", None)}


def _day(text: str) -> date | str:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def _document(text: str) -> Any:
    """What a hidden input carries; what is none stays text, which its reader refuses."""
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text


def _whole(text: str) -> int | str:
    return int(text) if re.fullmatch(r"\d{1,6}", text) else text


def input_of(path: tuple[str | int, ...], draft: AgreementDraft) -> str:
    """The name of the input that a finding's place (below the retainer) is about; "" for the form as a whole."""
    known: Mapping[tuple[str, ...], str] = {
        ("alerts", "percent"): "alert_percent",
        ("alerts", "hours_left"): "alert_hours_left",
    }
    names = tuple(part for part in path if isinstance(part, str))
    if names in known:
        return known[names]
    if len(path) > 1 and path[0] == "terms" and isinstance(path[1], int):
        return _terms_input(path, draft)
    return str(path[0]) if path and path[0] != "terms" else ""


def _terms_input(path: tuple[str | int, ...], draft: AgreementDraft) -> str:
    prefix, terms = f"terms-{path[1]}-", draft.terms[int(path[1])]
    rest = path[2:]
    if not rest:
        return f"{prefix}since"
    if rest[0] == "rollover":
        return f"{prefix}rollover_{rest[1]}" if len(rest) > 1 else f"{prefix}rollover"
    if rest[0] == "minimum":
        return _kind_input(
            prefix, terms, [at for at, kind in enumerate(terms.kinds) if kind.category in rest]
        )
    if rest[0] == "multipliers" and len(rest) > 1:
        borne = [at for at, kind in enumerate(terms.kinds) if kind.factor or not kind.minimum]
        leaf = {"factor": "factor", "name": "name"}.get(str(rest[-1]), "name")
        return f"{prefix}kinds-{borne[int(rest[1])]}-{leaf}"
    if rest[0] == "from":
        return f"{prefix}since"
    return prefix + "-".join(str(part) for part in rest)


def _kind_input(prefix: str, terms: TermsDraft, rows: list[int]) -> str:
    return f"{prefix}kinds-{rows[0]}-minimum" if rows else f"{prefix}minimum"
