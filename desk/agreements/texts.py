"""The texts of a form's inputs, and the values of an agreement: each is made of the other by the table of fields."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, ClassVar, Self

from retainers.agreements.rows import COMPANIES, FALLBACK, NAME, NEEDED, PROSE, Document, Field, Row

Inputs = Mapping[str, Field]
TO_THE_LETTER = (NAME, FALLBACK, PROSE, COMPANIES)  # kept as they were typed, where they are not blank


@cache
def inputs_of(row: Row[Any]) -> dict[str, Field]:
    """The fields that a form asks for, by the name of the input; those of a row inside follow the field it is in."""
    return {name: each for named in row.fields if named.label for name, each in _inputs(named)}


def _inputs(named: Field) -> Iterator[tuple[str, Field]]:
    yield named.name, named
    if named.kind.inner is not None:
        for name, inside in inputs_of(named.kind.inner).items():
            yield named.kind.prefix + name, replace(inside, step=named.step)


def texts_of(row: Row[Any], document: Mapping[str, Any]) -> dict[str, str]:
    """What stands in the inputs for what a document keeps."""
    texts = {}
    for named in (each for each in row.fields if each.label):
        value, kind = document.get(row.keys[named.name]), named.kind
        if kind.inner is None:
            texts[named.name] = "" if value is None else kind.shown(value)
            continue
        texts[named.name] = "" if value is None else kind.said
        inside = texts_of(kind.inner, value or {})
        texts |= {kind.prefix + name: text for name, text in inside.items()}
    return texts


def table_in(row: Row[Any], texts: Callable[[str], str]) -> Document:
    """What a file would hold for what stands in the inputs; what was left empty is left out."""
    table = {}
    for named in (each for each in row.fields if each.label):
        text, kind = texts(named.name), named.kind
        if kind.inner is None:
            value = kind.typed(text) if text or kind.blank else None
        else:
            value = table_in(kind.inner, _behind(texts, kind.prefix)) if text == kind.said else None
        if value is not None:
            table[row.keys[named.name]] = value
    return table


def _behind(texts: Callable[[str], str], prefix: str) -> Callable[[str], str]:
    return lambda name: texts(prefix + name)


@cache
def _usual(row: Row[Any]) -> dict[str, str]:
    """What stands in the inputs of a row that says nothing."""
    fields = [each for each in row.fields if row.defaults[each.name] not in (None, NEEDED) and not each.quiet]
    written = {row.keys[each.name]: each.kind.write(row.defaults[each.name]) for each in fields}
    return texts_of(row, written)


@dataclass(frozen=True, slots=True)
class RowDraft:
    """A row as it stands in the form: the texts that differ from the usual, by the name of the input.

    What is ticked of several boxes is one text, a word each.
    """

    ROW: ClassVar[Row[Any]]
    FURTHER: ClassVar[Inputs] = {}  # what only the form asks for

    texts: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def inputs(cls) -> Inputs:
        return {**inputs_of(cls.ROW), **cls.FURTHER}

    @classmethod
    def of(cls, **texts: str) -> Self:
        return cls().saying(**texts)

    def __getitem__(self, name: str) -> str:
        if name in self.texts:
            return self.texts[name]
        return "" if name in self.FURTHER else _usual(self.ROW)[name]

    def saying(self, **texts: str) -> Self:
        """The same with other texts; a name that no input has is a mistake."""
        unknown = texts.keys() - self.inputs().keys()
        if unknown:
            raise KeyError(*unknown)
        return replace(self, texts={**self.texts, **texts})

    def table(self) -> Document:
        """What a file would hold of it."""
        return table_in(self.ROW, self.__getitem__)


def typed(named: Field, text: str) -> str:
    """A text as it was typed; a figure or a date without the spaces around it."""
    text = text.replace("\r\n", "\n")
    is_kept = named.kind == PROSE or (named.kind in TO_THE_LETTER and bool(text.strip()))
    return text if is_kept else text.strip()
