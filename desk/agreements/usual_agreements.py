"""What a new retainer's form begins with: one of four usual agreements, or a copy of one that stands."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext_lazy

from desk.agreements.draft import AgreementDraft, KindDraft, PoolDraft, TermsDraft, draft_of
from retainers.cycles import begun_anew
from retainers.selectors import retainers_of
from retainers.terms import Agreement


@dataclass(frozen=True, slots=True)
class Template:
    """A usual agreement. `about`: what it is, in a sentence; `draft`: its form, but for figures and days."""

    key: str
    name: object
    about: object
    draft: AgreementDraft


def _pool(key: str, name: str, hours: str) -> PoolDraft:
    return PoolDraft.of(key=key, name=name, hours=hours)


_NIGHTS = KindDraft.of(category="after_hours", name="After hours", factor="2")
# what all of them agree beside their hours, for who makes many clients at once and sees no form
USUAL_TERMS = gettext_lazy(
    "Work is rounded up to 0.25 h and counts twice after hours, until you change a client’s agreement."
)
_BANK = TermsDraft({"increment": "0.25"}, pools=(_pool("support", "IT support", "20"),), kinds=(_NIGHTS,))


def _draft(key: str, name: str, terms: TermsDraft) -> AgreementDraft:
    return AgreementDraft({"key": key, "name": name, "updates_on": "mon"}, (terms,))


TEMPLATES: Mapping[str, Template] = {
    each.key: each
    for each in (
        Template(
            "bank",
            gettext_lazy("Time bank"),
            gettext_lazy("A number of hours per month for everything."),
            _draft("support", "IT support", _BANK),
        ),
        Template(
            "pools",
            gettext_lazy("Two pools"),
            gettext_lazy("Reactive and scheduled hours, each with a cap of its own."),
            _draft(
                "support",
                "Managed support",
                replace(
                    _BANK,
                    pools=(
                        _pool("reactive", "Reactive support", "12"),
                        _pool("scheduled", "Scheduled maintenance", "8"),
                    ),
                ),
            ),
        ),
        Template(
            "hybrid",
            gettext_lazy("Hybrid"),
            gettext_lazy("A fixed fee covers routine work; anything beyond it is counted in hours."),
            _draft(
                "support",
                "Managed support",
                _BANK.saying(scope="Monitoring, patching and backups are covered by the flat fee."),
            ),
        ),
        Template(
            "block",
            gettext_lazy("Prepaid block"),
            gettext_lazy("Hours are bought in advance and never reset."),
            _draft(
                "block",
                "Prepaid hours",
                replace(_BANK.saying(overage="queue"), pools=(_pool("support", "IT support", "0"),)),
            ),
        ),
    )
}


def from_template(key: str, today: date) -> AgreementDraft:
    """The form of a new retainer that starts with this month; a time bank for what is no template."""
    draft = TEMPLATES.get(key, TEMPLATES["bank"]).draft
    return draft.saying(starts=today.replace(day=1).isoformat())


def copied(agreement: Agreement, starts: date) -> AgreementDraft:
    """A new retainer with the newest terms of another one, from that day on, that claims nothing of the PSA's."""
    draft = draft_of(begun_anew(agreement, starts))
    return draft.saying(key="", anchor_day="", anchor_month="", psa_agreements="")


def copies() -> list[tuple[str, str]]:
    """Of each retainer that a new one can be copied from its place (`client.key`), and its name."""
    return [
        (f"{row.client.slug}.{row.key}", f"{row.client.name} · {row.publication.version.document['name']}")
        for row in retainers_of()
        if row.publication
    ]
