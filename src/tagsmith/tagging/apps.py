"""Django's registration of this room."""

from django.apps import AppConfig


class Config(AppConfig):
    """Named by its full path; tables are `tagging_…`."""

    name = "tagsmith.tagging"
    label = "tagging"
    default_auto_field = "django.db.models.BigAutoField"
