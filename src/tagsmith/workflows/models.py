"""Runs of workflow models, cut into chunks of assets; and what starts runs by itself: launchers and schedules."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from tagsmith.assets.models import Asset, Folder
from tagsmith.sentence_field import SentenceField
from tagsmith.tagging.retag import Trigger

SMART_TAG_ASSETS = "DAM Smart Tag Assets"


class Status(models.TextChoices):
    """How far a run has come."""

    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    CANCELLED = "cancelled", _("Cancelled")
    SUCCESS = "success", _("Success")
    FAILED = "failed", _("Failed")


class Run(models.Model):
    """One execution of a workflow model. `unit` names its changes in the change log, until they are forgotten."""

    unit = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    workflow = models.CharField(max_length=100, default=SMART_TAG_ASSETS)
    title = SentenceField()
    comment = models.TextField(blank=True)
    folders = ArrayField(models.BigIntegerField(), default=list)
    assets = ArrayField(models.BigIntegerField(), default=list)
    trigger = models.CharField(max_length=20, default=Trigger.ON_DEMAND.value)
    force = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    failure = SentenceField(blank=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    skipped = models.JSONField(default=dict)
    created = models.DateTimeField(auto_now_add=True)
    started = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)
    undone = models.DateTimeField(null=True)
    forgotten = models.DateTimeField(null=True)


class Chunk(models.Model):
    """A part of a run: some assets, done together in one transaction.

    `token` belongs to the worker that does it now: one that was thought dead and comes back finds another's and
    leaves without an effect.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="chunks")
    number = models.IntegerField()
    assets = ArrayField(models.BigIntegerField())
    token = models.UUIDField(null=True)
    done = models.DateTimeField(null=True)
    looked = models.IntegerField(default=0)
    tagged = models.IntegerField(default=0)
    changes = models.IntegerField(default=0)
    failure = SentenceField(blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("run", "number"), name="chunk_number"),)


class Event(models.TextChoices):
    """What a launcher waits for."""

    IMPORT = "import", _("Import")
    MODIFICATION = "modification", _("Modification")


class Launcher(models.Model):
    """Whether an event starts a run for assets in a folder, and in those below that do not say otherwise."""

    folder = models.ForeignKey(Folder, models.CASCADE, related_name="launchers")
    event = models.CharField(max_length=20, choices=Event.choices)
    enabled = models.BooleanField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("folder", "event"), name="launcher_once"),)


class Due(models.Model):
    """An asset to which an event has happened, and that no launcher has looked at since."""

    asset = models.ForeignKey(Asset, models.CASCADE, related_name="+")
    event = models.CharField(max_length=20, choices=Event.choices)
    since = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("asset", "event"), name="due_once"),)


class Schedule(models.Model):
    """Runs over folders at the times of a cron expression, in UTC. `next` is the time to come, or that was missed."""

    title = models.CharField(max_length=200)
    folders = ArrayField(models.BigIntegerField())
    cron = models.CharField(max_length=100)
    enabled = models.BooleanField(default=True)
    last = models.DateTimeField(null=True)
    next = models.DateTimeField()
