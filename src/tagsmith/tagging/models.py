"""Smart tags, suggestions, when an asset was last looked at, and the change log of every unit of work.

And what people do in the background: deciding on many suggestions, and looking for groups that might be worth a tag.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from tagsmith.assets.models import Asset
from tagsmith.sentence_field import SentenceField
from tagsmith.taxonomy.models import Tag
from tagsmith.training.models import Version


class SmartTag(models.Model):
    """A tag that a live version put on an asset. `confidence` is in thousandths."""

    pk = models.CompositePrimaryKey("asset_id", "tag_id")
    asset = models.ForeignKey(Asset, models.CASCADE, related_name="smart_tags", db_index=False)
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="+", db_index=False)
    version = models.ForeignKey(Version, models.CASCADE, related_name="+")
    confidence = models.SmallIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = (models.Index(fields=("tag", "-confidence", "-asset"), name="smart_tag_best_first"),)


class Suggestion(models.Model):
    """A tag that a version would put on an asset if it were surer: for a person to say. `confidence` in thousandths.

    Rows are what the last look left; which of them stand is for `review` to say.
    """

    pk = models.CompositePrimaryKey("asset_id", "tag_id")
    asset = models.ForeignKey(Asset, models.CASCADE, related_name="suggestions", db_index=False)
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="+", db_index=False)
    version = models.ForeignKey(Version, models.CASCADE, related_name="+", db_index=False)
    confidence = models.SmallIntegerField()

    class Meta:
        indexes = (
            models.Index(fields=("-confidence", "asset", "tag"), name="suggestion_best_first"),
            models.Index(fields=("tag", "-confidence", "asset"), name="suggestion_of_tag"),
        )


class Look(models.Model):
    """When an asset was first and last looked at by a run, also if it was given no tag."""

    asset = models.OneToOneField(Asset, models.CASCADE, primary_key=True, related_name="look")
    first = models.DateTimeField()
    at = models.DateTimeField()


class Change(models.Model):
    """One smart tag before and after a unit of work; None where there was none. Kept for a set time."""

    unit = models.UUIDField()
    asset = models.ForeignKey(Asset, models.CASCADE, related_name="+")
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="+")
    before = models.SmallIntegerField(null=True)
    before_version = models.ForeignKey(Version, models.SET_NULL, null=True, related_name="+")
    after = models.SmallIntegerField(null=True)
    after_version = models.ForeignKey(Version, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("unit", "id"), name="change_unit"),)


class GroupSearch(models.Model):
    """The last search, in what a scope sees, for groups of assets that look alike and have no tag.

    `token` names the one that is waited for, if any: whoever ends it takes it away, so that it ends once.
    """

    scope = models.TextField(unique=True)
    token = models.UUIDField(null=True)
    failure = SentenceField(blank=True)
    found = models.DateTimeField(null=True)
    searched = models.IntegerField(default=0)
    untagged = models.IntegerField(default=0)


class Group(models.Model):
    """Assets that look alike, those nearest the middle first. A person may put it aside."""

    search = models.ForeignKey(GroupSearch, models.CASCADE, related_name="groups")
    assets = ArrayField(models.BigIntegerField())
    cohesion = models.FloatField()
    aside = models.BooleanField(default=False)


class Decision(models.Model):
    """What a person decided on many suggestions at once, or takes back: done part by part in the background.

    `assets` and `tags` are the pairs; of what is taken back, the assets alone. The first `done` of them are over, and
    on `decided` something changed. `unit` names it in the audit log.
    """

    class Act(models.TextChoices):
        """What is done."""

        ACCEPT = "accept", "Accept"
        REJECT = "reject", "Reject"
        UNDO = "undo", "Undo"

    unit = models.UUIDField()
    act = models.CharField(max_length=10, choices=Act.choices)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    scope = models.TextField()
    assets = ArrayField(models.BigIntegerField())
    tags = ArrayField(models.BigIntegerField(), default=list)
    total = models.IntegerField()
    done = models.IntegerField(default=0)
    decided = models.IntegerField(default=0)
    created = models.DateTimeField(auto_now_add=True)
    ended = models.DateTimeField(null=True)
    failure = SentenceField(blank=True)
