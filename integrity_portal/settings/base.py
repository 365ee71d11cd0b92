"""Settings by environment only. Local work sets its defaults in `local`, tests in `test`."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote

import environ
from django.utils.translation import gettext_lazy as _

from integrity_portal.core.tunnels import proxy_parts
from integrity_portal.settings.security import *  # noqa: F403

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()

STATE_DIR = Path(env.str("PORTAL_STATE_DIR"))
KEYS_DIR = Path(env.str("PORTAL_KEYS_DIR", default=str(STATE_DIR / "keys")))
SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    secret_file = KEYS_DIR / "secret_key"
    SECRET_KEY = secret_file.read_text().strip() if secret_file.exists() else ""
DEBUG = False
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
BASE_URL = env.str("PORTAL_BASE_URL", default="http://localhost:8000").rstrip("/")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "integrity_portal.core",
    "opd",
    "assessments",
    "complaints",
    "reports",
    "django.contrib.admin",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "pgtrigger",
    "pghistory",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "integrity_portal.core.middleware.RequestContextMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "integrity_portal.core.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "integrity_portal.core.middleware.ReadOnlyMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "integrity_portal.core.middleware.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "opd.middleware.MembershipMiddleware",
    "opd.middleware.SecondFactorMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "csp.middleware.CSPMiddleware",
    "integrity_portal.core.middleware.PrivacyHeadersMiddleware",
]

ROOT_URLCONF = "integrity_portal.urls"
WSGI_APPLICATION = "integrity_portal.wsgi.application"

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
                "opd.context_processors.portal",
            ],
            # Later libraries win: this one is {% csrf_token %} with the office of the form.
            "builtins": ["opd.templatetags.acting"],
        },
    }
]

DATABASES: dict[str, dict[str, Any]] = {"default": env.db("DATABASE_URL")}
DATABASES["default"].update(
    # libpq's spelling of a socket folder in a URL: postgres://portal@%2Frun%2Fpostgresql/portal
    HOST=unquote(DATABASES["default"]["HOST"]),
    CONN_MAX_AGE=env.int("DATABASE_CONN_MAX_AGE", default=600),
    CONN_HEALTH_CHECKS=True,
    # Through PgBouncer no cursor outlives a statement.
    DISABLE_SERVER_SIDE_CURSORS=True,
)
DATABASES["default"].setdefault("OPTIONS", {}).update(
    options=(
        f"-c statement_timeout={env.int('DATABASE_STATEMENT_TIMEOUT_MS', default=15000)} "
        f"-c lock_timeout={env.int('DATABASE_LOCK_TIMEOUT_MS', default=5000)}"
    ),
    connect_timeout=3,
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Rate limits, allauth's counters and sessions live in PostgreSQL: Redis may be away.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = False
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

LANGUAGE_CODE = "id"
LANGUAGES = [("id", _("Indonesian")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
# Numbers are written by `number_id` and its kin: years and row ids must not get points (2.026).
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "static/"
STATIC_ROOT = STATE_DIR / "static"
# Prefixed folders: the sources in static/src are bundled into dist, not served.
STATICFILES_DIRS = [(name, BASE_DIR / "static" / name) for name in ("dist", "img")]
MEDIA_ROOT = STATE_DIR / "files"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(MEDIA_ROOT)},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# Redis is only the broker. `unix:///path` is Redis' own spelling, Celery's is redis+socket.
REDIS_URL = env.str("REDIS_URL")
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {"*.render_*": {"queue": "documents"}}
CELERY_TASK_ACKS_LATE = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 50
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# No socket timeout for workers: one whose acknowledgement timed out while Redis hung would count
# that message as unfinished for ever and take no other. `dispatch`, which must not wait, sets its own.
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_keepalive": True, "health_check_interval": 10}

# How long a worker may be silent before another takes over its document; one chapter must fit in.
DOCUMENT_LEASE_SECONDS = env.int("DOCUMENT_LEASE_SECONDS", default=120)

# Links of evidence are looked at through this proxy (http://[name:password@]host:port), for
# servers that do not reach the internet by themselves. Public names must still resolve here.
LINK_PROXY = env.str("PORTAL_LINK_PROXY", default="")
if LINK_PROXY:
    proxy_parts(LINK_PROXY)  # Nonsense stops the start.

EMAIL_CONFIG = env.email("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="portal@localhost")

# WhatsApp's Cloud API. Without number and token messages go by mail. The token may lie in a file
# that WHATSAPP_TOKEN_FILE names.
WHATSAPP_BASE_URL = env.str("WHATSAPP_BASE_URL", default="https://graph.facebook.com")
WHATSAPP_VERSION = env.str("WHATSAPP_VERSION", default="v23.0")
WHATSAPP_PHONE_NUMBER_ID = env.str("WHATSAPP_PHONE_NUMBER_ID", default="")
WHATSAPP_TOKEN = environ.FileAwareEnv().str("WHATSAPP_TOKEN", default="").strip()

# Channels of citizens (docs/guide/channels.md). Hosts of gateways in the own network, which may be
# spoken to without TLS; hosts from which WhatsApp's files may be fetched; the folder that a Gammu
# modem sends from; and whether gateways that imitate a phone are allowed at all.
CHANNEL_HOSTS = env.list("CHANNEL_HOSTS", default=[])
WHATSAPP_MEDIA_HOSTS = env.list(
    "WHATSAPP_MEDIA_HOSTS", default=["lookaside.fbsbx.com", "graph.facebook.com"]
)
GAMMU_OUTBOX = env.str("GAMMU_OUTBOX", default="")
UNOFFICIAL_WHATSAPP = env.bool("UNOFFICIAL_WHATSAPP", default=False)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "integrity_portal.core.logs.RequestIdFilter"}},
    "formatters": {"line": {"()": "integrity_portal.core.logs.EventFormatter"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["request_id"],
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    # Django's request logger would print addresses with their query strings.
    "loggers": {
        "django.request": {"level": "CRITICAL"},
        "django.security": {"level": "CRITICAL"},
        "django.server": {"level": "WARNING"},
        # They tell every step, with the addresses of pictures.
        "weasyprint": {"level": "CRITICAL"},
        "weasyprint.progress": {"level": "CRITICAL"},
        "fontTools": {"level": "ERROR"},
        "pikepdf": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
    },
}

SILENCED_SYSTEM_CHECKS: list[str] = []
