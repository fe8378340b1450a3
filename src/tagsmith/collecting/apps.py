"""Django's registration of this room."""

from django.apps import AppConfig


class Config(AppConfig):
    """Named by its full path; tables are `collecting_…`."""

    name = "tagsmith.collecting"
    label = "collecting"
    default_auto_field = "django.db.models.BigAutoField"
