"""What people put by: searches under a name, and collections of assets that they picked by hand."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models

from tagsmith.accounts.models import Person, Role
from tagsmith.assets.models import Asset


class Kept(models.Model):
    """What saved searches and collections have in common; `folded` is the name as an owner's names are compared.

    A private one is its owner's alone. A shared one is everybody's to see and every editor's to change. Those of
    somebody who cannot sign in any more stay; whoever comes to delete people has to say what becomes of them.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    folded = models.TextField()
    shared = models.BooleanField(default=False)
    created = models.DateTimeField(auto_now_add=True)
    changed = models.DateTimeField(auto_now=True)

    objects: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta:
        abstract = True
        constraints = (models.UniqueConstraint(fields=("owner", "folded"), name="%(class)s_name"),)
        indexes = (models.Index(fields=("-changed", "-id"), name="%(class)s_changed"),)

    def may_be_changed_by(self, person: Person) -> bool:
        """Whether a person who sees it may also change it."""
        return person.may(Role.EDITOR) if self.shared else self.owner_id == person.pk


class SavedSearch(Kept):
    """What was in the search box, under a name."""

    text = models.TextField()


class Collection(Kept):
    """Assets that somebody picked by hand."""

    description = models.TextField(blank=True)


class Picked(models.Model):
    """That an asset is in a collection; in the order of the keys, the first added first.

    One in the trash stays, and is not shown until it comes back.
    """

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="picked", db_index=False)
    asset = models.ForeignKey(Asset, models.CASCADE, related_name="collected")
    added = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("collection", "asset"), name="picked_once"),)
        indexes = (models.Index(fields=("collection", "id"), name="picked_order"),)
