"""What is asked of a person about a file: whose it is, what it covers, how it is to be read."""

from dataclasses import replace
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Provider
from desk.imports import format_words
from imports.publishing.options import Options
from imports.saved_mappings import format_names
from retainers.agreements import agreement_from_document
from retainers.models import Client
from retainers.selectors import retainers_of


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ReadingForm(forms.Form):
    """How a file is to be read, and what it speaks for."""

    through = forms.DateField(
        label=_("Covers work through"),
        required=False,
        widget=DayInput,
        help_text=_("Left empty: the end of the period, else the last day in the file."),
    )
    starts = forms.DateField(label=_("Period from"), required=False, widget=DayInput)
    ends = forms.DateField(
        label=_("Period to"),
        required=False,
        widget=DayInput,
        help_text=_("Left empty: from the first to the last day in the file."),
    )
    format = forms.ChoiceField(label=_("Format"), required=False)
    date_order = forms.ChoiceField(label=_("Order of dates"), required=False)
    agreements = forms.CharField(
        label=_("Only these agreements"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("As the PSA names them, one a line. What the file does not cover stays as it is."),
    )
    pools = forms.CharField(
        label=_("Only these pools"), required=False, max_length=500, help_text=_("Their keys, with commas.")
    )

    def __init__(self, *args: Any, provider: Provider, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["format"] = forms.ChoiceField(
            label=_("Format"),
            required=False,
            choices=[
                ("", _("Recognised by its headers")),
                *((name, format_words.format_name(name)) for name in format_names()),
            ],
        )
        orders = Provider.DateOrder.choices
        usual = dict(orders).get(provider.date_order)
        unsaid = _("As in the file, else %(order)s") % {"order": usual} if usual else _("As in the file")
        self.fields["date_order"] = forms.ChoiceField(
            label=_("Order of dates"), required=False, choices=[("", unsaid), *orders]
        )

    def clean(self) -> dict[str, Any]:
        said_so = super().clean() or {}
        starts, ends = said_so.get("starts"), said_so.get("ends")
        if bool(starts) != bool(ends):
            self.add_error("ends" if starts else "starts", _("A period has two ends: give both."))
        elif starts and ends and starts > ends:
            self.add_error("ends", _("The period ends before it starts."))
        return said_so

    def clean_agreements(self) -> tuple[str, ...]:
        lines = self.cleaned_data["agreements"].splitlines()
        return tuple(dict.fromkeys(" ".join(line.split()) for line in lines if line.strip()))

    def clean_pools(self) -> tuple[str, ...]:
        named = self.cleaned_data["pools"].replace(",", " ").split()
        known = pool_keys() if named else set()
        for key in named:
            if key not in known:
                raise forms.ValidationError(
                    _("There is no pool “%(key)s”. Known are %(known)s."),
                    params={"key": key, "known": ", ".join(sorted(known))},
                )
        return tuple(dict.fromkeys(named))

    def said(self, before: Options) -> Options:
        """The options, with what this form says of them."""
        names = ("through", "starts", "ends", "format", "date_order", "agreements", "pools")
        unsaid = Options()
        return replace(before, **{name: self.cleaned_data[name] or getattr(unsaid, name) for name in names})


class UploadForm(ReadingForm):
    """A file, and for whom it is; the rest can be said or changed once it is in view."""

    file = forms.FileField(
        label=_("Export (CSV)"), allow_empty_file=True, error_messages={"required": _("Choose a file first.")}
    )
    client = forms.ChoiceField(label=_("For"), required=False)

    field_order = (
        "file",
        "client",
        "through",
        "starts",
        "ends",
        "format",
        "date_order",
        "agreements",
        "pools",
    )

    def __init__(self, *args: Any, provider: Provider, **kwargs: Any) -> None:
        super().__init__(*args, provider=provider, **kwargs)
        clients = Client.objects.values_list("slug", "name")
        self.fields["client"] = forms.ChoiceField(
            label=_("For"), required=False, choices=[("", _("All clients in the file")), *clients]
        )
        self.fields["file"].widget.attrs["accept"] = ".csv,.txt,text/csv,text/plain"
        self.order_fields(self.field_order)


def reading_values(options: Options) -> dict[str, date | str | None]:
    """The form's values for options that were said before."""
    return {
        "through": options.through,
        "starts": options.starts,
        "ends": options.ends,
        "format": options.format,
        "date_order": options.date_order,
        "agreements": "\n".join(options.agreements),
        "pools": ", ".join(options.pools),
    }


def pool_keys() -> set[str]:
    """Every pool that a retainer of the provider in scope has ever had terms for."""
    documents = (row.publication.version.document for row in retainers_of() if row.publication)
    return {
        pool.key
        for document in documents
        for terms in agreement_from_document(document).terms
        for pool in terms.pools
    }
