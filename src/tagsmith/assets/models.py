"""The library: folders in a tree, who may see them, and the assets in them."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import HashIndex, OpClass
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tagsmith.sentence_field import SentenceField

LIVE = Q(trashed__isnull=True)


class Folder(models.Model):
    """A folder; the root has the empty path. `path` is kept whole so that a subtree is a prefix.

    A folder in the trash stays below its parent, at a path with an empty step (`travel//17`). No other folder has
    such a path: the name is free again, and a grant on a new folder of that name does not reach the old one.
    """

    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    name = models.CharField(max_length=255)
    folded = models.TextField()  # the name as siblings are compared; made in Python, as databases fold differently
    path = models.TextField(unique=True)
    created = models.DateTimeField(auto_now_add=True)
    trashed = models.DateTimeField(null=True)
    trashing = models.UUIDField(null=True)  # what was trashed together is restored together

    class Meta:
        constraints = (models.UniqueConstraint(fields=("parent", "folded"), condition=LIVE, name="folder_name"),)
        indexes = (models.Index(OpClass("path", "text_pattern_ops"), name="folder_path_prefix"),)


class FolderGrant(models.Model):
    """A person may see a folder and all below it; without any grant, everything.

    It outlives its folder: nobody comes to see everything because the one folder they may see was deleted.
    """

    folder = models.ForeignKey(Folder, models.SET_NULL, null=True, related_name="grants")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="grants")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("folder", "person"), name="grant_once"),)


class State(models.TextChoices):
    """How far an asset has come."""

    NEW = "new", _("Being prepared")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Could not be read")


class Asset(models.Model):
    """One image with its metadata.

    `modified` is when its content was replaced or a person edited its metadata; tagging does not touch it.
    `revision` counts these, and moves and renames, so that two people who edit at once are told.
    `origin` says where the original came from, as a URI; it is how a second import of the same tree knows it.
    """

    folder = models.ForeignKey(Folder, models.PROTECT, related_name="assets")
    name = models.CharField(max_length=255)
    folded = models.TextField()
    content = models.CharField(max_length=64)  # SHA-256 of the original, which is also its place in the storage
    size = models.BigIntegerField()
    origin = models.TextField(blank=True)
    origin_changed = models.BigIntegerField(null=True)  # modification time of the file at `origin`, in nanoseconds
    in_place = models.BooleanField(default=False)  # the original lies at `origin`, not in the storage
    format = models.CharField(max_length=20, blank=True)
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)
    likeness = models.BigIntegerField(null=True)  # perceptual hash, for near-duplicates
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)
    failure = SentenceField(blank=True)

    title = models.TextField(blank=True)
    description = models.TextField(blank=True)
    creator = models.TextField(blank=True)
    rights = models.TextField(blank=True)
    captured = models.DateTimeField(null=True)
    keywords = ArrayField(models.TextField(), default=list)
    custom = models.JSONField(default=dict)

    imported = models.DateTimeField(auto_now_add=True)
    modified = models.DateTimeField()
    trashed = models.DateTimeField(null=True)
    trashing = models.UUIDField(null=True)
    revision = models.IntegerField(default=1)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("folder", "folded"), condition=LIVE, name="asset_name"),)
        indexes = (
            models.Index(fields=("content",), name="asset_content"),
            HashIndex(fields=("origin",), condition=~Q(origin=""), name="asset_origin"),
            models.Index(fields=("-id",), condition=LIVE, name="asset_newest"),
            models.Index(fields=("folder", "-id"), condition=LIVE, name="asset_newest_in_folder"),
            models.Index(fields=("-id",), condition=~LIVE, name="asset_trash"),
            models.Index(fields=("-id",), condition=LIVE & ~Q(state="ready"), name="asset_unready"),
        )

    @property
    def path(self) -> str:
        """Its folder's path and its name; `folder` should be loaded."""
        return f"{self.folder.path}/{self.name}" if self.folder.path else self.name


class AssetVersion(models.Model):
    """A content that an asset had before; the storage keeps it."""

    asset = models.ForeignKey(Asset, models.CASCADE, related_name="versions")
    content = models.CharField(max_length=64)
    size = models.BigIntegerField()
    replaced = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = (models.Index(fields=("content",), name="version_content"),)
