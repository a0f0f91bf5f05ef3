"""The page on which columns are mapped: the file's first rows, a choice for each field, what a check gave."""

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.mapping.draft import SHOWN_ROWS, Sheet
from desk.mapping.field_names import GROUPS, HELP, LABELS, Words, hidden_meanings, meanings, orders, units
from desk.mapping.trial_read import Checked, Errors
from imports.models import Import
from imports.reading.formats.table import HOURS_FIELDS, key
from imports.reading.mapped import CLIENT_FACING_FIELDS, FIELDS, Mapping, sounds_internal
from imports.reading.rows import ParsedFile, Problem, Row
from imports.saved_mappings import saved_for
from presentation import days, phrases

MOST_PROBLEMS = 8
ALWAYS_SHOWN = frozenset(
    {"date", "date_order", "worked", "unit", "company", "is_billable", "billable", "description"}
)
_READ_WITH = {"flag_means": "is_billable", "hidden_means": "hidden", "hidden_if": "hidden"}
TEXTS = frozenset({"hidden_if"})


@dataclass(frozen=True, slots=True)
class Select:
    name: str
    label: Words
    options: tuple[tuple[str, Words], ...]
    chosen: str
    is_required: bool
    help: Words
    error: str
    is_text: bool = False

    @property
    def about(self) -> str:
        """Where what there is to say of it is written; "" for nothing."""
        return f"{self.name}-help" if self.help or self.error else ""


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """Some selects under one title; `more`: those that nothing was chosen for, folded."""

    title: Words
    selects: tuple[Select, ...]
    more: tuple[Select, ...]
    more_words: str


@dataclass(frozen=True, slots=True)
class Todo:
    """Something to be said before the mapping can be saved; `at`: the field's place in the page."""

    at: str
    label: Words
    words: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file; `uses`: the fields that it fills."""

    title: str
    uses: str


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A row as it is read with these columns."""

    line: int
    day: str
    company: str
    hours: str
    is_billable: bool
    shown: str


@dataclass(frozen=True, slots=True)
class Result:
    """A check in words."""

    words: str
    is_good: bool
    problems: tuple[Problem, ...]
    more: str
    warnings: tuple[Problem, ...]
    lines: tuple[ReadLine, ...]


@dataclass(frozen=True, slots=True)
class MappingPage:
    """`saved_as`: the name that this header has already; `may_replace`: the name is another header's."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    groups: tuple[FieldGroup, ...]
    internal: str
    result: Result | None
    errors: Errors
    todo: tuple[Todo, ...]
    said_name: str
    saved_as: str
    may_replace: bool


def mapping_page(
    source: Import,
    sheet: Sheet,
    mapping: Mapping,
    checked: Checked | None,
    errors: MappingOf[str, str],
    *,
    may_replace: bool = False,
) -> MappingPage:
    saved = saved_for(mapping.signature)
    return MappingPage(
        name=_("Map the columns"),
        columns=tuple(_columns(sheet, mapping)),
        rows=sheet.rows,
        groups=tuple(
            _group(
                title,
                [_select(name, source, sheet, mapping, errors.get(name, "")) for name in names],
                mapping,
            )
            for title, names in GROUPS
        ),
        internal=_internal(mapping),
        result=_result(checked) if checked else None,
        errors=dict(errors),
        todo=tuple(_todo(errors)),
        said_name=mapping.name,
        saved_as=saved.name if saved else "",
        may_replace=may_replace,
    )


def _group(title: Words, selects: Sequence[Select], mapping: Mapping) -> FieldGroup:
    shown = tuple(select for select in selects if _stays_open(select, mapping))
    more = tuple(select for select in selects if select not in shown)
    words = ngettext("%(count)d more", "%(count)d more", len(more)) % {"count": len(more)}
    return FieldGroup(title, shown, more, words)


def _stays_open(select: Select, mapping: Mapping) -> bool:
    """What is needed, chosen, wrong, or says how something chosen is read."""
    name = select.name.removeprefix("column-")
    if name in _READ_WITH:
        return _READ_WITH[name] in mapping.columns
    return bool(name in ALWAYS_SHOWN or select.chosen or select.error)


def _todo(errors: MappingOf[str, str]) -> Iterator[Todo]:
    for name, words in errors.items():
        yield Todo(f"column-{name}" if name in FIELDS else name, LABELS[name], words)


def _columns(sheet: Sheet, mapping: Mapping) -> Iterator[Column]:
    uses: dict[str, list[str]] = {}
    for name, title in mapping.columns.items():
        uses.setdefault(key(title), []).append(str(LABELS[name]))
    offered = sheet.offered()
    for index, title in enumerate(sheet.header):
        found = uses.get(key(title), []) if str(index) in offered else []
        yield Column(title, ", ".join(found))


def _select(name: str, source: Import, sheet: Sheet, mapping: Mapping, error: str) -> Select:
    has_times = {"start", "end"} <= mapping.columns.keys()
    needed = {"date"} | (set() if has_times else {"worked"}) | (set() if source.client_id else {"company"})
    options, chosen = _options(name, sheet, mapping)
    return Select(
        name=f"column-{name}" if name in FIELDS else name,
        label=LABELS[name],
        options=options,
        chosen=chosen,
        is_required=name in needed,
        help=HELP.get(name, ""),
        error=error,
        is_text=name in TEXTS,
    )


def _options(name: str, sheet: Sheet, mapping: Mapping) -> tuple[tuple[tuple[str, Words], ...], str]:
    if name == "unit":
        return units(), mapping.unit.value
    if name == "date_order":
        return orders(), mapping.date_order
    if name == "flag_means":
        return meanings(), mapping.flag_means
    if name == "hidden_means":
        return hidden_meanings(), mapping.hidden_means
    if name == "hidden_if":
        return (), mapping.hidden_if
    offered = sheet.offered()
    wanted = key(mapping.columns.get(name, ""))
    chosen = next((index for index, title in offered.items() if wanted and key(title) == wanted), "")
    return (("", _("– not in this file –")), *offered.items()), chosen


def _internal(mapping: Mapping) -> str:
    """A warning where a column that sounds internal was chosen for what clients read."""
    chosen = [mapping.columns[name] for name in CLIENT_FACING_FIELDS if name in mapping.columns]
    found = next((title for title in chosen if sounds_internal(title)), "")
    return found and _("“%(column)s” sounds internal, and clients would read it as it is.") % {
        "column": found
    }


def _result(checked: Checked) -> Result:
    file = checked.file
    more = len(checked.problems) - MOST_PROBLEMS
    return Result(
        words=_words(file) if file else _("The file can’t be read like this yet."),
        is_good=file is not None and not file.refused,
        problems=checked.problems[:MOST_PROBLEMS],
        more=_("and %(count)d more") % {"count": more} if more > 0 else "",
        warnings=_doubts(file) if file else (),
        lines=tuple(_line(row) for row in file.rows[:SHOWN_ROWS]) if file else (),
    )


def _doubts(file: ParsedFile) -> tuple[Problem, ...]:
    """What is odd about the file, and which of its unread columns seem to matter."""
    columns = (question for question in file.questions if question.kind == "columns")
    return (*file.warnings, *(Problem(0, question.column, "", question.text) for question in columns))


def _words(file: ParsedFile) -> str:
    read, refused = len(file.rows) + len(file.grants), len(file.refused)
    if not refused:
        text = ngettext("The %(count)d row is read.", "All %(count)d rows are read.", read)
        return text % {"count": read}
    text = ngettext(
        "%(read)d of %(count)d row is read, %(refused)d refused.",
        "%(read)d of %(count)d rows are read, %(refused)d refused.",
        read + refused,
    )
    return text % {"read": read, "count": read + refused, "refused": refused}


def _line(row: Row) -> ReadLine:
    hours = next((found for name in HOURS_FIELDS if (found := getattr(row, name)) is not None), None)
    return ReadLine(
        line=row.line,
        day=days.full_day(row.date),
        company=row.company,
        hours=phrases.hours(hours) if hours is not None else "",
        is_billable=row.is_billable,
        shown=row.description,
    )
