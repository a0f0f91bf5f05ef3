"""What clients asked for on their pages, the open ones first, and a manager's one answer to each."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, F, QuerySet, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts import actors as account_words
from accounts.access import manager, the_member, theirs, today_at, viewer, zone_of
from accounts.already import to_list, who_was_first
from accounts.models import User
from accounts.seen import StaleError
from desk.gate import Looked, look
from desk.grants.grant_fields import GrantFields, wrong_with
from desk.since import StaleRefusal, refused
from portal import asking
from portal.asking import seen_answering
from portal.models import ClientRequest
from presentation import days
from presentation.days import dated
from presentation.phrases import agreed_hours
from retainers.agreements import agreement_from_document
from retainers.hours import from_units
from retainers.terms import Agreement, TopUp

Kind = ClientRequest.Kind


class AnswerForm(GrantFields):
    """A manager's words; for a top-up that was asked for also whether it is granted, and how."""

    words = forms.CharField(
        label=gettext_lazy("Your answer"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Mailed to whoever asked, and shown on their page."),
    )
    accept = forms.BooleanField(label=gettext_lazy("Grant the hours as a top-up dated today"), required=False)
    hours = forms.DecimalField(
        label=gettext_lazy("Hours"), required=False, min_value=0, max_value=99999, decimal_places=2
    )

    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    field_order = ("words", "accept", "hours", "pool", "expires", "ends_on")

    def __init__(self, *args: Any, made: ClientRequest, today: date, **kwargs: Any) -> None:
        hours = None if made.hours_units is None else from_units(made.hours_units)
        initial = {"hours": hours, "opened": seen_answering(made, today).mark}
        super().__init__(*args, **{"auto_id": f"answer-{made.pk}-%s", "initial": initial, **kwargs})
        self.made, self.today = made, today
        self.agreement = agreement_of(made)
        self.offer(self.agreement)
        self.order_fields(self.field_order)
        if made.kind != Kind.TOP_UP:
            for name in ("accept", "hours", "pool", "expires", "ends_on", "opened"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors and said.get("accept"):
            if not said.get("hours"):
                self.add_error("hours", _("Say how many hours."))
            else:
                wrong = wrong_with(self.agreement, [self._top_up()])
                if wrong:
                    self.add_error(None, wrong)
        return said

    def grants(self) -> TopUp | None:
        return self._top_up() if self.cleaned_data.get("accept") else None

    def _top_up(self) -> TopUp:
        pool, expires = self.pool_and_expiry()
        note = _("Asked for by %(name)s") % {"name": self.made.name}
        return TopUp(self.today, self.cleaned_data["hours"], pool, expires or "never", note)


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    words: str
    who: str
    when: str
    granted: str


@dataclass(frozen=True, slots=True)
class RequestLine:
    """`state` is the chip; `form` is there while the request waits for an answer."""

    pk: int
    what: str
    slug: str
    client: str
    retainer: str
    name: str
    email: str
    when: str
    text: str
    state: str
    tone: str
    approval: str
    answered: GivenAnswer | None
    form: AnswerForm | None


def requests_of_provider() -> QuerySet[ClientRequest]:
    """What waits first, then confirmed approvals, then what was answered; of each the newest first."""
    rows: QuerySet[ClientRequest] = ClientRequest.objects.select_related(
        "retainer__client", "retainer__publication__version", "answered_by", "top_up"
    )
    waits = Case(When(answered_at=None, confirmed_at=None, then=0), default=1)
    return rows.order_by(waits, F("answered_at").desc(nulls_first=True), "-made_at", "-pk")


def agreement_of(made: ClientRequest) -> Agreement:
    publication = made.retainer.publication
    return agreement_from_document(publication.version.document if publication else {})


def request_line(
    made: ClientRequest, *, today: date, zone: ZoneInfo, form: AnswerForm | None = None
) -> RequestLine:
    """`form` as it was filled in, else a fresh one where the request is open."""
    is_open = made.answered_at is None
    state, tone = _state(made)
    return RequestLine(
        pk=made.pk,
        what=_what(made),
        slug=made.retainer.client.slug,
        client=made.retainer.client.name,
        retainer=agreement_of(made).name,
        name=made.name,
        email=made.email,
        when=days.moment(made.made_at, zone),
        text=made.text,
        state=state,
        tone=tone,
        approval=_approval(made, zone),
        answered=None if is_open else _answered(made, zone),
        form=(form or AnswerForm(made=made, today=today)) if is_open else None,
    )


def _what(made: ClientRequest) -> str:
    names = {
        Kind.TOP_UP: _("Top-up of %(hours)s"),
        Kind.OVERAGE: _("Up to %(hours)s beyond the agreed hours"),
        Kind.PLANNED: _("Planned work of %(hours)s"),
    }
    if made.kind == Kind.QUESTION:
        return _("A line of the log")
    if made.hours_units is None:
        return _("Planned work")
    return names[Kind(made.kind)] % {"hours": agreed_hours(from_units(made.hours_units))}


def _state(made: ClientRequest) -> tuple[str, str]:
    if made.answered_at is not None:
        return _("answered"), "plain"
    if made.confirmed_at is not None:
        return _("approved"), ""
    return _("open"), "amber"


def _approval(made: ClientRequest, zone: ZoneInfo) -> str:
    """What an approval of hours past the cap is worth; "" for what is only a request anyway."""
    if made.kind != Kind.OVERAGE:
        return ""
    cycle = {"cycle": dated(made.cycle_starts) if made.cycle_starts else "–"}
    if made.confirmed_at is not None:
        return _("Confirmed by mail on %(when)s, for the cycle from %(cycle)s. It counts.") % {
            "when": days.moment(made.confirmed_at, zone),
            **cycle,
        }
    if made.may_approve:
        return _("May approve, but hasn’t confirmed it by mail yet. It doesn’t count yet.")
    return _("Not listed as an approver, so this is a request, not an approval.")


def _answered(made: ClientRequest, zone: ZoneInfo) -> GivenAnswer:
    granted = agreed_hours(from_units(made.top_up.hours_units)) if made.top_up else ""
    return GivenAnswer(
        words=made.answer or "",
        who=account_words.person(made.answered_by),
        when=days.moment(made.answered_at, zone) if made.answered_at else "",
        granted=_("%(hours)s granted as a top-up") % {"hours": granted} if granted else "",
    )


INVALID = 422
STALE = 409
A_PAGE = 50


def open_address(made: ClientRequest, newer: int) -> str:
    """Where the list shows a request that waits, and so many newer ones before it."""
    page = newer // A_PAGE + 1
    return f"{reverse('requests')}{f'?page={page}' if page > 1 else ''}#request-{made.pk}"


@require_safe
@viewer
def requests(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_POST
@manager
def answer_request(request: HttpRequest, pk: int) -> HttpResponse:
    made: ClientRequest = theirs(requests_of_provider(), pk=pk)
    member = the_member(request)
    if made.answered_at is not None:
        return _answered_before(request, pk)
    form = AnswerForm(request.POST, made=made, today=today_at(member.provider))
    if not form.is_valid():
        return _page(request, form, INVALID)
    looked = look(request, made.retainer.client, [(_("Your answer"), form.cleaned_data["words"])])
    if looked.found:
        return _page(request, form, INVALID, looked)
    try:
        with looked.letting_through():
            fresh = _answer(made, form, member.user)
    except StaleError as stale:
        return _looked_at_again(request, pk, stale)
    if not fresh:
        return _answered_before(request, pk)
    messages.success(request, _("Answered. The answer goes out by mail and is shown on the client’s page."))
    return to_list(request, "requests")


def _answered_before(request: HttpRequest, pk: int) -> HttpResponse:
    said = who_was_first(request, ("request answered",), request=pk)
    messages.warning(request, said or _("Someone has already answered this; nothing was changed."))
    return to_list(request, "requests")


def _answer(made: ClientRequest, form: AnswerForm, by: User) -> bool:
    words, grants = form.cleaned_data["words"], form.grants()
    return asking.answer(
        request=made,
        words=words,
        by=by,
        at=timezone.now(),
        grants=grants,
        form=form.cleaned_data.get("opened", ""),
    )


def _looked_at_again(request: HttpRequest, pk: int, stale: StaleError) -> HttpResponse:
    """The form once more, with what was published since it was opened."""
    provider = the_member(request).provider
    made: ClientRequest = theirs(requests_of_provider(), pk=pk)
    opened = {"opened": asking.seen_answering(made, today_at(provider)).mark}
    again = AnswerForm({**request.POST.dict(), **opened}, made=made, today=today_at(provider))
    again.is_valid()
    return _page(request, again, STALE, refusal=refused(stale, zone_of(provider)))


def _page(
    request: HttpRequest,
    filled: AnswerForm | None = None,
    status: int = 200,
    looked: Looked | None = None,
    refusal: StaleRefusal | None = None,
) -> HttpResponse:
    provider = the_member(request).provider
    today, zone = today_at(provider), zone_of(provider)
    rows = Paginator(requests_of_provider(), A_PAGE).get_page(request.GET.get("page"))
    lines = [
        request_line(
            made, today=today, zone=zone, form=filled if filled and filled.made.pk == made.pk else None
        )
        for made in rows
    ]
    context = {"lines": lines, "rows": rows, "looked": looked, "refusal": refusal}
    return render(request, "desk/requests.html", context, status=status)
