"""Django settings, read from two switches (DATABASE_URL, BROKER_URL) and a few tuning variables."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url

from desk.secret import secret_of
from desk.variables import read

BASE = Path(__file__).resolve().parent
HOME = Path(read("GLABELLA_HOME")).resolve()
SITE_URL = read("SITE_URL").rstrip("/")
SMTP_URL = read("SMTP_URL")
BROKER_URL = read("BROKER_URL")
CONTACT = read("GLABELLA_CONTACT")
CRAWL_DELAY = float(read("GLABELLA_DELAY"))
ALLOW_PRIVATE = read("GLABELLA_ALLOW_PRIVATE") == "1"
ARCHIVE = HOME / "archive"
ARCHIVE_DAYS = int(read("GLABELLA_ARCHIVE_DAYS"))
OUTBOX = HOME / "outbox"

DEBUG = read("GLABELLA_DEBUG") == "1"
SECRET_KEY = secret_of(HOME, read("GLABELLA_SECRET"))
ALLOWED_HOSTS = sorted({urlsplit(SITE_URL).hostname or "127.0.0.1", "127.0.0.1", "[::1]", "localhost"})
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "desk.views.refused.csrf_failure"

INSTALLED_APPS = [
    "desk",
    "digest",
    "classifier",
    "crawler",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "desk.bodiless.Bodiless",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "desk.headers.SecurityHeaders",
    "desk.nul.RefuseNul",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "desk.urls"
WSGI_APPLICATION = "desk.wsgi.application"
AUTH_USER_MODEL = "desk.User"
LOGIN_URL = "desk:login"
LOGIN_REDIRECT_URL = "/desk/"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Jinja2 renders every page of ours; the admin's own templates need Django's engine.
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "desk.jinja.environment"},
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

if read("DATABASE_URL"):
    DATABASES = {"default": dj_database_url.parse(read("DATABASE_URL"), conn_max_age=60)}
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(HOME / "glabella.sqlite3"),
            "CONN_MAX_AGE": 60,
            "OPTIONS": {
                "timeout": float(read("GLABELLA_LOCK_SECONDS")),
                "transaction_mode": "IMMEDIATE",
                # FULL, not NORMAL: a ledger row committed before the mail must survive a power cut.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
        }
    }

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE / "static"]
WHITENOISE_USE_FINDERS = True

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_URL.startswith("https://")
SESSION_COOKIE_SAMESITE = "Lax"
# Under no-referrer a browser posts forms with a blank Origin, which the CSRF check refuses; other hosts learn no more.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
