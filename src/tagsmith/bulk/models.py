"""What people do to very many assets at once, in the background; and how far it is."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from tagsmith.sentence_field import SentenceField


class Kind(models.TextChoices):
    """What is done."""

    TAG = "tag", "Tag"
    MOVE = "move", "Move"
    TRASH = "trash", "Trash"
    EDIT = "edit", "Edit"
    UNDO_TAG = "undo tag", "Undo tag"
    UNDO_MOVE = "undo move", "Undo move"
    UNDO_TRASH = "undo trash", "Undo trash"
    UNDO_EDIT = "undo edit", "Undo edit"


class Act(models.Model):
    """One act on many assets. The first `done` of them are over, and `changed` of these are not as they were.

    `unit` names it in the audit log; of an undo, the unit that is taken back. `left` are those that an undo leaves
    alone. `details` are what else has to be known: a tag, a folder, edits.
    """

    unit = models.UUIDField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    details = models.JSONField(default=dict)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    scope = models.TextField()
    assets = ArrayField(models.BigIntegerField())
    total = models.IntegerField()
    done = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    left = models.IntegerField(default=0)
    created = models.DateTimeField(auto_now_add=True)
    ended = models.DateTimeField(null=True)
    failure = SentenceField(blank=True)
