"""Members, invitations and the switch between providers."""

from collections.abc import Mapping

from allauth.account.internal.flows.login import record_authentication
from django import forms
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.password_validation import validate_password
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import services
from accounts.access import owner, switch_provider, the_member, theirs, viewer, zone_of
from accounts.actors import invitation_lines, role_name
from accounts.already import DoneAlreadyError, tells_who
from accounts.models import Invitation, Membership, Role, User
from accounts.seen import OnceForm

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@require_POST
@viewer
def switch(request: HttpRequest) -> HttpResponse:
    if not switch_provider(request, request.POST.get("provider", "")):
        raise Http404
    return redirect("dashboard")


@require_safe
@owner
def members(request: HttpRequest) -> HttpResponse:
    provider = the_member(request).provider
    invitations = services.invitations_of(provider)
    context = {
        "memberships": services.members_of(provider),
        "invitations": invitation_lines(invitations, zone_of(provider), timezone.now()),
        "form": InviteForm(),
        "roles": [(role, role_name(role)) for role in Role],
    }
    return render(request, "accounts/members.html", context)


@require_POST
@owner
def invite(request: HttpRequest) -> HttpResponse:
    form = InviteForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("That isn’t an e-mail address."))
        return redirect("members")
    member = the_member(request)
    email, role = form.cleaned_data["email"], Role(form.cleaned_data["role"])
    try:
        with form.sent_once(member.user) as is_first:
            if is_first:
                services.invite(provider=member.provider, email=email, role=role, actor=member.user)
    except services.AlreadyMemberError:
        messages.error(request, _("That address is already a member. Change the role in the list."))
    else:
        messages.success(request, _("The invitation is on its way. It can be used for 72 hours."))
    return redirect("members")


@require_POST
@owner
@tells_who("invitation withdrawn", "invitation accepted", to="members")
def withdraw_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    member = the_member(request)
    invitation = theirs(Invitation, provider=member.provider, pk=pk)
    if not services.withdraw_invitation(invitation=invitation, actor=member.user):
        raise DoneAlreadyError
    messages.success(request, _("The invitation is withdrawn. Its link no longer works."))
    return redirect("members")


@require_POST
@owner
@tells_who("role changed", to="members")
def change_role(request: HttpRequest, pk: int) -> HttpResponse:
    member = the_member(request)
    membership = theirs(services.members_of(member.provider), pk=pk)
    form = RoleForm(request.POST)
    if not form.is_valid():
        raise Http404
    chosen = form.cleaned_data["role"]
    role = None if chosen == REMOVE else Role(chosen)
    try:
        changed = services.change_role(membership=membership, role=role, actor=member.user)
    except services.LastOwnerError:
        messages.error(request, _("A provider needs an owner. Make someone else an owner first."))
    else:
        if not changed:
            raise DoneAlreadyError
        messages.success(request, _role_said(membership, role))
    return redirect("members")


def _role_said(membership: Membership, role: Role | None) -> str:
    if role is None:
        return _("%(person)s was removed.") % {"person": membership.user}
    return _("%(person)s is now %(role)s.") % {"person": membership.user, "role": role_name(role)}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def accept_invitation(request: HttpRequest, secret: str) -> HttpResponse:
    invitation = services.open_invitation(secret)
    if invitation is None:
        return render(request, "accounts/invitation_gone.html", status=410)
    known = services.find_user(invitation.email)
    complete = _has_password(known)
    form = AcceptForm(request.POST or None, initial={"name": known.name if known else ""})
    if request.method == "POST" and (complete or form.is_valid()):
        _make_member(request, invitation, None if complete else form.cleaned_data)
        return redirect("dashboard")
    context = {"invitation": invitation, "role": role_name(invitation.role), "known": complete, "form": form}
    return render(request, "accounts/accept.html", context)


def _has_password(known: User | None) -> bool:
    return known is not None and known.has_usable_password()


def _make_member(request: HttpRequest, invitation: Invitation, given: Mapping[str, str] | None) -> None:
    """Who gives a name and a password is signed in; who has a password (None) signs in by that."""
    user = services.accept_invitation(invitation=invitation, **(given or {}))
    if user is not None and given is not None:
        login(request, user, backend=BACKEND)
        record_authentication(request, user, method="password")


REMOVE = "remove"


class InviteForm(OnceForm):
    email = forms.EmailField(label=gettext_lazy("E-mail address"))
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        choices=[
            (Role.OWNER, gettext_lazy("owner")),
            (Role.MANAGER, gettext_lazy("manager")),
            (Role.VIEWER, gettext_lazy("viewer")),
        ],
        initial=Role.MANAGER,
    )


class RoleForm(forms.Form):
    """A form without the field does nothing: removing somebody has to be said."""

    role = forms.ChoiceField(choices=[*Role.choices, (REMOVE, gettext_lazy("remove"))])


class AcceptForm(forms.Form):
    """A new person's name and password; a known person only confirms."""

    name = forms.CharField(label=gettext_lazy("Your name"), max_length=120)
    password = forms.CharField(
        label=gettext_lazy("Password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("At least 12 characters; a sentence is fine."),
    )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password
