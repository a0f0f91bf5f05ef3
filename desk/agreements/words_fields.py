"""The inputs for the provider's own words in further languages: one for each plain text of the terms."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from desk.agreements.draft import TermsDraft, WordDraft
from desk.agreements.fields import Field, Form


@dataclass(frozen=True, slots=True)
class WordsOf:
    """The inputs of one language; `said` are the words that it has."""

    title: str
    fields: tuple[Field, ...]
    said: str


def words_by_language(form: Form, prefix: str, terms: TermsDraft) -> tuple[WordsOf, ...]:
    """For each language that pages speak besides the first, and for any other that has words."""
    spoken = [code for code, _name in settings.LANGUAGES[1:]]
    codes = dict.fromkeys([*spoken, *(word.language for word in terms.words)])
    return tuple(_part(form, prefix, terms, code) for code in codes)


def _part(form: Form, prefix: str, terms: TermsDraft, code: str) -> WordsOf:
    own = {word.name: word for word in terms.words if word.language == code}
    asked = dict(_asked(terms, code))
    labels = {name: label for name, (label, _kind, _hint) in asked.items()}
    fields = [
        form.field(f"{prefix}{name}", label, own[name].text if name in own else "", kind, hint)
        for name, (label, kind, hint) in asked.items()
    ]
    # words of a pool or kind that the form no longer has stay in sight, so that they can be taken out
    fields += [
        form.field(f"{prefix}{word.name}", word.key or word.part, word.text)
        for name, word in own.items()
        if name not in labels
    ]
    title = _("The client’s words in %(language)s") % {"language": _language(code)}
    return WordsOf(title, tuple(fields), ", ".join(word.text for word in own.values()))


def _asked(terms: TermsDraft, code: str) -> Iterator[tuple[str, tuple[str, str, str]]]:
    """The name of each input with its label, its kind, and the plain text beside it."""
    plain = _("If empty, the plain words are used.")
    for pool in (pool for pool in terms.pools if pool["key"]):
        named = {"pool": pool["name"]}
        yield _name(code, "pools", pool["key"]), (_("Pool “%(pool)s”") % named, "text", plain)
        yield (
            _name(code, "neutral_texts", pool["key"]),
            (_("Text for lines of “%(pool)s” without words") % named, "text", plain),
        )
    for kind in (kind for kind in terms.kinds if kind["category"] and kind["factor"]):
        label = _("Kind of work “%(kind)s”") % {"kind": kind["name"] or kind["category"]}
        yield _name(code, "multipliers", kind["category"]), (label, "text", plain)
    yield _name(code, "scope", ""), (_("Covered by the fee, without hours"), "area", plain)


def _name(code: str, part: str, key: str) -> str:
    return WordDraft(code, part, key, "").name


def _language(code: str) -> str:
    try:
        return str(get_language_info(code)["name"])
    except KeyError:
        return code
