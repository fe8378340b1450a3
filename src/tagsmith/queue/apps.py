"""Django's registration of this room, so that its jobs are found."""

from django.apps import AppConfig


class Config(AppConfig):
    """No tables of its own: they are the job engine's."""

    name = "tagsmith.queue"
    label = "queue"
