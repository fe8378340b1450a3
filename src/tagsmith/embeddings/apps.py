"""Django's registration of this room."""

from django.apps import AppConfig


class Config(AppConfig):
    """Named by its full path; tables are `embeddings_…`."""

    name = "tagsmith.embeddings"
    label = "embeddings"
    default_auto_field = "django.db.models.BigAutoField"
