"""Django's registration of this room."""

from django.apps import AppConfig


class Config(AppConfig):
    """Named by its full path; tables are `audit_…`."""

    name = "tagsmith.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
