"""A manager's notice beside the client's number: put up, replaced, taken down."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts import actors as account_words
from accounts.access import manager
from accounts.seen import StaleError
from desk.doors import OpenedRetainer, open_retainer
from desk.gate import Looked, look
from presentation import days
from presentation.accounts import accounts
from presentation.facts import Notice as NoticeFacts
from presentation.headlines import notice_words
from retainers import notices
from retainers.hours import from_units
from retainers.living import RunsError
from retainers.models import Notice

OFF_WHAT = gettext_lazy("They are taken off this pool’s number and off every calculation on the page.")


class SeenForm(forms.Form):
    """Which notice stood as the page was opened (its key, 0 for none); the page itself says which one it shows."""

    seen = forms.IntegerField(required=False)

    def key(self) -> int | None:
        return self.cleaned_data["seen"] if self.is_valid() else None


class NoticeForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("What the client reads"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "Plain words, no names: “Incident in progress, about 6 hours not yet counted.”"
        ),
    )
    pending_hours = forms.DecimalField(
        label=gettext_lazy("Hours not yet counted (optional)"),
        required=False,
        min_value=0,
        max_value=9999,
        decimal_places=2,
        help_text=gettext_lazy("If given, the page also says what would remain."),
    )

    def __init__(self, opened: OpenedRetainer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        current = opened.standing.current
        pools = [(pool.key, pool.name) for pool in current.pools] if current else []
        if current is not None and current.sharing == "separate" and len(pools) > 1:
            self.fields["pool"] = forms.ChoiceField(
                choices=pools, label=gettext_lazy("Whose hours"), required=False, help_text=OFF_WHAT
            )

    def clean_text(self) -> str:
        return " ".join(str(self.cleaned_data["text"]).split())


@dataclass(frozen=True, slots=True)
class StandingNotice:
    key: int
    text: str
    would_remain: str
    is_over: bool
    when: str
    who: str


def standing_notice(opened: OpenedRetainer) -> StandingNotice | None:
    """The notice that the client reads now."""
    rows = Notice.objects.filter(retainer=opened.retainer, retired_in=None)
    row = rows.select_related("added_in__made_by").first()
    if row is None:
        return None
    pending = None if row.pending_units is None else from_units(row.pending_units)
    shown = opened.standing.current
    found = accounts(opened.standing.cycles, shown) if shown else ()
    facts = NoticeFacts(row.text, pending, row.pool, notices.posted_on(row, opened.zone))
    said = notice_words(facts, found, opened.standing.on)
    return StandingNotice(
        key=row.pk,
        text=row.text,
        would_remain=said.would_remain if said else "",
        is_over=notices.is_over(row, opened.standing, opened.zone),
        when=days.moment(row.added_in.made_at, opened.zone),
        who=account_words.person(row.added_in.made_by),
    )


INVALID = 422
CONFLICT = 409


@require_http_methods(["GET", "HEAD", "POST"])
@manager
def notice(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    opened = open_retainer(request, slug, key)
    if request.method != "POST":
        return _page(request, opened, NoticeForm(opened))
    seen = SeenForm(request.POST).key()
    if request.POST.get("end") == "1":
        return _end(request, opened, seen)
    form = NoticeForm(opened, request.POST)
    if not form.is_valid():
        return _page(request, opened, form, INVALID)
    looked = look(request, opened.client, [(_("What the client reads"), form.cleaned_data["text"])])
    if looked.found:
        return _page(request, opened, form, INVALID, looked)
    return _post(request, opened, form, looked, seen)


def _post(
    request: HttpRequest, opened: OpenedRetainer, form: NoticeForm, looked: Looked, seen: int | None
) -> HttpResponse:
    way = opened.client.slug, opened.retainer.key
    try:
        with looked.letting_through():
            notices.post_notice(
                retainer=opened.retainer,
                **form.cleaned_data,
                by=opened.member.user,
                at=timezone.now(),
                seen=seen,
            )
    except RunsError:
        messages.warning(request, _("An incident is running. End it before you put up a notice."))
        return redirect("live_incident", *way)
    except StaleError:
        messages.warning(request, _was_first(opened))
        return _page(request, opened, form, CONFLICT)
    messages.success(request, _("The notice is on the client’s page now."))
    return redirect("notice", *way)


def _was_first(opened: OpenedRetainer) -> str:
    standing = standing_notice(opened)
    if standing is None:
        return _("Someone took the notice down while your page was open. Nothing was changed.")
    said = {"who": standing.who, "when": standing.when}
    return _("Nothing was changed. %(who)s put up this notice while your page was open, %(when)s.") % said


def _end(request: HttpRequest, opened: OpenedRetainer, seen: int | None) -> HttpResponse:
    try:
        ended = notices.end_notice(
            retainer=opened.retainer, by=opened.member.user, at=timezone.now(), seen=seen
        )
        if ended:
            messages.success(request, _("The notice is taken down."))
        else:
            messages.warning(request, _("The notice was already gone."))
    except StaleError:
        messages.warning(request, _was_first(opened))
    return redirect("notice", opened.client.slug, opened.retainer.key)


def _page(
    request: HttpRequest,
    opened: OpenedRetainer,
    form: NoticeForm,
    status: int = 200,
    looked: Looked | None = None,
) -> HttpResponse:
    standing = standing_notice(opened)
    stands = standing.key if standing else 0
    context = {"opened": opened, "form": form, "standing": standing, "stands": stands, "looked": looked}
    return render(request, "desk/notice.html", context, status=status)
