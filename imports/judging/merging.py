"""What merging two clients would do, and what speaks against it; nothing is written here.

A merge changes no figure: every published line stays in the agreement that it stands in. So it is refused where two
agreements would claim the same rows, and where the agreements together would judge a published line otherwise.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from accounts.models import Provider
from accounts.seen import Seen
from imports.judging.provider_setup import ProviderSetup, read_setup
from imports.judging.reclassify import judged_otherwise
from imports.publishing.published import published_rows
from imports.publishing.standing_rows import PublishedRow
from imports.reading.rows import worked_of
from presentation.counts import counted
from presentation.days import dated
from retainers.agreements import agreement_from_document, find_clashes
from retainers.hours import ZERO
from retainers.models import Client, CompanyName, Contact, LiveEntry, Retainer
from retainers.terms import Agreement

LONGEST_KEY = 60
MEND = (
    "Say in the agreements which agreements of the PSA each takes, so that every line stays where it is, or give"
    " the company’s name to the other client first: then its lines move to that client’s agreement."
)
OF_THE_PSA = "“Names of this agreement in your PSA”"


@dataclass(frozen=True, slots=True)
class Passing:
    """An agreement that goes over; `key` is how it is called there."""

    retainer: Retainer
    agreement: Agreement
    key: str

    @property
    def is_renamed(self) -> bool:
        return self.key != self.retainer.key


@dataclass(frozen=True, slots=True)
class Merge:
    """`gone` becomes a part of `goes_on`. `refusals`: sentences that speak against it, with what would mend it.

    `both` are contacts of either: they may there what either may.
    """

    gone: Client
    goes_on: Client
    names: tuple[str, ...]
    passing: tuple[Passing, ...]
    contacts: tuple[Contact, ...]
    both: tuple[Contact, ...]
    lines: int
    hours: Decimal
    refusals: tuple[str, ...]
    seen: Seen

    @property
    def keys(self) -> dict[str, str]:
        """Agreements that are called otherwise there, old key → new."""
        return {each.retainer.key: each.key for each in self.passing if each.is_renamed}


def find_merge(provider: Provider, gone: Client, goes_on: Client) -> Merge:
    """Look at both clients as they stand."""
    setup = read_setup(provider, [gone.slug, goes_on.slug])
    passing = tuple(_passing(gone, goes_on))
    published = published_rows([gone.pk, goes_on.pk])
    mine = published.get(gone.pk, [])
    contacts = tuple(Contact.objects.filter(client=gone))
    theirs = set(Contact.objects.filter(client=goes_on).values_list("email", flat=True))
    names = tuple(CompanyName.objects.filter(client=gone).values_list("name", flat=True))
    refusals = tuple(_claims(passing, gone, goes_on)) or tuple(
        _judged(setup, gone, goes_on, passing, published)
    )
    return Merge(
        gone=gone,
        goes_on=goes_on,
        names=names,
        passing=passing,
        contacts=contacts,
        both=tuple(each for each in contacts if each.email in theirs),
        lines=len(mine),
        hours=sum((worked_of(each.row) for each in mine), ZERO),
        refusals=refusals,
        seen=_seen(gone, goes_on, names, contacts, theirs),
    )


def _passing(gone: Client, goes_on: Client) -> Iterator[Passing]:
    taken = set(Retainer.objects.filter(client=goes_on).values_list("key", flat=True))
    rows = Retainer.objects.filter(client=gone, version__isnull=False).select_related("client", "version")
    own = {row.key for row in rows}
    for row in rows.order_by("pk"):
        key = row.key if row.key not in taken else _free_key(row.key, gone.slug, taken | own)
        taken.add(key)
        yield Passing(row, replace(agreement_of(row), key=key), key)


def _free_key(key: str, slug: str, taken: set[str]) -> str:
    first = f"{key}_{slug.replace('-', '_')}"[: LONGEST_KEY - 4]
    return next(each for each in (first, *(f"{first}_{n}" for n in range(2, 99))) if each not in taken)


def _claims(passing: Sequence[Passing], gone: Client, goes_on: Client) -> Iterator[str]:
    """Agreements that would take the same rows, by their names and their clients', with what to do about it."""
    rows = Retainer.objects.filter(client=goes_on, version__isnull=False).select_related("version")
    moved = [each.agreement for each in passing]
    keys = {each.key for each in passing}

    def called(agreement: Agreement) -> str:
        return f"“{agreement.name}” of {(gone if agreement.key in keys else goes_on).name}"

    for clash in find_clashes([*map(agreement_of, rows.order_by("pk")), *moved]):
        both, day = f"{called(clash.one)} and {called(clash.other)}", dated(clash.other.starts)
        what = f"the rows of “{clash.name}”" if clash.name else "all rows that no other agreement claims"
        mend = f"take “{clash.name}” out of {OF_THE_PSA}" if clash.name else f"fill in {OF_THE_PSA}"
        yield (
            f"{both} would both take {what}, from {day} on. Open the form of one of them and {mend}, or end it before"
            " the other begins."
        )


def _judged(
    setup: ProviderSetup,
    gone: Client,
    goes_on: Client,
    passing: Sequence[Passing],
    published: Mapping[int, list[PublishedRow]],
) -> Iterator[str]:
    """Lines that would be judged otherwise, beside those that are already."""
    own, standing = published.get(gone.pk, []), published.get(goes_on.pk, [])
    before = _moved(setup, gone.slug, own).keys() | _moved(setup, goes_on.slug, standing).keys()
    _rename(own, passing)
    found = _moved(_together(setup, gone, goes_on, passing), goes_on.slug, [*standing, *own])
    days = [entry.day for origin, entry in found.items() if origin not in before]
    if days:
        lines = counted(len(days), "published line", "published lines")
        yield f"{lines} would go to another agreement, or count otherwise (the first of {min(days)}). {MEND}"


def _moved(setup: ProviderSetup, slug: str, rows: list[PublishedRow]) -> dict[UUID, LiveEntry]:
    """The client's entries that would be classified differently under this setup."""
    return {entry.origin: entry for entry, _now in judged_otherwise(setup, slug, rows)}


def _rename(rows: Iterable[PublishedRow], passing: Sequence[Passing]) -> None:
    """Call their retainers as they would be called; these objects are nobody else's."""
    keys = {each.retainer.pk: each.key for each in passing}
    for row in rows:
        row.entry.retainer.key = keys[row.entry.retainer.pk]


def _together(
    setup: ProviderSetup, gone: Client, goes_on: Client, passing: Sequence[Passing]
) -> ProviderSetup:
    """The setup once the two clients are one."""
    slug = goes_on.slug
    agreements = {**setup.agreements.get(slug, {}), **{each.key: each.agreement for each in passing}}
    retainers = {**setup.retainers.get(slug, {}), **{each.key: each.retainer for each in passing}}
    companies = {name: slug if owner == gone.slug else owner for name, owner in setup.companies.items()}
    return replace(
        setup,
        clients={slug: goes_on},
        companies=companies,
        retainers={slug: retainers},
        agreements={slug: agreements},
    )


def agreement_of(row: Retainer) -> Agreement:
    """The newest agreement of a retainer that has one, called as the retainer is now."""
    if row.version is None:
        raise LookupError(row)
    return replace(agreement_from_document(row.version.document), key=row.key)


def _seen(
    gone: Client, goes_on: Client, names: Sequence[str], contacts: Sequence[Contact], theirs: set[str]
) -> Seen:
    """What was in view: both clients, their agreements and pages, and whom and what the one takes over."""
    rows = Retainer.objects.filter(client__in=[gone.pk, goes_on.pk]).order_by("pk")
    heads = list(rows.values_list("pk", "publication_id", "version_id", "client_id", "key"))
    people = [(each.name, each.email, each.approves, each.alerts) for each in contacts]
    return Seen(
        publications={pk: publication for pk, publication, *_ in heads},
        versions={
            "clients": [gone.pk, gone.name, goes_on.pk, goes_on.name],
            "agreements": [(pk, version, owner, key) for pk, _publication, version, owner, key in heads],
            "names": list(names),
            "contacts": [people, sorted(theirs)],
        },
    )
