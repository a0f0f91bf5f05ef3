"""What a published import did, client by client, and what of it can still be taken back."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import zone_of
from accounts.actors import person
from accounts.audit import newest_of, who_did
from accounts.models import Provider
from desk.imports import forms
from desk.imports.pages.grants import GrantOffer, grant_offers
from desk.imports.pages.listing import counts_of
from desk.imports.pages.moves import Move, moves_of_result
from desk.imports.selectors import names_of, newer_imports
from desk.wording.published_lines import how_many_wait
from imports.models import Import, ImportPublication
from imports.reading.rows import Grant
from imports.saved_mappings import mapping_names
from presentation import counts, days, phrases
from retainers.agreements.fields import agreement_from_document
from retainers.selectors import retainers_of
from retainers.terms import Agreement

A_PAGE = 25
MOST_NAMED = 3  # imports


@dataclass(frozen=True, slots=True)
class ClientResult:
    """`came_later`: the imports that have to be undone first, in words. `undone`: when and by whom it was taken back
    for this client.
    """

    slug: str
    name: str
    moves: tuple[Move, ...]
    undone: str
    came_later: str

    @property
    def rank(self) -> int:
        """Who is over first, then whose figures moved."""
        return 0 if any(move.is_over for move in self.moves) else 1 if any(m.moves for m in self.moves) else 2


@dataclass(frozen=True, slots=True)
class ResultPage:
    heading: str
    facts: str
    tally: str
    clients: tuple[ClientResult, ...]
    number: int
    pages: int
    newer: int | None
    older: int | None
    words: str
    may_search: bool
    held: str
    unmoved: str
    left: str
    unread: str
    wording: str
    can_undo: bool
    may_reopen: bool  # something of it was taken back
    undo_all: str
    grants: tuple[GrantOffer, ...]


def result_page(
    source: Import, provider: Provider, grants: tuple[Grant, ...], asked: Mapping[str, str]
) -> ResultPage:
    """`asked`: what is wanted of the clients, `q` in their name and which `page` of them."""
    clients = _clients(source, zone_of(provider))
    words = asked.get("q", "").strip()
    turn = Paginator(_named(clients, words), A_PAGE).get_page(asked.get("page"))
    standing = [client for client in clients if not client.undone]
    return ResultPage(
        heading=_heading(source, len(clients), len(standing)),
        facts=_facts(source, provider),
        tally=_tally(source),
        clients=tuple(turn),
        number=turn.number,
        pages=turn.paginator.num_pages,
        newer=turn.previous_page_number() if turn.has_previous() else None,
        older=turn.next_page_number() if turn.has_next() else None,
        words=words,
        may_search=len(clients) > A_PAGE,
        held=_held(source, clients),
        unmoved=_unmoved(source),
        left=_left(source),
        unread=", ".join(source.result.get("unread_columns", ())),
        wording=_wording(source) if standing else "",
        may_reopen=len(standing) < len(clients),
        can_undo=any(not client.came_later for client in standing),
        undo_all=_undo_all(len(standing)),
        grants=grant_offers(grants, source, provider),
    )


def _named(clients: Iterable[ClientResult], words: str) -> list[ClientResult]:
    """Those that have the words in their name, the most striking first."""
    found = [client for client in clients if words.casefold() in client.name.casefold()]
    return sorted(found, key=lambda client: client.rank)


def _tally(source: Import) -> str:
    """How many rows there were, and what became of them; "" where nothing was kept of that."""
    said = counts_of(source.result)
    return f"{counts.rows(source.result.get('rows', 0))}: {said}" if said else ""


def _undo_all(count: int) -> str:
    text = ngettext("Undo it for %(count)d client", "Undo it for all %(count)d clients", count)
    return text % {"count": count}


def _heading(source: Import, clients: int, standing: int) -> str:
    if source.state == Import.State.DISCARDED:
        return _("Discarded")
    if source.state == Import.State.UNDONE:
        return _("Undone")
    if standing < clients:
        return _("Published, and undone for %(count)s") % {"count": counts.clients(clients - standing)}
    dated = len(names_of(source.result.get("dated", ())))
    return published_words(clients - dated, dated) if clients else _("Published")


def published_words(working: int, dated: int) -> str:
    """For how many clients an import was published, and for how many more it moved the date alone."""
    text = ngettext("the date of %(count)d more", "the dates of %(count)d more", dated)
    said = {"clients": counts.clients(working), "dates": text % {"count": dated}}
    if working and dated:
        return _("Published for %(clients)s, and moved %(dates)s") % said
    if dated:
        text = ngettext("Moved the date of %(count)d client", "Moved the dates of %(count)d clients", dated)
        return text % {"count": dated}
    return _("Published for %(clients)s") % said


def _facts(source: Import, provider: Provider) -> str:
    parts = [forms.format_name(source.format, mapping_names())]
    if source.published_at:
        values = {
            "moment": days.moment(source.published_at, zone_of(provider)),
            "who": person(source.published_by, source.published_with),
        }
        parts.append(_("published %(moment)s by %(who)s") % values)
    parts += _ended(source, zone_of(provider))
    if source.through:
        parts.append(_("covers work through %(day)s") % {"day": days.full_day(source.through)})
    return " · ".join(parts)


def _ended(source: Import, zone: ZoneInfo) -> list[str]:
    """When and by whom all of it was taken back, or the preview discarded."""
    deeds = {
        Import.State.UNDONE: ("import undone", _("undone %(moment)s by %(who)s")),
        Import.State.DISCARDED: ("preview discarded", _("discarded %(moment)s by %(who)s")),
    }
    deed, text = deeds.get(Import.State(source.state), ("", ""))
    event = newest_of([deed], import_id=source.pk) if deed else None
    return [text % {"moment": days.moment(event.at, zone), "who": who_did(event)}] if event else []


def _clients(source: Import, zone: ZoneInfo) -> tuple[ClientResult, ...]:
    links = list(
        source.publications.select_related(
            "client",
            "publication__taken_back_by__made_by",
            "publication__taken_back_by__made_with",
        ).order_by("client__name", "pk")
    )
    by_client: dict[int, list[ImportPublication]] = defaultdict(list)
    for link in links:
        by_client[link.client_id].append(link)
    newer = newer_imports(source, links)
    moves: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for balance in source.result.get("balances", ()):
        moves[balance["client"]].append(balance)
    agreements = _agreements(moves)
    return tuple(
        _client(mine, moves[mine[0].client.slug], newer.get(client_id, ()), agreements, zone)
        for client_id, mine in by_client.items()
    )


def _agreements(slugs: Collection[str]) -> dict[tuple[str, str], Agreement]:
    """Each agreement of these clients as it is now, by the client's slug and its own key."""
    return {
        (row.client.slug, row.key): agreement_from_document(row.publication.version.document)
        for row in retainers_of(list(slugs))
        if row.publication
    }


def _client(
    links: list[ImportPublication],
    balances: list[dict[str, Any]],
    newer: tuple[int, ...],
    agreements: Mapping[tuple[str, str], Agreement],
    zone: ZoneInfo,
) -> ClientResult:
    client, undone = links[0].client, _undone(links, zone)
    return ClientResult(
        slug=client.slug,
        name=client.name,
        moves=tuple(
            move
            for balance in balances
            for move in moves_of_result(
                balance,
                agreements.get((client.slug, balance["retainer"])),
                several=len(balances) > 1,
            )
        ),
        undone=undone,
        came_later="" if undone else _came_later(newer),
    )


def _undone(links: list[ImportPublication], zone: ZoneInfo) -> str:
    """When and by whom all of it was taken back; "" while some of it is still published."""
    by = [getattr(link.publication, "taken_back_by", None) for link in links]
    last = max((each for each in by if each), key=lambda each: each.pk, default=None)
    if last is None or None in by:
        return ""
    values = {"when": days.moment(last.made_at, zone), "who": person(last.made_by, last.made_with)}
    return _("%(when)s by %(who)s") % values


def _came_later(imports: tuple[int, ...]) -> str:
    """What has to be undone first, the newest of many alone; "" for nothing."""
    if not imports:
        return ""
    if len(imports) > MOST_NAMED:
        values = {"count": len(imports), "newest": imports[-1]}
        return _("%(count)d imports came later: undo them first, %(newest)d before the others.") % values
    return _("Import %(imports)s came later: undo that first.") % {"imports": ", ".join(map(str, imports))}


def _held(source: Import, clients: tuple[ClientResult, ...]) -> str:
    """Clients of the file for whom nothing was published; of one that was undone, that is true of all."""
    if source.state == Import.State.UNDONE:
        return ""
    done = {client.slug for client in clients}
    slugs = {balance["client"] for balance in source.result.get("balances", ())}
    slugs |= set(source.result.get("held", ()))
    names = names_of(slugs - done - set(source.result.get("unmoved", ())))
    if not names:
        return ""
    text = ngettext("%(names)s was held back.", "%(names)s were held back.", len(names))
    return text % {"names": phrases.some(names, 6)}


def _unmoved(source: Import) -> str:
    """Clients whose pages said all of it already."""
    names = names_of(source.result.get("unmoved", ()))
    said = _("Nothing changed for %(names)s.") % {"names": phrases.some(names, 6)} if names else ""
    return phrases.one_stop(said)


def _left(source: Import) -> str:
    if source.state == Import.State.DISCARDED:
        return _("None of it was published.")
    if source.state == Import.State.UNDONE:
        return ""
    entries = source.result.get("entries", {})
    refused, unknown = entries.get("refused", 0), entries.get("unknown", 0)
    parts = (
        (refused, ngettext("%(count)d refused row", "%(count)d refused rows", refused)),
        (
            unknown,
            ngettext("%(count)d row of unknown companies", "%(count)d rows of unknown companies", unknown),
        ),
    )
    said_parts = [text % {"count": count} for count, text in parts if count]
    return _("Not published: %(parts)s.") % {"parts": phrases.some(said_parts)} if said_parts else ""


def _wording(source: Import) -> str:
    """Lines that were published without words and still have none."""
    count = how_many_wait(source) if source.result.get("wording_needed") else 0
    if not count:
        return ""
    text = ngettext(
        "%(count)s line still shows fallback text.", "%(count)s lines still show fallback text.", count
    )
    return text % {"count": f"{count:,}"}
