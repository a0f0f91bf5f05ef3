"""What was stated of a closed cycle, behind the share link: a page, and the same as PDF."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from accounts.access import zone_of
from accounts.models import Provider
from portal.access import Visit
from portal.page_links import cycle_address
from portal.paper import size_for
from portal.second_step import step_of
from portal.selectors import client_name, provider_facts
from portal.statement import StatementPage, statement_page
from portal.statement_pdf import statement_pdf
from portal.views import behind_link
from presentation.facts import Asked
from retainers.agreements.documents import agreement_from_document
from retainers.balance import CycleBalance
from retainers.gate.known import read_gate
from retainers.gate.stated import outgoing_document
from retainers.hiding import hidden_pools
from retainers.hiding_stated import shown_document, shown_written_cycle
from retainers.issued import issued_documents
from retainers.models import Client, Retainer, Statement
from retainers.selectors import Standing, standings
from retainers.wire import cycle_json


@dataclass(frozen=True, slots=True)
class StatementReading:
    """A cycle's statements, as their client may read them."""

    page: StatementPage
    newest: Statement
    logo: bytes
    country: str
    asks_for_a_code: bool

    def html(self) -> str:
        context = {"page": self.page, "asks_for_a_code": self.asks_for_a_code}
        return render_to_string("portal/statement.html", context)

    def pdf(self) -> HttpResponse:
        """The document, named after its number."""
        at = self.newest.issued_at
        body = statement_pdf(self.page, size=size_for(self.country), logo=self.logo, at=at)
        headers = {"Content-Disposition": f'inline; filename="statement-{self.page.number}.pdf"'}
        return HttpResponse(body, content_type="application/pdf", headers=headers)


def statement(request: HttpRequest, token: str, starts: str) -> HttpResponse:
    """`?retainer=` names the retainer where the client has several."""
    return _behind_link(request, token, starts, lambda found: HttpResponse(found.html()))


def statement_as_pdf(request: HttpRequest, token: str, starts: str) -> HttpResponse:
    """The same on paper."""
    return _behind_link(request, token, starts, StatementReading.pdf)


def _behind_link(
    request: HttpRequest, token: str, starts: str, answered: Callable[[StatementReading], HttpResponse]
) -> HttpResponse:
    def answer(request: HttpRequest, visit: Visit, asked: Asked) -> HttpResponse:
        return answered(
            read_statement(visit.provider, visit.client, visit.retainers, starts, asked.retainer, visit.today)
        )

    return behind_link(answer)(request, token)


def read_statement(
    provider: Provider, client: Client, retainers: list[Retainer], starts: str, key: str, today: date
) -> StatementReading:
    """What was stated. `LookupError` where nothing was issued for a cycle that starts on that day."""
    issued = [
        (row, found) for row in retainers if key in ("", row.key) and (found := _issued(row, _day(starts)))
    ]
    if not issued:
        raise LookupError("nothing was issued for this cycle")
    retainer, statements = issued[0]
    zone = zone_of(provider)
    gate = read_gate(provider)
    (standing,) = standings([retainer], on=today, zone=zone, gate=gate)
    now = next((each for each in standing.cycles if each.starts == _day(starts)), None)
    hidden = _hidden(standing, _day(starts))
    documents = [
        outgoing_document(shown_document(each, hidden), gate, client.slug)
        for each in issued_documents(statements, zone)
    ]
    who = provider_facts(provider, gate)
    page = statement_page(
        provider=who,
        client_name=client_name(client, gate),
        statements=statements,
        documents=documents,
        today=_said_today(standing, now, hidden) if now else None,
        back_href=f"../../{cycle_address(retainer.key, _day(starts)).removeprefix('./')}",
        key=retainer.key,
        zone=zone,
        reasons={each.pk: gate.out(each.reason, client.slug) for each in statements},
    )
    asks = step_of(client) is not None
    return StatementReading(page, statements[-1], bytes(provider.logo), who.country, asks)


def _hidden(standing: Standing, starts: date) -> frozenset[str]:
    return hidden_pools(agreement_from_document(standing.publication.version.document), starts)


def _said_today(standing: Standing, cycle: CycleBalance, hidden: frozenset[str]) -> dict[str, Any]:
    """The cycle as it stands, written as the documents are."""
    said = cycle_json(cycle, provisional=standing.is_provisional(cycle))
    return shown_written_cycle(said, hidden, cycle.terms.overage_rate)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise LookupError("that isn’t a day") from error


def _issued(retainer: Retainer, starts: date) -> list[Statement]:
    rows = Statement.objects.filter(retainer=retainer, cycle_starts=starts).order_by("number")
    return list(rows.select_related("publication__version", "retainer__client"))
