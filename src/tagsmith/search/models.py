"""What is searched: the text of each asset, and the words that occur in any. Smart tags are not in it."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from tagsmith.assets.models import Asset


class Document(models.Model):
    """The text of an asset: its metadata and the words of the tags that people set or promoted.

    Texts are stored beside the rows, so that walking many rows that the index found touches few pages.
    """

    asset = models.OneToOneField(Asset, models.CASCADE, primary_key=True, related_name="document")
    text = SearchVectorField()

    class Meta:
        indexes = (GinIndex(fields=("text",), name="document_text"),)


class Word(models.Model):
    """A word that occurs, or did once, in a document: where patterns with a wildcard inside look."""

    text = models.TextField(primary_key=True)
