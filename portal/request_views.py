"""The forms behind a share link: ask for a top-up, for overage in advance, about planned work; and confirm.

Nothing is done by opening an address: a GET shows a form, a POST from a button acts. The pages have no
cookie, so a forged POST is told by where the browser says that it comes from.

The line that a question is about is named in the address by its day and place, and nothing else of it stands there;
its words are those that the page shows: a line that there is not begins an empty form.
"""

import re
import secrets
from datetime import date
from decimal import Decimal
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.access import zone_of
from accounts.tenancy import tenant_scope
from portal import asking
from portal.access import Visit
from portal.answering import by_link
from portal.asking import asked_before, offer_of
from portal.doors import enter, from_this_page, not_found
from portal.letterhead import contact_of
from portal.log_days import Placed, placed
from portal.models import ClientRequest
from portal.request_links import offered_kinds
from portal.selectors import client_name, page_retainers, provider_facts
from portal.typed_hours import no_hours, read_hours
from presentation.days import dated
from presentation.facts import Asked, RetainerFacts
from presentation.phrases import agreed, h, hours
from retainers.agreements import agreement_from_document
from retainers.cycles import Cycle, cycle_of
from retainers.gate.outgoing import outgoing
from retainers.hours import from_units, round_half_up
from retainers.models import Retainer
from retainers.terms import Agreement

GONE = 410
HEADERS = {"Cache-Control": "no-store"}
MARK = re.compile(r"[A-Za-z0-9_-]{22}")
TOO_MANY = gettext_lazy(
    "Several requests have already been sent from this link, and they have all arrived. This one was "
    "not sent: please call, or send it again in an hour. What you wrote is still here."
)
IN_WORDS = (ClientRequest.Kind.PLANNED, ClientRequest.Kind.QUESTION)
TITLES = {
    "top_up": gettext_lazy("Ask for a top-up"),
    "overage": gettext_lazy("Approve extra hours in advance"),
    "planned": gettext_lazy("Ask about planned work"),
    "question": gettext_lazy("Ask about a line of the log"),
}


class AskForm(forms.Form):
    """Hours (not needed for a question about planned work), who asks, and what about."""

    hours = forms.CharField(label=gettext_lazy("Hours"), max_length=20)
    name = forms.CharField(label=gettext_lazy("Your name"), max_length=120)
    email = forms.EmailField(label=gettext_lazy("Your e-mail address"))
    text = forms.CharField(
        label=gettext_lazy("What is it about?"), max_length=1000, required=False, widget=forms.Textarea
    )

    def __init__(self, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.fields["hours"].required = kind not in IN_WORDS
        self.fields["text"].required = kind in IN_WORDS
        if kind == ClientRequest.Kind.QUESTION:
            self.fields["hours"].widget = forms.HiddenInput()
            self.order_fields(("text", "name", "email"))
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["email"].widget.attrs["autocomplete"] = "email"
        self.fields["hours"].widget.attrs["inputmode"] = "decimal"
        self.fields["text"].widget.attrs["rows"] = 3

    def clean_hours(self) -> Decimal | None:
        """To the hundredth, however they were typed; None where the form may do without."""
        typed = str(self.cleaned_data["hours"])
        found = read_hours(typed)
        rounded = None if found is None else round_half_up(found)
        if typed and not rounded:
            raise forms.ValidationError(no_hours(typed))
        return rounded


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, token: str, kind: str) -> HttpResponse:
    visit = enter(request, token)
    if not isinstance(visit, Visit):
        return visit
    with tenant_scope(visit.provider):
        found = _retainer(visit, kind, request.GET.get("retainer", ""))
        if found is None:
            return not_found(request)
        return _ask(request, visit, kind, *found)


def _retainer(visit: Visit, kind: str, key: str) -> tuple[Retainer, Agreement, Cycle] | None:
    """The retainer that the form is about: the one named, else the first that is alive and allows it."""
    for row in page_retainers(visit.client):
        if row.publication is None or key not in ("", row.key):
            continue
        said = agreement_from_document(row.publication.version.document)
        agreement = outgoing(said, visit.gate, visit.client.slug)
        cycle = cycle_of(agreement, visit.today)
        if cycle is not None and kind in offered_kinds(agreement):
            return row, agreement, cycle
    return None


def _ask(
    request: HttpRequest, visit: Visit, kind: str, retainer: Retainer, agreement: Agreement, cycle: Cycle
) -> HttpResponse:
    sent = _sent(visit, kind, request.GET.get("sent", ""))
    if sent is not None and request.method != "POST":
        return _page("portal/asked.html", visit, {"made": sent, "kind": kind, "hours": hours_of(sent)})
    begin = _initial(request, visit, kind, retainer.key)
    form = AskForm(kind, request.POST if request.method == "POST" else None, initial=begin)
    mark = _mark(request)
    status = (
        _taken(request, visit, retainer, cycle, form, mark) if request.method == "POST" else HTTPStatus.OK
    )
    if status == HTTPStatus.SEE_OTHER:
        query = urlencode({"retainer": retainer.key, "sent": mark})
        return HttpResponseRedirect(f"{request.path}?{query}", status=status, headers=HEADERS)
    context = {"form": form, "kind": kind, "agreement": agreement.name}
    context |= {"ends": dated(cycle.ends), "mark": mark}
    if kind == ClientRequest.Kind.OVERAGE:
        zone = zone_of(visit.provider)
        context["offer"] = offer_of(
            retainer, cycle.starts, None, today=visit.today, zone=zone, gate=visit.gate
        )
    answer = _page("portal/ask.html", visit, context, status=status)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        answer.headers["Retry-After"] = "3600"
    return answer


def _taken(
    request: HttpRequest, visit: Visit, retainer: Retainer, cycle: Cycle, form: AskForm, mark: str
) -> HTTPStatus:
    """Write down what was sent; the status of the answer, where the form says what is wrong."""
    if not from_this_page(request):
        form.add_error(None, _("This form was sent from another page. Please send it from here."))
        return HTTPStatus.FORBIDDEN
    if not form.is_valid():
        return HTTPStatus.OK
    if _asked(visit, form.kind, retainer, cycle.starts, form, mark):
        return HTTPStatus.SEE_OTHER
    form.add_error(None, TOO_MANY)
    return HTTPStatus.TOO_MANY_REQUESTS


def _mark(request: HttpRequest) -> str:
    """The mark of the form that was sent, else a fresh one."""
    sent = request.POST.get("mark", "")
    return sent if MARK.fullmatch(sent) else secrets.token_urlsafe(16)


def _sent(visit: Visit, kind: str, mark: str) -> ClientRequest | None:
    """What a form with that mark has asked for behind this link."""
    if not MARK.fullmatch(mark):
        return None
    found = asked_before(visit.link, mark)
    return found if found and found.kind == kind else None


def _initial(request: HttpRequest, visit: Visit, kind: str, key: str) -> dict[str, str]:
    if kind == ClientRequest.Kind.QUESTION:
        return {"text": words_about(visit, key, request.GET.get("line", ""))}
    typed = request.GET.get("hours", "")[:20]
    found = read_hours(typed)
    return {"hours": typed if found is None else agreed(found)}


def _asked(visit: Visit, kind: str, retainer: Retainer, cycle_starts: date, form: AskForm, mark: str) -> bool:
    """Write it down; False where the link has asked too often."""
    said = asking.RequestDetails(
        kind=kind,
        hours=form.cleaned_data["hours"],
        name=form.cleaned_data["name"],
        email=form.cleaned_data["email"],
        text=form.cleaned_data["text"],
        mark=mark,
    )
    try:
        asking.ask(link=visit.link, retainer=retainer, cycle_starts=cycle_starts, asked=said, at=now())
    except asking.TooManyError:
        return False
    return True


def hours_of(made: ClientRequest) -> str:
    return "" if made.hours_units is None else hours(from_units(made.hours_units))


def _page(template: str, visit: Visit, context: dict[str, Any], status: int = 200) -> HttpResponse:
    facts = provider_facts(visit.provider, visit.gate)
    around = {
        "provider": facts.name,
        "brand": facts,
        "contact": contact_of(facts),
        "client": client_name(visit.client, visit.gate),
        "title": TITLES.get(context.get("kind", ""), ""),
        "back": "../../",
    }
    return HttpResponse(render_to_string(template, {**around, **context}), status=status, headers=HEADERS)


LINE = re.compile(r"(\d{4}-\d\d-\d\d)\.(\d{1,5})")


def words_about(visit: Visit, key: str, line: str) -> str:
    """What the form begins with, "" where there is no such line."""
    found = LINE.fullmatch(line)
    day = _day(found[1]) if found else None
    if found is None or day is None:
        return ""
    now = _facts(visit, Asked(retainer=key), key)
    facts = _facts(visit, _shows(now, day), key) if now else None
    lines = placed(facts.log) if facts else ()
    return next((_words(each) for each in lines if (each.day, each.place) == (day, int(found[2]))), "")


def _facts(visit: Visit, asked: Asked, key: str) -> RetainerFacts | None:
    return next((each for each in by_link(visit).facts(asked) if each.agreement.key == key), None)


def _shows(now: RetainerFacts, day: date) -> Asked:
    """The page that shows that day's lines: its cycle's, or of a prepaid block its year's where it is long."""
    key = now.agreement.key
    if now.is_block:
        return Asked(retainer=key, year=str(day.year) if day.year in now.years else "")
    starts = (each.starts.isoformat() for each in now.cycles if each.starts <= day <= each.ends)
    return Asked(retainer=key, cycle=next(starts, ""))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _words(line: Placed) -> str:
    entry = line.entry
    said = {"day": dated(line.day), "words": entry.description, "hours": h(entry.draw.hours)}
    return _("About %(day)s, “%(words)s”, %(hours)s: ") % said
