"""What does Django need to know?

Everything that differs between installations is in `config`; this file only translates it and fixes the rest.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _
from psycopg.conninfo import conninfo_to_dict

from tojimari.platform import postgres, uploads
from tojimari.platform.config import Config, config

PACKAGE = Path(__file__).resolve().parent.parent


def _secret_key(config: Config) -> str:
    """The key of the configuration, or one that is made once and kept in the data folder for its owner alone."""
    if config.secret_key is not None:
        return config.secret_key.get_secret_value()
    path = config.home / "secret_key"
    if not path.exists():
        config.home.mkdir(parents=True, exist_ok=True)
        fresh = config.home / f"secret_key.{secrets.token_hex(8)}"
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(64), encoding="ascii")
        try:
            # link() refuses to overwrite: of two processes that start together, the first one's key is used by both.
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text(encoding="ascii").strip()


def _database(config: Config) -> dict[str, Any]:
    parts: dict[str, Any]
    if config.database_url is not None:
        parts = dict(conninfo_to_dict(config.database_url.get_secret_value()))
    else:
        parts = dict(postgres.parameters_for(config.home))
    return {
        "ENGINE": "tojimari.platform.database",
        "NAME": parts.pop("dbname"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "OPTIONS": {"application_name": "tojimari", **parts},
    }


_config = config()

DEBUG = _config.debug
SECRET_KEY = _secret_key(_config)
ALLOWED_HOSTS = _config.hosts
CSRF_TRUSTED_ORIGINS = _config.csrf_origins
ROOT_URLCONF = "tojimari.urls"
WSGI_APPLICATION = "tojimari.wsgi.application"
DATABASES = {"default": _database(_config)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "tojimari.portal",
    "tojimari.desk",
    "tojimari.lines",
    "tojimari.network",
    "tojimari.counter",
    "tojimari.codes",
    "tojimari.money",
    "tojimari.messages",
    "tojimari.proofs",
    "tojimari.terminations",
    "tojimari.platform",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "procrastinate.contrib.django",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "tojimari.platform.visitors.Visitors",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tojimari.portal.tenancy.CarrierMiddleware",
    "tojimari.desk.sessions.StaffSessions",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tojimari.portal.context.page",
            ],
        },
    },
]

# Languages and time. Stored in UTC, shown in Japan's time: every deadline here is Japan's.
LANGUAGE_CODE = "ja"
LANGUAGES = [
    ("ja", _("Japanese")),
    ("en", _("English")),
    ("zh-hans", _("Simplified Chinese")),
    ("zh-hant", _("Traditional Chinese")),
]
LOCALE_PATHS = [PACKAGE / "locale"]
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Tokyo"

STATIC_URL = "static/"
STATICFILES_DIRS = [PACKAGE / "static"]
WHITENOISE_USE_FINDERS = True

# One cache for all processes, since allauth counts failed sign-ins in it: a cache of each process would multiply them.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "platform_cache"}}

# Staff sign in through allauth. Nobody signs up: accounts are made by those who run the site.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
ACCOUNT_ADAPTER = "tojimari.platform.accounts.StaffAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
SOCIALACCOUNT_ADAPTER = "tojimari.desk.single_sign_on.ProviderAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60  # a link by mail is no older (NIST SP 800-63B-4, 4.2.1)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Tojimari"

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# Nothing from elsewhere and nothing inline, on any page.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _config.https
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "tojimari.portal.errors.csrf_failure"
FILE_UPLOAD_MAX_MEMORY_SIZE = uploads.KEPT_IN_MEMORY
FILE_UPLOAD_HANDLERS = [
    "tojimari.platform.uploads.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
if _config.https:
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

EMAIL_HOST = _config.smtp_host or ""
EMAIL_PORT = _config.smtp_port
EMAIL_HOST_USER = _config.smtp_user or ""
EMAIL_HOST_PASSWORD = _config.smtp_password.get_secret_value() if _config.smtp_password else ""
EMAIL_USE_TLS = _config.smtp_starttls
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = _config.smtp_sender

LOGGING_CONFIG = "tojimari.platform.logging.configure"
LOGGING = {"level": _config.log_level}
