"""Django's registration of this room."""

from django.apps import AppConfig


class Config(AppConfig):
    """Named by its full path; tables are `reports_…`."""

    name = "tagsmith.reports"
    label = "reports"
    default_auto_field = "django.db.models.BigAutoField"
