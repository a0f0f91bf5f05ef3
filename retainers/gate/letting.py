"""What people let pass in spite of the check: written down with who and when, listed, taken back."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from accounts.audit import Recorded, record, record_all
from accounts.models import Membership, Provider, User
from leaks import Hit
from retainers.gate.known import EVERYBODY, LET_NOW, WORDS, names_member, read_gate, words_key
from retainers.models import Client, LetThrough

LONGEST_FIND = 200
SHOWN = 80

_Under = tuple[int, str]  # the key of a client, and its words as they are compared
_Let = tuple[str, int | None]  # the words, and the key of the person who let them


class NotAllowableError(Exception):
    """The text can't be allowed for good; the text of the error says why."""


@transaction.atomic
def let_words(*, text: str, client: Client | None, by: User | None, at: datetime) -> None:
    """These very words may be read at this client (None: at every one); whoever let them had seen what was found."""
    kept = " ".join(text.split())
    _row, created = LetThrough.objects.get_or_create(
        kind=LetThrough.Kind.WORDS,
        client=client,
        key=words_key(kept),
        defaults={"text": kept, "let_by": by, "let_at": at},
    )
    if created:
        record(by, "words let through", kept[:SHOWN], text=kept, clients=[client.slug] if client else [])


@contextmanager
def letting(
    texts: Collection[str], client: Client | None, *, by: User | None, at: datetime
) -> Iterator[None]:
    """These texts pass in what is saved within, and are written down at its end.

    After its locks, as a publication writes them, and in one order: two forms with the same words never hold
    each other.
    """
    slug = client.slug if client else EVERYBODY
    with transaction.atomic():
        before = LET_NOW.set(tuple((WORDS, slug, words_key(text)) for text in texts))
        try:
            yield
        finally:
            LET_NOW.reset(before)
        for text in sorted(texts, key=words_key):
            let_words(text=text, client=client, by=by, at=at)


def let_lines(lines: Iterable[tuple[int, str, int | None]], *, by: User | None, at: datetime) -> None:
    """The same for the lines of a publication, in as many queries for one as for all, and always in one order.

    `lines`: the key of the client, the words, and of the person who let them (None: `by`).
    """
    new = _not_let_yet({(client, words_key(text)): (text, person) for client, text, person in lines})
    if not new:
        return
    slugs = dict(Client.objects.filter(pk__in={client for client, _key in new}).values_list("pk", "slug"))
    rows = list(_rows(new, by, at))
    LetThrough.objects.bulk_create(rows, ignore_conflicts=True)  # somebody may let them at this moment
    record_all([_told(row, slugs[row.client_id or 0]) for row in rows])


def _rows(new: dict[_Under, _Let], by: User | None, at: datetime) -> Iterator[LetThrough]:
    people = User.objects.in_bulk({person for _text, person in new.values()} - {None})
    for (client, key), (text, person) in new.items():
        yield LetThrough(
            kind=LetThrough.Kind.WORDS,
            client_id=client,
            key=key,
            text=" ".join(text.split()),
            let_by=people.get(person or 0, by),
            let_at=at,
        )


def _not_let_yet(lines: dict[_Under, _Let]) -> dict[_Under, _Let]:
    """Those of the lines that nobody has let through, by client and words."""
    if not lines:
        return {}
    clients = {client for client, _key in lines}
    known = LetThrough.objects.filter(kind=LetThrough.Kind.WORDS, client__in=clients)
    there = {(row.client_id, row.key) for row in known}
    return {under: let for under, let in sorted(lines.items()) if under not in there}


def _told(row: LetThrough, slug: str) -> Recorded:
    return Recorded(
        row.let_by,
        "words let through",
        row.text[:SHOWN],
        detail={"text": row.text, "clients": [slug]},
    )


@transaction.atomic
def allow_find(*, provider: Provider, text: str, by: User | None, at: datetime) -> None:
    """This text passes wherever it stands. Raises `NotAllowableError`: members are never named for good."""
    kept = " ".join(text.split())
    if not kept or len(kept) > LONGEST_FIND:
        raise NotAllowableError(f"Only a text of up to {LONGEST_FIND} characters can be allowed for good.")
    members = Membership.objects.filter(provider=provider).values_list("user__name", flat=True)
    if names_member(kept, [name for name in members if name]):
        raise NotAllowableError(
            f"“{kept}” names a member: clients never read who did the work, so it can’t be allowed for good."
            " A single line can be allowed once."
        )
    _row, created = LetThrough.objects.get_or_create(
        kind=LetThrough.Kind.FIND,
        client=None,
        key=words_key(kept),
        defaults={"text": kept, "let_by": by, "let_at": at},
    )
    if created:
        record(by, "text allowed", kept[:SHOWN], text=kept)


class TakenBack(NamedTuple):
    text: str
    clients: tuple[str, ...]


@transaction.atomic
def take_back(row: LetThrough, *, by: User | None) -> TakenBack | None:
    """From now on it is checked like any other text: where it stands, neutral words stand in for it.

    None where somebody was quicker.
    """
    clients = (row.client.slug,) if row.client else ()
    gone, _ = LetThrough.objects.filter(pk=row.pk).delete()
    if not gone:
        return None
    record(
        by,
        "text no longer let through",
        row.text[:SHOWN],
        text=row.text,
        clients=list(clients),
        number=row.pk,
    )
    return TakenBack(row.text, clients)


class LeakError(Exception):
    """A text must not reach the client it is for; `hits` say what in it."""

    def __init__(self, hits: tuple[Hit, ...]) -> None:
        super().__init__(" ".join(dict.fromkeys(hit.why for hit in hits)))
        self.hits = hits


def require_passing(provider: Provider, slug: str, texts: Iterable[str]) -> None:
    """Raise `LeakError` where one of the texts leaks and nobody has let it through."""
    gate = read_gate(provider)
    hits = tuple(hit for text in texts for hit in gate.find(text, slug))
    if hits:
        raise LeakError(hits)
