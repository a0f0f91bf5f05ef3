"""The page, its figures and its log as answers: one piece of code for the client, for staff who look as the client
does, and for staff who look at an earlier day.

Who may read is settled before (`access`, the doors of the desk); what is read, in `selectors`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from accounts.models import Provider
from portal.access import Visit
from portal.exports import balance_json
from portal.ics import calendar
from portal.log_csv import log_csv
from portal.page import BalancePage, build_page
from portal.second_step import step_of
from portal.selectors import client_name, page_facts, page_retainers, provider_facts
from presentation.facts import Asked, RetainerFacts
from presentation.sheets import file_name
from retainers.gate.known import Gate, read_gate
from retainers.models import Client, Retainer

RENEWED_AFTER = "60"  # seconds, while an incident runs; the browser does it, without a script


@dataclass(frozen=True, slots=True)
class PageReading:
    """Whose page is read, as it is `on` that day; `as_published`: as it was at the end of it.

    `has_requests`: whether anything was ever asked for on the page.
    """

    provider: Provider
    client: Client
    on: date
    retainers: Sequence[Retainer]
    gate: Gate
    as_published: bool = False
    has_requests: bool = True
    closes_on: date | None = None

    def facts(self, asked: Asked) -> tuple[RetainerFacts, ...]:
        """`LookupError` for a cycle or retainer that there is not."""
        return page_facts(
            self.provider,
            list(self.retainers),
            self.on,
            asked,
            as_published=self.as_published,
            gate=self.gate,
            has_requests=self.has_requests,
        )

    def page(self, facts: Sequence[RetainerFacts], asked: Asked) -> BalancePage:
        return build_page(
            provider=provider_facts(self.provider, self.gate),
            client_name=client_name(self.client, self.gate),
            retainers=facts,
            today=self.on,
            asked=asked,
            protection_href=reverse("link_protection"),
            closes_on=self.closes_on,
            calendar_href="" if self.as_published else "calendar.ics",
            manifest_href="" if self.as_published else "app.webmanifest",
            tell_me_href="" if self.as_published else "tell-me/",
        )


def by_link(visit: Visit) -> PageReading:
    return PageReading(
        visit.provider,
        visit.client,
        visit.today,
        visit.retainers,
        visit.gate,
        has_requests=bool(visit.row.requests),
        closes_on=visit.closes_on,
    )


def by_staff(provider: Provider, client: Client, today: date) -> PageReading:
    """The very same without a link."""
    retainers = page_retainers(client)
    return PageReading(provider, client, today, retainers, read_gate(provider))


def page_answer(reading: PageReading, asked: Asked) -> HttpResponse:
    page = reading.page(reading.facts(asked), asked)
    headers = {"Refresh": RENEWED_AFTER} if page.renews else {}
    context = {"page": page, "asks_for_a_code": step_of(reading.client) is not None}
    return HttpResponse(render_to_string("portal/balance.html", context), headers=headers)


def balance_document(reading: PageReading, asked: Asked) -> dict[str, Any]:
    """The page in figures. `LookupError` for a cycle or retainer that there is not."""
    who = provider_facts(reading.provider, reading.gate)
    return balance_json(who, client_name(reading.client, reading.gate), reading.facts(asked))


def json_answer(reading: PageReading, asked: Asked) -> HttpResponse:
    said = balance_document(reading, asked)
    return JsonResponse(said, json_dumps_params={"ensure_ascii": False, "indent": 2})


def csv_answer(reading: PageReading, asked: Asked) -> HttpResponse:
    """The logs that the page shows, as a file. `LookupError` before there is one."""
    chosen = [each for each in reading.facts(asked) if each.shown and _is_asked_for(each, asked)]
    if not chosen:
        raise LookupError("there is no log yet")
    client = client_name(reading.client, reading.gate)
    text = "\N{ZERO WIDTH NO-BREAK SPACE}" + log_csv(chosen, asked, client)
    day = f"as-of-{reading.on}" if reading.as_published else ""
    name = file_name(_("Work log"), client, *_which(chosen), day, ending="csv")
    headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or ""}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


def _is_asked_for(facts: RetainerFacts, asked: Asked) -> bool:
    """Every agreement that the page shows, unless one is named, or a cycle that not all of them have."""
    shown = facts.shown
    return asked.chooses(facts.agreement) and (
        not asked.cycle or (shown is not None and shown.starts.isoformat() == asked.cycle)
    )


def _which(chosen: Sequence[RetainerFacts]) -> list[str]:
    """What tells files apart: the agreement where there is one, and the newest first day."""
    name = [chosen[0].agreement.name] if len(chosen) == 1 else []
    return [*name, str(max(each.shown.starts for each in chosen if each.shown))]


def calendar_answer(reading: PageReading, asked: Asked) -> HttpResponse:
    """The dates that are coming, of every agreement that the page shows today, whatever was asked for."""
    name = provider_facts(reading.provider, reading.gate).name
    body = calendar(name, reading.client.pk, reading.facts(Asked()), reading.on)
    named = file_name(_("Support hours"), name, ending="ics")
    headers = {"Content-Disposition": content_disposition_header(as_attachment=False, filename=named) or ""}
    return HttpResponse(body, content_type="text/calendar; charset=utf-8", headers=headers)
