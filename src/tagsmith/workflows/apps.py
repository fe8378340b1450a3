"""Django's registration of this room."""

from django.apps import AppConfig


class Config(AppConfig):
    """Named by its full path; tables are `workflows_…`."""

    name = "tagsmith.workflows"
    label = "workflows"
    default_auto_field = "django.db.models.BigAutoField"
