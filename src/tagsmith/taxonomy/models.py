"""The taxonomy: namespaces and tags in a tree, their words in several languages, and where old ids lead."""

from django.contrib.postgres.indexes import OpClass
from django.db import models

from tagsmith.taxonomy.keys import DEFAULT_NAMESPACE


class Tag(models.Model):
    """A tag; its id for people and programs is `key`: `namespace:path/leaf`.

    A deleted tag keeps its row, so that deleting can be undone; its key is free again. So does a merged one, for
    those who remember its row. Keys are written whole, so that a subtree is a prefix; only services write them.
    """

    namespace = models.CharField(max_length=100, default=DEFAULT_NAMESPACE)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    name = models.CharField(max_length=200)
    key = models.TextField()
    folded = models.TextField()  # the key without case: siblings that differ in case only are one
    description = models.TextField(blank=True)
    blocked = models.BooleanField(default=False)  # never applied by a machine
    blocking = models.UUIDField(null=True)  # what was taken away when it was blocked comes back under this name
    created = models.DateTimeField(auto_now_add=True)
    modified = models.DateTimeField(auto_now=True)
    deleted = models.DateTimeField(null=True)
    deletion = models.UUIDField(null=True, db_index=True)  # what was deleted together is restored together
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("folded",), condition=models.Q(deleted__isnull=True), name="tag_key"),
        )
        indexes = (models.Index(OpClass("key", "text_pattern_ops"), name="tag_key_prefix"),)


class Label(models.Model):
    """A word for a tag: its title in a language, or a synonym.

    `folded` (wording.folded_label) is for finding a tag by the beginning of a word.
    """

    tag = models.ForeignKey(Tag, models.CASCADE, related_name="labels")
    language = models.CharField(max_length=10, default="en")
    text = models.TextField()
    folded = models.TextField()
    is_title = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("tag", "language"), condition=models.Q(is_title=True), name="one_title"),
            models.UniqueConstraint(fields=("tag", "language", "text"), name="label_once"),
        )
        indexes = (models.Index(OpClass("folded", "text_pattern_ops"), name="label_folded_prefix"),)


class Redirect(models.Model):
    """Where a key leads that a move or a merge has ended; never the key of a tag that lives.

    It names the tag's row, so that it follows further moves by itself: there are no chains.
    """

    key = models.TextField()
    folded = models.TextField(unique=True)
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="redirects")
    created = models.DateTimeField(auto_now_add=True)
