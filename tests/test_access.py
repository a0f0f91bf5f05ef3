"""Every address and every command, with who may use it: asked as nobody, as a stranger, and as each role.

A new address fails here until it is listed with its policy.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import get_commands
from django.db import transaction
from django.urls import get_resolver, reverse

from accounts.models import Role
from desk.dashboard.selectors import forget_all
from portal import kept_bodies
from tests.one_of_each import address_of

PUBLIC, TOKEN, KEY = "public", "token", "key"
VIEWER, MANAGER, OWNER = Role.VIEWER, Role.MANAGER, Role.OWNER
ROLES = (VIEWER, MANAGER, OWNER)

# name: (policy, methods that are answered, names the object of a provider)
ADDRESSES: dict[str, tuple[str, str, bool]] = {
    "healthz": (PUBLIC, "GET", False),
    "readyz": (PUBLIC, "GET", False),
    "favicon": (PUBLIC, "GET", False),
    "security_txt": (PUBLIC, "GET", False),
    "look": (PUBLIC, "GET", False),
    "logo": (PUBLIC, "GET", False),
    "icon": (PUBLIC, "GET", False),
    "link_protection": (PUBLIC, "GET", False),
    "setup": (PUBLIC, "GET POST", False),
    "accept_invitation": (PUBLIC, "GET POST", False),
    "agree_to_alerts": (PUBLIC, "GET POST", False),
    "leave_alerts": (PUBLIC, "GET POST", False),
    "confirm_watch": (PUBLIC, "GET POST", False),
    "stop_watch": (PUBLIC, "GET POST", False),
    "tell_me": (TOKEN, "GET POST", False),
    "end_watch": (MANAGER, "POST", True),
    "month_end_statements": (VIEWER, "GET", False),
    "mail_statements": (MANAGER, "POST", False),
    "webhooks": (OWNER, "GET", False),
    "webhook_new": (OWNER, "POST", False),
    "webhook": (OWNER, "GET", True),
    "webhook_test": (OWNER, "POST", True),
    "renew_webhook_secret": (OWNER, "POST", True),
    "webhook_again": (OWNER, "POST", True),
    "webhook_pause": (OWNER, "POST", True),
    "webhook_remove": (OWNER, "POST", True),
    "mails": (MANAGER, "GET", False),
    "choose_mails": (MANAGER, "POST", False),
    "mail": (MANAGER, "GET", True),
    "mail_body": (MANAGER, "GET", True),
    "mail_again": (MANAGER, "POST", True),
    "set_mail_aside": (MANAGER, "POST", True),
    "api_clients": (KEY, "GET", False),
    "api_balances": (KEY, "GET", False),
    "api_log": (KEY, "GET", False),
    "api_imports": (KEY, "GET POST", False),
    "api_incidents": (KEY, "POST", False),
    "openapi": (PUBLIC, "GET", False),
    "api_nothing": (PUBLIC, "GET", False),
    "balance": (TOKEN, "GET", False),
    "statement": (TOKEN, "GET", False),
    "statement_pdf": (TOKEN, "GET", False),
    "balance_json": (TOKEN, "GET", False),
    "log_csv": (TOKEN, "GET", False),
    "home_screen": (TOKEN, "GET", False),
    "calendar_file": (TOKEN, "GET", False),
    "link_code": (TOKEN, "GET POST", False),
    "badge_picture": (TOKEN, "GET", False),
    "badge_png": (TOKEN, "GET", False),
    "badge_line": (TOKEN, "GET", False),
    "badges": (MANAGER, "GET POST", True),
    "badge_sites": (MANAGER, "POST", True),
    "revoke_badge": (MANAGER, "POST", True),
    "ask": (TOKEN, "GET POST", False),
    "confirm_approval": (TOKEN, "GET POST", False),
    "no_such_link": (TOKEN, "GET", False),
    "dashboard": (VIEWER, "GET", False),
    "dashboard_csv": (VIEWER, "GET", False),
    "switch": (VIEWER, "POST", False),
    "client": (VIEWER, "GET", True),
    "client_sharing": (VIEWER, "GET", True),
    "client_history": (VIEWER, "GET", True),
    "client_new": (MANAGER, "GET POST", False),
    "client_edit": (MANAGER, "GET POST", True),
    "client_merge": (MANAGER, "GET POST", True),
    "agreement_new": (MANAGER, "GET POST", True),
    "agreement": (VIEWER, "GET", True),
    "agreement_versions": (VIEWER, "GET", True),
    "agreement_what_if": (VIEWER, "GET", True),
    "agreements_file": (MANAGER, "GET", False),
    "renew": (MANAGER, "GET POST", True),
    "by_hand": (MANAGER, "GET POST", True),
    "view_as_client": (VIEWER, "GET", True),
    "balance_as_client": (VIEWER, "GET", True),
    "log_as_client": (VIEWER, "GET", True),
    "calendar_as_client": (VIEWER, "GET", True),
    "manifest_as_client": (VIEWER, "GET", True),
    "tell_me_as_client": (VIEWER, "GET", True),
    "ask_as_client": (VIEWER, "GET", True),
    "statement_as_client": (VIEWER, "GET", True),
    "statement_pdf_for_staff": (VIEWER, "GET", True),
    "notice": (MANAGER, "GET POST", True),
    "live_incident": (MANAGER, "GET POST", True),
    "change_live_incident": (MANAGER, "POST", True),
    "name_live_ticket": (MANAGER, "POST", True),
    "covered_days": (MANAGER, "GET POST", True),
    "grants": (VIEWER, "GET", True),
    "add_grant": (MANAGER, "POST", True),
    "correct_grant": (MANAGER, "GET POST", True),
    "take_back_grant": (MANAGER, "GET POST", True),
    "withdraw_approval": (MANAGER, "GET POST", True),
    "statements": (VIEWER, "GET", True),
    "issue_statement": (MANAGER, "POST", True),
    "save_view": (VIEWER, "POST", False),
    "drop_view": (VIEWER, "POST", True),
    "entry": (VIEWER, "GET", True),
    "incidents": (VIEWER, "GET", False),
    "incident": (VIEWER, "GET", True),
    "month_end": (VIEWER, "GET", False),
    "month_end_csv": (VIEWER, "GET", False),
    "month_end_uncounted": (VIEWER, "GET", False),
    "month_end_rates": (VIEWER, "GET", False),
    "state_cycles": (MANAGER, "POST", False),
    "invoice_cycles": (MANAGER, "POST", False),
    "take_back_invoiced": (MANAGER, "GET POST", True),
    "close_month": (MANAGER, "POST", False),
    "open_month_again": (MANAGER, "POST", False),
    "requests": (VIEWER, "GET", False),
    "answer_request": (MANAGER, "POST", True),
    "companies": (VIEWER, "GET", False),
    "waiting": (VIEWER, "GET", False),
    "ask_about_company": (MANAGER, "POST", True),
    "search": (VIEWER, "GET", False),
    "mappings": (VIEWER, "GET", False),
    "rename_mapping": (MANAGER, "POST", True),
    "take_mapping_back": (MANAGER, "POST", True),
    "answers": (VIEWER, "GET", False),
    "take_answer_back": (MANAGER, "POST", True),
    "let_through": (VIEWER, "GET", False),
    "try_text": (VIEWER, "POST", False),
    "take_back_let": (MANAGER, "POST", True),
    "provider_settings": (OWNER, "GET POST", False),
    "trail": (OWNER, "GET", False),
    "create_link": (MANAGER, "POST", True),
    "link_second_step": (MANAGER, "POST", True),
    "copy_link": (MANAGER, "POST", True),
    "replace_link": (MANAGER, "POST", True),
    "revoke_link": (MANAGER, "POST", True),
    "send_link_by_mail": (MANAGER, "POST", True),
    "rules": (VIEWER, "GET", False),
    "rule_new": (MANAGER, "GET POST", False),
    "business_hours": (MANAGER, "GET POST", False),
    "rule_edit": (MANAGER, "GET POST", True),
    "rule_delete": (MANAGER, "GET POST", True),
    "rule_move": (MANAGER, "POST", True),
    "api_keys": (OWNER, "GET", False),
    "api_key_new": (OWNER, "POST", False),
    "api_key_revoke": (OWNER, "POST", True),
    "as_of": (VIEWER, "GET", True),
    "as_of_day": (VIEWER, "GET", True),
    "as_of_log": (VIEWER, "GET", True),
    "as_of_json": (VIEWER, "GET", True),
    "members": (OWNER, "GET", False),
    "whole_provider": (OWNER, "GET POST", False),
    "export_everything": (OWNER, "GET POST", False),
    "invite": (OWNER, "POST", False),
    "sessions": (VIEWER, "GET", False),
    "end_session": (VIEWER, "POST", True),
    "end_other_sessions": (VIEWER, "POST", False),
    "change_role": (OWNER, "POST", True),
    "withdraw_invitation": (OWNER, "POST", True),
    "imports": (VIEWER, "GET", False),
    "import_template": (VIEWER, "GET", False),
    "upload_import": (MANAGER, "POST", False),
    "wording": (VIEWER, "GET", False),
    "save_wording": (MANAGER, "POST", False),
    "remembered": (VIEWER, "GET", False),
    "tend_remembered": (MANAGER, "POST", True),
    "import": (VIEWER, "GET", True),
    "import_client": (VIEWER, "GET", True),
    "import_original": (MANAGER, "GET", True),
    "map_columns": (MANAGER, "GET POST", True),
    "import_headers": (MANAGER, "GET", True),
    "choose_in_import": (MANAGER, "POST", True),
    "reread_import": (MANAGER, "POST", True),
    "answer_company": (MANAGER, "POST", True),
    "grant_top_up": (MANAGER, "POST", True),
    "publish_import": (MANAGER, "POST", True),
    "discard_import": (MANAGER, "POST", True),
    "ordered_of_import": (MANAGER, "POST", True),
    "undo_import": (MANAGER, "POST", True),
    "open_import_again": (MANAGER, "POST", True),
}
# allauth's own pages about one's own account: for whoever signs in, or is signed in
SIGN_IN_ADDRESSES = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_reauthenticate",
    "account_change_password",
    "account_set_password",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "openid_connect_login",
    "openid_connect_callback",
    "mfa_index",
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "mfa_login_webauthn",
    "mfa_reauthenticate_webauthn",
}
OWN_COMMANDS = {
    "setup",
    "backup",
    "restore",
    "doctor",
    "load_retainers",
    "dump_retainers",
    "balances",
    "restatements",
    "import_csv",
    "undo_import",
    "carry_out_orders",
    "share_link",
    "gallery",
    "demo",
    "tick",
    "send_mails",
    "verify",
    "runserver",  # Django's own, with a sender beside it
    "migrate",  # too, recording each migration in its own transaction
    "export_provider",
    "import_provider",
    "delete_provider",
    "reset_second_step",
}


def patterns(resolver=None, namespace="") -> Iterator[str]:
    for one in (resolver or get_resolver()).url_patterns:
        if hasattr(one, "url_patterns"):
            yield from patterns(one, one.namespace or namespace)
        elif one.name:
            yield f"{namespace}:{one.name}" if namespace else one.name


# what the fixture has no object for: allowed, and not found
NAMES_MORE = {
    "end_session",
    "take_answer_back",
    "rename_mapping",
    "take_mapping_back",
    "take_back_let",
    "ask_about_company",
    "tend_remembered",
    "entry",
    "drop_view",
    "switch",
    "incident",
    "change_role",
    "copy_link",
    "rule_edit",
    "rule_delete",
    "rule_move",
    "api_key_revoke",
}
NAMES = sorted(name for name in patterns() if ":" not in name)
STAFF = sorted(name for name, (policy, _, _) in ADDRESSES.items() if policy in ROLES)


def test_every_address_is_listed_with_its_policy():
    assert sorted({*ADDRESSES, *SIGN_IN_ADDRESSES}) == NAMES


def test_every_command_is_listed():
    ours = {app.name for app in apps.get_app_configs() if Path(app.path).parent == settings.BASE_DIR}
    assert "alerts" in ours
    assert {name for name, app in get_commands().items() if app in ours} == OWN_COMMANDS


def ask(client, name, path):
    method = ADDRESSES[name][1].split()[-1]
    return client.post(path, {}) if method == "POST" else client.get(path)


@pytest.fixture
def asked(subtests, theirs):
    """An address, asked by itself: what it does is taken back before the next one."""

    @contextmanager
    def asked(name):
        with subtests.test(name), taken_back():
            yield address_of(name, theirs)

    return asked


@contextmanager
def taken_back():
    around = transaction.atomic()
    around._from_testcase = True  # what has to be outermost may be within it
    with around:
        yield
        transaction.set_rollback(True)
    forget_all()
    kept_bodies.forget_all()


def test_nobody_is_sent_to_sign_in(client, asked):
    for name in STAFF:
        with asked(name) as address:
            answer = ask(client, name, address)
            assert answer.status_code == 302
            assert answer.headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_what_it_may_and_nothing_else(browsers, asked, role):
    for name in STAFF:
        with asked(name) as address:
            answer = ask(browsers[role], name, address)
            allowed = ROLES.index(role) >= ROLES.index(ADDRESSES[name][0])
            assert (answer.status_code == 403) is not allowed
            assert answer.status_code < 500
            if allowed and name not in NAMES_MORE:
                assert answer.status_code != 404


# a missing one is said to have ended already, in the same words as a foreign one
SAYS_SO = {"end_session", "drop_view"}


def test_a_foreign_object_and_a_missing_one_look_the_same(browsers, asked):
    for name in STAFF:
        if ADDRESSES[name][2]:
            with asked(name) as address:
                foreign = ask(browsers["foreign"], name, address)
                assert foreign.status_code == (302 if name in SAYS_SO else 404)
                assert b"acme" not in foreign.content.lower().replace(b"/acme/", b"")


def test_a_person_without_a_provider_has_nothing_here(browsers, asked):
    for name in STAFF:
        with asked(name) as address:
            assert ask(browsers["nowhere"], name, address).status_code == 403


def test_what_acts_is_not_done_by_opening_an_address(browsers, asked):
    for name in STAFF:
        if ADDRESSES[name][1] == "POST":
            with asked(name) as address:
                assert browsers[Role.OWNER].get(address).status_code == 405


def test_an_action_needs_the_token_of_its_form(browsers, asked):
    for name in STAFF:
        if "POST" in ADDRESSES[name][1]:
            with asked(name) as address:
                assert browsers["checking"].post(address, {}).status_code == 403


@pytest.mark.parametrize(
    ("name", "method"),
    [
        (name, method)
        for name, (policy, methods, _) in ADDRESSES.items()
        if policy == KEY
        for method in methods.split()
    ],
)
def test_nothing_that_needs_a_key_is_told_without_one(client, theirs, name, method):
    """Whoever is signed in: a browser that carries a session is no program."""
    address = reverse(name, args=["acme"] if name == "api_log" else [])
    client.force_login(theirs["member"].user)
    assert client.generic(method, address).status_code == 401
