"""Typed words on their way to a client: what the leak check finds is shown, and waits for a person.

A form hands its client-facing texts to `look`. What leaks is shown in it, marked, each with a tick “let it
through”: the tick names the very words that were shown, so words that were changed since are looked at again.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts.access import the_member
from accounts.models import User
from desk.wording.marked import Marked, marked
from retainers.gate.known import read_gate, spelled, words_key
from retainers.gate.letting import let_words
from retainers.models import Client

TICK = "let_words"


@dataclass(frozen=True, slots=True)
class FoundLeaks:
    """A text that leaks: `label` names its field, `key` is what the tick beside it says."""

    label: str
    text: Marked
    key: str


@dataclass(frozen=True, slots=True)
class Looked:
    """`found` stops the form; `let` are the texts that somebody lets through with it."""

    found: tuple[FoundLeaks, ...]
    let: tuple[str, ...]
    client: Client | None
    by: User

    @property
    def kept(self) -> tuple[str, ...]:
        """The ticks that were set already, for a form that is looked at once more before it saves."""
        return tuple(words_key(text) for text in self.let)

    @contextmanager
    def letting_through(self) -> Iterator[None]:
        """Write down what is let through, in the transaction of what is saved with it."""
        if not self.let:
            yield
            return
        with transaction.atomic():
            for text in self.let:
                let_words(text=text, client=self.client, by=self.by, at=timezone.now())
            yield


def look(
    request: HttpRequest,
    client: Client | None,
    texts: Iterable[tuple[str, str]],
    *,
    own: Mapping[str, str] | None = None,
    keys: Iterable[tuple[str, str]] = (),
) -> Looked:
    """Look through the texts of a sent form, each with the label of its field, for one client (None: for all).

    `own` are names and addresses by which somebody calls themselves, `keys` those that stand in addresses and JSON.
    """
    member = the_member(request)
    gate = read_gate(member.provider)
    slug = client.slug if client else ""
    ticked = set(request.POST.getlist(TICK))
    leaking = [
        (label, text, hits)
        for label, text, hits in (
            *((label, text, gate.find(text, slug)) for label, text in texts),
            *((label, text, gate.find_in_own(text, slug)) for label, text in (own or {}).items()),
            *((label, spelled(key), gate.find_in_key(key, slug)) for label, key in keys),
        )
        if hits
    ]
    return Looked(
        found=tuple(
            FoundLeaks(label, marked(text, hits), words_key(text))
            for label, text, hits in leaking
            if words_key(text) not in ticked
        ),
        let=tuple(text for _label, text, _hits in leaking if words_key(text) in ticked),
        client=client,
        by=member.user,
    )
