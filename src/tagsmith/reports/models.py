"""Reports: what was asked for, how far it is, and the rows it gave."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tagsmith.sentence_field import SentenceField


class Status(models.TextChoices):
    """How far a report has come."""

    QUEUED = "queued", _("Queued")
    SCHEDULED = "scheduled", _("Scheduled")
    RUNNING = "running", _("Running")
    SUCCESS = "success", _("Success")
    FAILED = "failed", _("Failed")


class Report(models.Model):
    """One report. `rows` are values by column, as they were when it was made; words are put to them when it is read."""

    kind = models.CharField(max_length=50)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    at = models.DateTimeField(null=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)
    ended = models.DateTimeField(null=True)
    failure = SentenceField(blank=True)
    rows = models.JSONField(default=list)
