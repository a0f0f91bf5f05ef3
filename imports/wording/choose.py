"""The words of an import's rows: what people gave, what rules and memory say, and what the leak check finds.

The fourth stage of an import; `planning` asks it for each row.
"""

from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter

from imports.judging.provider_setup import ProviderSetup
from imports.models import DraftWording, RememberedWording, SourceRow
from imports.publishing.standing_rows import PublishedRow
from imports.publishing.still_rows import StillLine, different
from imports.reading.rows import ParsedFile
from imports.stages import NEUTRAL, NO_WORDS, Classified, Words
from imports.wording.ranks import Memory, NotesColumn, notes_column, word
from leaks import Hit
from retainers.gate.known import Gate, Known
from retainers.models import Entry
from retainers.terms import collapse

NO_DRAFT = DraftWording()


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
        gate: Gate,
        given: Mapping[tuple[str, str], str],
        clients: Mapping[str, int],
    ) -> None:
        self._clients = clients
        self._drafts, self._memory, self._notes, self._gate = drafts, memory, notes, gate
        self._given = given
        self._nothing_is_said = not (drafts or given or memory.by_title or memory.by_ticket or notes)

    @classmethod
    def read(
        cls,
        drafts: Mapping[int, DraftWording],
        setup: ProviderSetup,
        parsed: ParsedFile,
        by_client: Mapping[str, Sequence[Classified]],
        known: Known,
        stills: Sequence[StillLine] = (),
    ) -> "Wordings":
        """`stills`: rows of the file that were not read, as they stand published: whom and what they name is known."""
        trusted = notes_column(parsed.format, setup.provider.trusted_notes, parsed.present)
        gate = Gate(
            known,
            technicians=set(_named(parsed, stills, "technician")),
            tickets=_named(parsed, stills, "ticket"),
        )
        given = _given_before(setup, parsed, by_client)
        clients = {slug: client.pk for slug, client in setup.clients.items()}
        return cls(drafts, read_memory(), trusted, gate, given, clients)

    def of(self, row: Classified, was: PublishedRow | None) -> Words:
        if was is None and row.place.wording is None and self._nothing_is_said:
            return NO_WORDS
        return self._words(row, was)

    def _words(self, row: Classified, was: PublishedRow | None) -> Words:
        draft = self._drafts.get(row.row.line, NO_DRAFT)
        person = draft.text or self._persons(row, was)
        worded = word(row.row, person=person, rule=row.place.wording, memory=self._memory, notes=self._notes)
        if worded.text is None:
            return NO_WORDS
        given_before = worded.source == "person" and not draft.text
        hits = () if draft.let_through == worded.text else self._hits(worded.text, row, was)
        return Words(worded, hits, _title_before(row, was) if given_before else None)

    def _hits(self, text: str, row: Classified, was: PublishedRow | None) -> tuple[Hit, ...]:
        """What the check finds, unless these very words were let through when they were published there."""
        hits = self._gate.find(text, row.place.client or "")
        if hits and was and was.entry.wording == text and not self._moves(row, was):
            return ()
        return hits

    def _moves(self, row: Classified, was: PublishedRow) -> bool:
        """Whether the entry goes to another client's page."""
        return was.source.client_id != self._clients.get(row.place.client or "")

    def _persons(self, row: Classified, was: PublishedRow | None) -> str | None:
        """What a person gave to this entry before: to the published one, or to an earlier one of the same id."""
        if was is not None:
            return was.entry.wording if was.entry.worded_by == Entry.WordedBy.PERSON else None
        if not self._given or not row.row.entry_id:
            return None
        return self._given.get((row.place.client or "", row.row.entry_id))


def _named(parsed: ParsedFile, stills: Sequence[StillLine], field: str) -> Iterator[str]:
    """What the rows say in that field, those too that were not read."""
    yield from map(attrgetter(field), parsed.rows)
    yield from different(stills, field)


def _title_before(row: Classified, was: PublishedRow | None) -> str | None:
    """The title of the published row, where the row has another one."""
    has_another = was is not None and collapse(was.row.title) != collapse(row.row.title)
    return was.row.title if was and has_another else None


def _given_before(
    setup: ProviderSetup, parsed: ParsedFile, by_client: Mapping[str, Sequence[Classified]]
) -> dict[tuple[str, str], str]:
    """Words that people gave to entries since retired, by client and the PSA's entry id (an undone import)."""
    clients = [setup.clients[slug].pk for slug in by_client]
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


__all__ = ["NEUTRAL", "Wordings", "Words", "read_memory"]
