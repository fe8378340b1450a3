"""Django's registration of this room."""

from django.apps import AppConfig


class Config(AppConfig):
    """Named by its full path; tables are `bulk_…`."""

    name = "tagsmith.bulk"
    label = "bulk"
    default_auto_field = "django.db.models.BigAutoField"
