"""What becomes of a form that was sent: one more row, a trial, or a rule saved and published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.seen import Seen, StaleError
from desk.restating import consent_in, is_lacking
from desk.rules.draft import GENERAL, Errors, RuleDraft, merged, with_found
from desk.rules.form import RuleForm, RulePage
from desk.rules.tried import TrialPage, trial_page
from imports.judging.books import seen_of
from imports.judging.provider_setup import read_setup
from imports.judging.rulebook import (
    Edit,
    adding,
    changing,
    find_leaks_in,
    find_problems,
    save,
    try_edit,
    with_rules,
)
from leaks import Hit
from retainers.gate.letting import letting
from retainers.restating.changes import foreseen
from retainers.restating.writing import Consent, RestatingError
from retainers.terms import Rule

MORE, TRY, SAVE = "more", "try", "save"


@dataclass(frozen=True, slots=True)
class FormMoment:
    """Who asks, and when."""

    by: User
    at: datetime
    today: date


@dataclass(frozen=True, slots=True)
class Posted:
    """What was sent. `seen` names the trial in view, `flagged` the words that were shown as flagged."""

    do: str
    draft: RuleDraft
    place: str
    version: str
    seen: str
    flagged: str
    let: bool
    consent: Consent

    @classmethod
    def read(cls, post: QueryDict) -> "Posted":
        return cls(
            do=post.get("do", SAVE),
            draft=RuleDraft.read(post),
            place=post.get("place", "") if is_number(post.get("place", "")) else "",
            version=post.get("version", ""),
            seen=post.get("seen", ""),
            flagged=post.get("flagged", "").replace("\r\n", "\n").strip(),
            let="let" in post,
            consent=consent_in(post),
        )

    def passes(self, hits: Sequence[Hit]) -> bool:
        """Whether its words may go to clients: nothing was found in them, or somebody has looked at just these."""
        return not hits or (self.let and self.flagged == self.draft.wording)


@dataclass(frozen=True, slots=True)
class RuleAnswer:
    """The page to show again, and whether something in it is wrong; else how many entries moved, and the rule's
    number.
    """

    page: RulePage | None = None
    is_wrong: bool = False
    entries: int = 0
    number: int = 1
    stood: bool = False  # the list had this very rule already


def answer(form: RuleForm, post: QueryDict, moment: FormMoment) -> RuleAnswer:
    """Nothing is saved but by `save`, and never before what it does to closed cycles was in view."""
    posted = Posted.read(post)
    if posted.do == MORE:
        return RuleAnswer(form.page(posted.draft.with_spare_rows(2), place=posted.place))
    edit, errors = _edit(form, posted)
    if errors:
        return RuleAnswer(_shown(form, posted, errors=errors), is_wrong=True)
    hits = find_leaks_in(form.book, edit.rule, form.provider)
    passes = posted.passes(hits)
    seen = seen_of(form.provider, form.book)
    tried = _tried(form, posted, edit, moment)
    if posted.do == SAVE and passes and not tried.asks:
        return _save(form, posted, edit, hits, moment, seen)
    page = _shown(
        form,
        posted,
        hits=() if passes else hits,
        trial=tried.page,
        asks=tried.asks and posted.do == SAVE,
    )
    return RuleAnswer(page, is_wrong=posted.do == SAVE)


@dataclass(frozen=True, slots=True)
class _Tried:
    """What the edit would do; `asks`: of closed cycles, which nobody has agreed to or looked at yet."""

    page: TrialPage
    asks: bool


def _tried(form: RuleForm, posted: Posted, edit: Edit, moment: FormMoment) -> _Tried:
    setup = read_setup(form.provider)
    trial = try_edit(setup, form.book, edit, on=moment.today)
    restated = foreseen(form.provider, trial.changes)
    unticked = is_lacking(posted.consent, restated)
    page = trial_page(
        trial,
        with_rules(setup, form.book, edit.rules),
        of_a_rule=True,
        restated=restated,
        unticked=unticked and posted.do == SAVE,
    )
    return _Tried(page, unticked or (bool(trial.closed) and posted.seen != trial.digest))


def _shown(form: RuleForm, posted: Posted, **found: object) -> RulePage:
    draft = posted.draft.with_spare_rows()
    return form.page(draft, place=posted.place, **found)  # type: ignore[arg-type]  # the page's own words


def _edit(form: RuleForm, posted: Posted) -> tuple[Edit, Errors]:
    """The edit that is meant, and what is wrong with it, by input."""
    rule, errors = posted.draft.rule()
    edit = _meant(form, rule, int(posted.place) if posted.place else None)
    if form.number is not None and posted.version != str(form.book.version):
        errors = merged(errors, stale())
    found = find_problems(form.book, edit.rules, form.provider)
    return edit, with_found(errors, posted.draft.errors(found, edit.number - 1))


def _meant(form: RuleForm, rule: Rule, place: int | None) -> Edit:
    if form.number is None:
        return adding(form.book, rule, place)
    return changing(form.book, form.number, rule, place)


def _save(
    form: RuleForm, posted: Posted, edit: Edit, hits: tuple[Hit, ...], moment: FormMoment, seen: Seen
) -> RuleAnswer:
    """Save, and let the flagged words pass that a person has looked at. A rule that is there already isn't added."""
    if form.number is None and edit.rule in form.book.rules:
        return RuleAnswer(stood=True, number=form.book.rules.index(edit.rule) + 1)
    try:
        client = form.book.retainer.client if form.book.retainer else None
        with letting([posted.draft.wording] if hits else [], client, by=moment.by, at=moment.at):
            entries = save(
                provider=form.provider,
                book=form.book,
                edit=edit,
                by=moment.by,
                at=moment.at,
                seen=seen,
                agreed=posted.consent,
            )
    except (StaleError, RestatingError):
        return RuleAnswer(_shown(form, posted, errors=stale()), is_wrong=True)
    return RuleAnswer(entries=entries, number=edit.number)


def stale() -> Errors:
    text = _(
        "Someone has changed these rules since you opened this page, so nothing was saved. What you "
        "typed is still here; open the list again to see the current rules."
    )
    return {GENERAL: [text]}


def is_number(text: str) -> bool:
    """Whether a posted text is a count that we ever gave out."""
    return text.isascii() and text.isdigit() and len(text) < 6
