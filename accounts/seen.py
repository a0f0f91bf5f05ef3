"""What was in view when a form was opened, as one value: nothing is saved that was not looked at.

A page that looks before it saves gathers a `Seen` and puts its mark, or its digest, into the form. The service
gathers the same again under its locks, and does nothing where the two differ. Both are made with the
installation's secret, so nobody can write one for something that no page has shown.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any

from django import forms
from django.core.cache import cache
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User

WORDS = "words"
PART = 24  # signs of a part's signature in a mark
WHOLE = 64


@dataclass(frozen=True, slots=True)
class Seen:
    """`publications` by the key of their retainer, `versions` of whatever else can change under an open form
    (an agreement, rules, a client's name, settings), and the `words` that were typed and answered.
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
        return digest_of(self.mark)

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


class StaleError(Exception):
    """What a form was about is no longer what it shows; `parts` are the names of those that differ."""

    def __init__(self, parts: tuple[str, ...] = ()) -> None:
        super().__init__(f"changed since it was looked at: {', '.join(parts)}")
        self.parts = parts


def of_retainer(key: int) -> str:
    """The name of the part that is about that retainer's publication."""
    return f"retainer-{key}"


def digest_of(form: str) -> str:
    """The digest that belongs to a form's mark."""
    return _signature("seen", form, WHOLE) if form else ""


def _signature(name: str, value: object, length: int) -> str:
    said = json.dumps(value, sort_keys=True, default=str)
    return salted_hmac(f"hourtab.seen.{name}", said, algorithm="sha256").hexdigest()[:length]


_NAME_OF_A_FORM = re.compile("[0-9a-z]{1,32}")
AN_HOUR = 3600  # for so long a form that comes a second time is known


class OnceForm(forms.Form):
    """The form of something new whose secret is shown once, so that a double click doesn't make two of it."""

    once = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)  # names this one form

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("once", token_hex(8))

    def clean_once(self) -> str:
        """Nothing where no form of ours is named so: it would be a key of the cache, which takes not every sign."""
        said: str = self.cleaned_data["once"]
        return said if _NAME_OF_A_FORM.fullmatch(said) else ""

    @contextmanager
    def sent_once(self, by: User) -> Iterator[bool]:
        """Whether this form was not sent before. Around what is made of it: where that fails, it may come again."""
        mark = f"form-sent.{by.pk}.{self.cleaned_data['once']}"
        if not self.cleaned_data["once"]:
            yield True
            return
        # a cache that can't be written now says no as well: only a mark that is there means that the form came before
        is_first = bool(cache.add(mark, value=True, timeout=AN_HOUR)) or cache.get(mark) is None
        with ExitStack() as undoing:
            if is_first:
                undoing.callback(cache.delete, mark)
            yield is_first
            undoing.pop_all()  # nothing failed
