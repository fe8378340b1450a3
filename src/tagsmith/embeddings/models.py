"""Stored vectors: one per asset and encoder, computed once."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from pgvector.django import HalfVectorField

from tagsmith.assets.models import Asset


class StoredEncoder(models.Model):
    """An encoder that vectors were made with, by the id that names all that changes a vector."""

    id = models.SmallAutoField(primary_key=True)
    identifier = models.TextField(unique=True)
    dimension = models.IntegerField()


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
