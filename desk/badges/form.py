"""The one form of a badge: which sites may frame its line."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.badges import MOST_SITES, NoSiteError, site_of


class SitesForm(forms.Form):
    sites = forms.CharField(
        label=gettext_lazy("Sites that may show the line (optional)"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "https://intranet.acme.example"}),
        help_text=gettext_lazy("One a line, with https://. Without one the line can be framed nowhere."),
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
