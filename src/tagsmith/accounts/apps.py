"""Django's registration of this room."""

from django.apps import AppConfig


class Config(AppConfig):
    """Named by its full path; tables are `accounts_…`."""

    name = "tagsmith.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
