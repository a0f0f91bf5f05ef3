"""The form of one entry: its words, its pool, its categories, and whether it counts."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.access import theirs, viewer
from accounts.seen import StaleError
from desk.doors import OpenedRetainer, open_retainer
from desk.entry_page import effect_of, entry_page, known_categories
from desk.restating import agreed_in
from desk.since import Attempt, refused, told_done
from imports.publishing.entry_change import EntryOverride, change_entry, seen_of
from imports.wording.reword import Reworded
from presentation.terms_of_counting import category_name
from retainers.models import Entry
from retainers.restating.changes import Law
from retainers.restating.writing import Consent, RestatingError
from retainers.seen import DoneError
from retainers.terms import Agreement


class EntryForm(forms.Form):
    wording = forms.CharField(
        label=gettext_lazy("What the client reads"),
        max_length=500,
        required=False,
        help_text=gettext_lazy(
            "What you write is remembered for the title. If empty, its words stay as they are; if it "
            "has none, the client reads the pool’s fallback text."
        ),
    )
    pool = forms.ChoiceField(label=gettext_lazy("Pool"), required=False)
    categories = forms.MultipleChoiceField(
        label=gettext_lazy("Categories"), required=False, widget=forms.CheckboxSelectMultiple
    )
    exclusion = forms.CharField(
        label=gettext_lazy("Not counted, because (optional)"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("If empty, it counts. Staff see the reason; the client never sees the line."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why you change how it counts"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("It stays with the entry’s history."),
    )
    let = forms.BooleanField(
        label=gettext_lazy("Allow these words once, despite the leak check"), required=False
    )
    checked = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, entry: Entry, agreement: Agreement, **kwargs: Any) -> None:
        initial = {
            "wording": entry.wording,
            "pool": entry.pool or agreement.terms_on(entry.day).pools[0].key,
            "categories": entry.categories,
            "exclusion": entry.exclusion,
        }
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.entry, self.agreement = entry, agreement
        pools = [(pool.key, pool.name) for pool in agreement.terms_on(entry.day).pools]
        if entry.pool and entry.pool not in dict(pools):
            pools.append((entry.pool, entry.pool))
        names = [(key, category_name(key)) for key in known_categories(agreement, entry)]
        self.fields["pool"] = forms.ChoiceField(label=_("Pool"), required=False, choices=pools)
        self.fields["categories"] = forms.MultipleChoiceField(
            label=_("Categories"), required=False, choices=names, widget=forms.CheckboxSelectMultiple
        )
        self.order_fields(("wording", "pool", "categories", "exclusion", "reason", "let", "checked"))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors and self.choice().differs(self.entry) and not said.get("reason", "").strip():
            self.add_error("reason", _("Say why: the reason stays with the entry."))
        return said

    def choice(self) -> EntryOverride:
        said = self.cleaned_data
        first = self.agreement.terms_on(self.entry.day).pools[0].key
        pool = said["pool"]
        return EntryOverride(
            wording=" ".join(said["wording"].split()),
            pool="" if pool == first and not self.entry.pool else pool,
            categories=tuple(sorted(said["categories"])),
            exclusion=" ".join(said["exclusion"].split()),
            reason=" ".join(said["reason"].split()),
        )


INVALID = 422


@require_http_methods(["GET", "HEAD", "POST"])
@viewer
def entry(request: HttpRequest, slug: str, key: str, origin: str) -> HttpResponse:
    """Viewers read; a manager's POST shows what it would do, and does what was shown."""
    opened = open_retainer(request, slug, key)
    found = _live(opened, origin)
    if request.method != "POST":
        return _page(request, opened, found, EntryForm(entry=found, agreement=opened.standing.agreement))
    if not opened.member.writes:
        raise PermissionDenied
    form = EntryForm(request.POST, entry=found, agreement=opened.standing.agreement)
    if not form.is_valid():
        return _page(request, opened, found, form, status=INVALID)
    if "save" not in request.POST:
        return _checked(request, Attempt(opened), form)
    return _saved(request, opened, form)


def _live(opened: OpenedRetainer, origin: str) -> Entry:
    found: Entry = theirs(Entry.objects.filter(retainer=opened.retainer, retired_in=None), origin=origin)
    return found


def _saved(request: HttpRequest, opened: OpenedRetainer, form: EntryForm) -> HttpResponse:
    slug, key, origin = opened.client.slug, opened.retainer.key, str(form.entry.origin)
    try:
        done = _change(opened, form, agreed_in(request))
    except RestatingError:
        return _checked(request, Attempt(opened, unticked=True), form)
    except DoneError as twice:
        messages.info(request, told_done(twice.publication, opened.zone))
        return redirect("entry", slug, key, origin)
    except StaleError as stale:
        now = open_retainer(request, slug, key)
        again = EntryForm(_posted(request), entry=_live(now, origin), agreement=now.standing.agreement)
        again.is_valid()
        return _checked(request, Attempt(now, refused(stale, now.zone)), again)
    if done.flagged:
        for hit in done.flagged[0].hits:
            form.add_error("wording", _("“%(text)s”: %(why)s") % {"text": hit.text, "why": hit.why})
        return _page(request, opened, form.entry, form, status=INVALID)
    messages.success(request, _("Saved. The client’s page is up to date."))
    return redirect("entry", slug, key, origin)


def _change(opened: OpenedRetainer, form: EntryForm, agreed: Consent) -> Reworded:
    return change_entry(
        provider=opened.member.provider,
        retainer=opened.retainer,
        entry=form.entry,
        choice=form.choice(),
        let=form.cleaned_data["let"],
        form=form.cleaned_data["checked"],
        by=opened.member.user,
        at=timezone.now(),
        agreed=agreed,
    )


def _checked(request: HttpRequest, attempt: Attempt, form: EntryForm) -> HttpResponse:
    """What the choice would do; saved is only what stands here."""
    opened = attempt.opened
    change = effect_of(opened, form.entry, form.choice())
    mark = seen_of(opened.retainer, form.entry, form.choice()).mark
    again = EntryForm({**_posted(request), "checked": mark}, entry=form.entry, agreement=form.agreement)
    again.is_valid()
    shown = {"checked": True, "closed": bool(change.closed), **attempt.shown(change, Law.SETTLED)}
    return _page(request, opened, form.entry, again, attempt.status, **shown)


def _posted(request: HttpRequest) -> dict[str, Any]:
    return {**request.POST.dict(), "categories": request.POST.getlist("categories")}


def _page(
    request: HttpRequest,
    opened: OpenedRetainer,
    found: Entry,
    form: EntryForm,
    status: int = 200,
    **shown: Any,
) -> HttpResponse:
    context = {"opened": opened, "page": entry_page(opened, found), "form": form, **shown}
    return render(request, "desk/entry.html", context, status=status)
