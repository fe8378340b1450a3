"""Tag models: which tags they teach, with which examples, and the versions that training made."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from tagsmith.assets.models import Asset
from tagsmith.embeddings.models import EncoderChange, StoredEncoder
from tagsmith.sentence_field import SentenceField
from tagsmith.taxonomy.models import Tag


class TagModel(models.Model):
    """A named group of tags about one visual aspect.

    Where `prevalence` is not said, each training estimates it from the library.
    `token` names the training that is waited for: whoever ends it takes it away, so that it ends once.
    """

    class Training(models.TextChoices):
        """How the last training went, if there was one."""

        NONE = "none", "Draft"
        PENDING = "pending", "Pending"
        DONE = "done", "Trained"
        FAILED = "failed", "Failed"

    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    exclusive = models.BooleanField(default=True)
    target_precision = models.FloatField(default=0.9)
    prevalence = models.FloatField(null=True)
    learn_from_people = models.BooleanField(default=True)
    suggest_precision = models.FloatField(default=0.5)
    review_before_publishing = models.BooleanField(default=False)
    tags = models.ManyToManyField(Tag, through="TaughtTag", related_name="tag_models")
    training = models.CharField(max_length=10, choices=Training.choices, default=Training.NONE)
    failure = SentenceField(blank=True)
    token = models.UUIDField(null=True, editable=False)
    created = models.DateTimeField(auto_now_add=True)


class TaughtTag(models.Model):
    """A tag of a tag model; a person may say from which confidence it applies, and from which it is suggested."""

    model = models.ForeignKey(TagModel, models.CASCADE, related_name="taught")
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="+")
    apply_from = models.FloatField(null=True)
    suggest_from = models.FloatField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("model", "tag"), name="tag_once_per_model"),)


class Example(models.Model):
    """An asset that teaches a tag in a tag model."""

    model = models.ForeignKey(TagModel, models.CASCADE, related_name="examples")
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="+")
    asset = models.ForeignKey(Asset, models.CASCADE, related_name="teaches")
    added = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("model", "tag", "asset"), name="example_once"),)


class Version(models.Model):
    """One training's result, never changed: a model file with its own copy of the teaching vectors.

    `columns` holds the tags in the order of the file's: the file names them by the keys they had then.
    `live` is set on at most one version of a model; `published` is when it last went live, `ended` when it last
    ceased to be.
    """

    model = models.ForeignKey(TagModel, models.CASCADE, related_name="versions")
    number = models.IntegerField()
    encoder = models.ForeignKey(StoredEncoder, models.PROTECT, related_name="+")
    tags = models.ManyToManyField(Tag, related_name="versions")
    columns = ArrayField(models.BigIntegerField())
    content = models.BinaryField()
    created = models.DateTimeField(auto_now_add=True)
    live = models.BooleanField(default=False)
    published = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("model", "number"), name="version_number"),
            models.UniqueConstraint(fields=("model",), condition=models.Q(live=True), name="one_live_version"),
        )


class Successor(models.Model):
    """What a change of the encoder made of a live version, `of`: one that is held back until it takes its place.

    Where there is none, `failure` says why. With `leave` the model shall then have no live version.
    """

    change = models.ForeignKey(EncoderChange, models.CASCADE, related_name="successors")
    model = models.ForeignKey(TagModel, models.CASCADE, related_name="+")
    of = models.ForeignKey(Version, models.CASCADE, related_name="+")
    version = models.ForeignKey(Version, models.CASCADE, null=True, related_name="+")
    failure = SentenceField(blank=True)
    leave = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("change", "model"), name="one_successor"),)
