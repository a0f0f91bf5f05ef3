"""Walks over all of the database, chapter by chapter, as it was at one moment."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db import connection

from accounts import guards
from accounts.database import one_moment
from accounts.models import Provider
from accounts.tenancy import beyond_policies, tenant_scope
from hourtab.verifying import figures, kept, publications, rows

Chapter = Callable[[Provider], Iterable[str]]
CHAPTERS: Mapping[str, Chapter] = {
    "providers": lambda provider: kept.provider_faults(),
    "publications": lambda provider: publications.faults(),
    "entries and grants": lambda provider: rows.faults(),
    "coverage": lambda provider: figures.coverage_faults(),
    "balances": figures.balance_faults,
    "dashboard": figures.dashboard_faults,
    "alerts": figures.alert_faults,
    "approvals and requests": lambda provider: figures.approval_faults(),
    "outbox": kept.mail_faults,
    "last files": kept.file_faults,
    "originals": lambda provider: kept.original_faults(),
}


@dataclass(frozen=True, slots=True)
class Looked:
    """A chapter that was read to its end or to its first `fault` ("": none)."""

    what: str
    fault: str = ""


def verified(providers: Iterable[Provider]) -> Iterator[Looked]:
    """Each chapter, up to and including the first one with a fault."""
    with one_moment():
        for looked in _all(providers):
            yield looked
            if looked.fault:
                return


def _all(providers: Iterable[Provider]) -> Iterator[Looked]:
    yield Looked("guards", next(_guards(), ""))
    for provider in providers:
        for what, faults in CHAPTERS.items():
            with tenant_scope(provider), beyond_policies("what ties two providers together is to be seen"):
                fault = next(iter(faults(provider)), "")
            yield Looked(f"{provider.slug}: {what}", fault)


def _guards() -> Iterator[str]:
    for name in sorted(guards.missing(connection)):
        yield f"the database does not refuse what it should: {name} is missing (migrate puts it back)"
