"""A draft judged by the rules of the file: what it would be, what is wrong with it, what it would do.

Nothing is written here. `saving` writes, with the very services that load a file.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial

from accounts.models import Provider
from accounts.seen import Seen
from desk.agreements.draft import AgreementDraft
from desk.agreements.tables import input_of, table_of
from imports.judging.dry_run import foresee
from presentation.phrases import listed
from retainers.agreements import (
    agreement_document,
    agreement_from_document,
    check_claims,
    rules_from_document,
)
from retainers.agreements.problems import Finding, Place
from retainers.agreements.readers import key_of
from retainers.agreements.retainer_tables import read_retainer
from retainers.agreements.rules import not_named
from retainers.agreements.tables import Table
from retainers.effects import BalanceChange
from retainers.files import ClientFile, ProviderFile, RetainerFile
from retainers.models import Client, Retainer, RuleBook
from retainers.restating.changes import Restated, foreseen
from retainers.terms import Adjustment, Agreement, Rule, TopUp

Errors = Mapping[str, Sequence[str]]
Path = tuple[str | int, ...]
GENERAL = ""
MISSING = re.compile(r"`(\w+)` is missing")


@dataclass(frozen=True, slots=True)
class InView:
    """What saving would do: `mark` names what is looked at, `restated` are the closed cycles to be agreed to."""

    changes: tuple[BalanceChange, ...] = ()
    mark: str = ""
    restated: tuple[Restated, ...] = ()

    @property
    def closed(self) -> int:
        """How many cycles that are over would say something else."""
        return sum(len(change.closed) for change in self.changes)


@dataclass(frozen=True)
class JudgedDraft:
    """`errors` by the name of the input; with none, `agreement` is what would be saved and `top_ups` what would be
    granted with it. What that would do is worked out where it is shown: saving compares it by its mark alone."""

    agreement: Agreement
    errors: Errors
    look: Callable[[], InView] = InView
    top_ups: tuple[TopUp, ...] = ()
    is_read: bool = True  # whether the form makes an agreement at all, sound or not

    @property
    def is_sound(self) -> bool:
        """Whether it could be saved."""
        return self.is_read and not self.errors

    @cached_property
    def in_view(self) -> InView:
        return self.look()


def judge(
    provider: Provider,
    client: Client,
    draft: AgreementDraft,
    *,
    standing: Retainer | None,
    today: date,
    others: Sequence[Agreement] = (),
    top_ups: Sequence[TopUp] = (),
    charges: Sequence[Adjustment] = (),
    rules: tuple[Rule, ...] = (),
) -> JudgedDraft:
    """Judge the draft of a retainer of `client`; `standing` is the one that is edited, None for a new one.
    `others` are further agreements of the client that would be saved with it (a renewal's old one), `top_ups`
    and `charges` what would be granted with it, `rules` those of a new one."""
    table = Table(table_of(draft), Place(), [])
    read = read_retainer(table, has_business_hours=provider.business_hours is not None).agreement
    before = agreement_from_document(standing.version.document) if standing and standing.version else None
    agreement = replace(read, rules=before.rules if before else rules)
    errors = _by_input(table.findings, draft)
    is_read = not errors
    if is_read:
        errors = _clashes(client, agreement, before, others)
    if errors:
        return JudgedDraft(agreement, errors, is_read=is_read)

    file = file_of(provider, client, agreement, others=others, top_ups=top_ups, charges=charges)
    seen = partial(seen_of, provider, client, (*others, agreement), (*top_ups, *charges), on=today)
    return JudgedDraft(agreement, {}, partial(_look, provider, file, seen, today), tuple(top_ups))


def _look(provider: Provider, file: ProviderFile, seen: Callable[[], Seen], today: date) -> InView:
    changes = tuple(foresee(provider, file, on=today))
    return InView(changes, seen().mark, foreseen(provider, changes))


def _by_input(findings: Iterable[Finding], draft: AgreementDraft) -> dict[str, list[str]]:
    """What is wrong with the draft, by the input that it is about."""
    errors: dict[str, list[str]] = defaultdict(list)
    for found, message in findings:
        path, said = _said(found.path, message)
        errors[input_of(path, draft)].append(said)
    return dict(errors)


def _said(path: Path, message: str) -> tuple[Path, str]:
    """What is wrong and where, as the form says it: of what is missing, beside the very input."""
    missing = MISSING.match(message)
    if missing:
        return (*path, missing[1]), "Please fill this in."
    return path, f"{message[:1].upper()}{message[1:]}."


def file_of(
    provider: Provider,
    client: Client,
    agreement: Agreement,
    *,
    others: Sequence[Agreement] = (),
    top_ups: Sequence[TopUp] = (),
    charges: Sequence[Adjustment] = (),
) -> ProviderFile:
    """The file that says this of the client's retainers, and nothing else of anybody."""
    retainers = (
        *(RetainerFile(each) for each in others),
        RetainerFile(agreement, tuple(top_ups), tuple(charges)),
    )
    return ProviderFile(
        provider.slug, provider.name, clients=(ClientFile(client.slug, client.name, retainers=retainers),)
    )


def _clashes(
    client: Client, agreement: Agreement, before: Agreement | None, others: Sequence[Agreement]
) -> dict[str, list[str]]:
    """What the client's other retainers have against it, by the input that settles it."""
    rows = Retainer.objects.filter(client=client, version__isnull=False).select_related("version")
    standing = {row.key: agreement_from_document(row.version.document) for row in rows}
    if before is None and agreement.key in standing:
        asked = "name" if agreement.key == key_of(agreement.name) else "key"
        return {asked: ["The client already has an agreement with this name. Choose another name."]}
    standing |= {each.key: each for each in (*others, agreement)}
    if not check_claims(list(standing.values())):
        return {}
    names = listed([f"“{each.name}”" for key, each in standing.items() if key != agreement.key])
    return {
        "psa_agreements": [
            f"{names} would take the same rows. List this agreement’s names in your PSA, or let one end "
            "before the other begins."
        ]
    }


def seen_of(
    provider: Provider,
    client: Client,
    agreements: Sequence[Agreement],
    granted: Sequence[TopUp | Adjustment],
    *,
    on: date,
) -> Seen:
    """What is in view where these agreements are about to be saved: they, and all that their figures come from."""
    retainers = Retainer.objects.filter(client=client).values_list("pk", "publication_id")
    rules = RuleBook.objects.order_by("-number").values_list("pk", flat=True).first()
    return Seen(
        publications=dict(retainers),
        versions={"rules": rules, "business_hours": provider.business_hours},
        words=[
            on,
            [agreement_document(each) for each in agreements],
            [str(each) for each in granted],
        ],
    )


def unreached_pools(agreement: Agreement, standing: Retainer | None, today: date) -> tuple[str, ...]:
    """The names of the newest terms' pools that neither the provider's rules nor the retainer's own name.

    `standing`: the retainer as it is saved, whose own rules the form does not hold; None for a new one.
    """
    book = RuleBook.objects.order_by("-number").first()
    rules = list(rules_from_document(book.document)) if book else []
    if standing is not None and standing.version is not None:
        rules += agreement_from_document(standing.version.document).rules
    return not_named(agreement, rules, today)
