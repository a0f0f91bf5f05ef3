"""A client's page for staff, finished: the client's own figures with everything that stands behind them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import the_member, theirs, today_at, viewer, zone_of
from accounts.models import Provider
from desk.clients.log import Behind, StaffLog, empty_words, staff_log
from desk.clients.rhythm import Rhythm, rhythms
from desk.clients.trail import (
    A_PAGE,
    WITH_DEEDS,
    ClientImport,
    PublicationLine,
    Turn,
    events_about,
    import_lines,
    imports_of,
    names_of,
    publication_lines,
    publications_of,
    turn_of,
)
from desk.dashboard.page import FilterChoice
from desk.dashboard.reasons import account_of_reason, reason
from desk.dashboard.rows import Chip, chips, pool_lines
from desk.dashboard.selectors import client_cases
from desk.dashboard.status import ClientCase, Left, RetainerCase
from desk.link_lines import LinkForm, LinkLines, link_lines
from desk.trail import Deed, deeds_about
from portal.access import last_day_of_link
from portal.links import links_of
from portal.models import ShareLink
from portal.page import RetainerPart, build_page
from portal.second_step import step_of
from portal.selectors import page_facts, page_retainers, provider_facts
from presentation.accounts import is_block
from presentation.days import dated, span
from presentation.facts import Asked, RetainerFacts
from retainers.balance import CycleBalance
from retainers.models import Client, Contact, Retainer


@dataclass(frozen=True, slots=True)
class RetainerView:
    """One retainer: `part` is what the client's page shows of it, `paces` how long its hours last, as far as the page's
    head doesn't say it; `cycles` are the choices of the cycle chooser, newest first.
    """

    part: RetainerPart
    paces: str
    cycles: tuple[FilterChoice, ...]
    log: StaffLog | None
    empty: str
    rhythm: Rhythm | None = None  # a cadence that its history proposes


@dataclass(frozen=True, slots=True)
class ContactLine:
    name: str
    email: str
    may: str


@dataclass(frozen=True, slots=True)
class History:
    publications: tuple[PublicationLine, ...]
    imports: tuple[ClientImport, ...]
    deeds: tuple[Deed, ...]
    turns: Mapping[str, Turn]


HOURS, SHARING, HISTORY = "hours", "sharing", "history"


@dataclass(frozen=True, slots=True)
class ClientPage:
    """One part of a client's page: the hours, what is shared with whom, or the history; the others stay empty.

    `tabs` lead to each retainer alone, where there are several.
    """

    part: str
    slug: str
    name: str
    about: str
    chips: tuple[Chip, ...]
    tabs: tuple[FilterChoice, ...] = ()
    retainers: tuple[RetainerView, ...] = ()
    links: LinkLines | None = None
    asks_for_code: bool = False  # the client's links have a second step
    contacts: tuple[ContactLine, ...] = ()
    history: History | None = None


def client_page(
    provider: Provider,
    client: Client,
    asked: Asked,
    today: date,
    part: str = HOURS,
    pages: Mapping[str, str] | None = None,
) -> ClientPage:
    """That part of the page; `pages`: of its history, which page of each list. `LookupError` for an unknown cycle."""
    zone = zone_of(provider)
    (case,) = client_cases(provider, today, client)
    rows = page_retainers(client)
    names = names_of(rows)
    page = ClientPage(
        part=part,
        slug=client.slug,
        name=client.name,
        about=" · ".join(filter(None, (reason(case, today, zone), _known_as(client)))),
        chips=chips(case),
    )
    if part == SHARING:
        return _sharing(page, provider, client, today)
    if part == HISTORY:
        return replace(page, history=_history(provider, client, names, today, pages or {}))
    page = replace(page, tabs=_tabs({row.key: names.get(row.pk, row.key) for row in rows}, asked))
    return replace(page, retainers=tuple(_with_rhythms(provider, client, rows, case, asked, today)))


def _known_as(client: Client) -> str:
    names = [each.name for each in client.company_names.all() if each.name != client.name]
    return f"in the PSA: {', '.join(names)}" if names else ""


def _with_rhythms(
    provider: Provider, client: Client, rows: list[Retainer], case: ClientCase, asked: Asked, today: date
) -> Iterator[RetainerView]:
    """Each retainer's hours, and the cadence that its own history proposes."""
    facts = page_facts(provider, rows, today, asked, with_hidden=True) if rows else ()
    proposed = rhythms(rows, facts, today, zone_of(provider))
    for each in _retainers(provider, client, facts, case, asked, today):
        yield replace(each, rhythm=proposed.get(each.part.key))


def _sharing(page: ClientPage, provider: Provider, client: Client, today: date) -> ClientPage:
    """With whom the client's figures are shared, and who is told of what."""
    return replace(
        page,
        links=_links(provider, client, today),
        asks_for_code=step_of(client) is not None,
        contacts=tuple(_contact(each) for each in client.contacts.all()),
    )


def _history(
    provider: Provider, client: Client, names: Mapping[int, str], today: date, pages: Mapping[str, str]
) -> History:
    """What the client was shown, from which files, and who did what about it: each list by pages."""
    zone, imported = zone_of(provider), imports_of(client)
    ids = list(imported.values_list("pk", flat=True)[:WITH_DEEDS])
    shown = Paginator(publications_of(client), A_PAGE).get_page(pages.get("shown"))
    files = Paginator(imported, A_PAGE).get_page(pages.get("files"))
    done = Paginator(events_about(client, ids), A_PAGE).get_page(pages.get("deeds"))
    named = names if len(names) > 1 else {}
    return History(
        publications=publication_lines(shown, names=named, today=today, zone=zone),
        imports=import_lines(files, today=today, zone=zone),
        deeds=deeds_about(list(done), client, zone),
        turns={
            "shown": turn_of(shown, "shown"),
            "files": turn_of(files, "files"),
            "deeds": turn_of(done, "deeds"),
        },
    )


def _tabs(names: dict[str, str], asked: Asked) -> tuple[FilterChoice, ...]:
    if len(names) < 2:
        return ()
    every = FilterChoice("", _("Active today"), not asked.retainer)
    return (every, *(FilterChoice(key, name, key == asked.retainer) for key, name in names.items()))


def _retainers(
    provider: Provider,
    client: Client,
    facts: Sequence[RetainerFacts],
    case: ClientCase,
    asked: Asked,
    today: date,
) -> tuple[RetainerView, ...]:
    """The retainers asked for, as the client's page shows them, each with its own log."""
    chosen = [each for each in facts if asked.chooses(each.agreement)]
    page = build_page(
        provider=provider_facts(provider), client_name=client.name, retainers=chosen, today=today, asked=asked
    )
    told = account_of_reason(case)
    paces = {each.key: _paces(each, told, today) for each in case.retainers}
    return tuple(
        _retainer(each, part, paces.get(part.key, "") if each.is_current else "")
        for each, part in zip(chosen, page.retainers, strict=True)
    )


def _paces(case: RetainerCase, told: Left | None, today: date) -> str:
    """How each account goes on at the present pace, in one line, but for the one that was told of."""
    pools = (
        pool
        for pool, left in zip(pool_lines(case, today), case.lefts, strict=False)
        if pool.pace and left is not told
    )
    said = [f"{pool.name}: {pool.pace}" if pool.name else capfirst(pool.pace) for pool in pools]
    return f"{'; '.join(said)}." if said else ""


def _retainer(facts: RetainerFacts, part: RetainerPart, paces: str) -> RetainerView:
    shown = facts.shown
    return RetainerView(
        part=part,
        paces=paces,
        cycles=tuple(
            FilterChoice(cycle.starts.isoformat(), _cycle_name(cycle), cycle is shown)
            for cycle in reversed(facts.cycles)
        ),
        log=_log(facts) if shown else None,
        empty=empty_words(facts.provisional),
    )


def _cycle_name(cycle: CycleBalance) -> str:
    """A prepaid block knows no cycle: it is looked at as it stood on a day."""
    as_of = _("as of %(day)s") % {"day": dated(cycle.ends)}
    return as_of if is_block(cycle.terms) else span(cycle.starts, cycle.ends)


def _log(facts: RetainerFacts) -> StaffLog:
    """All entries of what the client's page shows, the same year of a long life."""
    run = facts.run
    draws = [draw for cycle in run for draw in cycle.draws if facts.year in (None, draw.work.day.year)]
    return staff_log(run, draws, Behind.read(draws))


def _links(provider: Provider, client: Client, today: date) -> LinkLines:
    return link_lines(
        list(links_of(client)), last_day=end_of_links(provider, client), today=today, zone=zone_of(provider)
    )


def end_of_links(provider: Provider, client: Client) -> date | None:
    """The day on which all links of the client end, whatever their own date."""
    return last_day_of_link(ShareLink(provider=provider, client=client))


def _contact(contact: Contact) -> ContactLine:
    roles = ((contact.approves, _("may approve hours past the cap")), (contact.alerts, _("gets alerts")))
    return ContactLine(contact.name, contact.email, ", ".join(words for holds, words in roles if holds))


@require_safe
@viewer
def client(request: HttpRequest, slug: str) -> HttpResponse:
    return client_answer(request, theirs(Client, slug=slug))


@require_safe
@viewer
def client_sharing(request: HttpRequest, slug: str) -> HttpResponse:
    """Its links, and its people."""
    return client_answer(request, theirs(Client, slug=slug), part=SHARING)


@require_safe
@viewer
def client_history(request: HttpRequest, slug: str) -> HttpResponse:
    """What it was shown, from which files, and who did what."""
    return client_answer(request, theirs(Client, slug=slug), part=HISTORY)


def client_answer(
    request: HttpRequest,
    client: Client,
    form: LinkForm | None = None,
    status: int = 200,
    *,
    part: str = HOURS,
) -> HttpResponse:
    """That part of the page, with the form for a new link as it was filled in, if it was."""
    provider = the_member(request).provider
    today = today_at(provider)
    try:
        page = client_page(provider, client, Asked.read(request.GET), today, part, request.GET.dict())
    except LookupError as error:
        raise Http404 from error
    context = {"page": page, "form": form or LinkForm(today=today)}
    return render(request, "desk/client.html", context, status=status)
