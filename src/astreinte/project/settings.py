"""Django's settings. Where things are comes from `places`; the rest is decided here, once."""

from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

import astreinte
from astreinte.project import keys, places

PLACES = places.read()
SECRET_KEY = keys.key(PLACES)
DEBUG = PLACES.debug
ALLOWED_HOSTS = [host.strip() for host in PLACES.hosts.split(",")]
CSRF_FAILURE_VIEW = "astreinte.doors.failing.csrf"
CSRF_TRUSTED_ORIGINS = [PLACES.origin] if PLACES.origin else []

INSTALLED_APPS = [
    "astreinte.doors.desk",  # before allauth: its pages are ours
    "astreinte.doors.portal",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "astreinte.records.journal",
    "astreinte.records.evidence",
    "astreinte.records.accounts",
    "astreinte.records.notices",
    "astreinte.records.inventory",
    "astreinte.records.contracts",
    "astreinte.records.agenda",
    "astreinte.records.monitoring",
    "astreinte.records.tickets",
    "astreinte.records.worklog",
    "astreinte.records.commitments",
    "astreinte.project.apps.ProjectConfig",
]

MIDDLEWARE = [
    "astreinte.doors.ourselves.OurselvesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "astreinte.doors.who.BrandMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "astreinte.doors.who.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "astreinte.project.urls"
WSGI_APPLICATION = "astreinte.project.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "astreinte.doors.who.context",
            ],
            "builtins": ["astreinte.doors.pieces", "astreinte.doors.clockwork"],
        },
    },
]

DATABASES = {"default": places.database_settings(PLACES)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody has us write to strangers
ACCOUNT_ADAPTER = "astreinte.doors.who.AccountAdapter"
MFA_ADAPTER = "astreinte.doors.enrolling.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # people are invited: nobody types an address that is not theirs
# A browser offers passkeys without TLS on localhost alone, which is where `make run` is.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PLACES.origin.startswith("https://")
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en-gb", _("British English"))]
LOCALE_PATHS = [Path(astreinte.__file__).parent / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = PLACES.data / "static"
WHITENOISE_USE_FINDERS = True

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "script-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PLACES.origin.startswith("https://")

DEFAULT_FROM_EMAIL = PLACES.mail_from
for _name, _value in places.mail_settings(PLACES).items():
    globals()[_name] = _value

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
}
