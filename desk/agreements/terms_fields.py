"""The inputs of one version of an agreement's terms, in the groups in which the form asks for them."""

from django.utils.translation import gettext as _

from desk.agreements.draft import HIDDEN, KindDraft, PoolDraft, TermsDraft
from desk.agreements.fields import Field, Form, lengths


def pool_fields(form: Form, prefix: str, row: int, pool: PoolDraft) -> tuple[Field, ...]:
    at = f"{prefix}pools-{row}-"
    return (
        form.field(f"{at}name", _("Pool"), pool.name),
        form.field(f"{at}hours", _("Hours a cycle"), pool.hours, "number"),
        form.field(f"{at}neutral_text", _("Fallback text"), pool.neutral_text, "text", "Support work"),
        form.select(
            f"{at}hidden", _("The client"), pool.hidden, {"": _("sees it"), HIDDEN: _("does not see it")}
        ),
        form.field(f"{at}key", _("Key"), pool.key, "hidden"),
    )


def kind_fields(form: Form, prefix: str, row: int, kind: KindDraft) -> tuple[Field, ...]:
    at = f"{prefix}kinds-{row}-"
    return (
        form.field(f"{at}name", _("Kind of work"), kind.name),
        form.field(f"{at}category", _("Category, as rules name it"), kind.category, "text", "after_hours"),
        form.field(f"{at}factor", _("One hour counts as"), kind.factor, "number"),
        form.field(f"{at}minimum", _("Minimum (hours)"), kind.minimum, "number"),
    )


def counting(form: Form, prefix: str, terms: TermsDraft) -> tuple[Field, ...]:
    """How the hours of one entry are read and rounded."""
    columns = {
        "billable": _("billable hours"),
        "worked": _("hours worked"),
        "deducted": _("hours that the PSA deducted"),
    }
    counts = {"exclude": _("not counted"), "count": _("counted")}
    return (
        form.field(f"{prefix}increment", _("Rounded up to (hours, optional)"), terms.increment, "number"),
        form.field(f"{prefix}minimum", _("Every entry at least (hours, optional)"), terms.minimum, "number"),
        form.select(f"{prefix}hours_from", _("Hours column to use"), terms.hours_from, columns),
        form.select(f"{prefix}non_billable", _("Non-billable work is"), terms.non_billable, counts),
        form.select(f"{prefix}travel", _("Travel is"), terms.travel, counts),
    )


def stacking(form: Form, prefix: str, terms: TermsDraft) -> tuple[Field, ...]:
    names = {"highest": _("the highest counts"), "product": _("all of them, multiplied")}
    return (form.select(f"{prefix}stacking", _("When several rates apply"), terms.stacking, names),)


def parts(form: Form, prefix: str, terms: TermsDraft) -> tuple[Field, ...]:
    """Pools beside each other, and cycles that are no whole ones."""
    sharing = {"separate": _("each with a balance of its own"), "shared": _("one balance for all of them")}
    proration = {
        "daily": _("the part of its days"),
        "start": _("the part of its days at the start, the whole cap at the end"),
        "end": _("the whole cap at the start, the part of its days at the end"),
        "full": _("the whole cap"),
    }
    return (
        form.select(f"{prefix}sharing", _("Several pools have"), terms.sharing, sharing),
        form.select(
            f"{prefix}proration", _("A first or last cycle cut short gets"), terms.proration, proration
        ),
    )


def new_cycle(form: Form, prefix: str, terms: TermsDraft) -> tuple[Field, ...]:
    """What later terms change of the cycle: then they may begin on any day."""
    return (
        form.select(
            f"{prefix}months",
            _("From then on a new cycle begins"),
            terms.months,
            {"": _("as before"), **lengths()},
            _("Where it is said anew, the cycle that runs ends the day before."),
        ),
        form.field(f"{prefix}anchor_day", _("On day (optional)"), terms.anchor_day, "number"),
        form.field(f"{prefix}anchor_month", _("In month (optional)"), terms.anchor_month, "number"),
    )


def leftover(form: Form, prefix: str, terms: TermsDraft) -> tuple[Field, ...]:
    rollover = {"": _("lapse at the end of the cycle"), "yes": _("are carried over")}
    return (
        form.select(f"{prefix}rollover", _("Unused hours"), terms.rollover, rollover),
        form.field(f"{prefix}rollover_hours", _("At most (hours, optional)"), terms.rollover_hours, "number"),
        form.field(
            f"{prefix}rollover_cycles", _("For so many cycles (optional)"), terms.rollover_cycles, "number"
        ),
    )


def past(form: Form, prefix: str, terms: TermsDraft) -> tuple[Field, ...]:
    overage = {
        "decline": _("needs the client’s authorization first"),
        "bill": _("is billed at the overage rate"),
        "queue": _("is taken from the next cycle"),
    }
    return (
        form.select(f"{prefix}overage", _("Work past the cap"), terms.overage, overage),
        form.field(f"{prefix}overage_rate", _("Overage rate an hour"), terms.overage_rate, "number"),
    )


def money(form: Form, prefix: str, terms: TermsDraft) -> tuple[Field, ...]:
    return (
        form.field(f"{prefix}fee", _("Fee a cycle (optional, for staff)"), terms.fee, "number"),
        form.field(f"{prefix}currency", _("Currency"), terms.currency),
    )


def scope(form: Form, prefix: str, terms: TermsDraft) -> tuple[Field, ...]:
    return (
        form.field(
            f"{prefix}scope",
            _("Covered by the fee, without hours (optional)"),
            terms.scope,
            "area",
            _("The client reads exactly this text."),
        ),
    )
