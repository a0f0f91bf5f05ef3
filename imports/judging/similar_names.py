"""Company names that look like a client's: offered to the manager, never merged by themselves."""

from collections.abc import Mapping
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


def near_names(company: str, names: Mapping[str, str]) -> list[str]:
    """The clients (slugs) whose names look most like `company`, best first.

    `names` maps every known name to its client's slug.

    >>> near_names("Acme Dental, Inc.", {"Acme Dental": "acme", "Birch & Lowe": "birch"})
    ['acme']
    """
    best = likeness(company, names)
    return sorted(best, key=lambda slug: (-best[slug], slug))[:MOST]


def likeness(company: str, names: Mapping[str, str]) -> dict[str, float]:
    """How much the names of each client that is near look like `company`, from `ALIKE` to 1."""
    wanted = core(company)
    if not wanted:
        return {}
    best: dict[str, float] = {}
    matcher = SequenceMatcher(b=wanted, autojunk=False)
    for name, slug in names.items():
        matcher.set_seq1(core(name))
        if matcher.real_quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE:
            best[slug] = max(best.get(slug, 0), matcher.ratio())
    return best


def core(name: str) -> str:
    """A company's name without marks and legal forms."""
    letters = "".join(sign if sign.isalnum() or sign == "&" else " " for sign in company_key(name))
    words = [word for word in letters.split() if word not in LEGAL_FORMS]
    return " ".join(words)
