"""The inputs of an agreement's form, each with its words, its value and what is wrong with it.

Here are those of the agreement as a whole; those of each version of its terms are in `terms_fields`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from desk.agreements.draft import OWN, AgreementDraft
from desk.agreements.judging import Errors
from retainers.terms import REQUEST_KINDS, WEEKDAYS


@dataclass(frozen=True, slots=True)
class FieldOption:
    """One answer of a choice; `worked` is what it would mean, as the ledger worked it out."""

    value: str
    name: str
    chosen: bool
    worked: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One input. `kind` is text, date, number, area, select, choice, boxes or hidden.

    `worked` is what its value means, as the ledger worked it out.
    """

    name: str
    label: str
    value: str = ""
    kind: str = "text"
    help: str = ""
    options: tuple[FieldOption, ...] = ()
    errors: tuple[str, ...] = ()
    worked: str = ""


class Form:
    """Builds the fields of a draft; `errors` by the name of the input."""

    def __init__(self, draft: AgreementDraft, errors: Errors) -> None:
        self.draft, self.errors = draft, errors

    def field(self, name: str, label: str, value: str, kind: str = "text", help: str = "") -> Field:  # noqa: A002  # the word of the page
        return Field(name, label, value, kind, help, errors=tuple(self.errors.get(name, ())))

    def select(self, name: str, label: str, value: str, names: Mapping[str, str], help: str = "") -> Field:  # noqa: A002
        options = tuple(FieldOption(key, words, key == value) for key, words in names.items())
        return Field(name, label, value, "select", help, options, tuple(self.errors.get(name, ())))

    def boxes(self, name: str, label: str, values: Sequence[str], names: Mapping[str, str]) -> Field:
        options = tuple(FieldOption(key, words, key in values) for key, words in names.items())
        return Field(name, label, "", "boxes", "", options, tuple(self.errors.get(name, ())))


def about(form: Form, is_new: bool) -> tuple[Field, ...]:
    draft = form.draft
    key_help = _("Left empty: made from the name. It becomes part of addresses and never changes.")
    key = form.field("key", _("Key"), draft.key, "text" if is_new else "hidden", key_help)
    bought = form.field(
        "first_block", _("Hours bought to begin with (optional)"), draft.first_block, "number"
    )
    has_block = is_new and bool(draft.first_block or _is_block(draft))
    return (
        form.field("name", _("Name, as the client reads it"), draft.name),
        key,
        form.field("starts", _("Starts on"), draft.starts, "date"),
        form.field("ends", _("Last day (optional)"), draft.ends, "date", _("Empty: it goes on.")),
        *([bought] if has_block else []),
        form.field("business_hours", _("Business hours"), draft.business_hours, "hidden"),
    )


def _is_block(draft: AgreementDraft) -> bool:
    """Whether every pool of the newest terms has a cap of nothing."""
    pools = [pool for terms in draft.terms[-1:] for pool in terms.pools if not pool.is_empty]
    return bool(pools) and all(not pool.hours.strip("0.") for pool in pools)


def rhythm(form: Form) -> tuple[Field, ...]:
    draft = form.draft
    days = {
        "mon": _("Mon"),
        "tue": _("Tue"),
        "wed": _("Wed"),
        "thu": _("Thu"),
        "fri": _("Fri"),
        "sat": _("Sat"),
        "sun": _("Sun"),
    }
    return (
        form.select("months", _("A new cycle begins"), draft.months, lengths()),
        form.field(
            "anchor_day",
            _("On day (optional)"),
            draft.anchor_day,
            "number",
            _("Empty: the day it starts on. In a shorter month, its last day."),
        ),
        form.field(
            "anchor_month",
            _("In month (optional)"),
            draft.anchor_month,
            "number",
            _("For longer cycles: one month, 1 to 12, in which a cycle begins."),
        ),
        form.boxes(
            "updates_on",
            _("The client may expect an update on"),
            draft.updates_on,
            {day: days[day] for day in WEEKDAYS},
        ),
    )


def lengths() -> dict[str, str]:
    return {
        "1": _("every month"),
        "3": _("every quarter"),
        "6": _("every half-year"),
        "12": _("every year"),
    }


def psa(form: Form) -> tuple[Field, ...]:
    return (
        form.field(
            "psa_agreements",
            _("Agreements in the PSA that are this one (optional)"),
            form.draft.psa_agreements,
            "area",
            _("One a line. Empty: it takes the client’s rows that no other retainer claims."),
        ),
    )


def telling(form: Form) -> tuple[Field, ...]:
    draft = form.draft
    asks = {
        "top_up": _("a top-up"),
        "overage": _("hours past the cap, in advance"),
        "planned": _("planned work"),
    }
    usual = {"": _("at 75, 90 and 100 %"), OWN: _("as stated here")}
    return (
        form.boxes(
            "requests",
            _("On the page the client may ask for"),
            draft.requests,
            {key: asks[key] for key in REQUEST_KINDS},
        ),
        form.select("alerts", _("Mails when hours run low"), draft.alerts, usual),
        form.field(
            "alert_percent",
            _("At per cent used"),
            draft.alert_percent,
            "text",
            _("Like 50, 80, 100. Only with “as stated here”."),
        ),
        form.field("alert_hours_left", _("At hours left (optional)"), draft.alert_hours_left, "number"),
        form.field(
            "incident_alert_hours",
            _("An incident is long from (hours, optional)"),
            draft.incident_alert_hours,
            "number",
        ),
    )
