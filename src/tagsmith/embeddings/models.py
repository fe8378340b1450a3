"""Stored vectors: one per asset and encoder, computed once; which encoder serves, and which is to."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from pgvector.django import HalfVectorField

from tagsmith.assets.models import Asset
from tagsmith.sentence_field import SentenceField


class StoredEncoder(models.Model):
    """An encoder that vectors were made with, by the id that names all that changes a vector.

    `source` is what `vision.encoders.find_encoder` finds it by: its name, or the path of its .onnx file. One at most
    `serves`: its vectors are those that everything reads.
    """

    id = models.SmallAutoField(primary_key=True)
    identifier = models.TextField(unique=True)
    dimension = models.IntegerField()
    name = models.TextField(blank=True)
    source = models.TextField(blank=True)
    serves = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("serves",), condition=Q(serves=True), name="one_serves"),)

    @property
    def shown(self) -> str:
        """What people call it."""
        return self.name or self.identifier


class Embedding(models.Model):
    """The vector of an asset under one encoder, in half precision.

    `content` is the digest of the bytes that were encoded: after a replacement the vector is stale until it
    is made again. Rows are stored plain, never compressed or moved out of line, so that a scan is sequential.
    `measures` are those of `vision.measures.Measures`, in their order, of the same bytes; None where none were made.
    """

    pk = models.CompositePrimaryKey("asset_id", "encoder_id")
    asset = models.ForeignKey(
        Asset, models.CASCADE, related_name="embeddings", db_index=False
    )  # the key begins with it
    encoder = models.ForeignKey(StoredEncoder, models.PROTECT, related_name="+", db_index=False)
    vector = HalfVectorField()
    content = models.CharField(max_length=64)
    measures = ArrayField(models.FloatField(), null=True)


class EncoderChange(models.Model):
    """That another encoder is to serve, once it has seen the library. At most one change is open.

    `failure` is why it stands still until a person decides. `assets` had no vector of the encoder at `begun`, when the
    library was last begun with. With `lenient` it does not matter how many files cannot be read.
    """

    class State(models.TextChoices):
        """What has become of it."""

        OPEN = "open", "Open"
        DONE = "done", "Done"
        CANCELLED = "cancelled", "Cancelled"

    encoder = models.ForeignKey(StoredEncoder, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    failure = SentenceField(blank=True)
    lenient = models.BooleanField(default=False)
    assets = models.IntegerField(default=0)
    begun = models.DateTimeField(auto_now_add=True)
    started = models.DateTimeField(auto_now_add=True)
    ended = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("state",), condition=Q(state="open"), name="one_open_change"),)


class Lane(models.Model):
    """A part of the library that a change goes through in order of the assets' ids, up to `after` so far.

    Several go on at once. `encoded` counts assets that got their vector, or a reason why they have none.
    """

    change = models.ForeignKey(EncoderChange, models.CASCADE, related_name="lanes")
    number = models.SmallIntegerField()
    after = models.BigIntegerField(default=0)
    encoded = models.IntegerField(default=0)
    done = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("change", "number"), name="lane_number"),)


class Unencoded(models.Model):
    """An asset whose content the encoder of a change could not see, and why."""

    change = models.ForeignKey(EncoderChange, models.CASCADE, related_name="unencoded")
    asset = models.ForeignKey(Asset, models.CASCADE, related_name="+")
    content = models.CharField(max_length=64)
    reason = SentenceField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("change", "asset"), name="unencoded_once"),)
