"""Django's registration of this room."""

from django.apps import AppConfig


class Config(AppConfig):
    """Named by its full path; tables are `curation_…`."""

    name = "tagsmith.curation"
    label = "curation"
    default_auto_field = "django.db.models.BigAutoField"
