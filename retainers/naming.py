"""Under which names the PSA knows a client; and what becomes of a name that is given to another one."""

from collections.abc import Callable, Mapping, Sequence

from accounts.audit import record
from accounts.models import Provider, User
from retainers.agreements import AgreementError
from retainers.agreements.problems import AgreementProblem
from retainers.company_names import company_key
from retainers.models import Client, CompanyName
from retainers.publishing import Press

Carry = Callable[[Provider, Press, Mapping[str, str]], Sequence[str]]


def add_company_names(
    client: Client, names: Sequence[str], *, passes: bool = False, by: User | None = None
) -> set[str]:
    """Remember that the PSA knows the client under these names; those that are new, as they are compared.

    Raises `AgreementError` where another client of the provider has the name, and keeps it: it is called so
    itself, or names don't pass here (`passes`).
    """
    new = set()
    for name in names:
        key = company_key(name)
        row, created = CompanyName.objects.get_or_create(key=key, defaults={"client": client, "name": name})
        if row.client_id != client.pk:
            _take_over(row, client, passes, by)
        elif not created:
            continue
        new.add(key)
    return new


def _take_over(row: CompanyName, client: Client, passes: bool, by: User | None) -> None:
    """Give another client's name to this one, where nothing speaks against it."""
    if not passes or company_key(row.client.name) == row.key:
        keeps = f"the company name “{row.name}” already belongs to the client {row.client.slug}"
        raise AgreementError((AgreementProblem(f"clients[{client.slug}].psa_names", keeps),))
    record(by, "company mapped", row.name, clients=[client.slug, row.client.slug], to=client.slug)
    row.client = client
    row.save(update_fields=["client"])
