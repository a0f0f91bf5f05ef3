"""The file of `load_retainers`, read into values: everything that is wrong with it is said at once.

`retainer_tables` reads what is inside a retainer, `checks` judges whether it makes sense; storing it is for
the retainers' services.
"""

import re
import tomllib
from collections.abc import Collection
from decimal import Decimal
from functools import cache
from typing import Any, Literal
from zoneinfo import available_timezones

from retainers.agreements import claims, readers
from retainers.agreements.business_hours import read_business_hours
from retainers.agreements.file_lines import find_lines, line_of
from retainers.agreements.problems import AgreementError, AgreementProblem, Finding, Place, find_repeated
from retainers.agreements.retainer_tables import read_retainer
from retainers.agreements.rules import find_rule_problems, read_rules
from retainers.agreements.tables import Table
from retainers.files import ClientFile, Contact, Member, ProviderFile, RetainerFile, Role
from retainers.terms import Rule

DATE_ORDERS: tuple[Literal["mdy", "dmy", "ymd"], ...] = ("mdy", "dmy", "ymd")
ROLES: tuple[Role, ...] = ("owner", "manager", "viewer")


def read_file(text: str, *, with_business_hours: Collection[str] = ()) -> ProviderFile:
    """What a file says of one provider (contract.md, `load_retainers`).

    `with_business_hours` are slugs of providers that have business hours already: for them a file may leave
    them out and still have rules on `time`. Raises `AgreementError` with all problems of the file, each with
    its place and, where it can be told, its line. What else is stored (a client that the file leaves out, a
    retainer of the same client) is not known here: see `check_claims` and `check_companies`.

    >>> read_file('[provider]\\nslug = "northwind"\\nname = "Northwind IT"\\n').name
    'Northwind IT'
    """
    findings: list[Finding] = []
    root = Table(_parse(text), Place(), findings)
    provider_file = _read_root(root, with_business_hours)
    if findings:
        raise AgreementError(_located(findings, text))
    return provider_file


def _parse(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text.removeprefix("\ufeff"), parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        found = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", str(error))
        reason = str(error)[: found.start()] if found else str(error)
        last = text.count("\n") + 1
        line = int(found[1] or last) if found else None
        message = f"this isn't valid TOML ({reason}): correct it there, and load the file again"
        raise AgreementError((AgreementProblem("", message, line),)) from error


def _located(findings: list[Finding], text: str) -> tuple[AgreementProblem, ...]:
    lines = find_lines(text.removeprefix("\ufeff"))
    problems = [AgreementProblem(at.label, message, line_of(lines, at.path)) for at, message in findings]
    return tuple(sorted(dict.fromkeys(problems), key=lambda problem: problem.line or 0))


def _read_root(root: Table, with_business_hours: Collection[str]) -> ProviderFile:
    if not root.has("provider"):
        root.findings.append((root.place, "`provider` is missing: begin with [provider], slug and name"))
    provider = root.table("provider") or Table(_NO_PROVIDER, root.place.key("provider"), [])
    slug = provider.need("slug", readers.key, "")
    hours = read_business_hours(provider)
    judges_time = provider.has("business_hours") or slug in with_business_hours
    provider_file = ProviderFile(
        slug=slug,
        name=provider.need("name", readers.name, ""),
        timezone=provider.get("timezone", _timezone, None),
        support_email=provider.get("support_email", readers.email, None),
        support_phone=provider.get("support_phone", readers.or_empty(readers.line_up_to(40)), None),
        date_order=provider.get("date_order", readers.one_of(DATE_ORDERS), None),
        trusted_notes=provider.get("trusted_notes", readers.lines, None),
        shows_uncharged=provider.get("shows_uncharged", readers.lines, None),
        states_fee=provider.get("states_fee", readers.flag, None),
        business_hours=hours or None,
        rules=_read_rules(root, judges_time=judges_time),
        members=_read_members(root),
        clients=_read_clients(root, judges_time=judges_time),
    )
    provider.close()
    root.close()
    return provider_file


_NO_PROVIDER: dict[str, object] = {"slug": "provider", "name": "provider"}


@cache
def _timezones() -> frozenset[str]:
    return frozenset(available_timezones())


def _timezone(raw: object) -> str:
    name = readers.line(raw)
    if name not in _timezones():
        raise readers.RefusedValueError(
            f"{readers.seen(raw)} isn't a time zone: write it like America/Chicago"
        )
    return name


def _read_rules(root: Table, *, judges_time: bool) -> tuple[Rule, ...] | None:
    if not root.has("rules"):
        return None
    rules = read_rules(root)
    root.judge(find_rule_problems(rules, has_business_hours=judges_time, at=root.place))
    return rules


def _read_members(root: Table) -> tuple[Member, ...]:
    members: list[Member] = []
    for table in root.tables("members", shown_by="email"):
        email = table.need("email", readers.email, "")
        members.append(Member(email, table.need("role", readers.one_of(ROLES), "viewer")))
        table.close()
    emails = [member.email.casefold() for member in members]
    root.judge(find_repeated(root.place.key("members"), emails, "member"))
    return tuple(members)


def _read_clients(root: Table, *, judges_time: bool) -> tuple[ClientFile, ...]:
    clients = tuple(
        _read_client(table, judges_time=judges_time) for table in root.tables("clients", shown_by="slug")
    )
    named = [(client.slug, (client.name, *client.psa_names)) for client in clients]
    root.judge(claims.find_shared_names(named, root.place))
    return clients


def _read_client(table: Table, *, judges_time: bool) -> ClientFile:
    retainers = _read_retainers(table, judges_time=judges_time)
    client = ClientFile(
        slug=table.need("slug", readers.key, ""),
        name=table.need("name", readers.name, ""),
        psa_names=table.get("psa_names", readers.companies, ()),
        contacts=_read_contacts(table),
        retainers=retainers,
    )
    table.close()
    return client


def read_client(raw: dict[str, Any]) -> tuple[ClientFile, list[Finding]]:
    """A client's table, as a file or a form has it, with everything that is wrong with it."""
    findings: list[Finding] = []
    client = _read_client(Table(raw, Place(), findings), judges_time=True)
    return client, findings


def _read_contacts(client: Table) -> tuple[Contact, ...] | None:
    if not client.has("contacts"):
        return None
    contacts: list[Contact] = []
    for table in client.tables("contacts", shown_by="email"):
        contacts.append(
            Contact(
                name=table.get("name", readers.or_empty(readers.name), ""),
                email=table.need("email", readers.email, ""),
                approves=table.get("approves", readers.flag, default=False),
                alerts=table.get("alerts", readers.flag, default=False),
            )
        )
        table.close()
    emails = [contact.email.casefold() for contact in contacts]
    client.judge(find_repeated(client.place.key("contacts"), emails, "contact"))
    return tuple(contacts)


def _read_retainers(client: Table, *, judges_time: bool) -> tuple[RetainerFile, ...]:
    known = len(client.findings)
    retainers = [
        read_retainer(table, has_business_hours=judges_time)
        for table in client.tables("retainers", shown_by="key")
    ]
    if len(client.findings) == known:
        agreements = [retainer.agreement for retainer in retainers]
        client.judge(claims.find_claims(agreements, client.place))
    return tuple(retainers)
