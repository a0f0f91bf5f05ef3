"""The one settings file. Values come from the environment (`.env` is read too); docs/settings.md lists them.

Without any value HourTab runs on one's own machine: debug on, SQLite, keys made below `var/`. With
`DEBUG=0` it is production: then missing values stop the start with a hint.
"""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

from desk.inbox.box_address import read_box_address
from hourtab import keys
from hourtab.backing_up.retention import Retention
from hourtab.client_address import read_networks
from hourtab.environment import POLICY, databases, mail_settings, read_issuer, tls_settings
from hourtab.environment import add as add_static_headers
from hourtab.keys import key_of
from hourtab.logs import logging_settings

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = BASE_DIR / "var"
LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"]

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=True)
PRODUCTION = not DEBUG
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else LOCAL_HOSTS)

if PRODUCTION and (not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS):
    raise ImproperlyConfigured("ALLOWED_HOSTS is not set. Name the hosts: ALLOWED_HOSTS=hours.example.com")
if DEBUG and not set(ALLOWED_HOSTS) <= set(LOCAL_HOSTS):
    raise ImproperlyConfigured("DEBUG is on, but ALLOWED_HOSTS names a public host. Set DEBUG=0.")

KEYS = None if PRODUCTION else VAR / "keys"
SECRET_KEY = key_of(env, "SECRET_KEY", KEYS, keys.HOW_TO_SIGN)
HOURTAB_LINK_KEY = key_of(env, "HOURTAB_LINK_KEY", KEYS, keys.HOW_TO_SEAL)
keys.require_link_key(HOURTAB_LINK_KEY, keys.HOW_TO_SEAL)
if PRODUCTION:
    keys.require_secret_key(SECRET_KEY, keys.HOW_TO_SIGN)
BASE_URL = env.str(
    "BASE_URL", default=f"https://{ALLOWED_HOSTS[0]}" if PRODUCTION else "http://localhost:8000"
)

INSTALLED_APPS = [
    "hourtab",
    "accounts",
    "retainers",
    "imports",
    "portal",
    "desk",
    "alerts",
    "demo",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "accounts.provider_registry.SingleSignOn",
    "allauth.socialaccount.providers.openid_connect",
]

MIDDLEWARE = [
    "hourtab.client_address.client_addresses",
    "accounts.security.numbered",
    "accounts.security.watched",
    "django.middleware.security.SecurityMiddleware",
    "hourtab.middleware.headers",
    "hourtab.middleware.body_limit",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "hourtab.token_pages.ContentPolicy",
    "portal.doors.TokenPages",
    "hourtab.token_pages.Sessions",
    "hourtab.middleware.ClientsLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "hourtab.middleware.NoZeroBytes",
    "hourtab.token_pages.Accounts",
    "hourtab.token_pages.Messages",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.sessions.Limited",
    "accounts.second_factor.Required",
    "desk.clients.merging.moved_on",
    "hourtab.errors.only_forms",
]

TRUSTED_PROXIES = read_networks(env.list("TRUSTED_PROXIES", default=["127.0.0.1", "::1"]))

ROOT_URLCONF = "hourtab.urls"
WSGI_APPLICATION = "hourtab.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["presentation.display"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context.desk",
            ],
        },
    }
]

DATABASES = databases(env, VAR)
DATABASE_ROUTERS = ["accounts.replica.Router"]
CACHES = {"default": {"BACKEND": "accounts.database.Limits", "LOCATION": "hourtab_cache"}}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
_VALIDATORS: dict[str, dict[str, object]] = {
    "MinimumLengthValidator": {"min_length": 12},
    "CommonPasswordValidator": {},
    "NumericPasswordValidator": {},
    "UserAttributeSimilarityValidator": {"user_attributes": ("email", "name")},
}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in _VALIDATORS.items()
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.ClosedSignup"
ACCOUNT_FORMS = {"login": "accounts.adapter.SignIn", "reset_password": "accounts.adapter.AskForNewPassword"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts come from an invitation sent to that very address
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # its mail invites to sign up, which nobody can
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a mail for every change of a password or a second factor
ACCOUNT_SESSION_REMEMBER = True
SESSION_IDLE_HOURS = env.int("SESSION_IDLE_HOURS", default=8)
SESSION_DAYS = env.int("SESSION_DAYS", default=7)
SESSION_COOKIE_AGE = SESSION_DAYS * 24 * 3600
REQUIRE_SECOND_FACTOR = env.bool("REQUIRE_SECOND_FACTOR", default=PRODUCTION)
OIDC_ISSUER = env.str("OIDC_ISSUER", default="").rstrip("/")
_KNOWN_THERE = (env.str(f"OIDC_{each}", default="") for each in ("CLIENT_ID", "CLIENT_SECRET", "NAME"))
SOCIALACCOUNT_PROVIDERS = read_issuer(OIDC_ISSUER, *_KNOWN_THERE)
SOCIALACCOUNT_ADAPTER = "accounts.single_sign_on.InvitedPeopleOnly"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form that leads to another host is what the policy of our pages refuses
MFA_ADAPTER = "accounts.sealed_factors.SealedFactors"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_ALLOW_UNVERIFIED_EMAIL = True  # the invitation's mail has proved the address
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # a stolen key alone is no sign-in
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
_STATIC_FILES = "whitenoise.storage.CompressedManifestStaticFilesStorage"
_AS_THEY_ARE = "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _STATIC_FILES if PRODUCTION else _AS_THEY_ARE},
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_ADD_HEADERS_FUNCTION = add_static_headers
ORIGINALS_ROOT = Path(env.str("ORIGINALS_ROOT", default=str(VAR / "originals")))
LONG_IMPORT_BYTES = env.int("LONG_IMPORT_BYTES", default=4 * 1024 * 1024)
LONG_IMPORT_PROCESSES = env.bool("LONG_IMPORT_PROCESSES", default=True)
_INBOX = env.str("INBOX_DIR", default="")
INBOX_DIR = Path(_INBOX) if _INBOX else None
try:
    INBOX_IMAP = read_box_address(env.str("INBOX_IMAP", default=""))
    BOUNCES_IMAP = read_box_address(env.str("BOUNCES_IMAP", default=""), "BOUNCES_IMAP")
except ValueError as error:
    raise ImproperlyConfigured(str(error)) from error
WEBHOOK_NETWORKS = read_networks(env.list("WEBHOOK_NETWORKS", default=[]), "WEBHOOK_NETWORKS")
BACKUPS_ROOT = Path(env.str("BACKUPS_ROOT", default=str(VAR / "backups")))
BACKUP_KEEP = Retention(
    daily=env.int("BACKUP_KEEP_DAILY", default=7),
    weekly=env.int("BACKUP_KEEP_WEEKLY", default=5),
    monthly=env.int("BACKUP_KEEP_MONTHLY", default=12),
)
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # a preview of many clients and unworded lines is one form
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

vars().update(mail_settings(env, PRODUCTION))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="HourTab <hourtab@localhost>")

SECURITY_CONTACT = env.str("SECURITY_CONTACT", default="")
keys.require_contact(SECURITY_CONTACT)

CONTENT_SECURITY_POLICY = POLICY
SECURE_REFERRER_POLICY = "strict-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
if PRODUCTION:
    vars().update(tls_settings(env, ALLOWED_HOSTS))

LOGGING = logging_settings(env.str("LOG_LEVEL", default="WARNING"))
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # other hosts of the domain are not ours to bind
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
