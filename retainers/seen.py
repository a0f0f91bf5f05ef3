"""What was in view when a form was opened, as one value: nothing is saved that was not looked at.

A page that looks before it saves gathers a `Seen` and puts its mark, or its digest, into the form. The service
gathers the same again under its locks, and does nothing where the two differ. Both are made with the
installation's secret, so nobody can write one for something that no page has shown. Each publication keeps the
digest that it was made on: a form that is sent twice finds what it has done.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.crypto import constant_time_compare, salted_hmac

from retainers.models import Publication, Retainer

WORDS = "words"
PART = 24  # signs of a part's signature in a mark
MOST = 200  # publications that are looked through for the one that was in view


@dataclass(frozen=True, slots=True)
class Seen:
    """`publications` by the key of their retainer, `versions` of whatever else can change under an open form
    (an agreement, rules, a client, settings), and the `words` that were typed and answered.
    """

    publications: Mapping[int, int | None] = field(default_factory=dict)
    versions: Mapping[str, object] = field(default_factory=dict)
    words: object = ()

    @property
    def mark(self) -> str:
        """A signature for each part, so that `differing` can say which of them is another one now."""
        return " ".join(f"{name}:{signature}" for name, signature in self._parts())

    @property
    def digest(self) -> str:
        """One signature of it all."""
        return _signature("seen", self.mark, 64)

    def is_in(self, form: str) -> bool:
        """Whether the form carries the mark of just this."""
        return constant_time_compare(form, self.mark)

    def differing(self, form: str) -> tuple[str, ...]:
        """The names of the parts that are no longer what the form's mark was made on; all for a foreign mark."""
        was = dict(part.split(":", 1) for part in form.split() if ":" in part)
        return tuple(name for name, signature in self._parts() if was.get(name) != signature)

    def _parts(self) -> Iterator[tuple[str, str]]:
        for key, publication in sorted(self.publications.items()):
            yield of_retainer(key), _signature(of_retainer(key), publication, PART)
        for name, version in self.versions.items():
            yield name, _signature(name, version, PART)
        yield WORDS, _signature(WORDS, self.words, PART)


def of_retainer(key: int) -> str:
    """The name of the part that is about that retainer's publication."""
    return f"retainer-{key}"


def _signature(name: str, value: object, length: int) -> str:
    said = json.dumps(value, sort_keys=True, default=str)
    return salted_hmac(f"hourtab.seen.{name}", said, algorithm="sha256").hexdigest()[:length]


class StaleError(Exception):
    """What the form was about is no longer what it shows; `publications` are those since, newest first."""

    def __init__(self, publications: tuple[Publication, ...] = ()) -> None:
        super().__init__("what was in view has changed since")
        self.publications = publications


class DoneError(Exception):
    """That very form was sent before; `publication` is what it did."""

    def __init__(self, publication: Publication) -> None:
        super().__init__(f"{publication} was made by this form")
        self.publication = publication


def require(now: Seen, form: str, retainer: Retainer) -> None:
    """Under the retainer's lock: raise `DoneError` or `StaleError` unless the form's mark is of what is so now."""
    done = made_on(form, retainer)
    if done is not None:
        raise DoneError(done)
    if not now.is_in(form):
        raise StaleError(since(now, form, retainer))


def made_on(form: str, retainer: Retainer) -> Publication | None:
    """The publication of the retainer that this form has made already."""
    found: Publication | None = (
        Publication.objects.select_related("made_by")
        .filter(retainer=retainer, seen=digest_of(form))
        .exclude(seen="")
        .first()
    )
    return found


def digest_of(form: str) -> str:
    """The digest that belongs to a form's mark."""
    return _signature("seen", form, 64) if form else ""


def since(now: Seen, form: str, retainer: Retainer) -> tuple[Publication, ...]:
    """What was published between the form's mark and now, newest first; nothing for a foreign mark."""
    rows = Publication.objects.filter(retainer=retainer).select_related("made_by").order_by("-number")
    passed: list[Publication] = []
    for row in rows[:MOST]:
        then: Any = replace(now, publications={**now.publications, retainer.pk: row.pk})
        if of_retainer(retainer.pk) not in then.differing(form):
            return tuple(passed)
        passed.append(row)
    return ()
