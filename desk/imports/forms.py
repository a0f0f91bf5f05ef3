"""What is asked of a person about a file: whose it is, what it covers, how it is to be read."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from accounts.models import Provider
from desk.imports.selectors import clients_to_choose
from imports.models import Import
from imports.publishing.options import Options
from imports.publishing.read_options import OptionProblem, RefusedOptionsError, pool_names, read_options
from imports.reading.formats import DISPLAY_NAMES
from imports.reading.ready_made import PROPOSALS
from imports.saved_mappings import format_names, mapping_names
from retainers.terms import collapse

FIELDS = {  # the form's names of the command's options
    "through": "through",
    "from": "starts",
    "to": "ends",
    "format": "format",
    "date_order": "date_order",
    "encoding": "encoding",
    "clock": "clock",
}


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class LongSelect(forms.Select):
    """A list of hundreds, printed at once: Django's template includes two others for each option. It has no groups."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: object = None
    ) -> Any:
        chosen = set(self.format_value(value))
        options = ((key, " selected" if str(key) in chosen else "", words) for key, words in self.choices)
        return format_html(
            '<select name="{}"{}>{}\n</select>',
            name,
            flatatt(self.build_attrs(self.attrs, attrs)),
            format_html_join("", '\n  <option value="{}"{}>{}</option>', options),
        )


class ReadingForm(forms.Form):
    """How a file is to be read, and what it speaks for."""

    through = forms.CharField(
        label=_("Covers work through"),
        required=False,
        widget=DayInput,
        help_text=_("If empty: the end of the period, or the last day in the file."),
    )
    starts = forms.CharField(label=_("Period from"), required=False, widget=DayInput)
    ends = forms.CharField(
        label=_("Period to"),
        required=False,
        widget=DayInput,
        help_text=_("If empty: the first to the last day in the file."),
    )
    format = forms.ChoiceField(label=_("Format"), required=False)
    date_order = forms.ChoiceField(label=_("Order of dates"), required=False)
    encoding = forms.CharField(required=False, max_length=40)
    clock = forms.CharField(required=False, max_length=2)
    agreements = forms.CharField(
        label=_("Only these agreements"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("As named in the PSA, one per line. Whatever the file doesn’t cover stays as it is."),
    )
    client = forms.ChoiceField(label=_("For"), required=False)
    pools = forms.CharField(
        label=_("Only these pools"),
        required=False,
        max_length=500,
        help_text=_("By name, as your agreements call them. Separate several with commas."),
    )

    def __init__(self, *args: Any, provider: Provider, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = mapping_names()
        self.fields["format"] = forms.ChoiceField(
            label=_("Format"),
            required=False,
            choices=[
                ("", _("Recognised by its headers")),
                *((name, format_name(name, words)) for name in format_names()),
            ],
        )
        clients = [("", _("All clients in the file")), *clients_to_choose()]
        self.fields["client"] = forms.ChoiceField(
            label=_("For"), required=False, choices=clients, widget=LongSelect
        )
        orders = Provider.DateOrder.choices
        usual = dict(orders).get(provider.date_order)
        unsaid = _("As in the file, else %(order)s") % {"order": usual} if usual else _("As in the file")
        self.fields["date_order"] = forms.ChoiceField(
            label=_("Order of dates"), required=False, choices=[("", unsaid), *orders]
        )

    def clean(self) -> dict[str, Any]:
        """The words of the form are read as those of the command line are; each fault stands at its field."""
        cleaned = super().clean() or {}
        try:
            self.options = read_options(_words(cleaned))
        except RefusedOptionsError as error:
            for problem in error.problems:
                self.add_error(_field_of(problem), problem.message)
        return cleaned

    def said(self, before: Options) -> Options:
        """The options, with what this form says of them; code page and clock stay where it says none."""
        names = ("through", "starts", "ends", "format", "date_order", "agreements", "pools")
        said = {name: getattr(self.options, name) for name in names}
        kept = {name: getattr(self.options, name) or getattr(before, name) for name in ("encoding", "clock")}
        return replace(before, **said, **kept)


def _words(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """The form's fields in the words of the command's options."""
    agreements = [f"agreement:{line}" for line in cleaned.get("agreements", "").splitlines() if line.strip()]
    pools = [f"pool:{key}" for key in pools_said(cleaned.get("pools", ""))]
    plain = {option: cleaned.get(name, "") for option, name in FIELDS.items()}
    return {**plain, "covers": [*agreements, *pools]}


def pools_said(text: str) -> tuple[str, ...]:
    """The keys of the pools that somebody named, by name or by key."""
    names = pool_names() if text.strip() else {}
    found: list[str] = []
    for part in text.split(","):
        meant = [
            key for name, keys in names.items() if collapse(name) == collapse(part) for key in sorted(keys)
        ]
        found += meant or part.split()
    return tuple(dict.fromkeys(found))


def _named(keys: Sequence[str]) -> str:
    """The pools by name, as the form takes them; by key where no name means just them."""
    names = pool_names() if keys else {}
    told = [name for name, each in names.items() if each <= set(keys)]
    said = {key for name in told for key in names[name]}
    return ", ".join([*told, *(key for key in keys if key not in said)])


def _field_of(problem: OptionProblem) -> str:
    if problem.option == "covers":
        return "pools" if problem.value.startswith("pool:") else "agreements"
    return FIELDS[problem.option]


class UploadForm(ReadingForm):
    """A file, and for whom it is; the rest can be said or changed once it is in view."""

    file = forms.FileField(
        label=_("Export (CSV or Excel)"),
        allow_empty_file=True,
        error_messages={"required": _("Choose a file first.")},
    )

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
        self.fields["file"].widget.attrs["accept"] = ".csv,.txt,.xlsx,text/csv,text/plain"
        self.order_fields(self.field_order)


def reading_values(source: Import) -> dict[str, date | str | None]:
    """The form's values for what was said of the import before."""
    options = Options.read(source.options)
    return {
        "client": source.client.slug if source.client else "",
        "through": options.through,
        "starts": options.starts,
        "ends": options.ends,
        "format": options.format,
        "date_order": options.date_order,
        "agreements": "\n".join(options.agreements),
        "pools": _named(options.pools),
    }


_TOOLS = {proposal.name: proposal.label for proposal in PROPOSALS}
DATE_ORDERS = {
    "mdy": "dates read as month/day/year",
    "dmy": "dates read as day/month/year",
    "ymd": "dates read as year-month-day",
}


def format_name(name: str, mappings: Mapping[str, str] | None = None) -> str:
    """A format or a tool as people call it; of a saved mapping its name in `mappings` (`mapping_names`)."""
    return DISPLAY_NAMES.get(name) or _TOOLS.get(name) or (mappings or {}).get(name, name)


def date_order(order: str, *, of_a_sheet: bool) -> str:
    """How the days of a file were read, where that was a question: a sheet keeps a date as a date."""
    if of_a_sheet and order == "ymd":
        return "dates as the sheet has them"
    return DATE_ORDERS.get(order, "")
