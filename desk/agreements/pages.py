"""The page of an agreement, finished: its fields, the lines that the ledger worked out, and what saving would do."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

from django.utils.translation import gettext as _

from desk.agreements.draft import AgreementDraft, TermsDraft
from desk.agreements.fields import Field, FieldOption, Form
from desk.agreements.judging import GENERAL, InView, JudgedDraft
from desk.agreements.steps import Step, agreement_steps, terms_steps
from desk.agreements.worked import coming_starts
from desk.restating import RestatingPart, restating_part
from presentation.days import dated
from presentation.effect_lines import EffectLine, effect_lines
from presentation.plain_terms import sentences
from retainers.hiding import shown_agreement
from retainers.terms import Agreement, Terms


@dataclass(frozen=True, slots=True)
class TermsPart:
    """One version of the terms: its steps, and what the client reads of it."""

    index: int
    title: str
    since: Field
    steps: tuple[Step, ...]
    reads: tuple[str, ...]
    is_open: bool


@dataclass(frozen=True, slots=True)
class AgreementPage:
    title: str
    is_new: bool
    errors: tuple[str, ...]
    steps: tuple[Step, ...]
    terms: tuple[TermsPart, ...]
    starts: tuple[FieldOption, ...] = ()
    checked: bool = False
    effects: tuple[EffectLine, ...] = ()
    closed: str = ""
    mark: str = ""
    restating: RestatingPart | None = None


def agreement_page(
    draft: AgreementDraft,
    judged: JudgedDraft | None,
    *,
    is_new: bool,
    title: str,
    today: date,
    checked: bool = False,
    unticked: bool = False,
) -> AgreementPage:
    """`judged` None: nothing has been looked at yet. `checked`: what it would do is shown; `unticked`: and was to
    be saved, without a word on the cycles that it restates."""
    errors = judged.errors if judged else {}
    form = Form(draft, errors)
    read = judged.agreement if judged and judged.is_read else None
    steps = agreement_steps(form, read, is_new)
    versions = tuple(_terms(form, at, terms, read) for at, terms in enumerate(draft.terms))
    page = AgreementPage(
        title=title,
        is_new=is_new,
        errors=tuple(_elsewhere(errors, steps, versions)),
        steps=steps,
        terms=versions,
    )
    return _with_effects(page, judged, today, checked=checked, unticked=unticked) if judged else page


def _with_effects(
    page: AgreementPage, judged: JudgedDraft, today: date, *, checked: bool, unticked: bool
) -> AgreementPage:
    """The page with what saving would do."""
    in_view = judged.in_view
    shown = replace(
        page,
        starts=_starts(judged.agreement, today) if judged.is_sound and not page.is_new else (),
        effects=tuple(chain.from_iterable(map(effect_lines, in_view.changes))),
        closed=_closed(in_view),
    )
    if not checked:
        return shown
    restating = restating_part(in_view.restated, missing=unticked)
    return replace(shown, checked=judged.is_sound, mark=in_view.mark, restating=restating)


def _elsewhere(
    errors: Mapping[str, Sequence[str]], steps: Iterable[Step], versions: Iterable[TermsPart]
) -> Iterator[str]:
    """What is wrong with the form as a whole, or with what no input of it stands for."""
    of_terms = chain.from_iterable(part.steps for part in versions)
    shown = {field.name for step in (*steps, *of_terms) for field in step.all_fields}
    shown.update(part.since.name for part in versions)
    for name, messages in errors.items():
        if name == GENERAL or name not in shown:
            yield from messages


def _terms(form: Form, at: int, terms: TermsDraft, read: Agreement | None) -> TermsPart:
    """One version of the terms; `read`: the agreement that the form makes, which may hold fewer versions."""
    prefix = f"terms-{at}-"
    part = TermsPart(
        index=at,
        title=_("Terms"),
        since=form.field(
            f"{prefix}since",
            _("In force from"),
            terms.since,
            "date" if at else "hidden",
            _("The first day of a cycle, or any day if these terms set a new cycle."),
        ),
        steps=(),
        reads=(),
        is_open=form.is_last(at) or any(name.startswith(prefix) for name in form.errors),
    )
    if read is None or at >= len(read.terms):
        return replace(part, steps=terms_steps(form, at, terms, None))
    real = read.terms[at]
    return replace(
        part,
        title=_("Terms from %(day)s") % {"day": dated(real.starts)},
        steps=terms_steps(form, at, terms, read),
        reads=_read_by_the_client(read, real),
    )


def _read_by_the_client(read: Agreement, real: Terms) -> tuple[str, ...]:
    """The sentences of these terms, without the pools that the client doesn't see."""
    shown = shown_agreement(read)
    return sentences(shown, shown.terms_on(real.starts))


def _starts(sound: Agreement, today: date) -> tuple[FieldOption, ...]:
    coming = coming_starts(sound, today)
    following = next((day for day in coming if day > today), None)
    return tuple(FieldOption(day.isoformat(), dated(day), day == following) for day in coming)


def _closed(in_view: InView) -> str:
    if not in_view.closed:
        return ""
    return _("This changes closed cycles, which the client may already have been billed for.")
