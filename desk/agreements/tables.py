"""A draft as the table that a file of `load_retainers` would hold, and the way back: from a place to its input.

Reading and judging the table is the business of `retainers.agreements`.
"""

from typing import Any

from desk.agreements.draft import AgreementDraft, TermsDraft
from retainers.agreements.fields import AGREEMENT, TERMS
from retainers.agreements.rows import Document, Row, typed_day

Path = tuple[str | int, ...]


def table_of(draft: AgreementDraft) -> Document:
    """The draft as the table of a file; what was left empty is left out."""
    terms = [
        _terms_table(each, since=draft["starts"] if at == 0 else each.since)
        for at, each in enumerate(draft.terms)
    ]
    return {**draft.table(), "terms": terms}


def _terms_table(terms: TermsDraft, *, since: str) -> Document:
    table = terms.table()
    smallest = {kind["category"]: kind["minimum"] for kind in terms.kinds if kind["minimum"]}
    further = {"minimum": {**smallest, **table.get("minimum", {})}, "words": _words_table(terms)}
    return {
        **table,
        **{name: said for name, said in further.items() if said},
        "from": typed_day(since),
        "pools": [pool.table() for pool in terms.pools],
        "multipliers": [kind.table() for kind in terms.kinds if kind.is_multiplied],
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


def input_of(path: Path, draft: AgreementDraft) -> str:
    """The name of the input that a finding's place (below the retainer) is about; "" for the form as a whole."""
    if not path or path[0] != "terms":
        return _inside(AGREEMENT, path) or "".join(str(part) for part in path[:1])
    if len(path) > 1 and isinstance(path[1], int):
        return f"terms-{path[1]}-{_terms_input(path[2:], draft.terms[path[1]])}"
    return ""


def _inside(row: Row[Any], path: Path) -> str:
    """The input of a value in a row that has inputs of its own; "" for any other."""
    prefixes = {row.keys[each.name]: each.kind.prefix for each in row.fields if each.kind.prefix}
    return f"{prefixes[str(path[0])]}{path[1]}" if len(path) > 1 and path[0] in prefixes else ""


def _terms_input(path: Path, terms: TermsDraft) -> str:
    match path:
        case () | ("from", *_):
            return "since"
        case ("minimum", *_):
            rows = (at for at, kind in enumerate(terms.kinds) if kind["category"] in path)
            return next((f"kinds-{at}-minimum" for at in rows), "minimum")
        case ("multipliers", number, *_):
            multiplied = [at for at, kind in enumerate(terms.kinds) if kind.is_multiplied]
            name = "factor" if path[-1] == "factor" else "name"
            return f"kinds-{multiplied[int(number)]}-{name}"
        case _:
            return _inside(TERMS, path) or "-".join(str(part) for part in path)
