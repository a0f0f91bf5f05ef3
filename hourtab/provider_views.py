"""For owners: everything of the provider as one file, and the provider's end."""

from allauth.account.decorators import reauthentication_required
from django import forms
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.access import owner, the_member, today_at
from hourtab.provider_archive.writing import export
from hourtab.whole_provider import erase

INVALID = 422


class EraseForm(forms.Form):
    """The provider's key has to be typed: nobody deletes everything by a slip."""

    slug = forms.CharField(label=gettext_lazy("This provider’s key"))
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)

    def __init__(self, *args: object, wanted: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own arguments
        self.wanted = wanted
        said = _("Type %(key)s, this provider’s key, to confirm.")
        self.fields["slug"].help_text = said % {"key": wanted}

    def clean_slug(self) -> str:
        typed: str = self.cleaned_data["slug"]
        if typed.strip() != self.wanted:
            raise forms.ValidationError(_("That isn’t this provider’s key."))
        return typed


@require_http_methods(["GET", "HEAD", "POST"])
@owner
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth is untyped
def export_everything(request: HttpRequest) -> HttpResponseBase:
    if request.method != "POST":  # where one lands after having proved oneself
        return redirect("whole_provider")
    member = the_member(request)
    name = f"{member.provider.slug}-{today_at(member.provider)}.zip"
    archive = export(member.provider, by=member.user)
    return FileResponse(archive, as_attachment=True, filename=name, content_type="application/zip")


@require_http_methods(["GET", "HEAD", "POST"])
@owner
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth is untyped
def whole_provider(request: HttpRequest) -> HttpResponse:
    """Both doors on one page; only the POST with the typed key deletes, after a fresh sign-in."""
    provider = the_member(request).provider
    form = EraseForm(request.POST or None, wanted=provider.slug)
    if request.method == "POST" and form.is_valid():
        erase(provider, reason=form.cleaned_data["reason"], by="one of its owners")
        return redirect("account_login")
    return render(
        request, "accounts/whole_provider.html", {"form": form}, status=INVALID if form.errors else 200
    )
