"""Runs of workflow models, cut into chunks of assets."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from tagsmith.tagging.retag import Trigger

SMART_TAG_ASSETS = "DAM Smart Tag Assets"


class Status(models.TextChoices):
    """How far a run has come."""

    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    PAUSED = "paused", "Paused"
    CANCELLED = "cancelled", "Cancelled"
    SUCCESS = "success", "Success"
    FAILED = "failed", "Failed"


class Run(models.Model):
    """One execution of a workflow model. `unit` names its changes in the change log."""

    unit = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    workflow = models.CharField(max_length=100, default=SMART_TAG_ASSETS)
    title = models.CharField(max_length=200)
    comment = models.TextField(blank=True)
    folders = ArrayField(models.BigIntegerField(), default=list)
    assets = ArrayField(models.BigIntegerField(), default=list)
    trigger = models.CharField(max_length=20, default=Trigger.ON_DEMAND.value)
    force = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    failure = models.TextField(blank=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    skipped = models.JSONField(default=dict)
    created = models.DateTimeField(auto_now_add=True)
    started = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)
    undone = models.DateTimeField(null=True)


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
    failure = models.TextField(blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("run", "number"), name="chunk_number"),)
