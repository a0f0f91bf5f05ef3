"""The form of one entry: its words, its pool, its categories, and whether it counts."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.entries.page import known_categories
from imports.publishing.entry_change import EntryOverride
from presentation.terms_of_counting import category_name
from retainers.models import Entry
from retainers.terms import Agreement


class EntryForm(forms.Form):
    wording = forms.CharField(
        label=gettext_lazy("What the client reads"),
        max_length=500,
        required=False,
        help_text=gettext_lazy(
            "What you write is remembered for the title. Empty: its words stay as they are; without any the"
            " client reads the pool’s neutral text."
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
        help_text=gettext_lazy("Empty: it counts. Staff read the reason, the client never sees the line."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why you change how it counts"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("It stays with the entry’s history."),
    )
    let = forms.BooleanField(label=gettext_lazy("Let the words through the leak check once"), required=False)
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
