"""Company names that look like a client's: offered to the manager, never merged by themselves."""

from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher

from retainers.company_names import company_key

LEGAL_FORMS = frozenset(
    (
        "inc",
        "llc",
        "ltd",
        "limited",
        "llp",
        "lp",
        "co",
        "corp",
        "corporation",
        "company",
        "gmbh",
        "ag",
        "kg",
        "plc",
    )
)
ALIKE = 0.72
MOST = 3


def near_names(companies: Iterable[str], names: Mapping[str, str]) -> dict[str, dict[str, float]]:
    """For each company the clients (slugs) whose names look most like its own, best first, with their likeness.

    `names` maps every known name to its client's slug.

    >>> near_names(["Acme Dental, Inc."], {"Acme Dental": "acme", "Birch & Lowe": "birch"})
    {'Acme Dental, Inc.': {'acme': 1.0}}
    """
    found = likeness(companies, names)
    return {each: dict(sorted(best.items(), key=_best_first)[:MOST]) for each, best in found.items()}


def _best_first(found: tuple[str, float]) -> tuple[float, str]:
    slug, how_much = found
    return -how_much, slug


def likeness(companies: Iterable[str], names: Mapping[str, str]) -> dict[str, dict[str, float]]:
    """For each company how much the names of each client that is near look like its own, from `ALIKE` to 1."""
    cores = {name: core(name) for name in names}
    return {company: _like(core(company), cores, names) for company in companies}


def _like(wanted: str, cores: Mapping[str, str], names: Mapping[str, str]) -> dict[str, float]:
    """Thousands of strangers meet hundreds of clients, so the quick measure looks at all of them. What it shares of two
    names is never less than what the exact one does, which looks only at those that it leaves.
    """
    from rapidfuzz.fuzz import ratio  # most files name no stranger
    from rapidfuzz.process import extract

    best: dict[str, float] = {}
    matcher = SequenceMatcher(b=wanted, autojunk=False)
    near = extract(wanted, cores, scorer=ratio, score_cutoff=100 * ALIKE - 1, limit=None) if wanted else ()
    for found, _score, name in near:
        matcher.set_seq1(found)
        exact = matcher.ratio()
        if exact >= ALIKE:
            best[names[name]] = max(best.get(names[name], 0), exact)
    return best


def core(name: str) -> str:
    """A company's name without marks and legal forms."""
    letters = "".join(sign if sign.isalnum() or sign == "&" else " " for sign in company_key(name))
    words = [word for word in letters.split() if word not in LEGAL_FORMS]
    return " ".join(words)
