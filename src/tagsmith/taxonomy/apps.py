"""Django's registration of this room."""

from django.apps import AppConfig


class Config(AppConfig):
    """Named by its full path; tables are `taxonomy_…`."""

    name = "tagsmith.taxonomy"
    label = "taxonomy"
    default_auto_field = "django.db.models.BigAutoField"
