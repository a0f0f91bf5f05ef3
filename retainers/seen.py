"""What was in view, held against what is published now: nothing is saved over what nobody looked at.

Each publication keeps the digest of the form that made it, so a form that is sent twice finds what it has done.
"""

from collections.abc import Collection
from dataclasses import replace

from accounts.seen import Seen, StaleError, digest_of, of_retainer
from retainers.models import Publication, Retainer

MOST = 200  # publications that are looked through for the one that was in view


class PublishedSinceError(StaleError):
    """Something was published while the form was open; `publications` are those, newest first."""

    def __init__(self, parts: tuple[str, ...], publications: tuple[Publication, ...]) -> None:
        super().__init__(parts)
        self.publications = publications


class DoneError(Exception):
    """That very form was sent before; `publication` is what it did."""

    def __init__(self, publication: Publication) -> None:
        super().__init__(f"{publication} was made by this form")
        self.publication = publication


def require(now: Seen, form: str, retainers: Collection[Retainer]) -> None:
    """Under the retainers' locks: raise `DoneError` or `StaleError` unless the form's mark is of what is so now."""
    done = made_on(form, retainers)
    if done is not None:
        raise DoneError(done)
    if now.is_in(form):
        return
    passed = since(now, form, retainers)
    raise PublishedSinceError(now.differing(form), passed) if passed else StaleError(now.differing(form))


def made_on(form: str, retainers: Collection[Retainer]) -> Publication | None:
    """The publication of one of the retainers that this form has made already."""
    if not form:
        return None
    rows = Publication.objects.select_related("made_by", "made_with").filter(retainer__in=retainers)
    found: Publication | None = rows.filter(seen=digest_of(form)).order_by("pk").first()
    return found


def since(now: Seen, form: str, retainers: Collection[Retainer]) -> tuple[Publication, ...]:
    """What was published between the form's mark and now, newest first; nothing for a foreign mark."""
    passed = (row for retainer in retainers for row in _since(now, form, retainer))
    return tuple(sorted(passed, key=lambda row: row.pk, reverse=True))


def _since(now: Seen, form: str, retainer: Retainer) -> list[Publication]:
    rows = (
        Publication.objects.filter(retainer=retainer)
        .select_related("made_by", "made_with")
        .order_by("-number")
    )
    passed: list[Publication] = []
    for row in rows[:MOST]:
        then = replace(now, publications={**now.publications, retainer.pk: row.pk})
        if of_retainer(retainer.pk) not in then.differing(form):
            return passed
        passed.append(row)
    return []
