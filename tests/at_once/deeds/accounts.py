"""Done twice at once: settings, members and keys."""

from dataclasses import replace

from accounts import keys, outbox, services
from accounts.models import ApiKey, Invitation, Membership, OutboxMail, Role
from accounts.providers import ProviderSettings, save_settings
from accounts.providers import seen_of as settings_seen
from accounts.seen import StaleError
from tests.at_once.conftest import AT, House
from tests.at_once.deeds.register import refused, service, trail
from tests.factories import MembershipFactory


@service("providers.save_settings")
def of_two_forms_of_the_settings_the_second_is_told(house):
    opened = settings_seen(house.provider).mark
    said = ProviderSettings("North IT", "+1 555 0100", "", "UTC", "", 10, (), (), states_fee=False, accent="")

    def deed(phone):
        settings = replace(said, support_phone=phone)
        return lambda: save_settings(provider=house.provider, settings=settings, form=opened, by=house.owner)

    def check(first, second):
        assert "support_phone" in first
        refused(second, StaleError)
        assert second.parts == ("support_phone",)

    return deed("+1 555 0100"), deed("+1 555 0199"), check


@service("services.change_role")
def two_owners_do_not_demote_each_other(house):
    house.provider.memberships.exclude(user=house.owner).delete()
    other = MembershipFactory(provider=house.provider, role=Role.OWNER)
    mine = Membership.objects.get(provider=house.provider, user=house.owner)

    def deed(membership, actor):
        return lambda: services.change_role(membership=membership, role=Role.VIEWER, actor=actor)

    def check(first, second):
        refused(second, services.LastOwnerError)
        assert house.provider.memberships.filter(role=Role.OWNER).count() == 1

    return deed(other, house.owner), deed(mine, other.user), check


@service("services.invite")
def each_invitation_has_its_mail(house):
    def deed():
        return services.invite(
            provider=house.provider, email="new@north.example", role=Role.VIEWER, actor=house.owner
        )

    def check(first, second):
        mails = OutboxMail.objects.filter(provider=house.provider, kind="invitation")
        assert mails.count() == Invitation.objects.filter(provider=house.provider).count() == 2

    return deed, deed, check


def _invited(house: House) -> Invitation:
    return services.invite(
        provider=house.provider, email=f"new@{house.slug}.example", role=Role.VIEWER, actor=house.owner
    )


@service("services.withdraw_invitation")
def an_invitation_is_withdrawn_once(house):
    invitation = _invited(house)

    def deed():
        services.withdraw_invitation(invitation=invitation, actor=house.owner)

    def check(first, second):
        assert trail("invitation withdrawn") == 1

    return deed, deed, check


@service("services.accept_invitation")
def an_invitation_is_accepted_once(house):
    invitation = _invited(house)

    def deed():
        return services.accept_invitation(invitation=invitation, password="a sentence is fine")

    def check(first, second):
        assert second is None
        assert house.provider.memberships.filter(user=first).count() == 1

    return deed, deed, check


@service("keys.create")
def each_key_is_another_one(house):
    def deed():
        return keys.create(name="Nightly", scopes=keys.PUSHES, by=house.owner)[1]

    def check(first, second):
        assert first != second
        assert ApiKey.objects.count() == 2

    return deed, deed, check


@service("keys.revoke")
def a_key_is_revoked_once(house):
    key, _ = keys.create(name="Nightly", scopes=keys.PUSHES, by=house.owner)

    def deed():
        keys.revoke(key=ApiKey.objects.get(pk=key.pk), by=house.owner, at=AT)

    def check(first, second):
        assert trail("key revoked") == 1

    return deed, deed, check


@service("outbox.set_aside")
def a_mail_is_set_aside_once(house):
    mail = OutboxMail.objects.create(
        provider=house.provider, key="k", kind="approval", recipient="pat@acme.example", given_up_at=AT
    )

    def deed():
        return outbox.set_aside(OutboxMail.objects.get(pk=mail.pk), house.owner, AT)

    def check(first, second):
        assert sorted([first, second]) == [False, True]
        assert trail("mail set aside") == 1

    return deed, deed, check
