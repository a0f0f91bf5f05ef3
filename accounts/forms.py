"""The forms of the members' page and of an invitation."""

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from accounts.models import Role

REMOVE = "remove"


class InviteForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"))
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[(Role.OWNER, _("owner")), (Role.MANAGER, _("manager")), (Role.VIEWER, _("viewer"))],
        initial=Role.MANAGER,
    )


class RoleForm(forms.Form):
    """A form without the field does nothing: removing somebody has to be said."""

    role = forms.ChoiceField(choices=[*Role.choices, (REMOVE, _("remove"))])


class AcceptForm(forms.Form):
    """A new person's name and password; a known person only confirms."""

    name = forms.CharField(label=_("Your name"), max_length=120)
    password = forms.CharField(
        label=_("Password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters; a sentence is fine."),
    )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password
