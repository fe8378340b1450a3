"""Django's settings, made from Tagsmith's; `DJANGO_SETTINGS_MODULE` names this module."""

from typing import Any

from psycopg.conninfo import conninfo_to_dict

from tagsmith.config.hosts import allowed_hosts, is_all_https
from tagsmith.config.secret import secret_key
from tagsmith.config.settings import load_settings

_SETTINGS = load_settings()


def _database(url: str) -> dict[str, Any]:
    """Return Django's form of a libpq URL or connection string."""
    parts = conninfo_to_dict(url)
    named = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    known = {name: str(parts.pop(part)) for name, part in named.items() if part in parts}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **known,
        "OPTIONS": {**parts, "application_name": "tagsmith"},
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django_htmx",
    "procrastinate.contrib.django",
    "tagsmith.queue.apps.Config",
    "tagsmith.accounts.apps.Config",
    "tagsmith.audit.apps.Config",
    "tagsmith.assets.apps.Config",
    "tagsmith.embeddings.apps.Config",
    "tagsmith.taxonomy.apps.Config",
    "tagsmith.curation.apps.Config",
    "tagsmith.training.apps.Config",
    "tagsmith.tagging.apps.Config",
    "tagsmith.search.apps.Config",
    "tagsmith.workflows.apps.Config",
    "tagsmith.reports.apps.Config",
    "tagsmith.collecting.apps.Config",
    "tagsmith.bulk.apps.Config",
    "tagsmith.web.apps.Config",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "tagsmith.web.middleware.SecurityHeaders",
    "tagsmith.web.static_files.StaticFiles",
    "tagsmith.web.compression.Compressed",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tagsmith.web.middleware.WholePages",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",  # a view without a mark needs somebody signed in
    "tagsmith.web.middleware.Errors",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": ["django.template.context_processors.request", "tagsmith.web.shell.shell"],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "tagsmith.web.templatetags.icons",
                "tagsmith.web.templatetags.phrases",
            ],
        },
    }
]
ROOT_URLCONF = "tagsmith.config.urls"

ALLOWED_HOSTS = allowed_hosts(_SETTINGS)
CSRF_TRUSTED_ORIGINS = list(_SETTINGS.trusted_origins)
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE = is_all_https(_SETTINGS.trusted_origins)
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_NAME = "tagsmith_session"
CSRF_COOKIE_NAME = "tagsmith_csrf"
SECURE_REFERRER_POLICY = "same-origin"
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "tagsmith.web.static_files.DigestedStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 365 * 24 * 3600  # a changed file has another address
WHITENOISE_ALLOW_ALL_ORIGINS = False

LANGUAGE_CODE = "en"
LANGUAGES = [  # those whose catalogue is complete; a test holds it
    ("en", "English"),
    ("de", "Deutsch"),
    ("es", "Español"),
    ("fr", "Français"),
    ("it", "Italiano"),
    ("pt", "Português"),
    ("ja", "日本語"),
    ("ko", "한국어"),
    ("zh-hans", "简体中文"),
]
LANGUAGE_COOKIE_NAME = "tagsmith_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = is_all_https(_SETTINGS.trusted_origins)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "psycopg.pool": {"level": "ERROR"},  # else every attempt to reach a database that is being started again
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # anybody can fill a log with these
    },
}

AUTH_USER_MODEL = "accounts.Person"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
DATABASES = {"default": _database(_SETTINGS.database_url)} if _SETTINGS.database_url else {}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SECRET_KEY = secret_key(_SETTINGS.data)
USE_TZ = True
TIME_ZONE = "UTC"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_WORKER_DEFAULTS = {
    "update_heartbeat_interval": 2,
    "stalled_worker_timeout": 8,
    "fetch_job_polling_interval": 1,
}
