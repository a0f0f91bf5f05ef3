"""The one settings file. Values come from the environment (`.env` is read too); docs/settings.md lists them.

Without any value HourTab runs on one's own machine: debug on, SQLite, keys made below `var/`. With
`DEBUG=0` it is production: then missing values stop the start with a hint.
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from hourtab.backing_up.retention import Retention
from hourtab.client_address import read_networks
from hourtab.issuer import read_issuer
from hourtab.local_keys import local_key
from hourtab.static_headers import add as add_static_headers
from hourtab.strong_keys import (
    SMTP,
    require_contact,
    require_link_key,
    require_mail_server,
    require_secret_key,
)

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = BASE_DIR / "var"
LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"]

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=True)
PRODUCTION = not DEBUG
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else LOCAL_HOSTS)


def needed_in_production(name: str, hint: str) -> str:
    """The value of `name`; on one's own machine a key made on first use."""
    value: str = env.str(name, default="")
    if value:
        return value
    if PRODUCTION:
        raise ImproperlyConfigured(f"{name} is not set. {hint}")
    return local_key(VAR / "keys", name.lower())


if PRODUCTION and (not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS):
    raise ImproperlyConfigured("ALLOWED_HOSTS is not set. Name the hosts: ALLOWED_HOSTS=hours.example.com")
if DEBUG and not set(ALLOWED_HOSTS) <= set(LOCAL_HOSTS):
    raise ImproperlyConfigured("DEBUG is on, but ALLOWED_HOSTS names a public host. Set DEBUG=0.")

HOW_TO_SIGN = "Make one: python -c 'import secrets; print(secrets.token_urlsafe(50))'"
HOW_TO_SEAL = (
    "It seals the share links so that they can be copied again. Make one: "
    "python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'"
)
SECRET_KEY = needed_in_production("SECRET_KEY", HOW_TO_SIGN)
HOURTAB_LINK_KEY = needed_in_production("HOURTAB_LINK_KEY", HOW_TO_SEAL)
require_link_key(HOURTAB_LINK_KEY, HOW_TO_SEAL)
if PRODUCTION:
    require_secret_key(SECRET_KEY, HOW_TO_SIGN)
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
    "accounts.request_ids.numbered",
    "accounts.security.watched",
    "django.middleware.security.SecurityMiddleware",
    "hourtab.middleware.headers",
    "hourtab.body_limit.body_limit",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.middleware.TokenPages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "hourtab.middleware.ClientsLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "hourtab.zero_bytes.NoZeroBytes",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.sessions.Limited",
    "accounts.second_factor.Required",
    "desk.clients.moved_on.moved_on",
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
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context.desk",
            ],
        },
    }
]

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR / 'hourtab.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    if Path(DATABASES["default"]["NAME"]).parent == VAR:  # one that lies elsewhere has its folder
        VAR.mkdir(exist_ok=True)
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        " PRAGMA temp_store=MEMORY;",  # each row that a trigger guards is journaled apart: not in a file
    }
else:
    DATABASES["default"] |= {"ENGINE": "accounts.postgres", "CONN_HEALTH_CHECKS": True}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
CACHES = {"default": {"BACKEND": "accounts.limits.Limits", "LOCATION": "hourtab_cache"}}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.ClosedSignup"
ACCOUNT_FORMS = {"reset_password": "accounts.new_passwords.AskForNewPassword"}
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
SOCIALACCOUNT_PROVIDERS = read_issuer(
    OIDC_ISSUER,
    env.str("OIDC_CLIENT_ID", default=""),
    env.str("OIDC_CLIENT_SECRET", default=""),
    env.str("OIDC_NAME", default=""),
)
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
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_ADD_HEADERS_FUNCTION = add_static_headers
ORIGINALS_ROOT = Path(env.str("ORIGINALS_ROOT", default=str(VAR / "originals")))
_INBOX = env.str("INBOX_DIR", default="")
INBOX_DIR = Path(_INBOX) if _INBOX else None
BACKUPS_ROOT = Path(env.str("BACKUPS_ROOT", default=str(VAR / "backups")))
BACKUP_KEEP = Retention(
    daily=env.int("BACKUP_KEEP_DAILY", default=7),
    weekly=env.int("BACKUP_KEEP_WEEKLY", default=5),
    monthly=env.int("BACKUP_KEEP_MONTHLY", default=12),
)
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # a preview of many clients and unworded lines is one form
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

try:
    EMAIL_CONFIG = env.email_url_config(env.str("EMAIL_URL", default="") or "consolemail://")
except ImproperlyConfigured as error:
    raise ImproperlyConfigured(f"EMAIL_URL: {error}. Write smtp+tls://user:password@host:587") from error
EMAIL_BACKEND = EMAIL_CONFIG["EMAIL_BACKEND"]
if PRODUCTION:
    require_mail_server(EMAIL_BACKEND)
if EMAIL_BACKEND == SMTP:
    EMAIL_BACKEND = "accounts.bounded_mail.Backend"
EMAIL_HOST = EMAIL_CONFIG.get("EMAIL_HOST") or "localhost"
EMAIL_PORT = EMAIL_CONFIG.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = EMAIL_CONFIG.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = EMAIL_CONFIG.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = bool(EMAIL_CONFIG.get("EMAIL_USE_TLS"))
EMAIL_USE_SSL = bool(EMAIL_CONFIG.get("EMAIL_USE_SSL"))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="HourTab <hourtab@localhost>")

SECURITY_CONTACT = env.str("SECURITY_CONTACT", default="")
require_contact(SECURITY_CONTACT)

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_REFERRER_POLICY = "strict-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_PROXY_SSL_HEADER = (
        ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=True) else None
    )
    SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=24 * 3600)  # a mistake with TLS is over in a day
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_SUBDOMAINS", default=False)
    SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=False)
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    CSRF_TRUSTED_ORIGINS = env.list(
        "CSRF_TRUSTED_ORIGINS", default=[f"https://{host}" for host in ALLOWED_HOSTS]
    )

LOG_LEVEL = env.str("LOG_LEVEL", default="WARNING")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "no_tokens": {"()": "hourtab.logs.NoTokens"},
        "one_line": {"()": "hourtab.logs.OneLine"},
    },
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
        "json": {"format": "{message}", "style": "{"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "filters": ["no_tokens"], "formatter": "line"},
        "security": {"class": "logging.StreamHandler", "filters": ["no_tokens"], "formatter": "json"},
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        "django.security.DisallowedHost": {"filters": ["one_line"]},  # every scanner asks for some
        "hourtab.security": {"handlers": ["security"], "level": "INFO", "propagate": False},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
    },
}
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # other hosts of the domain are not ours to bind
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
