"""After a provider's deletion no table holds anything of it, whoever's table it is: every table is looked at.

A new table, of ours or of a library, fails here until it is said what of a provider stands in it, and seen to go.
"""

from itertools import count
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.sessions.models import Session
from django.db import connection, models
from django.test import Client as Browser
from django.utils.timezone import now

from accounts.models import Deletion, Membership, OpenSession, OutboxMail, Provider
from accounts.tenancy import all_tenants, tenant_scope
from hourtab.provider_archive.bringing import in_order
from hourtab.provider_archive.contents import tenant_models
from hourtab.whole_provider import erase
from retainers.models import Restatement
from tests.factories import PASSWORD
from tests.shared_rows import shared_rows
from tests.test_whole_provider import made

pytestmark = pytest.mark.django_db(transaction=True)
MARK = "zorblatt"
OF_PEOPLE = {
    "accounts_user",
    "accounts_user_groups",
    "accounts_user_user_permissions",
    "accounts_opensession",
    "account_emailaddress",
    "account_emailconfirmation",
    "django_admin_log",
    "django_session",
    "mfa_authenticator",
    "socialaccount_socialaccount",
    "socialaccount_socialtoken",
}
OF_NOBODY = {
    "accounts_deletion": "the one line that stays",
    "accounts_erasure": "stands while it is deleted",
    "accounts_heartbeat": "when the installation last did its periodic work",
    "auth_group": "what may be done, not by whom",
    "auth_group_permissions": "too",
    "auth_permission": "too",
    "django_content_type": "Django's list of models",
    "django_migrations": "Django's list of migrations",
    "hourtab_cache": "attempts to sign in, under digests, for minutes",
    "portal_miss": "tokens that open nothing, by a digest of who asked, for minutes",
    "socialaccount_socialapp": "issuers that an installation signs in by: they are in its settings",
}
LIBRARYS_OWN = {"sqlite_sequence", "sqlite_stat1", "sqlite_stat4"}


def tables():
    return set(connection.introspection.table_names()) - LIBRARYS_OWN


def own_tables():
    return {model._meta.db_table for model in tenant_models()}


def test_of_every_table_it_is_known_what_of_a_provider_is_in_it():
    known = [*own_tables(), "accounts_provider", *OF_PEOPLE, *OF_NOBODY]
    assert sorted(tables()) == sorted(known)


def contents_of(table):
    """Every row of a table as text, as it stands in the database."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}"')
        return [" ".join(_text(value) for value in row) for row in cursor.fetchall()]


def _text(value):
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("latin-1")
    return str(value)


numbers = count(1000)
FIT = {  # what a row has to say so that the table takes it
    Restatement: {"cause": "law", "publication_id": None},
}


def fill(model, provider):
    """One row of the provider's, marked in every text, where the table has none yet."""
    if model._default_manager.filter(provider=provider).exists():
        return
    row = {
        field.attname: _value(field, provider) for field in model._meta.concrete_fields if field.name != "id"
    }
    with tenant_scope(provider):
        model(**(row | FIT.get(model, {}))).save()


def _value(field, provider):
    if field.name == "provider":
        return provider.pk
    if isinstance(field, models.ForeignKey):
        rows = field.remote_field.model._default_manager.all()
        if field.remote_field.model in tenant_models():
            rows = rows.filter(provider=provider)
        found = rows.values_list("pk", flat=True).first()
        return None if field.null and found is None else found
    if field.null:
        return None
    return _plain(field)


def _plain(field):
    if field.choices:
        return field.choices[0][0]
    if isinstance(field, models.EmailField):
        return f"pat{next(numbers)}@{MARK}.example"
    if isinstance(field, models.SlugField):
        return MARK
    if isinstance(field, models.CharField | models.TextField):
        return f"{next(numbers)} {MARK}"[: field.max_length]
    if isinstance(field, models.DateTimeField):
        return now()
    if isinstance(field, models.DateField):
        return now().date()
    if isinstance(field, models.JSONField):
        return {MARK: MARK}
    if isinstance(field, models.BooleanField):
        return False
    if isinstance(field, models.UUIDField):
        return uuid4()
    if isinstance(field, models.IntegerField):
        return next(numbers)
    return field.get_default()


def a_person_of(provider):
    """Their traces in the tables of libraries, made the way that the libraries make them where that is short."""
    user = Membership.objects.filter(provider=provider).first().user
    user.set_password(PASSWORD)
    user.save()
    Browser().post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    address, _ = EmailAddress.objects.get_or_create(user=user, email=user.email)
    EmailConfirmation.objects.create(email_address=address, key=f"{MARK}-key", sent=now())
    LogEntry.objects.create(user=user, object_repr=f"{MARK} Dental", action_flag=1)
    Authenticator.objects.create(user=user, type="totp", data={"secret": MARK})
    account = SocialAccount.objects.create(user=user, provider="oidc", uid=f"{MARK}-uid")
    SocialToken.objects.create(account=account, token=f"{MARK}-token")
    user.groups.add(Group.objects.create(name="readers"))
    user.user_permissions.add(Permission.objects.first())
    return user


@shared_rows
def two(tmp_path):
    """A provider with a row in every table, and another one."""
    north, south = made("north", "Zorblatt", tmp_path), made("south", "Quixby", tmp_path)
    user = a_person_of(north)
    with all_tenants("fills every table"):
        for model, _waits in in_order(tenant_models()):
            fill(model, north)
    return north, south, user


def test_every_table_that_may_hold_something_of_it_does(two):
    north, _, user = two
    with all_tenants("looks at every table"):
        for model in tenant_models():
            assert model._default_manager.filter(provider=north).exists(), model
    key = OpenSession.objects.get(user=user).session_key
    assert Session.objects.filter(session_key=key).exists()
    for table in OF_PEOPLE - {"django_session"}:
        assert contents_of(table), table


def test_after_the_deletion_no_table_holds_anything_of_it(two):
    north, south, user = two
    key = OpenSession.objects.get(user=user).session_key
    others = {table: _of(table, south) for table in own_tables()}
    erase(north, reason="contract ended")
    for table in tables():
        assert not [row for row in contents_of(table) if MARK in row.lower()], table
    with all_tenants("looks at every table"):
        for model in tenant_models():
            assert not model._default_manager.filter(provider_id=north.pk).exists(), model
    for table in OF_PEOPLE - {"accounts_user", "django_session"}:
        assert not _of_person(table, user), table
    assert not Session.objects.filter(session_key=key).exists()
    assert {table: _of(table, south) for table in own_tables()} == others
    assert not OutboxMail.objects.filter(provider=None).exists()


def _of(table, provider):
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}" WHERE provider_id = %s ORDER BY id', [provider.pk])
        return cursor.fetchall()


def _of_person(table, user):
    """The rows of that table that point at the person; what points at such rows went with them."""
    with connection.cursor() as cursor:
        names = {column.name for column in connection.introspection.get_table_description(cursor, table)}
        if "user_id" not in names:
            cursor.execute(f'SELECT * FROM "{table}"')
        else:
            cursor.execute(f'SELECT * FROM "{table}" WHERE user_id = %s', [user.pk])
        return cursor.fetchall()


def test_one_line_of_it_stays(two):
    erase(two[0], reason="contract ended", by="one of its owners")
    (line,) = contents_of("accounts_deletion")
    assert "north" in line
    assert "one of its owners" in line
    assert Deletion.objects.get().rows >= len(own_tables())
    assert not Provider.objects.filter(slug="north").exists()
    assert apps.get_model("accounts", "Erasure").objects.count() == 0
