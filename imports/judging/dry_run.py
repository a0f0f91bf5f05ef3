"""What loading an agreement file would do to the balances: for `load_retainers --dry-run`, computed only."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import TypeVar

from accounts.models import Provider
from imports.judging.provider_setup import ProviderSetup, read_setup
from imports.judging.rule_trial import Grants, Key, try_out
from retainers.effects import BalanceChange
from retainers.files import ProviderFile, RetainerFile
from retainers.models import Adjustment, TopUp
from retainers.regranting import Regrant, regrant
from retainers.row_values import adjustment_terms, top_up_terms
from retainers.terms import Adjustment as AdjustmentTerms
from retainers.terms import Agreement
from retainers.terms import TopUp as TopUpTerms

R = TypeVar("R", TopUp, Adjustment)
G = TypeVar("G", TopUpTerms, AdjustmentTerms)


def foresee(provider: Provider, file: ProviderFile, *, on: date) -> list[BalanceChange]:
    """The retainers of known clients whose figures would differ, by client and key.

    A client that the file brings has no entries yet, so nothing of its figures is foreseen. Where the file
    brings neither rules nor business hours, only its own clients are read.
    """
    setup = read_setup(provider, _concerned(file))
    changed = _with_file(setup, file)
    found = try_out(setup, changed, on=on, grants=_grants(setup, file))
    return [change for change in found.changes if change.cycles]


def _concerned(file: ProviderFile) -> set[str] | None:
    """The clients whose entries may be judged otherwise after the file; None: all."""
    if file.rules is not None or file.business_hours is not None:
        return None
    return {client.slug for client in file.clients}


def _with_file(setup: ProviderSetup, file: ProviderFile) -> ProviderSetup:
    """The provider as the file would leave it; what the file does not speak of stays."""
    agreements: dict[str, dict[str, Agreement]] = {slug: dict(own) for slug, own in setup.agreements.items()}
    companies = dict(setup.companies)
    for client in file.clients:
        if client.slug in setup.clients:
            own = agreements.setdefault(client.slug, {})
            own |= {retainer.agreement.key: retainer.agreement for retainer in client.retainers}
            companies |= dict.fromkeys((client.name, *client.psa_names), client.slug)
    return replace(
        setup,
        agreements=agreements,
        companies=companies,
        rules=setup.rules if file.rules is None else file.rules,
        business_hours=file.business_hours or setup.business_hours,
    )


def _grants(setup: ProviderSetup, file: ProviderFile) -> Grants:
    """The top-ups and adjustments of the file that have no equal yet, and those that they replace."""
    said = _retainers(setup, file)
    top_ups = _standing(TopUp, top_up_terms, file)
    adjustments = _standing(Adjustment, adjustment_terms, file)
    bought = {key: regrant(one.top_ups, top_ups[key]) for key, one in said.items()}
    adjusted = {key: regrant(one.adjustments, adjustments[key]) for key, one in said.items()}
    retired: dict[Key, list[TopUpTerms | AdjustmentTerms]] = {
        key: [*bought[key].retired, *adjusted[key].retired] for key in said
    }
    return Grants(_added(bought), _added(adjusted), {key: gone for key, gone in retired.items() if gone})


def _standing(model: type[R], terms_of: Callable[[R], G], file: ProviderFile) -> Mapping[Key, list[G]]:
    """The grants of one kind that the file's clients have, by retainer."""
    found: dict[Key, list[G]] = defaultdict(list)
    slugs = [client.slug for client in file.clients]
    rows = model._default_manager.filter(retired_in=None, retainer__client__slug__in=slugs)
    for row in rows.select_related("retainer__client"):
        found[row.retainer.client.slug, row.retainer.key].append(terms_of(row))
    return found


def _added(changes: Mapping[Key, Regrant[G]]) -> dict[Key, tuple[G, ...]]:
    return {key: change.added for key, change in changes.items() if change.added}


def _retainers(setup: ProviderSetup, file: ProviderFile) -> dict[Key, RetainerFile]:
    return {
        (client.slug, retainer.agreement.key): retainer
        for client in file.clients
        if client.slug in setup.clients
        for retainer in client.retainers
    }
