"""Django's registration of this room."""

from django.apps import AppConfig


class Config(AppConfig):
    """Named by its full path; tables are `assets_…`."""

    name = "tagsmith.assets"
    label = "assets"
    default_auto_field = "django.db.models.BigAutoField"
