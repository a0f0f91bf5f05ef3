"""What was stated of a closed cycle, behind the share link: one page for print."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from accounts.access import zone_of
from accounts.models import Provider
from portal.access import Visit
from portal.page_links import cycle_address
from portal.selectors import client_name, provider_facts
from portal.statement import statement_page
from portal.views import behind_link
from presentation.facts import Asked
from retainers.gate.known import read_gate
from retainers.gate.stated import outgoing_document
from retainers.issued import issued_documents
from retainers.models import Client, Retainer, Statement
from retainers.selectors import standings
from retainers.wire import cycle_json


def statement(request: HttpRequest, token: str, starts: str) -> HttpResponse:
    """`?retainer=` names the retainer where the client has several."""

    def answer(request: HttpRequest, visit: Visit, asked: Asked) -> HttpResponse:
        return HttpResponse(
            render_statement(
                visit.provider, visit.client, visit.retainers, starts, asked.retainer, visit.today
            )
        )

    return behind_link(answer)(request, token)


def render_statement(
    provider: Provider, client: Client, retainers: list[Retainer], starts: str, key: str, today: date
) -> str:
    """The page. `LookupError` where nothing was issued for a cycle that starts on that day."""
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
    documents = [outgoing_document(each, gate, client.slug) for each in issued_documents(statements, zone)]
    page = statement_page(
        provider=provider_facts(provider, gate),
        client_name=client_name(client, gate),
        statements=statements,
        documents=documents,
        today=cycle_json(now, provisional=standing.is_provisional(now)) if now else None,
        back_href=f"../../{cycle_address(retainer.key, _day(starts)).removeprefix('./')}",
        zone=zone,
        reasons={each.pk: gate.out(each.reason, client.slug) for each in statements},
    )
    return render_to_string("portal/statement.html", {"page": page})


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise LookupError("that is no day") from error


def _issued(retainer: Retainer, starts: date) -> list[Statement]:
    rows = Statement.objects.filter(retainer=retainer, cycle_starts=starts).order_by("number")
    return list(rows.select_related("publication__version", "retainer__client"))
