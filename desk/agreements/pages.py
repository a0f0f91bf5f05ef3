"""The page of an agreement, finished: its fields, the lines that the ledger worked out, and what saving would do."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from desk.agreements.draft import AgreementDraft, TermsDraft
from desk.agreements.fields import (
    Field,
    FieldOption,
    Form,
    about,
    counting,
    kind_fields,
    leftover,
    money,
    new_cycle,
    pool_fields,
    psa,
    rhythm,
    telling,
)
from desk.agreements.judging import GENERAL, JudgedDraft
from desk.agreements.worked import coming_starts, worked_lines
from desk.restating import RestatingPart, restating_part
from presentation.days import dated
from presentation.effect_lines import EffectLine, effect_lines
from presentation.plain_terms import sentences
from retainers.terms import Agreement


@dataclass(frozen=True, slots=True)
class TermsPart:
    """One version of the terms: its rows, its further choices, and the lines that the ledger worked out."""

    index: int
    title: str
    since: Field
    pools: tuple[tuple[Field, ...], ...]
    kinds: tuple[tuple[Field, ...], ...]
    counting: tuple[Field, ...]
    leftover: tuple[Field, ...]
    money: tuple[Field, ...]
    worked: tuple[str, ...]
    reads: tuple[str, ...]
    is_open: bool


@dataclass(frozen=True, slots=True)
class AgreementPage:
    title: str
    is_new: bool
    errors: tuple[str, ...]
    about: tuple[Field, ...]
    rhythm: tuple[Field, ...]
    psa: tuple[Field, ...]
    telling: tuple[Field, ...]
    terms: tuple[TermsPart, ...]
    starts: tuple[FieldOption, ...]
    checked: bool
    effects: tuple[EffectLine, ...]
    closed: str
    mark: str
    restating: RestatingPart | None


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
    sound = judged.agreement if judged and not judged.errors else None
    changes = judged.changes if judged else ()
    return AgreementPage(
        title=title,
        is_new=is_new,
        errors=tuple(errors.get(GENERAL, ())),
        about=about(form, is_new),
        rhythm=rhythm(form),
        psa=psa(form),
        telling=telling(form),
        terms=tuple(_terms(form, at, terms, sound) for at, terms in enumerate(draft.terms)),
        starts=_starts(sound, today) if not is_new else (),
        checked=checked and sound is not None,
        effects=tuple(line for change in changes for line in effect_lines(change)),
        closed=_closed(judged) if judged else "",
        mark=judged.mark if judged and checked else "",
        restating=restating_part(judged.restated, missing=unticked) if judged and checked else None,
    )


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
        pools=tuple(pool_fields(form, prefix, row, pool) for row, pool in enumerate(terms.pools)),
        kinds=tuple(kind_fields(form, prefix, row, kind) for row, kind in enumerate(terms.kinds)),
        counting=counting(form, prefix, terms) + (new_cycle(form, prefix, terms) if at else ()),
        leftover=leftover(form, prefix, terms),
        money=money(form, prefix, terms),
        worked=worked_lines(sound, real) if sound and real else (),
        reads=sentences(sound, real) if sound and real else (),
        is_open=has_errors or at == len(form.draft.terms) - 1,
    )


def _starts(sound: Agreement | None, today: date) -> tuple[FieldOption, ...]:
    if sound is None:
        return ()
    coming = coming_starts(sound, today)
    following = next((day for day in coming if day > today), None)
    return tuple(FieldOption(day.isoformat(), dated(day), day == following) for day in coming)


def _closed(judged: JudgedDraft) -> str:
    if not judged.closed:
        return ""
    return _("This changes closed cycles, which the client may already have been billed for.")
