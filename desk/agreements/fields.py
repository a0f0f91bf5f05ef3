"""The inputs of an agreement's form, each with its words, its value and what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from desk.agreements.draft import OWN, AgreementDraft, KindDraft, PoolDraft, TermsDraft
from desk.agreements.judging import Errors
from retainers.terms import REQUEST_KINDS, WEEKDAYS


@dataclass(frozen=True, slots=True)
class FieldOption:
    value: str
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Field:
    """One input. `kind` is text, date, number, area, select, boxes or hidden."""

    name: str
    label: str
    value: str = ""
    kind: str = "text"
    help: str = ""
    options: tuple[FieldOption, ...] = ()
    errors: tuple[str, ...] = ()


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
    return (
        form.field("name", _("Name, as the client reads it"), draft.name),
        key,
        form.field("starts", _("Starts on"), draft.starts, "date"),
        form.field("ends", _("Last day (optional)"), draft.ends, "date", _("Empty: it goes on.")),
        form.field("business_hours", _("Business hours"), draft.business_hours, "hidden"),
    )


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
        form.select("months", _("A new cycle begins"), draft.months, _lengths()),
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


def _lengths() -> dict[str, str]:
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


def pool_fields(form: Form, prefix: str, row: int, pool: PoolDraft) -> tuple[Field, ...]:
    at = f"{prefix}pools-{row}-"
    return (
        form.field(f"{at}name", _("Pool"), pool.name),
        form.field(f"{at}hours", _("Hours a cycle"), pool.hours, "number"),
        form.field(
            f"{at}neutral_text", _("Text for lines without words"), pool.neutral_text, "text", "Support work"
        ),
        form.field(f"{at}key", _("Key"), pool.key, "hidden"),
    )


def kind_fields(form: Form, prefix: str, row: int, kind: KindDraft) -> tuple[Field, ...]:
    at = f"{prefix}kinds-{row}-"
    return (
        form.field(f"{at}name", _("Kind of work"), kind.name),
        form.field(f"{at}category", _("Category of the rules"), kind.category, "text", "after_hours"),
        form.field(f"{at}factor", _("One hour counts"), kind.factor, "number"),
        form.field(f"{at}minimum", _("At least (hours)"), kind.minimum, "number"),
    )


def counting(form: Form, prefix: str, terms: TermsDraft) -> tuple[Field, ...]:
    columns = {
        "billable": _("billable hours"),
        "worked": _("hours worked"),
        "deducted": _("hours that the PSA deducted"),
    }
    counts = {"exclude": _("not counted"), "count": _("counted")}
    stacking = {"highest": _("the highest"), "product": _("all of them, multiplied")}
    sharing = {"separate": _("each pool its own balance"), "shared": _("one balance for all pools")}
    proration = {
        "daily": _("the part of its days"),
        "start": _("the part of its days at the start, the whole cap at the end"),
        "end": _("the whole cap at the start, the part of its days at the end"),
        "full": _("the whole cap"),
    }
    return (
        form.select(f"{prefix}hours_from", _("What counts of the export"), terms.hours_from, columns),
        form.field(f"{prefix}increment", _("Rounded up to (hours, optional)"), terms.increment, "number"),
        form.field(f"{prefix}minimum", _("Every entry at least (hours, optional)"), terms.minimum, "number"),
        form.select(f"{prefix}stacking", _("Of several multipliers counts"), terms.stacking, stacking),
        form.select(f"{prefix}non_billable", _("Non-billable work is"), terms.non_billable, counts),
        form.select(f"{prefix}travel", _("Travel is"), terms.travel, counts),
        form.select(f"{prefix}proration", _("A broken cycle gets"), terms.proration, proration),
        form.select(f"{prefix}sharing", _("Pools are"), terms.sharing, sharing),
    )


def new_cycle(form: Form, prefix: str, terms: TermsDraft) -> tuple[Field, ...]:
    """What later terms change of the cycle: then they may begin on any day."""
    return (
        form.select(
            f"{prefix}months",
            _("From then on a new cycle begins"),
            terms.months,
            {"": _("as before"), **_lengths()},
            _("Said anew, the cycle that runs ends the day before."),
        ),
        form.field(f"{prefix}anchor_day", _("On day (optional)"), terms.anchor_day, "number"),
        form.field(f"{prefix}anchor_month", _("In month (optional)"), terms.anchor_month, "number"),
    )


def leftover(form: Form, prefix: str, terms: TermsDraft) -> tuple[Field, ...]:
    rollover = {"": _("lapse at the end of the cycle"), "yes": _("are carried over")}
    overage = {
        "decline": _("needs the client’s authorization first"),
        "bill": _("is billed at the rate"),
        "queue": _("is taken from the next cycle"),
    }
    return (
        form.select(f"{prefix}rollover", _("Unused hours"), terms.rollover, rollover),
        form.field(f"{prefix}rollover_hours", _("At most (hours)"), terms.rollover_hours, "number"),
        form.field(f"{prefix}rollover_cycles", _("For so many cycles"), terms.rollover_cycles, "number"),
        form.select(f"{prefix}overage", _("Work past the cap"), terms.overage, overage),
        form.field(f"{prefix}overage_rate", _("Rate an hour"), terms.overage_rate, "number"),
    )


def money(form: Form, prefix: str, terms: TermsDraft) -> tuple[Field, ...]:
    return (
        form.field(f"{prefix}fee", _("Fee a cycle (optional, for staff)"), terms.fee, "number"),
        form.field(f"{prefix}currency", _("Currency"), terms.currency),
        form.field(f"{prefix}scope", _("Covered by the fee, without hours (optional)"), terms.scope, "area"),
    )
