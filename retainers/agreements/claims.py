"""What the clients and retainers of a provider may not both claim: a company's name, an agreement's entries.

One retainer by itself is judged in `checks`; who gets a row is decided by the import's classifier.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from retainers.agreements.problems import AgreementProblem, Finding, Place, as_problems, find_repeated
from retainers.agreements.readers import seen
from retainers.company_names import company_key
from retainers.terms import Agreement

_Claimant = tuple[int, Agreement]  # its number in the client's list


@dataclass(frozen=True, slots=True)
class Clash:
    """Both take the PSA's agreement of that name, as `other` writes it ("": any that no other retainer names), from the
    day on which `other` begins; it has that number in the client's list.
    """

    one: Agreement
    other: Agreement
    number: int
    name: str


def check_claims(agreements: Sequence[Agreement]) -> tuple[AgreementProblem, ...]:
    """Retainers of one client that claim the same PSA agreement, or none, on the same day.

    Source: domain.md, "From company to retainer". Keys that stand twice are refused here too.
    """
    return as_problems(find_claims(agreements, Place()))


def find_claims(agreements: Sequence[Agreement], at: Place) -> Iterator[Finding]:
    yield from find_repeated(at.key("retainers"), [agreement.key for agreement in agreements], "retainer")
    for clash in find_clashes(agreements):
        place = at.item("retainers", clash.number, clash.other.key).key("psa_agreements")
        yield place, _in_a_file(clash)


def find_clashes(agreements: Sequence[Agreement]) -> Iterator[Clash]:
    claimed: dict[str, list[_Claimant]] = defaultdict(list)
    for index, agreement in enumerate(agreements):
        for name in dict.fromkeys(company_key(name) for name in agreement.psa_agreements or ("",)):
            claimed[name].append((index, agreement))
    for name, claimants in claimed.items():
        yield from _clashes(name, sorted(claimants, key=lambda claimant: claimant[1].starts))


def _clashes(name: str, claimants: Sequence[_Claimant]) -> Iterator[Clash]:
    """Each that begins while one before it still claims the name; `claimants` by their first days."""
    (_first, longest), *later = claimants
    for index, agreement in later:
        if longest.alive_on(agreement.starts):
            written = (each for each in agreement.psa_agreements if company_key(each) == name)
            yield Clash(longest, agreement, index, next(written, ""))
        longest = max(longest, agreement, key=_last_day)


def _in_a_file(clash: Clash) -> str:
    """In the words of the file that the agreements stand in."""
    both, day = f"{seen(clash.one.key)} and {seen(clash.other.key)}", clash.other.starts
    if not clash.name:
        return f"{both} both take entries of any agreement on {day}: give one of them psa_agreements"
    return f"{both} both claim the agreement {seen(clash.name)} on {day}: take it from one, or end one"


def _last_day(agreement: Agreement) -> date:
    return agreement.ends or date.max


def check_companies(clients: Sequence[tuple[str, Sequence[str]]]) -> tuple[AgreementProblem, ...]:
    """Company names that stand on two clients; each client is its slug, its name and its PSA names."""
    return as_problems(find_shared_names(clients, Place()))


def find_shared_names(clients: Sequence[tuple[str, Sequence[str]]], at: Place) -> Iterator[Finding]:
    """The first name of each client is its own, the others its PSA names."""
    yield from find_repeated(at.key("clients"), [slug for slug, _ in clients], "client")
    owners: dict[str, str] = {}
    for index, (slug, names) in enumerate(clients):
        for position, name in enumerate(names):
            owner = owners.setdefault(company_key(name), slug)
            if owner != slug and name:
                place = at.item("clients", index, slug).key("psa_names" if position else "name")
                yield (
                    place,
                    f"{seen(name)} is the client {seen(owner)} already: take it from one",
                )
