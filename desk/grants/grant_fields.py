"""What both forms that grant hours ask for: pool and expiry; and what is wrong with a grant, in words."""

from collections.abc import Sequence
from datetime import date

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from presentation.days import dated
from retainers.agreements import check_agreement
from retainers.row_values import read_expiry
from retainers.terms import Adjustment, Agreement, Expiry, TopUp

CYCLES = (1, 2, 3, 6, 12)
USUAL = "as usual"
USUALLY = (
    "As usual: hours bought are kept, and a credit ends with its cycle; in a prepaid block both are kept."
)


def pool_choices(agreement: Agreement) -> list[tuple[str, str]]:
    """The pools that hours can go to, those of the newest terms first; one choice under shared sharing."""
    if all(terms.sharing == "shared" for terms in agreement.terms):
        return [("", _("the whole balance"))]
    pools = [pool for terms in reversed(agreement.terms) for pool in terms.pools]
    return list({pool.key: pool.name for pool in reversed(pools)}.items())[::-1]


def expiry_choices() -> list[tuple[str, str]]:
    return [
        ("", USUAL),
        ("never", expiry_words("never")),
        ("cycle", expiry_words("cycle")),
        *((str(count), expiry_words(count)) for count in CYCLES),
    ]


def expiry_words(expires: Expiry) -> str:
    if expires == "never":
        return _("kept until they are used")
    if expires == "cycle":
        return _("lapse at the end of their cycle")
    if isinstance(expires, date):
        return _("lapse after %(day)s") % {"day": dated(expires)}
    count = expires
    return ngettext(
        "lapse %(count)d cycle after that one", "lapse %(count)d cycles after that one", count
    ) % {"count": count}


class GrantFields(forms.Form):
    """The pool and the expiry of granted hours, for the retainer's agreement."""

    pool = forms.ChoiceField(label=gettext_lazy("For"), required=False)
    expires = forms.ChoiceField(label=gettext_lazy("The hours"), required=False)

    def offer(self, agreement: Agreement) -> None:
        choices = pool_choices(agreement)
        self.fields["pool"] = forms.ChoiceField(
            label=gettext_lazy("For"), required=False, choices=choices, initial=choices[0][0]
        )
        self.fields["expires"] = forms.ChoiceField(
            label=gettext_lazy("Unused hours"), required=False, choices=expiry_choices(), help_text=USUALLY
        )
        self.fields["ends_on"] = forms.DateField(
            label="Last day of these hours (optional)",
            required=False,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        )

    def pool_and_expiry(self) -> tuple[str | None, Expiry | None]:
        """None where it is as usual, which differs by what is granted (domain.md, "Balance of a cycle" 4)."""
        said = self.cleaned_data
        ends_on: date | None = said.get("ends_on")
        return said["pool"] or None, ends_on or read_expiry(said["expires"])


def wrong_with(
    agreement: Agreement, top_ups: Sequence[TopUp] = (), adjustments: Sequence[Adjustment] = ()
) -> str:
    """Why these can't be granted under the agreement, "" where they can."""
    found = check_agreement(agreement, top_ups, adjustments, has_business_hours=True)
    return " ".join(each.message for each in found if each.place.startswith(("top_ups", "adjustments")))
