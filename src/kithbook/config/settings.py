"""Django settings. Everything a user can change comes from the environment or the data folder."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from kithbook.core.errors import Unavailable
from kithbook.store.home import DATABASE_NAME, ensure_home, secret_key

# Before numpy is loaded: its matrices here are small, and threads that wait for each other took 15 times as long.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

PACKAGE = Path(__file__).resolve().parent.parent
HOME = ensure_home()
SECRET_KEY = secret_key()
DEBUG = False
# Loopback only: the check of the Host header keeps other sites from reaching the app through DNS rebinding.
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *filter(None, os.environ.get("KITHBOOK_HOSTS", "").split(","))]
# Pages, and the API without a token, answer on this machine only, unless a proxy in front signs people in.
SIGN_IN_BY_PROXY = os.environ.get("KITHBOOK_SIGN_IN", "") == "proxy"

INSTALLED_APPS = [
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "csp",
    "kithbook.store",
    "kithbook.web.apps.WebConfig",
]
MIDDLEWARE = [
    "kithbook.web.middleware.SameOrigin",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "kithbook.web.middleware.LocalOwner",
]
ROOT_URLCONF = "kithbook.config.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "kithbook.web.context.shell",
            ],
        },
    }
]


def _sqlite() -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": HOME / DATABASE_NAME,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # A transaction that reads first and writes later would fail on contention; IMMEDIATE waits its turn.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA journal_size_limit=27103364;"
                "PRAGMA cache_size=-20000;PRAGMA temp_store=FILE;"
            ),
        },
    }


def _read_url(url: str) -> SplitResult:
    """The parts of an address of PostgreSQL; raises Unavailable for another one, or without the driver."""
    try:
        parts = urlsplit(url)
        is_read = parts.scheme in ("postgres", "postgresql") and parts.port != 0
        is_read = is_read and bool(parts.path.strip("/") or "service=" in parts.query)
    except ValueError:
        is_read = False
    if not is_read:
        raise Unavailable(
            "KITHBOOK_DATABASE is no address of a PostgreSQL database.",
            "Write it like postgresql://user:password@host/name, or leave it out to use SQLite.",
        )
    if find_spec("psycopg") is None:
        raise Unavailable(
            "KITHBOOK_DATABASE names a PostgreSQL database, and its driver is not installed.",
            "Install Kithbook with it: pipx install --force '.[postgres]'.",
        )
    return parts


def _postgres(url: str) -> dict[str, Any]:
    parts = _read_url(url)
    options: dict[str, Any] = {key: value for key, value in parse_qsl(parts.query) if key != "host"}
    host = dict(parse_qsl(parts.query)).get("host", parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "OPTIONS": options,
    }


_url = os.environ.get("KITHBOOK_DATABASE", "")
DATABASES = {"default": _postgres(_url) if _url else _sqlite()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]

STATIC_URL = "/static/"
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
SESSION_COOKIE_NAME = "kith_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_NAME = "kith_csrf"
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "kithbook.web.errors.csrf_failed"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
# Uploads go straight to a file, so that a mailbox of gigabytes does not pass through memory.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
FILE_UPLOAD_TEMP_DIR = HOME / "uploads"
FILE_UPLOAD_TEMP_DIR.mkdir(mode=0o700, exist_ok=True)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "manifest-src": ["'self'"],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
