"""Badges of a client: made, shown once, allowed on named sites, revoked by a manager.

An address is shown on the answer and kept nowhere.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import manager, the_member, theirs, zone_of
from accounts.already import DoneAlreadyError, tells_who
from accounts.seen import OnceForm
from portal.badges import (
    MOST_SITES,
    NoSiteError,
    allow_sites,
    line_address,
    make_badge,
    picture_address,
    png_address,
    revoke_badge,
    site_of,
    standing_badges,
)
from portal.models import Badge
from presentation.days import moment
from retainers.models import Client


class SitesForm(OnceForm):
    sites = forms.CharField(
        label=gettext_lazy("Sites that may show it (optional)"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "https://intranet.acme.example"}),
        help_text=gettext_lazy("One per line, with https://. Without any, no site can embed it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "badge_%s", **kwargs})

    def clean_sites(self) -> list[str]:
        lines = [line for line in str(self.cleaned_data["sites"]).splitlines() if line.strip()]
        found, wrong = [], []
        for line in lines:
            try:
                found.append(site_of(line))
            except NoSiteError:
                wrong.append(line.strip())
        if wrong:
            said = {"sites": ", ".join(wrong)}
            raise forms.ValidationError(_("No site: %(sites)s. Write it as https://name.example.") % said)
        if len(found) > MOST_SITES:
            raise forms.ValidationError(_("At most %(most)d sites.") % {"most": MOST_SITES})
        return list(dict.fromkeys(found))


INVALID = 422


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@manager
def badges(request: HttpRequest, slug: str) -> HttpResponse:
    """The client's badges, and a new one."""
    client = theirs(Client, slug=slug)
    form = SitesForm(request.POST or None) if request.method == "POST" else SitesForm()
    if request.method != "POST":
        return _page(request, client, form)
    if not form.is_valid():
        return _page(request, client, form, status=INVALID)
    by = the_member(request).user
    with form.sent_once(by) as is_first:
        if not is_first:
            messages.info(
                request, _("This form has already created its badge. Revoke that one if you didn’t copy it.")
            )
            return redirect("badges", slug)
        _badge, token = make_badge(client=client, sites=form.cleaned_data["sites"], by=by)
    return _page(request, client, SitesForm(), made=_to_copy(token))


def _to_copy(token: str) -> tuple[tuple[str, str, str], ...]:
    """What goes into other pages, each with its id and its label."""
    picture = '<img src="{}" alt="{}" height="28">'
    line = '<iframe src="{}" title="{}" width="420" height="60"></iframe>'
    name = _("Support hours")
    return (
        ("picture", _("Picture"), picture.format(picture_address(token), name)),
        (
            "png",
            _("Picture for mails and other places that don’t show SVG (PNG)"),
            picture.format(png_address(token), name),
        ),
        ("line", _("Line, for the sites you have allowed"), line.format(line_address(token), name)),
    )


@require_POST
@manager
@tells_who("badge revoked", to="badges", named="badge")
def badge_sites(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    badge, form = _badge_of(slug, pk), SitesForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["sites"])))
    elif allow_sites(badge=badge, sites=form.cleaned_data["sites"], by=the_member(request).user):
        messages.success(request, _("Saved."))
    else:
        messages.info(request, _("Nothing has changed."))
    return redirect("badges", slug)


@require_POST
@manager
@tells_who("badge revoked", to="badges", named="badge")
def badge_revoked(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    if not revoke_badge(badge=_badge_of(slug, pk), by=the_member(request).user, at=timezone.now()):
        raise DoneAlreadyError
    messages.success(request, _("The badge is revoked and no longer shows anything."))
    return redirect("badges", slug)


def _badge_of(slug: str, pk: int) -> Badge:
    return theirs(standing_badges(slug), pk=pk)


def _page(
    request: HttpRequest, client: Client, form: SitesForm, *, status: int = 200, made: Any = ()
) -> HttpResponse:
    zone = zone_of(the_member(request).provider)
    rows = standing_badges(client.slug)
    lines = [(row, moment(row.created_at, zone), "\n".join(row.sites)) for row in rows]
    context = {"client": client, "form": form, "badges": lines, "made": made}
    return render(request, "desk/badges.html", context, status=status)
