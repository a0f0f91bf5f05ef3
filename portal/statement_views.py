"""What was stated of a closed cycle, behind the share link: a page, and the same as PDF."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from accounts.access import zone_of
from accounts.models import Provider
from portal.access import Visit
from portal.paper import size_for
from portal.request_links import cycle_address
from portal.second_step import step_of
from portal.selectors import client_name, provider_facts
from portal.statement import StatementPage, statement_page
from portal.statement_pdf import statement_pdf
from portal.views import behind_link
from presentation.facts import Asked
from presentation.sheets import file_name
from retainers.agreements.fields import agreement_from_document
from retainers.balance import CycleBalance
from retainers.gate.known import read_gate
from retainers.gate.outgoing import outgoing_document
from retainers.hiding import hidden_pools, shown_document, shown_written_cycle
from retainers.issued import issued_documents, issued_for
from retainers.models import Client, Retainer, Statement
from retainers.selectors import Standing, retainers_of, standings
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
        """The document, named after its client and number in the reader's language."""
        at = self.newest.issued_at
        body = statement_pdf(self.page, size=size_for(self.country), logo=self.logo, at=at)
        name = file_name(_("Statement"), self.page.client, self.page.number, ending="pdf")
        headers = {
            "Content-Disposition": content_disposition_header(as_attachment=False, filename=name) or ""
        }
        return HttpResponse(body, content_type="application/pdf", headers=headers)


def statement(request: HttpRequest, token: str, starts: str) -> HttpResponseBase:
    """`?retainer=` names the retainer where the client has several."""
    return _behind_link(request, token, starts, lambda found: HttpResponse(found.html()))


def statement_as_pdf(request: HttpRequest, token: str, starts: str) -> HttpResponseBase:
    """The same on paper."""
    return _behind_link(request, token, starts, StatementReading.pdf)


def _behind_link(
    request: HttpRequest, token: str, starts: str, answered: Callable[[StatementReading], HttpResponse]
) -> HttpResponseBase:
    def answer(request: HttpRequest, visit: Visit, asked: Asked) -> HttpResponse:
        return answered(
            read_statement(visit.provider, visit.client, visit.retainers, starts, asked.retainer, visit.today)
        )

    return behind_link(answer)(request, token)


def read_statement(
    provider: Provider, client: Client, retainers: list[Retainer], starts: str, key: str, today: date
) -> StatementReading:
    """What was stated. `LookupError` where nothing was issued for a cycle that starts on that day."""
    wanted, day = [row for row in retainers if key in ("", row.key)], _day(starts)
    issued = issued_for([row.pk for row in wanted], [day])
    retainer = next((row for row in wanted if issued[row.pk, day]), None)
    if retainer is None:
        raise LookupError("nothing was issued for this cycle")
    reader = _Reader(provider)
    (standing,) = standings([retainer], on=today, zone=reader.zone, gate=reader.gate)
    return reader.reading(standing, issued[retainer.pk, day], asks_for_a_code=step_of(client) is not None)


def read_statements(
    provider: Provider, retainers: Collection[int], starts: Collection[date], today: date
) -> list[StatementReading]:
    """What was stated of all cycles of these retainers (their keys) that start on one of these days, in a number of
    queries that does not grow with them.
    """
    found = issued_for(retainers, starts)
    reader, wanted = _Reader(provider), {pk for pk, _starts in found}
    known = standings(retainers_of().filter(pk__in=wanted), on=today, zone=reader.zone, gate=reader.gate)
    by_retainer = {standing.retainer.pk: standing for standing in known}
    return [reader.reading(by_retainer[pk], statements) for (pk, _starts), statements in found.items()]


class _Reader:
    """Reads statements of one provider: what all of them share is looked up once."""

    def __init__(self, provider: Provider) -> None:
        self.provider, self.zone, self.gate = provider, zone_of(provider), read_gate(provider)
        self.who = provider_facts(provider, self.gate)

    def reading(
        self, standing: Standing, statements: list[Statement], *, asks_for_a_code: bool = False
    ) -> StatementReading:
        """One cycle's statements, oldest first."""
        starts, client, key = statements[-1].cycle_starts, standing.retainer.client, standing.retainer.key
        now = next((each for each in standing.cycles if each.starts == starts), None)
        hidden = _hidden(standing, starts)
        documents = [
            outgoing_document(shown_document(each, hidden), self.gate, client.slug)
            for each in issued_documents(statements, self.zone)
        ]
        page = statement_page(
            provider=self.who,
            client_name=client_name(client, self.gate),
            statements=statements,
            documents=documents,
            today=_said_today(standing, now, hidden) if now else None,
            back_href=f"../../{cycle_address(key, starts).removeprefix('./')}",
            key=key,
            zone=self.zone,
            reasons={each.pk: self.gate.out(each.reason, client.slug) for each in statements},
        )
        logo = bytes(self.provider.logo)
        return StatementReading(page, statements[-1], logo, self.who.country, asks_for_a_code)


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
