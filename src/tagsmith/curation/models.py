"""What people said of an asset: tags they set or promoted, and tags they rejected."""

from django.conf import settings
from django.db import models

from tagsmith.assets.models import Asset
from tagsmith.taxonomy.models import Tag


class HumanTag(models.Model):
    """A tag that a person set on an asset, or promoted from a smart tag. No machine ever removes it."""

    pk = models.CompositePrimaryKey("asset_id", "tag_id")
    asset = models.ForeignKey(Asset, models.CASCADE, related_name="human_tags", db_index=False)
    tag = models.ForeignKey(Tag, models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    promoted = models.BooleanField(default=False)
    at = models.DateTimeField(auto_now_add=True)


class Rejection(models.Model):
    """A tag that no machine may put on this asset until a person allows it again.

    `content` is what the asset showed when it was said: after a replacement a person should look again.
    """

    pk = models.CompositePrimaryKey("asset_id", "tag_id")
    asset = models.ForeignKey(Asset, models.CASCADE, related_name="rejections", db_index=False)
    tag = models.ForeignKey(Tag, models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    content = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)
