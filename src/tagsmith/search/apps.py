"""Django's registration of this room."""

from django.apps import AppConfig


class Config(AppConfig):
    """Named by its full path; tables are `search_…`."""

    name = "tagsmith.search"
    label = "search"
    default_auto_field = "django.db.models.BigAutoField"
