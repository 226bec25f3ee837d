"""Settings of a Tejido workspace: safe by default, nothing to edit on a laptop.

The workspace directory is named by ``TEJIDO_DIR`` (the command line sets it). There is no user table and no
administration site: members and their keys are Tejido's own.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from tejido.vault.workspace import workspace_of_process

PACKAGE = Path(__file__).resolve().parent
WORKSPACE = workspace_of_process()

DEBUG = False
# It signs only the CSRF cookie and the language cookie: one for the life of the process is enough, and leaves
# nothing to steal. Several processes behind one address share it through the environment.
SECRET_KEY = os.environ.get("TEJIDO_SECRET") or secrets.token_urlsafe(48)
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *filter(None, os.environ.get("TEJIDO_HOSTS", "").split(","))]

INSTALLED_APPS = [
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "tejido.web",
    "tejido.vault",
    "tejido.circles",
    "tejido.fabric",
    "tejido.incidents",
    "tejido.protection",
    "tejido.readings",
    "tejido.exchange",
    "tejido.dossiers",
]

MIDDLEWARE = [
    "tejido.web.middleware.StrictHeaders",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "tejido.web.middleware.SentencesForErrors",
    "tejido.circles.middleware.AtWork",
    "tejido.vault.uploads.UploadsEndWithTheRequest",
]

ROOT_URLCONF = "tejido.urls"
WSGI_APPLICATION = "tejido.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "tejido.web.context.every_page",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "tejido.web.templatetags.tejido"],
        },
    }
]

DATABASES = {"default": WORKSPACE.database_settings()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Behind https (an office server; an onion service speaks http inside its own encryption) cookies are https only, and
# named so that no other host of the same domain can lay one of its own over them.
_HTTPS = os.environ.get("TEJIDO_HTTPS") == "1"
_OURS_ALONE = "__Host-" if _HTTPS else ""

SESSION_ENGINE = "tejido.vault.sessions"
SESSION_COOKIE_NAME = f"{_OURS_ALONE}cuaderno"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = f"{_OURS_ALONE}cuaderno_c"
CSRF_COOKIE_HTTPONLY = True
# Gone with the browser, like every cookie of ours: a seized machine should not tell who was here.
CSRF_COOKIE_AGE = None
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "tejido.web.errors.refused_form"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
LANGUAGE_COOKIE_NAME = f"{_OURS_ALONE}cuaderno_l"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"

# The web server in front ends the https; forms come from the hosts named, and from nowhere else.
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS[3:]] if _HTTPS else []
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True

USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "es"
LANGUAGES = [("es", "Español"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / room / "locale" for room in ("domain", "vocabularies", "drawing", "analysis", "cli")]

STATIC_URL = "static/"
STATIC_ROOT = os.environ.get("TEJIDO_STATIC") or None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "tejido.web.statics.VersionedStatic"},
}

# Uploads never touch the disk in clear: they are sealed while they arrive.
FILE_UPLOAD_HANDLERS = ["tejido.vault.uploads.SealedUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 200
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

#: Minutes without use after which a session is locked, and hours after which it is in any case; the browser's tab.
IDLE_MINUTES = int(os.environ.get("TEJIDO_IDLE_MINUTES", "10"))
SESSION_HOURS = int(os.environ.get("TEJIDO_SESSION_HOURS", "12"))
NEUTRAL_NAME = os.environ.get("TEJIDO_NAME", "Cuaderno")
#: Where the leave button goes: something any neighbour might be reading. Never requested by Tejido itself.
NEUTRAL_SITE = os.environ.get("TEJIDO_NEUTRAL_SITE", "https://www.wikipedia.org/")

#: What fills a new circle with demonstration data: called with ``by=``; empty where there is none.
TEJIDO_DEMO_LOADER = "tejido.demo.loading.load_demo"

#: What is read ahead in the background once a workspace was opened: functions without arguments, in this order.
TEJIDO_WARM = [
    "tejido.readings.warming.read_ahead",
    "tejido.readings.warming.catch_up_lists",
    "tejido.readings.warning_kept.reckon_ahead",
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"discreet": {"()": "tejido.web.discreet.Discreet"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["discreet"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"django": {"handlers": ["console"], "level": "WARNING", "propagate": False}},
}
