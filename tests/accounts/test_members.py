"""Members, invitations, roles, and the switch between providers."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client as Browser

from accounts import keys, services
from accounts.models import AuditEvent, Invitation, Membership, Role, User
from accounts.tenancy import tenant_scope
from tests.factories import PASSWORD, MembershipFactory, ProviderFactory, UserFactory
from tests.mails import deliver

NOW = "2026-11-22T12:00:00Z"


@pytest.fixture(autouse=True)
def _sunday(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def owner(db):
    return MembershipFactory(role=Role.OWNER)


@pytest.fixture
def browser(owner):
    browser = Browser()
    browser.force_login(owner.user)
    return browser


def invite(browser, email="pat@new.example", role="manager") -> str:
    """Invite somebody; the path in the mail."""
    browser.post("/members/invite/", {"email": email, "role": role})
    deliver()
    return re.search(r"https?://[^/]+(/invitations/\S+)", mail.outbox[-1].body).group(1)


@pytest.fixture
def invitation(browser):
    return invite(browser)


NEW = {"name": "Pat Lee", "password": "a sentence is fine"}


def actions(provider) -> list[str]:
    with tenant_scope(provider):
        return [event.action for event in AuditEvent.objects.order_by("pk")]


def test_who_is_a_member_in_that_role_already_is_no_change(owner):
    with tenant_scope(owner.provider):
        said = [
            services.ensure_member(provider=owner.provider, email="pat@new.example", role=role)
            for role in (Role.VIEWER, Role.VIEWER, Role.MANAGER)
        ]
    assert said == [True, False, True]


def test_an_invited_person_sets_a_password_and_is_in_with_the_role(owner, invitation):
    person = Browser()
    answer = person.post(invitation, NEW)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    member = Membership.objects.get(user__email="pat@new.example")
    assert (member.provider, member.role, member.user.name) == (owner.provider, "manager", "Pat Lee")
    assert member.user.check_password(NEW["password"])
    assert person.session["_auth_user_id"] == str(member.user.pk)
    assert actions(owner.provider) == ["invited", "invitation accepted"]


def test_the_mail_says_who_invites_as_what_and_for_how_long(owner, invitation):
    (sent,) = mail.outbox
    assert sent.to == ["pat@new.example"]
    assert owner.provider.name in sent.subject
    assert "as manager" in sent.body
    assert "72 hours" in sent.body


def test_opening_the_invitation_accepts_nothing(invitation):
    assert Browser().get(invitation).status_code == 200
    assert not Membership.objects.filter(user__email="pat@new.example").exists()
    assert Invitation.objects.get().accepted_at is None


def test_an_invitation_works_once(invitation):
    Browser().post(invitation, NEW)
    assert Browser().post(invitation, NEW).status_code == 410
    assert Browser().get(invitation).status_code == 410


def test_an_invitation_works_for_72_hours(invitation, time_machine):
    time_machine.shift(timedelta(hours=71, minutes=59))
    assert Browser().get(invitation).status_code == 200
    time_machine.shift(timedelta(minutes=1))
    assert Browser().get(invitation).status_code == 410
    assert Browser().post(invitation, NEW).status_code == 410


def test_a_withdrawn_invitation_is_of_no_use(owner, browser, invitation):
    row = Invitation.objects.get()
    assert browser.post(f"/members/invitations/{row.pk}/withdraw/").status_code == 302
    assert Browser().post(invitation, NEW).status_code == 410
    assert actions(owner.provider)[-1] == "invitation withdrawn"


def test_an_invitation_that_never_was_looks_like_one_that_ended(invitation):
    Browser().post(invitation, NEW)
    ended, never = Browser().get(invitation), Browser().get("/invitations/" + "x" * 43 + "/")
    assert (ended.status_code, never.status_code) == (410, 410)
    assert ended.content == never.content


def test_the_secret_of_an_invitation_stands_nowhere(invitation):
    secret = invitation.strip("/").split("/")[-1]
    assert secret not in str(Invitation.objects.values().get())


@pytest.mark.parametrize("password", ["short", "qwerty123456", "847293650182"])
def test_a_weak_password_is_refused_and_the_invitation_kept(invitation, password):
    answer = Browser().post(invitation, {**NEW, "password": password})
    assert answer.status_code == 200
    assert Invitation.objects.get().accepted_at is None


@pytest.mark.parametrize("password", ["correct horse battery staple", "é" * 6 + " " * 2 + "x" * 120])
def test_a_long_sentence_is_a_password_to_the_last_sign(invitation, password):
    Browser().post(invitation, {**NEW, "password": password})
    invited = Invitation.objects.get()
    assert invited.accepted_at is not None
    user = User.objects.get(email=invited.email)
    assert (user.check_password(password), user.check_password(password[:-1])) == (True, False)


def test_a_person_who_has_an_account_accepts_without_a_new_password(browser, owner):
    known = UserFactory(email="known@else.example")
    path = invite(browser, "Known@Else.example")
    assert "You already have an account" in Browser().get(path).content.decode()
    Browser().post(path, {"password": "somebody else's password"})
    known.refresh_from_db()
    assert known.check_password(PASSWORD)
    assert known.memberships.get().provider == owner.provider


def test_accepting_with_a_known_account_signs_nobody_in(browser):
    UserFactory(email="known@else.example")
    path = invite(browser, "known@else.example")
    person = Browser()
    person.post(path)
    assert "_auth_user_id" not in person.session


def test_an_account_from_an_agreement_file_gets_its_first_password(browser):
    User.objects.create_user("dana@file.example", None)
    path = invite(browser, "dana@file.example")
    Browser().post(path, NEW)
    assert User.objects.get(email="dana@file.example").check_password(NEW["password"])


def test_who_is_a_member_is_not_invited_again(browser, owner):
    browser.post("/members/invite/", {"email": owner.user.email.upper(), "role": "viewer"})
    assert not Invitation.objects.exists()


def test_an_invitation_never_lowers_a_members_role(owner):
    made = Invitation.objects.create(
        provider=owner.provider, email=owner.user.email, role=Role.VIEWER, digest="x"
    )
    services.accept_invitation(invitation=made)
    owner.refresh_from_db()
    assert owner.role == Role.OWNER


def test_what_is_no_address_is_not_invited(browser):
    answer = browser.post("/members/invite/", {"email": "pat", "role": "viewer"}, follow=True)
    assert "That isn’t an e-mail address." in answer.content.decode()
    assert not Invitation.objects.exists()


def test_the_form_of_an_invitation_sent_twice_invites_once(browser, owner):
    once = browser.get("/members/").context["form"]["once"].value()
    for _ in range(2):
        browser.post("/members/invite/", {"email": "pat@new.example", "role": "viewer", "once": once})
    assert Invitation.objects.count() == 1


def test_saving_the_role_that_somebody_has_is_no_act(browser, owner):
    other = MembershipFactory(provider=owner.provider, role=Role.VIEWER)
    browser.post(f"/members/{other.pk}/role/", {"role": "viewer"})
    with tenant_scope(owner.provider):
        assert not AuditEvent.objects.filter(action="role changed").exists()


def test_an_owner_changes_a_role_and_ends_a_membership(browser, owner):
    other = MembershipFactory(provider=owner.provider, role=Role.VIEWER)
    browser.post(f"/members/{other.pk}/role/", {"role": "manager"})
    other.refresh_from_db()
    assert other.role == Role.MANAGER
    browser.post(f"/members/{other.pk}/role/", {"role": "remove"})
    assert not Membership.objects.filter(pk=other.pk).exists()
    with tenant_scope(owner.provider):
        said = [event.detail for event in AuditEvent.objects.order_by("pk")]
    changes = {"before": "viewer", "after": "manager"}, {"before": "manager", "after": "removed"}
    assert said == [{**each, "number": other.pk} for each in changes]


def test_removing_is_a_question_of_its_own_and_each_change_is_told(browser, owner):
    other = MembershipFactory(provider=owner.provider, role=Role.VIEWER)
    page = browser.get("/members/").text
    assert '<option value="remove">' not in page
    assert "loses access to this provider at once" in page
    address = f"/members/{other.pk}/role/"
    assert f"{other.user} is now manager." in browser.post(address, {"role": "manager"}, follow=True).text
    assert "is now" not in browser.post(address, {"role": "manager"}, follow=True).text
    assert f"{other.user} was removed." in browser.post(address, {"role": "remove"}, follow=True).text


@pytest.mark.parametrize("role", ["viewer", "manager", "remove"])
def test_the_last_owner_stays(browser, owner, role):
    MembershipFactory(provider=owner.provider, role=Role.MANAGER)
    answer = browser.post(f"/members/{owner.pk}/role/", {"role": role}, follow=True)
    owner.refresh_from_db()
    assert owner.role == Role.OWNER
    assert "A provider needs an owner" in answer.content.decode()


def test_one_of_two_owners_may_go(browser, owner):
    MembershipFactory(provider=owner.provider, role=Role.OWNER)
    browser.post(f"/members/{owner.pk}/role/", {"role": "viewer"})
    owner.refresh_from_db()
    assert owner.role == Role.VIEWER


@pytest.mark.parametrize("role", [Role.VIEWER, Role.MANAGER])
def test_only_owners_see_and_change_members(owner, role):
    browser = Browser()
    browser.force_login(MembershipFactory(provider=owner.provider, role=role).user)
    assert browser.get("/members/").status_code == 403
    assert browser.post("/members/invite/", {"email": "a@b.example", "role": "viewer"}).status_code == 403
    assert browser.post(f"/members/{owner.pk}/role/", {"role": "remove"}).status_code == 403
    assert "/members/" not in browser.get("/").content.decode()


def test_members_and_invitations_of_another_provider_look_missing(browser, invitation):
    foreign = MembershipFactory()
    other = Invitation.objects.create(
        provider=foreign.provider, email="x@y.example", role=Role.VIEWER, digest="x"
    )
    assert browser.post(f"/members/{foreign.pk}/role/", {"role": "remove"}).status_code == 404
    assert browser.post(f"/members/invitations/{other.pk}/withdraw/").status_code == 404
    assert foreign.user.email not in browser.get("/members/").content.decode()


def test_the_members_page_lists_people_roles_and_open_invitations(browser, owner, invitation, time_machine):
    page = browser.get("/members/").content.decode()
    assert owner.user.email in page
    assert "pat@new.example" in page
    assert "Can be accepted until 25 Nov 2026, 12:00." in page
    time_machine.shift(timedelta(hours=73))
    browser.force_login(owner.user)  # a session that slept for three days is over
    assert "It has expired after 72 hours." in browser.get("/members/").content.decode()


def test_who_belongs_to_several_providers_switches_between_them(browser, owner):
    other = MembershipFactory(user=owner.user, provider=ProviderFactory(name="Zephyr IT", slug="zephyr"))
    assert 'action="/switch/"' in browser.get("/").content.decode()
    assert browser.post("/switch/", {"provider": "zephyr"}).headers["Location"] == "/"
    page = browser.get("/").content.decode()
    assert '<option value="zephyr" selected>' in page
    assert browser.get("/members/").status_code == 403  # a manager there, an owner here
    assert other.role == Role.MANAGER


def test_nobody_switches_to_a_provider_that_is_not_theirs(browser):
    ProviderFactory(slug="foreign")
    assert browser.post("/switch/", {"provider": "foreign"}).status_code == 404
    assert browser.post("/switch/", {"provider": "nobody"}).status_code == 404


def test_who_belongs_to_one_provider_is_offered_no_switch(browser):
    assert "/switch/" not in browser.get("/").content.decode()


def test_a_form_without_a_role_removes_nobody(browser, owner):
    other = MembershipFactory(provider=owner.provider, role=Role.VIEWER)
    for fields in ({}, {"role": ""}, {"role": "king"}):
        assert browser.post(f"/members/{other.pk}/role/", fields).status_code == 404
    other.refresh_from_db()
    assert other.role == Role.VIEWER


@pytest.mark.parametrize("role", ["remove", "manager"])
def test_what_somebody_did_as_an_owner_only_ends_with_it(browser, owner, role):
    leaves = MembershipFactory(provider=owner.provider, role=Role.OWNER)
    with tenant_scope(owner.provider):
        theirs = services.invite(
            provider=owner.provider, email="mole@x.example", role=Role.OWNER, actor=leaves.user
        )
        kept = services.invite(
            provider=owner.provider, email="new@x.example", role=Role.VIEWER, actor=owner.user
        )
        _, secret = keys.create(name="leaver’s", scopes=keys.PUSHES, by=leaves.user)
        _, stays = keys.create(name="stayer’s", scopes=keys.PUSHES, by=owner.user)
    browser.post(f"/members/{leaves.pk}/role/", {"role": role})
    theirs.refresh_from_db()
    kept.refresh_from_db()
    assert (theirs.withdrawn_at is None, kept.withdrawn_at is None) == (False, True)
    assert keys.find(secret) is None
    assert keys.find(stays) is not None
