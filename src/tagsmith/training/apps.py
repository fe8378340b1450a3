"""Django's registration of this room."""

from django.apps import AppConfig


class Config(AppConfig):
    """Named by its full path; tables are `training_…`."""

    name = "tagsmith.training"
    label = "training"
    default_auto_field = "django.db.models.BigAutoField"
