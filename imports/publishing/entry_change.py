"""One published entry changed by a person: how it counts and what it says, all of it or nothing of it."""

from dataclasses import astuple, dataclass
from datetime import datetime

from django.db import transaction

from accounts.audit import record
from accounts.models import Provider, User
from accounts.seen import Seen, StaleError, digest_of
from imports.models import EntryChoice, SourceRow
from imports.wording.reword import NewWords, Reworded, reword
from retainers import publishing
from retainers.models import Entry, Publication, Restatement, Retainer
from retainers.restating.changes import Law
from retainers.restating.writing import Agreed, Deed, restating
from retainers.row_values import exclusion_text
from retainers.seen import require

SHOWN_TITLE = 80


@dataclass(frozen=True, slots=True)
class EntryOverride:
    """What a person wants of an entry. `pool` "" is the retainer's first one, `exclusion` "" lets it count."""

    wording: str
    pool: str
    categories: tuple[str, ...]
    exclusion: str
    reason: str

    def differs(self, entry: Entry) -> bool:
        """Whether it counts otherwise than the entry does; words are no matter of counting."""
        standing = (entry.pool, sorted(entry.categories), entry.exclusion)
        return (self.pool, sorted(self.categories), self.exclusion) != standing


def seen_of(retainer: Retainer, entry: Entry, choice: EntryOverride) -> Seen:
    """What is in view where the choice is about to be made: it, the entry, and the page as it is published."""
    return Seen(
        publications={retainer.pk: retainer.publication_id},
        versions={"entry": entry.pk},
        words=astuple(choice),
    )


@transaction.atomic
def change_entry(
    *,
    provider: Provider,
    retainer: Retainer,
    entry: Entry,
    choice: EntryOverride,
    let: bool,
    form: str,
    by: User,
    at: datetime,
    agreed: Agreed = "",
) -> Reworded:
    """Publish the choice and keep it through imports and rules.

    Words that the leak check flags are handed back, and then nothing of the choice is published. `form` is the
    mark of what was in view: raises `DoneError` where it was used before, `StaleError` where something has
    changed since, and `RestatingError` for settled cycles that `agreed` does not name.
    """
    locked = publishing.lock([retainer.pk])[retainer.pk]
    require(seen_of(locked, entry, choice), form, [locked])
    live = _live(entry)
    seen = digest_of(form)
    if choice.differs(live):
        press = publishing.Press(Publication.Kind.ENTRY, at, by, choice.reason, seen)
        _publish(provider, locked, live, choice, press, agreed)
        seen = ""
    done = reword(provider=provider, given=_words(live, choice, let=let), by=by, at=at, seen=seen)
    if done.flagged:
        transaction.set_rollback(True)
    return done


def _words(entry: Entry, choice: EntryOverride, *, let: bool) -> list[NewWords]:
    text = choice.wording
    return [NewWords((entry.origin,), text, let)] if text and text != entry.wording else []


def _publish(
    provider: Provider,
    retainer: Retainer,
    entry: Entry,
    choice: EntryOverride,
    press: publishing.Press,
    agreed: Agreed,
) -> None:
    deed = Deed(Restatement.Cause.ENTRY, Law.SETTLED, agreed)
    with restating(provider, [retainer.pk], deed, press):
        publication = press.publication(retainer)
        publishing.retire_entries(publication, [entry.pk])
        again = publishing.again(
            entry,
            pool=choice.pool,
            categories=list(choice.categories),
            exclusion=exclusion_text(choice.exclusion),
            parts=[],
        )
        publishing.add_entries(publication, [again])
        _keep(entry, choice, press)
        _write_down(retainer, entry, choice, press.by)


def _live(entry: Entry) -> Entry:
    found: Entry | None = Entry.objects.filter(pk=entry.pk, retired_in=None).first()
    if found is None:
        raise StaleError(("entry",))
    return found


def _keep(entry: Entry, choice: EntryOverride, press: publishing.Press) -> None:
    EntryChoice.objects.update_or_create(
        origin=entry.origin,
        defaults={
            "pool": choice.pool,
            "categories": list(choice.categories),
            "exclusion": choice.exclusion,
            "reason": choice.reason,
            "given_by": press.by,
            "given_at": press.at,
        },
    )


def _write_down(retainer: Retainer, entry: Entry, choice: EntryOverride, by: User | None) -> None:
    source = SourceRow.objects.filter(origin=entry.origin).first()
    title = (source.title or source.ticket) if source else ""
    record(
        by,
        "entry changed",
        title[:SHOWN_TITLE],
        about=[retainer.client.slug],
        day=entry.day.isoformat(),
        pool=choice.pool,
        categories=list(choice.categories),
        exclusion=choice.exclusion,
        reason=choice.reason,
    )
