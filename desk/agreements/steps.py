"""The form in steps: the figures of an agreement first, then what differs, folded under what it says now.

A step that holds a mistake stands open.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from desk.agreements import worked
from desk.agreements.choices import Line, explained, kinds_line
from desk.agreements.draft import TermsDraft
from desk.agreements.fields import Field, Form, kind_fields, name_and_days, pool_fields
from desk.agreements.tried import tried
from desk.agreements.words_fields import words_by_language
from presentation.phrases import listed
from retainers.terms import Agreement

RATES_HELP = (
    "Rules decide which work is after hours, on site, travel, or a kind of your own."
    " “One hour counts as 2” doubles it."
)
Rows = tuple[tuple[Field, ...], ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One part of the form; `said` is what it says now, read beside its title. `adds`: more rows can be had."""

    title: str
    fields: tuple[Field, ...] = ()
    rows: Rows = ()
    said: str = ""
    help: str = ""
    always_open: bool = False
    adds: bool = False

    @property
    def is_open(self) -> bool:
        return self.always_open or any(field.errors for field in self.all_fields)

    @property
    def all_fields(self) -> tuple[Field, ...]:
        return tuple(field for _name, field in self.named_fields)

    @property
    def named_fields(self) -> Iterator[tuple[str, Field]]:
        """Each with what its row is called; "" for one that stands in no row."""
        yield from (("", field) for field in self.fields)
        yield from ((row[0].value, field) for row in self.rows for field in row)


def agreement_steps(form: Form, read: Agreement | None, is_new: bool) -> tuple[Step, ...]:
    """What holds for the agreement as a whole. `read`: the agreement that the form makes, sound or not; None where
    it makes none yet.
    """
    return (
        Step(_("Name and days"), name_and_days(form, is_new), always_open=True),
        Step(
            _("Cycle and updates"),
            form.step(form.draft, "rhythm"),
            said=worked.cycles(read) if read else "",
        ),
        Step(_("In the PSA"), form.step(form.draft, "psa"), said=_claimed(read)),
        Step(_("What the client may ask for, and when mails go out"), form.step(form.draft, "telling")),
    )


def _claimed(read: Agreement | None) -> str:
    if read is None:
        return ""
    if not read.psa_agreements:
        return _("Takes the client’s rows that no other agreement claims.")
    return _("Takes the rows of %(names)s.") % {
        "names": listed([f"“{name}”" for name in read.psa_agreements])
    }


def terms_steps(form: Form, at: int, terms: TermsDraft, read: Agreement | None) -> tuple[Step, ...]:
    """One version of the terms, in the order in which they are asked about."""
    prefix = f"terms-{at}-"
    case = tried(read, read.terms[at]) if read else None

    def asked(step: str) -> tuple[Field, ...]:
        return explained(form.step(terms, step, prefix), prefix, read, at)

    def told(line: Line) -> str:
        return line(case) if case else ""

    pools = tuple(pool_fields(form, prefix, row, pool) for row, pool in enumerate(terms.pools))
    kinds = tuple(kind_fields(form, prefix, row, kind) for row, kind in enumerate(terms.kinds))
    return (
        Step(_("Hours and fee"), asked("money"), pools, always_open=True, adds=True),
        Step(_("Unused hours"), asked("leftover"), said=told(worked.close)),
        Step(_("Work past the cap"), asked("past"), said=told(worked.overage)),
        Step(_("How an entry counts"), asked("counting"), said=told(worked.call)),
        Step(_("Special rates"), asked("rates"), kinds, _rates(read, at), RATES_HELP, adds=True),
        Step(_("Several pools, and short cycles"), asked("parts"), said=_parts(read, at)),
        Step(_("What the fee covers"), asked("scope"), said=terms["scope"].strip()),
        *(Step(each.title, each.fields, said=each.said) for each in words_by_language(form, prefix, terms)),
        *([Step(_("Another cycle"), asked("cycle"))] if at else []),
    )


def _rates(read: Agreement | None, at: int) -> str:
    if read is None:
        return ""
    return kinds_line(read, at) or _("All work counts the same.")


def _parts(read: Agreement | None, at: int) -> str:
    if read is None:
        return ""
    said = (worked.shared(tried(read, read.terms[at])), worked.broken(read))
    return " ".join(line for line in said if line)
