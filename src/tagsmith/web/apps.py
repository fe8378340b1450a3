"""Django's registration of this room, so that its templates and static files are found."""

from django.apps import AppConfig


class Config(AppConfig):
    """No tables of its own: the pages are a face of the services."""

    name = "tagsmith.web"
    label = "web"
