"""A provider's agreements as the text of a file that `reading` reads back to the same values.

Keys that say no more than their default are left out; dates are TOML dates.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import tomli_w

from retainers.agreements.business_hours import opening_times_file
from retainers.agreements.documents import agreement_document
from retainers.agreements.granted import adjustment_document, top_up_document
from retainers.agreements.rules import rules_document
from retainers.files import ClientFile, Contact, ProviderFile, RetainerFile
from retainers.hours import ZERO
from retainers.terms import Adjustment, Agreement, Pool, Rule, Terms, TopUp

Document = dict[str, Any]

_DAY = date(1970, 1, 1)
_DAY_TEXT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_POOL = Pool("", "", ZERO)
_PLAIN = agreement_document(Agreement("", "", _DAY, (Terms(_DAY, (_POOL,)),)))
_PLAIN_TERMS: Document = _PLAIN["terms"][0]
_PLAIN_POOL: Document = _PLAIN_TERMS["pools"][0]
_PLAIN_TOP_UP = top_up_document(TopUp(_DAY, ZERO))
_PLAIN_ADJUSTMENT = adjustment_document(Adjustment(_DAY, ZERO))
_NEVER_LEFT_OUT = frozenset({"key", "name", "starts", "from", "terms", "pools", "hours", "date"})


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
    document = _without(agreement_document(agreement), _PLAIN)
    document["terms"] = [_terms(terms) for terms in document["terms"]]
    if agreement.rules:
        document["rules"] = _rules(agreement.rules)
    if agreement.business_hours:
        document["business_hours"] = opening_times_file(agreement.business_hours)
    if retainer.top_ups:
        document["top_ups"] = [
            _dated(_without(top_up_document(top_up), _PLAIN_TOP_UP)) for top_up in retainer.top_ups
        ]
    if retainer.adjustments:
        document["adjustments"] = [
            _dated(_without(adjustment_document(one), _PLAIN_ADJUSTMENT)) for one in retainer.adjustments
        ]
    return _dated(document)


def _terms(document: Document) -> Document:
    pools = [_without(pool, _PLAIN_POOL) for pool in document["pools"]]
    return _dated(_without(document, _PLAIN_TERMS) | {"pools": pools})


def _rules(rules: Sequence[Rule]) -> list[Document]:
    return [_dated(_without(rule, {"when": {}})) for rule in rules_document(rules)]


def _without(document: Document, plain: Document) -> Document:
    return {
        name: value
        for name, value in document.items()
        if name in _NEVER_LEFT_OUT or name not in plain or plain[name] != value
    }


def _dated(document: Document) -> Document:
    dates: dict[str, date] = {
        name: date.fromisoformat(document[name])
        for name in ("starts", "ends", "from", "until", "date")
        if name in document
    }
    if _DAY_TEXT.fullmatch(str(document.get("expires"))):
        dates["expires"] = date.fromisoformat(document["expires"])
    return document | dates
