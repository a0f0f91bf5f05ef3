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
    sound = judged.agreement if judged.is_read and not judged.errors else None
    in_view = judged.in_view
    return replace(
        page,
        starts=_starts(sound, today) if not page.is_new else (),
        checked=checked and sound is not None,
        effects=tuple(line for change in in_view.changes for line in effect_lines(change)),
        closed=_closed(in_view),
        mark=in_view.mark if checked else "",
        restating=restating_part(in_view.restated, missing=unticked) if checked else None,
    )


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


def _terms(form: Form, at: int, terms: TermsDraft, sound: Agreement | None) -> TermsPart:
    prefix = f"terms-{at}-"
    real = sound.terms[at] if sound and at < len(sound.terms) else None
    since_kind = "hidden" if at == 0 else "date"
    has_errors = any(name.startswith(prefix) for name in form.errors)
    return TermsPart(
        index=at,
        title=_("Terms from %(day)s") % {"day": dated(real.starts)} if real else _("Terms"),
        since=form.field(
            f"{prefix}since",
            _("In force from"),
            terms.since,
            since_kind,
            _("The first day of a cycle, or any day where it says a new one."),
        ),
        steps=terms_steps(form, at, terms, sound if real else None),
        reads=_read_by_the_client(sound, real) if sound and real else (),
        is_open=has_errors or at == len(form.draft.terms) - 1,
    )


def _read_by_the_client(sound: Agreement, real: Terms) -> tuple[str, ...]:
    """The sentences of these terms, without the pools that the client doesn't see."""
    shown = shown_agreement(sound)
    return sentences(shown, shown.terms_on(real.starts))


def _starts(sound: Agreement | None, today: date) -> tuple[FieldOption, ...]:
    if sound is None:
        return ()
    coming = coming_starts(sound, today)
    following = next((day for day in coming if day > today), None)
    return tuple(FieldOption(day.isoformat(), dated(day), day == following) for day in coming)


def _closed(in_view: InView) -> str:
    if not in_view.closed:
        return ""
    return _("This changes closed cycles, which the client may already have been billed for.")
