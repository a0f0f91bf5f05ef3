"""The words of an import's rows: what people gave, what rules and memory say, and what the leak check finds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from accounts.models import Membership, Provider
from imports.judging.classify import Classified
from imports.judging.provider_rules import Desk
from imports.models import AllowedText, DraftWording, Import, RememberedWording, SourceRow
from imports.publishing.published import PublishedRow
from imports.reading.rows import ParsedFile
from imports.wording.ranks import NEUTRAL, Memory, NotesColumn, Worded, notes_column, word
from leaks import Hit, LeakContext, find_leaks
from retainers.models import CompanyName, Entry
from retainers.terms import collapse


@dataclass(frozen=True, slots=True)
class Words:
    """The words for a row; `review`: a person's, given to a title that has changed since."""

    worded: Worded
    hits: tuple[Hit, ...] = ()
    review: bool = False


class LeakCheck:
    """The leak check of one provider: what must not be read at which client."""

    def __init__(
        self, companies: Iterable[tuple[str, str]], technicians: Iterable[str], tickets: Iterable[str]
    ) -> None:
        self._names: dict[str, set[str]] = {}
        for name, slug in companies:
            self._names.setdefault(slug, set()).add(name)
        self._technicians = frozenset(name for name in technicians if name)
        self._tickets = frozenset(ticket for ticket in tickets if ticket)
        self._allowed = frozenset(AllowedText.objects.values_list("text", flat=True))
        self._contexts: dict[str, LeakContext] = {}

    def find(self, text: str, slug: str) -> tuple[Hit, ...]:
        """What in `text` must not reach that client's page."""
        return find_leaks(text, self._context(slug))

    def _context(self, slug: str) -> LeakContext:
        if slug not in self._contexts:
            others = (names for other, names in self._names.items() if other != slug)
            self._contexts[slug] = LeakContext(
                technicians=self._technicians,
                other_clients=frozenset().union(*others),
                this_client=min(self._names.get(slug, {""}), key=len),
                tickets=self._tickets,
                allowed=self._allowed,
            )
        return self._contexts[slug]


def leak_check(
    provider: Provider, *, technicians: Iterable[str] = (), tickets: Iterable[str] = ()
) -> LeakCheck:
    """The check for the provider in scope; its members count as technicians."""
    members = Membership.objects.filter(provider=provider).values_list("user__name", flat=True)
    companies = CompanyName.objects.values_list("name", "client__slug")
    return LeakCheck(companies, (*technicians, *members), tickets)


def read_memory() -> Memory:
    """The translation memory of the provider in scope."""
    found: dict[str, dict[str, str]] = {"title": {}, "ticket": {}}
    for kind, key, text in RememberedWording.objects.values_list("kind", "key", "text"):
        found[kind][key] = text
    return Memory(by_title=found["title"], by_ticket=found["ticket"])


class Wordings:
    """Answers for every row of one import which words it would be published with."""

    def __init__(
        self,
        drafts: Mapping[int, DraftWording],
        memory: Memory,
        notes: NotesColumn | None,
        check: LeakCheck,
        given: Mapping[tuple[str, str], str],
        clients: Mapping[str, int],
    ) -> None:
        self._clients = clients
        self._drafts, self._memory, self._notes, self._check = drafts, memory, notes, check
        self._given = given
        self._found: dict[tuple[str, str], tuple[Hit, ...]] = {}

    @classmethod
    def read(
        cls, source: Import, desk: Desk, parsed: ParsedFile, by_client: Mapping[str, Sequence[Classified]]
    ) -> "Wordings":
        trusted = notes_column(parsed.format, desk.provider.trusted_notes, parsed.present)
        check = leak_check(
            desk.provider,
            technicians={row.technician for row in parsed.rows},
            tickets={row.ticket for row in parsed.rows},
        )
        drafts = {draft.line: draft for draft in DraftWording.objects.filter(draft_of=source)}
        given = _given_before(desk, parsed, by_client)
        clients = {slug: client.pk for slug, client in desk.clients.items()}
        return cls(drafts, read_memory(), trusted, check, given, clients)

    def of(self, row: Classified, was: PublishedRow | None) -> Words:
        draft = self._drafts.get(row.row.line)
        person = draft.text if draft and draft.text else self._persons(row, was)
        worded = word(row.row, person=person, rule=row.wording, memory=self._memory, notes=self._notes)
        if worded.text is None:
            return Words(worded)
        hits = self._hits(worded.text, row.client or "")
        if hits and draft and draft.let_through == worded.text:
            hits = ()
        if hits and was and was.entry.wording == worded.text and not self._moves(row, was):
            hits = ()  # these very words were let through when they were published there
        changed = was is not None and collapse(was.row.title) != collapse(row.row.title)
        return Words(
            worded, hits, review=changed and worded.source == "person" and not (draft and draft.text)
        )

    def _moves(self, row: Classified, was: PublishedRow) -> bool:
        """Whether the entry goes to another client's page."""
        return was.source.client_id != self._clients.get(row.client or "")

    def _persons(self, row: Classified, was: PublishedRow | None) -> str | None:
        """What a person gave to this entry before: to the published one, or to an earlier one of the same id."""
        if was is not None:
            return was.entry.wording if was.entry.worded_by == Entry.WordedBy.PERSON else None
        return self._given.get((row.client or "", row.row.entry_id)) if row.row.entry_id else None

    def _hits(self, text: str, slug: str) -> tuple[Hit, ...]:
        if (slug, text) not in self._found:
            self._found[slug, text] = self._check.find(text, slug)
        return self._found[slug, text]


def _given_before(
    desk: Desk, parsed: ParsedFile, by_client: Mapping[str, Sequence[Classified]]
) -> dict[tuple[str, str], str]:
    """Words that people gave to entries since retired, by client and the PSA's entry id (an undone import)."""
    clients = [desk.clients[slug].pk for slug in by_client]
    persons = Entry.objects.filter(
        retainer__client__in=clients, worded_by=Entry.WordedBy.PERSON, retired_in__isnull=False
    ).order_by("pk")
    words = dict(persons.values_list("origin", "wording"))
    if not words:
        return {}
    sources = SourceRow.objects.filter(client__in=clients, format=parsed.format).exclude(entry_id="")
    return {
        (slug, entry_id): words[origin]
        for slug, entry_id, origin in sources.order_by("pk").values_list("client__slug", "entry_id", "origin")
        if origin in words
    }


__all__ = ["NEUTRAL", "LeakCheck", "Wordings", "Words", "leak_check", "read_memory"]
