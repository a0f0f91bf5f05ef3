"""A provider's agreements as the text of a file that `reading` reads back to the same values.

Keys that say no more than their default are left out; dates are TOML dates.
"""

import re
from collections.abc import Sequence
from datetime import date

import tomli_w

from retainers.agreements.business_hours import opening_times_file
from retainers.agreements.fields import AGREEMENT, POOL, TERMS
from retainers.agreements.granted import ADJUSTMENT, TOP_UP
from retainers.agreements.rows import Document
from retainers.agreements.rules import rules_document
from retainers.files import ClientFile, Contact, ProviderFile, RetainerFile
from retainers.terms import Rule

_DAY_TEXT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def write_file(provider_file: ProviderFile) -> str:
    """The TOML text of a provider's file: `read_file(write_file(x)) == x` (contract.md, `dump_retainers`)."""
    document: Document = {"provider": _provider(provider_file)}
    if provider_file.members:
        document["members"] = [
            {"email": member.email, "role": member.role} for member in provider_file.members
        ]
    if provider_file.rules is not None:
        document["rules"] = _rules(provider_file.rules)
    if provider_file.clients:
        document["clients"] = [_client(client) for client in provider_file.clients]
    return tomli_w.dumps(document)


def _provider(provider_file: ProviderFile) -> Document:
    hours = provider_file.business_hours
    trusted, uncharged = provider_file.trusted_notes, provider_file.shows_uncharged
    said = {
        "slug": provider_file.slug,
        "name": provider_file.name,
        "timezone": provider_file.timezone,
        "support_email": provider_file.support_email,
        "support_phone": provider_file.support_phone,
        "date_order": provider_file.date_order,
        "trusted_notes": None if trusted is None else list(trusted),
        "shows_uncharged": list(uncharged) if uncharged else None,
        "states_fee": provider_file.states_fee or None,
        "business_hours": opening_times_file(hours) if hours else None,
    }
    return {name: value for name, value in said.items() if value is not None}


def _client(client: ClientFile) -> Document:
    document: Document = {"slug": client.slug, "name": client.name}
    if client.psa_names:
        document["psa_names"] = list(client.psa_names)
    if client.contacts is not None:
        document["contacts"] = [_contact(contact) for contact in client.contacts]
    if client.retainers:
        document["retainers"] = [_retainer(retainer) for retainer in client.retainers]
    return document


def _contact(contact: Contact) -> Document:
    document = {"name": contact.name, "email": contact.email}
    flags = {"approves": contact.approves, "alerts": contact.alerts}
    return document | {name: True for name, value in flags.items() if value}


def _retainer(retainer: RetainerFile) -> Document:
    agreement = retainer.agreement
    document = AGREEMENT.brief(AGREEMENT.write(agreement))
    document["terms"] = [_terms(terms) for terms in document["terms"]]
    if agreement.rules:
        document["rules"] = _rules(agreement.rules)
    if agreement.business_hours:
        document["business_hours"] = opening_times_file(agreement.business_hours)
    granted = {
        "top_ups": [_dated(TOP_UP.brief(TOP_UP.write(each))) for each in retainer.top_ups],
        "adjustments": [_dated(ADJUSTMENT.brief(ADJUSTMENT.write(each))) for each in retainer.adjustments],
    }
    document |= {name: grants for name, grants in granted.items() if grants}
    return _dated(document)


def _terms(document: Document) -> Document:
    pools = [POOL.brief(pool) for pool in document["pools"]]
    return _dated(TERMS.brief(document) | {"pools": pools})


def _rules(rules: Sequence[Rule]) -> list[Document]:
    """Each rule without the conditions of one that has none."""
    said = rules_document(rules)
    return [_dated({name: part for name, part in rule.items() if name != "when" or part}) for rule in said]


def _dated(document: Document) -> Document:
    dates: dict[str, date] = {
        name: date.fromisoformat(document[name])
        for name in ("starts", "ends", "from", "until", "date")
        if name in document
    }
    if _DAY_TEXT.fullmatch(str(document.get("expires"))):
        dates["expires"] = date.fromisoformat(document["expires"])
    return document | dates
