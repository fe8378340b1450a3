"""Django's settings, made from Tagsmith's; `DJANGO_SETTINGS_MODULE` names this module."""

from typing import Any

from psycopg.conninfo import conninfo_to_dict

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
    "tagsmith.workflows.apps.Config",
]
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
