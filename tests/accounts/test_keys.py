"""API keys: an owner's to make and revoke, shown once, counted when used."""

import re
import shlex

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from accounts import keys
from accounts.models import ApiKey, AuditEvent, Role
from accounts.tenancy import tenant_scope
from tests.factories import MembershipFactory, ProviderFactory
from tests.shared_rows import shared_rows
from tests.world import World


@shared_rows
def world(time_machine, settings) -> World:
    settings.BASE_URL = "https://hours.north.example"
    time_machine.move_to("2026-06-22T12:00:00Z", tick=False)
    return World(ProviderFactory(slug="north", timezone="America/New_York"))


@pytest.fixture
def key(provider):
    user = MembershipFactory(provider=provider, role=Role.OWNER, user__password=None).user
    with tenant_scope(provider):
        return keys.create(name="Scheduled report", scopes=keys.PUSHES, by=user)


def drop_off(secret):
    return Client().post(
        "/api/imports",
        data=b"Client,Date,Hours\nNobody,2026-06-02,1\n",
        content_type="text/csv",
        headers={"Authorization": f"Bearer {secret}"},
    )


def secret_in(answer):
    return re.search(r'id="secret" value="(ht_[\w-]+)"', answer.content.decode()).group(1)


# who may


@pytest.mark.parametrize("role", [Role.VIEWER, Role.MANAGER])
def test_only_an_owner_sees_makes_and_revokes_keys(as_role, key, role):
    member = as_role(role)
    assert member.get(reverse("api_keys")).status_code == 403
    assert member.post(reverse("api_key_new"), {"name": "Mine", "scopes": ["import"]}).status_code == 403
    assert member.post(reverse("api_key_revoke", args=[key[0].pk])).status_code == 403
    assert drop_off(key[1]).status_code == 201


def test_nobody_signed_in_is_sent_to_the_sign_in_page(client, key):
    assert client.get(reverse("api_keys")).status_code == 302
    assert client.post(reverse("api_key_new"), {"name": "Mine", "scopes": ["import"]}).status_code == 302


def test_another_providers_key_and_a_missing_one_look_the_same(stranger, key):
    assert stranger.post(reverse("api_key_revoke", args=[key[0].pk])).status_code == 404
    assert stranger.post(reverse("api_key_revoke", args=[999_999])).status_code == 404
    assert "Scheduled report" not in stranger.get(reverse("api_keys")).content.decode()
    assert drop_off(key[1]).status_code == 201


def test_a_form_from_elsewhere_is_refused(provider, key):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(MembershipFactory(provider=provider, role=Role.OWNER, user__password=None).user)
    assert strict.post(reverse("api_key_new"), {"name": "Mine", "scopes": ["import"]}).status_code == 403
    assert strict.post(reverse("api_key_revoke", args=[key[0].pk])).status_code == 403


@pytest.mark.parametrize("name", ["api_key_new", "api_key_revoke"])
def test_nothing_is_written_by_following_a_link(owner, key, name):
    address = reverse(name, args=[key[0].pk] if name == "api_key_revoke" else [])
    assert owner.get(address).status_code == 405


# making


def test_the_secret_is_shown_once_and_opens_the_drop_off(owner, provider):
    answer = owner.post(reverse("api_key_new"), {"name": "Weekly report", "scopes": ["import"]})
    secret = secret_in(answer)
    assert "no-store" in answer.headers["Cache-Control"]
    assert drop_off(secret).status_code == 201
    assert secret not in owner.get(reverse("api_keys")).content.decode()
    with tenant_scope(provider):
        made = ApiKey.objects.get()
        assert secret not in str(vars(made))
        assert AuditEvent.objects.get(action="key created").subject == "Weekly report"
        assert secret not in str(AuditEvent.objects.get(action="key created").detail)


@pytest.mark.parametrize(("scopes", "query"), [(["publish"], "?publish=1"), (["import", "read"], "")])
def test_a_line_for_the_shell_comes_ready_with_it(owner, scopes, query):
    answer = owner.post(reverse("api_key_new"), {"name": "Weekly report", "scopes": scopes})
    line = answer.context["line"]
    assert shlex.split(line) == [
        "curl",
        "--data-binary",
        "@time.csv",
        "-H",
        f"Authorization: Bearer {secret_in(answer)}",
        f"https://hours.north.example/api/imports{query}",
    ]


@pytest.mark.parametrize("name", ["", "  ", "x" * 81])
def test_a_key_needs_a_name_that_can_be_kept(owner, provider, name):
    assert owner.post(reverse("api_key_new"), {"name": name, "scopes": ["import"]}).status_code == 422
    with tenant_scope(provider):
        assert not ApiKey.objects.exists()


@pytest.mark.parametrize(("scope", "where"), [("read", "/api/balances"), ("incident", "/api/incidents")])
def test_the_line_for_the_shell_is_one_that_the_key_may(owner, scope, where):
    answer = owner.post(reverse("api_key_new"), {"name": "Balances in the PSA", "scopes": [scope]})
    line = shlex.split(answer.context["line"])
    assert line[-1] == f"https://hours.north.example{where}"
    assert f"Authorization: Bearer {secret_in(answer)}" in line


@pytest.mark.parametrize("scopes", [[], ["everything"]])
def test_a_key_needs_to_be_told_what_it_may(owner, provider, scopes):
    assert owner.post(reverse("api_key_new"), {"name": "Report", "scopes": scopes}).status_code == 422
    with tenant_scope(provider):
        assert not ApiKey.objects.exists()


def test_a_key_that_publishes_uploads_as_well(owner, provider):
    owner.post(reverse("api_key_new"), {"name": "Report", "scopes": ["publish"]})
    with tenant_scope(provider):
        assert ApiKey.objects.get().scopes == ["import", "publish"]
        assert AuditEvent.objects.get(action="key created").detail["scopes"] == ["import", "publish"]


def test_requests_of_a_minute_are_counted_exactly_and_a_new_minute_begins_anew(provider, key, time_machine):
    with tenant_scope(provider):
        ApiKey.objects.filter(pk=key[0].pk).update(asked=keys.A_MINUTE - 1, asked_in=now())
        assert keys.seconds_to_wait(key[0], now()) == 0
        assert keys.seconds_to_wait(key[0], now()) == 60
        time_machine.shift(60)
        assert keys.seconds_to_wait(key[0], now()) == 0
        assert ApiKey.objects.get(pk=key[0].pk).asked == 1


# the list and the end


def test_the_list_tells_keys_apart_and_says_when_each_was_used(owner, key):
    made, secret = key
    row = owner.get(reverse("api_keys")).context["live"][0]
    assert (row["name"], row["start"], row["may"]) == (
        "Scheduled report",
        made.start,
        ["upload", "publish"],
    )
    assert (row["created"], row["used"]) == ("22 Jun 2026, 08:00", "never")
    drop_off(secret)
    page = owner.get(reverse("api_keys"))
    assert page.context["live"][0]["used"] == "22 Jun 2026, 08:00"
    assert secret not in page.content.decode()


def test_a_revoked_key_opens_nothing_any_more(owner, provider, key):
    made, secret = key
    assert owner.post(reverse("api_key_revoke", args=[made.pk])).status_code == 302
    assert drop_off(secret).status_code == 401
    page = owner.get(reverse("api_keys"))
    assert page.context["live"] == []
    assert page.context["revoked"][0]["name"] == "Scheduled report"
    with tenant_scope(provider):
        assert AuditEvent.objects.get(action="key revoked").subject == "Scheduled report"


def test_revoking_twice_is_one_deed(owner, provider, key):
    for _ in range(2):
        owner.post(reverse("api_key_revoke", args=[key[0].pk]))
    with tenant_scope(provider):
        assert AuditEvent.objects.filter(action="key revoked").count() == 1


def test_a_form_that_is_sent_twice_makes_one_key(owner, provider):
    once = re.search(r'name="once" value="(\w+)"', owner.get(reverse("api_keys")).text)[1]
    said = {"name": "Report", "scopes": ["import"], "once": once}
    assert secret_in(owner.post(reverse("api_key_new"), said))
    again = owner.post(reverse("api_key_new"), said, follow=True)
    assert "This form has already created its key." in again.text
    with tenant_scope(provider):
        assert ApiKey.objects.count() == 1
