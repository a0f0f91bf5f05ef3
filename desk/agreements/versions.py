"""All versions of an agreement: who saved each and when, and what it changed, in the words of the form."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import actors as account_words
from accounts.access import viewer
from desk.agreements.draft import draft_of
from desk.agreements.fields import Field, Form
from desk.agreements.steps import Step, agreement_steps, terms_steps
from desk.doors import OpenedRetainer, open_retainer
from desk.rules import rule_words
from presentation import days
from presentation.days import dated
from presentation.phrases import some
from retainers.agreements import agreement_from_document
from retainers.models import AgreementVersion
from retainers.terms import WEEKDAYS, Agreement

Said = dict[str, str]  # what each part of the agreement says, by its name


@dataclass(frozen=True, slots=True)
class VersionChange:
    """One thing that a version says; `before` is "" for what is new, `after` for what is gone."""

    what: str
    before: str
    after: str

    @property
    def arrow(self) -> str:
        return "→" if self.before and self.after else ""


@dataclass(frozen=True, slots=True)
class VersionLine:
    number: int
    when: str
    who: str
    is_first: bool
    changes: tuple[VersionChange, ...]


def versions_of(opened: OpenedRetainer) -> tuple[VersionLine, ...]:
    """The newest first; each with what it changed in the one before it, the first with all it says."""
    rows = AgreementVersion.objects.filter(retainer=opened.retainer).select_related("recorded_by")
    found: list[VersionLine] = []
    before: Agreement | None = None
    for row in rows.order_by("number"):
        after = agreement_from_document(row.document)
        who, when = account_words.person(row.recorded_by), days.moment(row.recorded_at, opened.zone)
        found.append(VersionLine(row.number, when, who, not found, changes_between(before, after)))
        before = after
    return tuple(reversed(found))


def changes_between(before: Agreement | None, after: Agreement) -> tuple[VersionChange, ...]:
    """What the second one says that the first one doesn't, by the words of the form; all of it where there is none."""
    was, said = dict(_said(before)) if before else {}, dict(_said(after))
    names = dict.fromkeys((*said, *was))
    changes = (VersionChange(name, was.get(name, ""), said.get(name, "")) for name in names)
    return tuple(change for change in changes if change.before != change.after)


def _said(agreement: Agreement) -> Iterator[tuple[str, str]]:
    """Of later terms only what they change in those before them."""
    draft = draft_of(agreement)
    form = Form(draft, {})
    for step in agreement_steps(form, None, is_new=False):
        yield from _in_step(step, "")
    earlier: Said = {}
    for at, terms in enumerate(draft.terms):
        steps = terms_steps(form, at, terms, None)
        said = dict(chain.from_iterable(_in_step(step, "") for step in steps))
        since = _("From %(day)s") % {"day": dated(agreement.terms[at].starts)}
        yield from said.items() if at == 0 else _instead(earlier, said, since)
        earlier = said
    if agreement.business_hours:
        yield _("Business hours"), "; ".join(_opening(agreement))
    yield from _rules(agreement)


def _rules(agreement: Agreement) -> Iterator[tuple[str, str]]:
    pools = {pool.key: pool.name for terms in agreement.terms for pool in terms.pools}
    for number, rule in enumerate(agreement.rules, start=1):
        told = (*rule_words.when(rule), *rule_words.then(rule.then, pools))
        name = _("Rule “%(name)s”") % {"name": rule_words.name_of(rule, number)}
        yield name, ", ".join(" ".join((each.words, *each.texts)) for each in told)


def _instead(earlier: Said, said: Said, since: str) -> Iterator[tuple[str, str]]:
    """What later terms say otherwise than those before them: `24 instead of 20`."""
    for name in dict.fromkeys((*said, *earlier)):
        was, now = earlier.get(name, ""), said.get(name, "")
        if now != was:
            text = _("%(now)s instead of %(was)s") % {"now": now or "–", "was": was} if was else now
            yield f"{since} · {name}", text


def _opening(agreement: Agreement) -> Iterator[str]:
    """Each set of opening times: the days, from when to when, the holidays, and since when it holds."""
    for hours in agreement.business_hours or ():
        names = ", ".join(str(WEEKDAYS_ABBR[WEEKDAYS.index(day)]) for day in hours.days)
        said = [f"{names} {hours.start:%H:%M}–{hours.end:%H:%M}"]
        said += [_("from %(day)s") % {"day": dated(hours.since)}] if hours.since else []
        said += (
            [_("holidays %(days)s") % {"days": some(hours.holidays, said=dated)}] if hours.holidays else []
        )
        yield ", ".join(said)


def _in_step(step: Step, place: str) -> Iterator[tuple[str, str]]:
    for field in step.fields:
        yield from _in_field(field, place)
    for row in step.rows:
        name = row[0].value.strip()
        for field in row[1:] if name else ():
            yield from _in_field(field, " · ".join(filter(None, (place, name))))


def _in_field(field: Field, place: str) -> Iterator[tuple[str, str]]:
    value = _value(field)
    if value and field.kind != "hidden":
        label = field.label.partition(" (")[0]
        yield " · ".join(filter(None, (place, label))), value


def _value(field: Field) -> str:
    if field.options:
        return ", ".join(str(option.name) for option in field.options if option.chosen and option.value)
    if field.kind == "date" and field.value:
        return dated(date.fromisoformat(field.value))
    return ", ".join(line.strip() for line in field.value.splitlines() if line.strip())


@require_safe
@viewer
def agreement_versions(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    opened = open_retainer(request, slug, key)
    return render(request, "agreements/versions.html", {"opened": opened, "versions": versions_of(opened)})
